"""What people, missions and vehicles do to a handover.

Read boarding → answering → transferring → moving; following says what a mission's
facts and a vehicle's words mean here; steps is what they share.
"""

from ehr_prehospital.handover.actions.answering import confirm, deliver, ready, see
from ehr_prehospital.handover.actions.boarding import Boarded, board, prealert, send
from ehr_prehospital.handover.actions.following import on_mission_fact, take_status
from ehr_prehospital.handover.actions.moving import acknowledge_withdrawal, cancel, redirect
from ehr_prehospital.handover.actions.steps import NotPossible, refs_to
from ehr_prehospital.handover.actions.transferring import give, receive

__all__ = [
    "Boarded",
    "NotPossible",
    "acknowledge_withdrawal",
    "board",
    "cancel",
    "confirm",
    "deliver",
    "give",
    "on_mission_fact",
    "prealert",
    "ready",
    "receive",
    "redirect",
    "refs_to",
    "see",
    "send",
    "take_status",
]
