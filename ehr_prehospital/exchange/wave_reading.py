"""Waves of a mission for the exporters: 12-lead ECGs, a strip at each set of vital signs."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from ehr_prehospital.ecg.models import Ecg
from ehr_prehospital.ecg.rules import BY_FOLDED_NAME, LEADS, MISSING
from ehr_prehospital.exchange.canonical import Trace, Waves
from ehr_prehospital.vitals.models import Wave

STRIP = timedelta(seconds=10)
# Of a long mission the first and the newest sets; a document is no archive of the monitor.
MOST_STRIPS = 12


def waves_of(mission_id: UUID, moments: Iterable[datetime]) -> Iterator[Waves]:
    """Every readable 12-lead ECG, and the ten seconds before each of these moments."""
    for ecg in Ecg.objects.filter(mission_id=mission_id, state=Ecg.State.READ).order_by(
        "occurred_at"
    ):
        yield twelve_leads(ecg)
    for moment in chosen(sorted(set(moments))):
        rows = Wave.objects.filter(
            mission_id=mission_id, started_at__gte=moment - STRIP, started_at__lt=moment
        ).order_by("started_at")
        if found := list(strip(rows, moment)):
            yield Waves(uuid5(mission_id, f"strip/{moment.isoformat()}"), moment - STRIP, found)


def chosen(moments: Sequence[datetime]) -> Sequence[datetime]:
    if len(moments) <= MOST_STRIPS:
        return moments
    half = MOST_STRIPS // 2
    return [*moments[:half], *moments[-half:]]


def twelve_leads(ecg: Ecg) -> Waves:
    steps = array("h", bytes(ecg.samples or b""))
    count, rate_hz = ecg.count or 0, ecg.rate_hz or 0.0
    traces = [
        Trace(lead, rate_hz, 1.0, present(steps[at * count : (at + 1) * count]))
        for at, lead in enumerate(LEADS)
    ]
    return Waves(ecg.pk, ecg.occurred_at, traces, twelve_lead=True)


def present(steps: Iterable[int]) -> tuple[int | None, ...]:
    return tuple(None if one == MISSING else one for one in steps)


def strip(rows: Iterable[Wave], moment: datetime) -> Iterator[Trace]:
    """Each lead as one trace of ten seconds; what did not come is missing, not drawn together.

    A lead whose rate or scale changed on the way is told as far as the first of them goes.
    """
    leads: dict[str, list[Wave]] = {}
    for row in rows:
        leads.setdefault(row.lead, []).append(row)
    for lead, pieces in sorted(leads.items()):
        rate_hz, scale_uv = pieces[0].rate_hz, pieces[0].scale_uv
        count = round(STRIP.total_seconds() * rate_hz)
        samples: list[int | None] = [None] * count
        for piece in pieces:
            if (piece.rate_hz, piece.scale_uv) != (rate_hz, scale_uv):
                continue
            late_s = (piece.started_at - (moment - STRIP)).total_seconds()
            first = round(late_s * rate_hz)
            steps = array("h", bytes(piece.samples))[: max(count - first, 0)]
            samples[first : first + len(steps)] = steps
        name = BY_FOLDED_NAME.get(lead.removeprefix("ecg_").upper(), lead)
        yield Trace(name, rate_hz, scale_uv, samples)
