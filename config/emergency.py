"""The hospital's pages beside its wall: figures with their cases, outcomes, the corridor."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput, Refused
from dispatch.people.models import Organisation, Role, User, in_language
from ehr_prehospital.access.actions import NoAccess
from ehr_prehospital.handover.department.arrivals import arrival_items
from ehr_prehospital.handover.department.models import Display
from ehr_prehospital.handover.department.queries import display_with
from ehr_prehospital.handover.door.rules import Pace, offload
from ehr_prehospital.handover.figures.queries import case_rows
from ehr_prehospital.handover.figures.rules import (
    BY_CODE,
    FIGURES,
    CaseRow,
    Figure,
    Shown,
    by,
    cases_of,
    show,
)
from ehr_prehospital.handover.figures.words import SAID
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.handover.outcome.actions import judge_alert, return_outcome
from ehr_prehospital.handover.outcome.crew import own_cases
from ehr_prehospital.handover.outcome.queries import newest_judgements, newest_outcomes
from ehr_prehospital.handover.outcome.rules import INTERVENTIONS, RETURNED_WITHIN, Verdict
from ehr_prehospital.handover.views import handover_with
from ehr_prehospital.record.terms import tables

SHOWN_DAYS = 30


def person_of(request: HttpRequest, *roles: str) -> User:
    """The signed-in person, if of one of these roles."""
    user = request.user
    if not isinstance(user, User) or user.role not in roles or user.organisation is None:
        raise PermissionDenied
    return user


# --- figures ----------------------------------------------------------------------

READERS = (Role.ED_STAFF, Role.SUPERVISOR, Role.QUALITY_REVIEWER)


def hospital_of(request: HttpRequest, user: User) -> Organisation:
    """A department reads its own figures, a centre those of its hospitals."""
    if user.role == Role.ED_STAFF:
        if user.organisation is None:
            raise PermissionDenied
        return user.organisation
    own = hospitals_of(user)
    asked = request.GET.get("hospital", "")
    chosen = next((one for one in own if str(one.pk) == asked), None) or (own[0] if own else None)
    if chosen is None:
        raise Http404
    return chosen


def hospitals_of(user: User) -> list[Organisation]:
    rows = Organisation.objects.filter(
        kind=Organisation.Kind.HOSPITAL, parent=user.centre, active=True
    )
    return list(rows.order_by("code"))


def span_of(request: HttpRequest) -> tuple[datetime, datetime]:
    """From and to as days of the centre's time zone; the last 30 days when nothing is asked."""
    today = timezone.localdate()

    def day(name: str, otherwise: datetime) -> datetime:
        try:
            asked = parse_date(request.GET.get(name, ""))
        except ValueError:
            asked = None
        if asked is None:
            return otherwise
        return timezone.make_aware(datetime.combine(asked, datetime.min.time()))

    midnight = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    begins = day("from", midnight - timedelta(days=SHOWN_DAYS - 1))
    last = day("to", midnight)
    return begins, max(begins, last) + timedelta(days=1)


@login_required
def statistics(request: HttpRequest) -> HttpResponse:
    """All figures, by pathway and by hour; every one leads to its cases."""
    user = person_of(request, *READERS)
    hospital = hospital_of(request, user)
    begins, ends = span_of(request)
    rows = case_rows(hospital_id=hospital.pk, begins=begins, ends=ends)
    return render(
        request,
        "emergency_department/statistics.html",
        {
            "hospital": hospital,
            "hospitals": [] if user.role == Role.ED_STAFF else hospitals_of(user),
            "begins": begins,
            "last_day": ends - timedelta(days=1),
            "figures": [figure_line(figure, rows) for figure in FIGURES],
            "parts": parts_of(rows),
            "query": f"hospital={hospital.pk}&from={begins:%Y-%m-%d}"
            f"&to={(ends - timedelta(days=1)):%Y-%m-%d}",
        },
    )


