"""What people do in a consult. Read calling → answering → talking → ordering; duty beside them."""

from ehr_prehospital.consult.actions.answering import accept, decline, end, leave
from ehr_prehospital.consult.actions.calling import ask, call, take_back
from ehr_prehospital.consult.actions.duty import end_on_call, here, plan_on_call
from ehr_prehospital.consult.actions.ordering import order, say_of_order, withdraw
from ehr_prehospital.consult.actions.talking import beat, draw, say

__all__ = [
    "accept",
    "ask",
    "beat",
    "call",
    "decline",
    "draw",
    "end",
    "end_on_call",
    "here",
    "leave",
    "order",
    "plan_on_call",
    "say",
    "say_of_order",
    "take_back",
    "withdraw",
]
