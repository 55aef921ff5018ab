// What a unit may be kept back for, by kind; the server holds the same list (dispatch/fleet/rules.py).

export const HOLDS = {
  reserved: ["transfer", "event", "handpicked", "cover"],
  rest: ["meal", "rest_period", "after_hard_case"],
  equipment: ["defibrillator", "monitor", "ventilator", "oxygen", "suction", "stretcher", "radio", "vehicle"],
};