PARTS = ("alerts", "confirm", "offload", "judged", "right", "over", "under", "not_needed")


def parts_of(rows: list[CaseRow]) -> list[dict[str, object]]:
    """The same figures by pathway and by the hour of the alert."""
    columns = [SAID[code].name for code in PARTS]
    ways = by(rows, lambda row: row.pathway)
    hours = by(rows, lambda row: f"{row.hour:02d}")
    return [
        {
            "name": name,
            "title": title,
            "head": head,
            "columns": columns,
            "lines": [part_line(key, part) for key, part in groups.items()],
        }
        for name, title, head, groups in (
            ("pathway", _("By pathway"), _("Pathway"), ways),
            ("hour", _("By the hour of the alert"), _("Hour"), hours),
        )
    ]


def figure_line(figure: Figure, rows: list[CaseRow]) -> dict[str, object]:
    shown = show(figure, rows)
    return {"shown": shown, "said": SAID[figure.code], "text": figure_text(shown)}


def part_line(name: str, rows: list[CaseRow]) -> dict[str, object]:
    cells = [show(BY_CODE[code], rows) for code in PARTS]
    return {
        "name": name,
        "cells": [{"shown": one, "text": figure_text(one)} for one in cells],
    }


def figure_text(shown: Shown) -> dict[str, str]:
    """What stands in a cell: the value, and what is said beside it."""
    if shown.unit == "count":
        return {"value": str(round(shown.value or 0)), "beside": ""}
    if shown.value is None:
        return {"value": "–", "beside": ""}
    if shown.unit == "share":
        return {"value": f"{shown.value * 100:.0f} %", "beside": f"n = {shown.count}"}
    beside = _("median %(median)s") % {"median": clock(shown.median)}
    if shown.target_met is not None:
        beside += " · " + _("%(share)s %% in target") % {"share": f"{shown.target_met * 100:.0f}"}
    return {"value": clock(shown.value), "beside": beside}


def clock(seconds: float | None) -> str:
    """Minutes and seconds below an hour, hours and minutes above."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole >= 3600:
        return _("%(hours)s h %(minutes)s min") % {
            "hours": whole // 3600,
            "minutes": whole % 3600 // 60,
        }
    return f"{whole // 60}:{whole % 60:02d}"


@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind one figure, by number; the look is written down."""
    user = person_of(request, *READERS)
    hospital = hospital_of(request, user)
    figure = BY_CODE.get(request.GET.get("figure", ""))
    if figure is None:
        raise Http404
    begins, ends = span_of(request)
    rows = chosen(request, case_rows(hospital_id=hospital.pk, begins=begins, ends=ends))
    with transaction.atomic():
        append(
            kind="figures.viewed",
            actor=user,
            now=timezone.now(),
            refs={"hospital": hospital.pk},
            detail={"figure": figure.code},
        )
    shown = show(figure, rows)
    return render(
        request,
        "emergency_department/cases.html",
        {
            "hospital": hospital,
            "said": SAID[figure.code],
            "shown": shown,
            "text": figure_text(shown),
            "own": user.role == Role.ED_STAFF,
            "cases": [
                {
                    "row": one.row,
                    "value": value_text(figure, one.value),
                    "pace": pace_of(one.row) if figure.code == "offload" else "",
                }
                for one in cases_of(figure, rows)
            ],
        },
    )


def chosen(request: HttpRequest, rows: list[CaseRow]) -> list[CaseRow]:
    """Of one pathway or of one hour, where the page was asked from such a row."""
    pathway, hour = request.GET.get("pathway"), request.GET.get("hour")
    if pathway is not None:
        rows = [row for row in rows if row.pathway == pathway]
    if hour is not None:
        rows = [row for row in rows if f"{row.hour:02d}" == hour]
    return rows


def value_text(figure: Figure, value: float | None) -> str:
    if value is None:
        return _("missing")
    if figure.kind == "duration":
        return clock(value)
    if figure.kind == "count":
        return "1"
    return _("yes") if value else _("no")


