"""The page of estimates: how right they were, what ranges follow, which speeds were learnt."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from config.replays import centre_of, clock
from dispatch.city.models import SpeedTable
from dispatch.city.queries import cells_of, current_city
from dispatch.city.rules import Cell
from dispatch.decision.estimate_queries import bands_in_force, shown_etas
from dispatch.decision.rules.accuracy import ASSUMED, HORIZONS_S, Score, scores

DAYS = 28
NEWEST_TABLES = 6


@login_required
def estimates(request: HttpRequest) -> HttpResponse:
    """The centre's estimates of the last four weeks, scored by how far ahead they looked."""
    now = timezone.now()
    centre = centre_of(request)
    shown = shown_etas(begins=now - timedelta(days=DAYS), ends=now, centre=centre)
    city = current_city()
    tables = SpeedTable.objects.filter(city_version=city.version if city else "")
    newest = list(tables.order_by("-learnt_at")[:NEWEST_TABLES])
    context = {
        "days": DAYS,
        "scores": [score_row(score) for score in scores(shown)],
        "bands": band_rows(),
        "tables": newest,
        "factors": [factor_grid(table) for table in newest if table.in_force][:2],
        "hours": range(24),
    }
    return render(request, "dispatcher/estimates.html", context)


def horizon_name(horizon: int | None) -> str:
    if horizon is None:
        return _("all")
    if horizon == len(HORIZONS_S):
        return _("over %(minutes)s min") % {"minutes": round(HORIZONS_S[-1] / 60)}
    return _("up to %(minutes)s min") % {"minutes": round(HORIZONS_S[horizon] / 60)}


def score_row(score: Score) -> dict[str, object]:
    late = score.mean_error_s
    return {
        "horizon": horizon_name(score.horizon),
        "estimates": score.estimates,
        "missions": score.missions,
        "mean": ("−" if late < 0 else "+") + clock(abs(late)),
        "mae": clock(score.mae_s),
        "mape": f"{score.mape_pct:.0f} %",
        "p90": clock(score.p90_s),
        "within": f"{score.within:.0%}",
    }


def band_rows() -> list[dict[str, object]]:
    known = bands_in_force()
    rows = []
    for horizon in range(len(HORIZONS_S) + 1):
        band = known.get(horizon)
        low, high = (band.low, band.high) if band else ASSUMED
        rows.append(
            {
                "horizon": horizon_name(horizon),
                "low": f"{low:.2f}",
                "high": f"{high:.2f}",
                "missions": band.missions if band else 0,
                "learnt": bool(band and band.learnt),
            }
        )
    return rows


def factor_grid(table: SpeedTable) -> dict[str, object]:
    """A line a road class: the factor of any hour, then of each; weekday and weekend apart."""
    lines: dict[tuple[str, str], dict[int | None, Cell]] = {}
    for cell in cells_of(table):
        lines.setdefault((cell.road_class, cell.day), {})[cell.hour] = cell
    days = {"": "", "weekday": _("weekdays"), "weekend": _("weekend")}
    return {
        "table": table,
        "lines": [
            {
                "road_class": road_class or _("every road"),
                "day": days[day],
                "whole": cells.get(None),
                "hours": [cells.get(hour) for hour in range(24)],
            }
            for (road_class, day), cells in sorted(lines.items())
            if day in days
        ],
    }
