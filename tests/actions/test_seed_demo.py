"""seed_demo in a city with more ambulances than one process can drive."""

from collections import Counter
from pathlib import Path

import pytest

from config.management.commands import seed_demo
from dispatch.fleet.actions import Post, install_ambulances
from dispatch.fleet.models import Ambulance
from dispatch.people.models import Organisation


@pytest.mark.django_db
def test_no_more_vehicles_are_simulated_than_can_be_and_every_station_has_some(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(seed_demo, "MOST_SIMULATED", 5)
    stations = [
        Organisation.objects.create(kind="station", code=code, name_en=code, lat=50.0, lon=10.0)
        for code in ("S01", "S02", "S03")
    ]
    install_ambulances(posts=[Post(station, 3) for station in stations])

    left_out = seed_demo.vehicles(tmp_path)

    names = {path.stem for path in tmp_path.glob("*.toml")}
    chosen = Ambulance.objects.filter(call_sign__in=names).select_related("station")
    assert left_out == 4
    assert Counter(unit.station.code for unit in chosen) == {"S01": 2, "S02": 2, "S03": 1}
    assert "A01" in names