def pace_of(row: CaseRow) -> str:
    judged = offload(
        arrived_at=row.arrived_at,
        handed_over_at=row.handed_over_at,
        now=timezone.now(),
        target=timedelta(seconds=row.target_s),
    )
    return str(judged.pace) if judged else str(Pace.IN_TIME)


@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Every case with every value, for a spreadsheet; UTF-8 with a mark for Excel."""
    user = person_of(request, *READERS)
    hospital = hospital_of(request, user)
    begins, ends = span_of(request)
    rows = case_rows(hospital_id=hospital.pk, begins=begins, ends=ends)
    with transaction.atomic():
        append(
            kind="figures.viewed",
            actor=user,
            now=timezone.now(),
            refs={"hospital": hospital.pk},
            detail={"figure": "export"},
        )
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{hospital.code}-{begins:%Y%m%d}.csv"'
    csv.writer(response).writerows(export_lines(rows))
    return response


def export_lines(rows: list[CaseRow]) -> Iterator[list[str]]:
    """One line a case; empty where the case is left out, `missing` where it lacks a value."""
    yield ["number", "sent_at", "pathway", "verdict", *(figure.code for figure in FIGURES)]
    for row in rows:
        values = []
        for figure in FIGURES:
            if not figure.belongs(row):
                values.append("")
                continue
            value = figure.take(row)
            values.append("missing" if value is None else f"{value:g}")
        sent = timezone.localtime(row.sent_at).isoformat(timespec="seconds")
        yield [row.number, sent, row.pathway, row.verdict, *values]


# --- outcomes ---------------------------------------------------------------------


@login_required
def outcomes(request: HttpRequest) -> HttpResponse:
    """The patients of the last 30 days, by number: whose outcome the crew still waits for."""
    user = person_of(request, Role.ED_STAFF)
    since = timezone.now() - RETURNED_WITHIN
    rows = list(
        Handover.objects.filter(hospital=user.organisation, sent_at__gt=since)
        .select_related("mission__incident", "mission__ambulance", "reception")
        .order_by("-sent_at")[:300]
    )
    keys = [row.pk for row in rows]
    returned, judged = newest_outcomes(keys), newest_judgements(keys)
    lines = [
        {"row": row, "outcome": returned.get(row.pk), "judgement": judged.get(row.pk)}
        for row in rows
    ]
    waiting = sum(
        line["outcome"] is None and row.handed_over_at is not None
        for line, row in zip(lines, rows, strict=True)
    )
    return render(
        request, "emergency_department/outcomes.html", {"lines": lines, "waiting": waiting}
    )


@login_required
def outcome(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The form of one patient: what became of them, and whether the alert was right."""
    user = person_of(request, Role.ED_STAFF)
    handover = handover_with(handover_id)
    if handover.hospital_id != user.organisation_id:
        raise PermissionDenied
    return outcome_page(request, handover)


