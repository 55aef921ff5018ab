"""The words of a consult, for people."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SPECIALTIES: Mapping[str, Promise] = {
    "emergency": _("Emergency medicine"),
    "cardiology": _("Cardiology"),
    "neurology": _("Neurology (stroke)"),
    "trauma": _("Trauma surgery"),
    "paediatrics": _("Paediatrics"),
    "obstetrics": _("Obstetrics"),
    "toxicology": _("Toxicology"),
    "intensive_care": _("Intensive care"),
}
ANY: Mapping[str, Promise] = {"any": _("Any physician on call")}
STATES: Mapping[str, Promise] = {
    "waiting": pgettext_lazy("state of a consult", "waiting"),
    "ringing": pgettext_lazy("state of a consult", "ringing"),
    "talking": pgettext_lazy("state of a consult", "in a call"),
    "ended": pgettext_lazy("state of a consult", "ended"),
}
PARTY_STATES: Mapping[str, Promise] = {
    "ringing": pgettext_lazy("state of a party", "ringing"),
    "connected": pgettext_lazy("state of a party", "connected"),
    "declined": pgettext_lazy("state of a party", "declined"),
    "unanswered": pgettext_lazy("state of a party", "no answer"),
    "withdrawn": pgettext_lazy("state of a party", "answered elsewhere or taken back"),
    "left": pgettext_lazy("state of a party", "left"),
    "lost": pgettext_lazy("state of a party", "connection lost"),
}
SIDES: Mapping[str, Promise] = {
    "crew": pgettext_lazy("side of a call", "Crew"),
    "physician": pgettext_lazy("side of a call", "Remote physician"),
    "hospital": pgettext_lazy("side of a call", "Emergency department"),
}
REASONS: Mapping[str, Promise] = {
    "busy": _("with another patient"),
    "other_specialty": _("another specialty is needed"),
    "away": _("not at the desk"),
}
ORDER_STATES: Mapping[str, Promise] = {
    "ordered": pgettext_lazy("state of an order", "ordered"),
    "read_back": pgettext_lazy("state of an order", "read back"),
    "given": pgettext_lazy("state of an order", "given"),
    "recorded": pgettext_lazy("state of an order", "given and recorded"),
    "refused": pgettext_lazy("state of an order", "refused by the crew"),
    "withdrawn": pgettext_lazy("state of an order", "withdrawn"),
}
ORDER_FLAGS: Mapping[str, Promise] = {
    "no_read_back": _("given without a read-back"),
    "read_back_differs": _("read back otherwise than ordered"),
    "after_withdrawal": _("after the order was withdrawn"),
    "after_refusal": _("after the order was refused"),
    "given_twice": _("said to be given a second time"),
    "other_dose": _("another dose than ordered"),
}
CAUTIONS: Mapping[str, Promise] = {
    "too_soon": _("too soon after the last dose"),
    "too_much": _("more than the maximum of all doses"),
    "too_often": _("the protocol has no further dose"),
    "allergy": _("an allergy is recorded"),
    "never_with": _("never with a drug that the patient takes"),
    "out_of_bounds": _("vital signs speak against it"),
    "above_dose": _("above the dose of the formulary"),
    "no_weight": _("no weight is recorded"),
    "no_age": _("no age is recorded"),
    "not_for_age": _("the formulary has no dose for this age"),
    "not_in_formulary": _("not in the formulary"),
    "other_unit": _("another unit than the formulary’s"),
    "other_route": _("another route than the formulary’s"),
}
REFUSALS_OF_ORDERS: Mapping[str, Promise] = {
    "not_available": _("not on board"),
    "contraindicated": _("contraindicated here"),
    "patient_refuses": _("the patient refuses"),
    "not_possible": _("not possible now"),
    "outside_scope": _("outside this crew’s scope"),
}
JOURNAL_KINDS: Mapping[str, Promise] = {
    "consult.called": _("remote consult called"),
    "consult.asked": _("further party asked for"),
    "consult.rung": _("physician or hospital rung"),
    "consult.accepted": _("consult accepted"),
    "consult.declined": _("consult declined"),
    "consult.unanswered": _("consult not answered"),
    "consult.withdrawn": _("ringing stopped"),
    "consult.left": _("consult left"),
    "consult.lost": _("connection of a consult lost"),
    "consult.silent": _("page in a consult silent"),
    "consult.heard": _("page in a consult heard again"),
    "consult.ended": _("consult ended"),
    "consult.said": _("message in a consult"),
    "consult.frozen": _("picture frozen for drawing"),
    "consult.frame_seen": _("frozen picture shown to the crew"),
    "order.ordered": _("order given by a remote physician"),
    "order.read_back": _("order read back"),
    "order.recorded": _("order carried out and recorded"),
    "order.refused": _("order refused by the crew"),
    "order.withdrawn": _("order withdrawn"),
    "on_call.planned": _("time on call planned"),
    "on_call.ended": _("time on call ended"),
}
