"""The pages of replayed policies, for those who answer for how their centre decides."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from dispatch.decision.models import PolicyReplay
from dispatch.people.models import Organisation, Role, User, in_language

READERS = frozenset({Role.SUPERVISOR, Role.QUALITY_REVIEWER, Role.ADMINISTRATOR})
NEWEST = 50


def centre_of(request: HttpRequest) -> Organisation:
    user = request.user
    if not isinstance(user, User) or user.role not in READERS or user.centre is None:
        raise PermissionDenied
    return user.centre


@login_required
def every(request: HttpRequest) -> HttpResponse:
    """The newest replays of the reader's centre."""
    rows = PolicyReplay.objects.filter(centre=centre_of(request)).order_by("-made_at")[:NEWEST]
    return render(request, "dispatcher/replays.html", {"replays": [shown(row) for row in rows]})


@login_required
def one(request: HttpRequest, replay_id: UUID) -> HttpResponse:
    """One replay: both sides of the figures, and the cases that differ."""
    row = get_object_or_404(PolicyReplay, pk=replay_id, centre=centre_of(request))
    return render(request, "dispatcher/replay.html", {"replay": shown(row)})


def shown(row: PolicyReplay) -> dict[str, object]:
    return {
        "id": row.pk,
        "policy": row.policy,
        "text": in_language(row.policy_en, row.policy_zh),
        "begins": row.begins,
        "ends": row.ends,
        "made_at": row.made_at,
        "decided": figures(row.result["decided"]),
        "replayed": figures(row.result["replayed"]),
        "skipped": row.result["skipped"],
        "cases": [
            {**case, "was": choice(case["decided"]), "now": choice(case["replayed"])}
            for case in row.result["cases"]
        ],
    }


Row = dict[str, float | str | bool | None]


def figures(row: Row) -> dict[str, object]:
    share = row["late_share"]
    return {
        **row,
        "late": "–" if share is None else f"{float(share):.1%}",
        "mean": clock(row["mean_s"]),
        "p90": clock(row["p90_s"]),
    }


def choice(row: Row) -> dict[str, object]:
    return {**row, "response": clock(row["response_s"])}


def clock(seconds: float | str | None) -> str:
    """“7:05”, and a dash where nobody came."""
    if seconds is None:
        return "–"
    whole = round(float(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
