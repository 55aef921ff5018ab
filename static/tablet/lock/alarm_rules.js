// Which of a patient's alarms sounds on the tablet. Pure.

const LOUD = ["raised", "escalated"];

/** The priority that sounds now: 'high' | 'medium' | null. */
export const loudest = (alarms) => ["high", "medium"].find((priority) => alarms.some((alarm) => alarm.priority === priority && LOUD.includes(alarm.state))) ?? null;
