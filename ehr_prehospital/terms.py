"""The words for the clinical codes, in the language of the request."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import dispatch.terms
from ehr_prehospital.alerting.words import CHANNELS
from ehr_prehospital.consult import words as consult
from ehr_prehospital.ecg import words as ecg
from ehr_prehospital.handover.door.words import door_tables
from ehr_prehospital.handover.words import STATES
from ehr_prehospital.pathways import words as pathways
from ehr_prehospital.record.terms import tables as coded_tables
from ehr_prehospital.record.words import ELEMENTS, IDENTITY_PARTS, labels
from ehr_prehospital.video import words as video
from ehr_prehospital.vitals.alarms import words as alarms
from ehr_prehospital.vitals.words import QUALITIES, UNITS, VITALS

JOURNAL_KINDS: Mapping[str, Promise] = {
    "patient.viewed": _("patient looked at"),
    "patient.refused": _("look at a patient refused"),
    "patient.identified": _("patient identified"),
    "patient.described": _("patient described"),
    "patient.searched": _("known patients searched"),
    "patient.merged": _("patient merged with a known one"),
    "patient.parted": _("merged patients parted"),
    "patient.history_asked": _("health record asked for a patient's history"),
    "record.opened": _("record opened"),
    "record.entry_added": _("entry added"),
    "record.entry_replaced": _("entry replaced"),
    "record.entry_shared": _("entry shown to the hospital"),
    "record.entry_withdrawn": _("entry no longer shown to the hospital"),
    "record.closed": _("record closed"),
    "fhir.token_made": _("FHIR access given to a system"),
    "fhir.token_revoked": _("FHIR access of a system ended"),
    "fhir.subscribed": _("a hospital's system subscribed"),
    "fhir.unsubscribed": _("a hospital's system is told no more"),
    "nemsis.agency_registered": _("reporting agency registered"),
    "ecg.received": _("12-lead ECG received"),
    "controlled.moved": _("controlled drug moved"),
    "controlled.mismatch": _("controlled drugs do not agree"),
    "record.attached": _("file attached to the record"),
    "video.began": _("camera started"),
    "video.policy_changed": _("consent or recording of a camera changed"),
    "video.ended": _("camera stopped"),
    "recording.began": _("recording began"),
    "recording.ended": _("recording ended"),
    "recording.sealed": _("recording sealed"),
    "recording.dropped": _("recording dropped after its time"),
    "recording.exported": _("clip of a recording exported"),
    "recording.held": _("legal hold placed"),
    "recording.released": _("legal hold lifted"),
    "ecg.read": _("12-lead ECG read"),
    "ecg.unreadable": _("12-lead ECG not readable"),
    "handover.sent": _("hospital alerted"),
    "handover.delivered": _("alert delivered"),
    "handover.seen": _("alert seen"),
    "handover.confirmed": _("alert confirmed"),
    "handover.ready": _("bay ready"),
    "handover.arrived": _("patient arrived at the hospital"),
    "handover.arrival_undone": _("arrival undone"),
    "handover.given": _("patient given by the crew"),
    "handover.received": _("patient received by the hospital"),
    "handover.handed_over": _("care transferred"),
    "handover.redirected": _("redirected to another hospital"),
    "handover.cancelled": _("alert cancelled"),
    "handover.withdrawal_seen": _("withdrawal seen by the hospital"),
    "handover.withdrawal_told": _("crew told of the withdrawal"),
    "handover.unconfirmed": _("alert not confirmed"),
    "handover.sheet_written": _("transfer sheet written"),
    "handover.signed": _("transfer sheet signed"),
    "handover.signature_refused": _("signature refused"),
    "handover.triaged": _("triaged by the hospital"),
    "handover.wristband_read": _("wristband of the hospital read"),
    "handover.outcome_returned": _("outcome returned"),
    "handover.alert_judged": _("alert judged by the hospital"),
    "handover.target_changed": _("offload target changed"),
    "department.set_up": _("emergency department set up"),
    "department.bays_named": _("bays named"),
    "department.bay_left": _("patient left the bay"),
    "department.bay_cleaned": _("bay cleaned"),
    "department.bay_closed": _("bay out of use"),
    "department.bay_opened": _("bay in use again"),
    "department.display_hung": _("corridor display added"),
    "department.display_taken_down": _("corridor display removed"),
    "figures.viewed": _("cases behind a figure looked at"),
    "transfer.requested": _("transfer requested"),
    "transfer.accepted": _("transfer accepted"),
    "transfer.declined": _("transfer declined"),
    "transfer.withdrawn": _("transfer withdrawn"),
    "transfer.viewed": _("patient of a transfer looked at"),
    "transfer.refused": _("look at a transfer refused"),
    "handover.notified": _("person told of the alert"),
    "handover.spoken": _("alert spoken by the loudspeaker"),
    "handover.read": _("card read"),
    "handover.near": _("ambulance two minutes out"),
    "delivery.attempted": _("attempt to deliver an alert"),
    "alerting.on_call": _("person put on the on-call list"),
    "alerting.off_call": _("person taken off the on-call list"),
    "alerting.timing": _("times of escalation changed"),
    "alerting.subscribed": _("browser takes push messages"),
    "alerting.unsubscribed": _("browser takes no more push messages"),
    "pathway.proposed": _("pathway proposed by the record"),
    "pathway.opened": _("pathway opened"),
    "pathway.ticked": _("item of a checklist answered"),
    "pathway.directed": _("way past the emergency department decided"),
    "pathway.closed": _("pathway closed"),
    "pathway.discarded": _("pathway discarded"),
    "team.activated": _("team called"),
    "team.accepted": _("team accepted"),
    "team.stood_down": _("team stood down"),
    "alarm.raised": _("alarm at the patient"),
    "alarm.acknowledged": _("alarm acknowledged"),
    "alarm.rearmed": _("alarm sounds again"),
    "alarm.escalated": _("alarm not acknowledged"),
    "alarm.ended": _("alarm ended"),
    "partner.registered": _("partner registered"),
    "partner.changed": _("partner changed"),
    "nemsis.code_lists_loaded": _("official code lists loaded"),
    "record.checked": _("record checked by the rules"),
    "delivery.queued": _("delivery queued"),
    "delivery.delivered": _("delivery taken by the partner"),
    "delivery.refused": _("delivery refused"),
    "delivery.sent_again": _("delivery sent again"),
    "delivery.cancelled": _("delivery cancelled"),
    "mission.destination_changed": _("destination changed"),
}


def spoken() -> str:
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def tables() -> dict[str, dict[str, str]]:
    """Every clinical table in the language of the request, ready for a page."""
    shown: dict[str, Mapping[str, str | Promise]] = {
        "handover_state": dict(STATES),
        **door_tables(),
        "channel": dict(CHANNELS),
        "pathway_team": dict(pathways.TEAMS),
        "pathway_direct": dict(pathways.DIRECT),
        "pathway_state": dict(pathways.STATES),
        "pathway_answer": dict(pathways.ANSWERS),
        "pathway_suspicion": dict(pathways.SUSPICIONS),
        "pathway_end": dict(pathways.END_REASONS),
        "pathway": dict(pathways.kinds()[spoken()]),
        "vital": dict(VITALS),
        "vital_unit": dict(UNITS),
        "quality": dict(QUALITIES),
        "ecg_state": dict(ecg.STATES),
        "ecg_fault": dict(ecg.FAULTS),
        "ecg_note": dict(ecg.NOTES),
        "alarm": dict(alarms.ALARMS),
        "alarm_priority": dict(alarms.PRIORITIES),
        "alarm_state": dict(alarms.STATES),
        "age_group": dict(alarms.AGE_GROUPS),
        "score": dict(alarms.score_names()),
        "score_input": dict(alarms.INPUTS),
        "score_grade": dict(alarms.GRADES),
        "camera": dict(video.ROLES),
        "camera_recording": dict(video.RECORDINGS),
        "camera_consent": dict(video.CONSENTS),
        "camera_step": dict(video.STEPS),
        "element": dict(ELEMENTS),
        "identity": dict(IDENTITY_PARTS),
        "journal_kind": {
            **dispatch.terms.JOURNAL_KINDS,
            **JOURNAL_KINDS,
            **consult.JOURNAL_KINDS,
        },
        "specialty": {**consult.ANY, **consult.SPECIALTIES},
        "consult_state": dict(consult.STATES),
        "party_state": dict(consult.PARTY_STATES),
        "consult_side": dict(consult.SIDES),
        "decline_reason": dict(consult.REASONS),
        "order_state": dict(consult.ORDER_STATES),
        "order_flag": dict(consult.ORDER_FLAGS),
        "order_caution": dict(consult.CAUTIONS),
        "order_refusal": dict(consult.REFUSALS_OF_ORDERS),
        **{name: dict(labels(name)) for name in ("drug_use", *coded_tables())},
    }
    return {
        name: {str(code): str(label) for code, label in table.items()}
        for name, table in shown.items()
    }
