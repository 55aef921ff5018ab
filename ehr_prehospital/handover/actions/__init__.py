"""What people, missions and vehicles do to a handover.

Read boarding → answering → transferring → moving; following says what a mission's
facts and a vehicle's words mean here; steps is what they share.
"""

from ehr_prehospital.handover.actions.answering import (
    call_team,
    confirm,
    deliver,
    read_card,
    ready,
    see,
    speak,
)
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
    "call_team",
    "cancel",
    "confirm",
    "deliver",
    "give",
    "on_mission_fact",
    "prealert",
    "read_card",
    "ready",
    "receive",
    "redirect",
    "refs_to",
    "see",
    "send",
    "speak",
    "take_status",
]