def outcome_page(
    request: HttpRequest,
    handover: Handover,
    *,
    fault: str = "",
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    last = newest_outcomes([handover.pk]).get(handover.pk)
    times = last.times if last else {}
    kept = {
        code: timezone.localtime(datetime.fromisoformat(at)).strftime("%Y-%m-%dT%H:%M")
        for code, at in times.items()
    }
    said = typed or {}
    return render(
        request,
        "emergency_department/outcome.html",
        {
            "handover": handover,
            "outcome": last,
            "judgement": newest_judgements([handover.pk]).get(handover.pk),
            "fault": fault,
            "typed": said,
            "times": [
                {"code": code, "at": said.get(f"at_{code}", kept.get(code, ""))}
                for code in INTERVENTIONS
            ],
            "dispositions": list(tables()["ed_outcome"]),
            "verdicts": [one.value for one in Verdict],
            "outcome_id": uuid4(),
            "judgement_id": uuid4(),
        },
        status=400 if fault else 200,
    )


@login_required
@require_POST
def save_outcome(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    user = person_of(request, Role.ED_STAFF)
    handover, sent = handover_with(handover_id), request.POST
    try:
        return_outcome(
            handover=handover,
            outcome_id=uuid_in(sent.get("id", "")),
            diagnosis=sent.get("diagnosis", ""),
            diagnosis_code=sent.get("diagnosis_code", ""),
            disposition=sent.get("disposition", ""),
            hospital_disposition=sent.get("hospital_disposition", ""),
            hospital_diagnosis=sent.get("hospital_diagnosis", ""),
            times=times_in(sent),
            note=sent.get("note", ""),
            actor=user,
            now=timezone.now(),
        )
    except NoAccess as refusal:
        raise PermissionDenied(str(refusal.detail)) from refusal
    except (BadInput, Refused) as refusal:
        return outcome_page(request, handover, fault=str(refusal.detail), typed=sent.dict())
    messages.success(request, _("The crew can read it now."))
    return redirect("ed_outcomes")


@login_required
@require_POST
def save_judgement(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    user = person_of(request, Role.ED_STAFF)
    handover, sent = handover_with(handover_id), request.POST
    try:
        judge_alert(
            handover=handover,
            judgement_id=uuid_in(sent.get("id", "")),
            verdict=sent.get("verdict", ""),
            text=sent.get("text", ""),
            actor=user,
            now=timezone.now(),
        )
    except NoAccess as refusal:
        raise PermissionDenied(str(refusal.detail)) from refusal
    except (BadInput, Refused) as refusal:
        return outcome_page(request, handover, fault=str(refusal.detail), typed=sent.dict())
    messages.success(request, _("Your word is counted in the figures."))
    return redirect("ed_outcome", handover_id=handover.pk)


def uuid_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise BadInput(_("Load the page again."), code="no_id") from wrong


def times_in(sent: Mapping[str, str]) -> dict[str, datetime]:
    """The times of the form, in the centre's time zone."""
    found: dict[str, datetime] = {}
    for code in INTERVENTIONS:
        text = sent.get(f"at_{code}", "")
        if not text:
            continue
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            raise BadInput(_("“%(text)s” is no time.") % {"text": text[:30]}, code="no_such_time")
        found[code] = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return found


@login_required
def my_cases(request: HttpRequest) -> HttpResponse:
    """What became of the crew's own patients: numbers and outcomes, no identity."""
    user = person_of(request, Role.PARAMEDIC)
    return render(request, "tablet/cases.html", {"cases": own_cases(user=user, now=timezone.now())})


# --- the corridor -----------------------------------------------------------------


@login_required
def arrivals(request: HttpRequest) -> HttpResponse:
    """The corridor's board as the department's own people see it, and its screens."""
    user = person_of(request, Role.ED_STAFF)
    if user.organisation is None:
        raise PermissionDenied
    displays = Display.objects.filter(hospital=user.organisation, revoked_at__isnull=True)
    return render(
        request,
        "emergency_department/displays.html",
        {"displays": displays.order_by("made_at"), "hospital": user.organisation},
    )


@require_safe
def corridor(request: HttpRequest, token: str) -> HttpResponse:
    """The public board: no session, no name; the key of a screen opens this and nothing else."""
    display = display_with(token)
    if display is None:
        raise Http404
    response = render(
        request,
        "emergency_department/arrivals.html",
        {
            "token": token,
            "hospital_name": in_language(display.hospital.name_en, display.hospital.name_zh),
        },
    )
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def corridor_rows(request: HttpRequest, token: str) -> JsonResponse:
    """What stands on it now."""
    display = display_with(token)
    if display is None:
        raise Http404
    now = timezone.now()
    Display.objects.filter(pk=display.pk).update(seen_at=now)
    response = JsonResponse(
        {
            "now": now.isoformat(),
            "rows": arrival_items(hospital_id=display.hospital_id, now=now),
        }
    )
    response["Cache-Control"] = "no-store"
    return response
