"""The pages: one view a screen, open to the roles that work there."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.i18n import set_language

import dispatch.terms
import ehr_prehospital.terms
from config import settings
from config.modules import modules_of
from dispatch.city.queries import current_city
from dispatch.journal.models import Entry
from dispatch.journal.queries import broken_at
from dispatch.live.matters import newest_own_rows
from dispatch.people.models import Role, User, in_language
from ehr_prehospital.record.words import entry_options

View = Callable[[HttpRequest], HttpResponse]

HOME = {
    Role.DISPATCHER: "console",
    Role.SUPERVISOR: "console",
    Role.PARAMEDIC: "tablet",
    Role.ED_STAFF: "ed",
    Role.REMOTE_PHYSICIAN: "consult",
    Role.QUALITY_REVIEWER: "deliveries",
    Role.ADMINISTRATOR: "links",
}
JOURNAL_PAGE = 200


def everywhere(request: HttpRequest) -> dict[str, object]:
    """What every template may use: the time zone, the language, the words for the codes."""
    user = request.user
    return {
        "me": {
            "id": str(user.pk),
            "name_en": user.name_en,
            "name_zh": user.name_zh,
            "role": user.role,
        }
        if isinstance(user, User)
        else None,
        "time_zone": settings.TIME_ZONE,
        "language": get_language(),
        "terms": {**dispatch.terms.tables(), **ehr_prehospital.terms.tables()},
        "city": current_city(),
    }


def screen(template: str, *roles: str, script: str, **more: str) -> View:
    """A page for these roles; anyone else who is signed in is told so.

    `script` is what runs it (`tablet/tablet.js`); `more` is for the template.
    """

    @login_required
    def page(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or user.role not in roles:
            raise PermissionDenied
        workplace = user.organisation
        return render(
            request,
            template,
            {
                "entry_options": entry_options(),
                "modules": modules_of(script),
                "hospital_name": in_language(workplace.name_en, workplace.name_zh)
                if workplace
                else "",
                **more,
            },
        )

    return page


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the screen of the role; roles without one yet get a page that says so."""
    user = request.user
    target = HOME.get(Role(user.role)) if isinstance(user, User) and user.role else None
    return redirect(target) if target else render(request, "shared/home.html")


def administrator(request: HttpRequest) -> User:
    """The signed-in administrator; anyone else is refused."""
    user = request.user
    if not isinstance(user, User) or user.role != Role.ADMINISTRATOR:
        raise PermissionDenied
    return user


@login_required
def journal(request: HttpRequest) -> HttpResponse:
    """The journal for administrators: newest of their organisation first, chain verified."""
    user = administrator(request)
    kind = request.GET.get("kind", "")
    among = Entry.objects.filter(kind=kind) if kind else Entry.objects.all()
    shown = newest_own_rows(user, among=among, limit=JOURNAL_PAGE)
    people = User.objects.in_bulk([entry.actor_id for entry in shown if entry.actor_id])
    return render(
        request,
        "shared/journal.html",
        {
            "rows": [
                {"entry": entry, "actor": people.get(entry.actor_id) if entry.actor_id else None}
                for entry in shown
            ],
            "kinds": Entry.objects.order_by("kind").values_list("kind", flat=True).distinct(),
            "kind": kind,
            "broken_at": broken_at(),
            "count": Entry.objects.count(),
        },
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def health(request: HttpRequest) -> HttpResponse:
    """Does this process reach its database? For the supervisor and a load balancer."""
    Entry.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")


def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the page's language, and remember it with the person."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if isinstance(request.user, User) and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response
