"""The words of pathways: teams, where a crew goes directly, states and answers."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehr_prehospital.pathways.files import checklists
from ehr_prehospital.pathways.rules import Answer, State, Suspicion

TEAMS: Mapping[str, Promise] = {
    "cath_lab": _("Cath lab team"),
    "stroke": _("Stroke team"),
    "trauma": _("Trauma team"),
    "sepsis": _("Sepsis team"),
    "obstetric": _("Obstetric team"),
    "neonatal": _("Neonatal team"),
    "resuscitation": _("Resuscitation team"),
    "paediatric": _("Paediatric team"),
    "toxicology": _("Toxicology team"),
    "burns": _("Burns team"),
}
DIRECT: Mapping[str, Promise] = {
    "cath_lab": _("cath lab"),
    "ct": _("CT"),
    "theatre": _("operating theatre"),
    "delivery_room": _("delivery room"),
    "ecmo": _("ECPR"),
}
STATES: Mapping[str, Promise] = {
    State.PROPOSED: pgettext_lazy("pathway", "proposed"),
    State.OPEN: pgettext_lazy("pathway", "open"),
    State.CLOSED: pgettext_lazy("pathway", "closed"),
    State.DISCARDED: pgettext_lazy("pathway", "discarded"),
}
ANSWERS: Mapping[str, Promise] = {
    Answer.DONE: pgettext_lazy("checklist", "done"),
    Answer.NOT_DONE: pgettext_lazy("checklist", "not done"),
    Answer.NOT_APPLICABLE: pgettext_lazy("checklist", "not applicable"),
    Answer.TAKEN_BACK: pgettext_lazy("checklist", "taken back"),
}
SUSPICIONS: Mapping[str, Promise] = {
    Suspicion.CREW: _("crew"),
    Suspicion.DISPATCHER: _("dispatcher"),
    Suspicion.HOSPITAL: _("hospital"),
    Suspicion.RECORD: _("record"),
}
# Why a pathway ends; the first ones are offered for a discarded one as well.
END_REASONS: Mapping[str, Promise] = {
    "not_confirmed": _("suspicion not confirmed"),
    "other_cause": _("another cause found"),
    "opened_by_mistake": _("opened by mistake"),
    "completed": _("carried out"),
    "patient_declines": _("patient declines"),
    "too_late": _("outside the time window"),
    "died": _("patient died"),
}


def kinds() -> dict[str, Mapping[str, str]]:
    """Language → kind → name."""
    return {
        "en": {kind: one.en for kind, one in checklists().items()},
        "zh": {kind: one.zh for kind, one in checklists().items()},
    }
