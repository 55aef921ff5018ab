"""The words of channels, and the texts that leave the house: never anything of a patient."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dispatch.people.models import Organisation, User
from ehr_prehospital.alerting.rules import Channel

CHANNELS: Mapping[str, Promise] = {
    Channel.WEB_PUSH: _("push message"),
    Channel.SMS: _("SMS"),
    Channel.VOICE: _("voice call"),
    Channel.EMAIL: _("e-mail"),
    Channel.PAGER: _("pager"),
    Channel.LOUDSPEAKER: _("loudspeaker"),
}
CODES: Mapping[str, Promise] = {
    "outbox": _("Written into the outbox of the demonstration."),
    "push_service_not_allowed": _("This push service is not allowed here."),
    "smtp_250": _("The mail server took it."),
}
DEFAULT_LANGUAGE = "zh-hans"


def spoken_by(person: User) -> str:
    """Who never chose a language works where the platform is from."""
    return person.language or DEFAULT_LANGUAGE


def text_for(subject: str, *, level: int, unit: str, hospital: Organisation) -> str:
    """In the language that is active."""
    name = hospital.name_zh if translation.get_language() == "zh-hans" else hospital.name_en
    said = {"unit": unit, "hospital": name or hospital.code}
    if subject == "withdrawn":
        return gettext("%(hospital)s: ambulance %(unit)s does not come. See the screen.") % said
    if subject == "team":
        return (
            gettext("%(hospital)s: your team is called for ambulance %(unit)s. See the screen.")
            % said
        )
    if level == 0:
        return gettext("%(hospital)s: ambulance %(unit)s is on its way. See the screen.") % said
    return (
        gettext(
            "%(hospital)s: nobody has confirmed ambulance %(unit)s yet, and you are next."
            " See the screen."
        )
        % said
    )


def title() -> str:
    return gettext("Onboard: alert")
