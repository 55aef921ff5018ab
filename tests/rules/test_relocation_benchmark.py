"""The simulated region of the relocation benchmark: read from files, true to its clock."""

import argparse
import gzip
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.relocation import run
from tests.benchmarks.relocations.fleet import Call, Service, calls_of, simulate
from tests.benchmarks.relocations.policies import Home
from tests.benchmarks.relocations.region import NoRegion, Region, read_region

SERVICE = Service(calls_per_hour=2.0)


def call(at_s: float, *, zone: int, scene_s: float = 600.0) -> Call:
    """One that ends at its scene."""
    return Call(at_s, zone, scene_s, transported=False, handover_s=0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    matrix = "from,1001,1002,1003\n1001,0,300,900\n1002,360,0,600\n1003,900,600,0\n"
    (tmp_path / "x-travel-seconds.csv.gz").write_bytes(gzip.compress(matrix.encode()))
    (tmp_path / "x-population.csv").write_text("pc4,population\n1001,50\n1002,30\n1003,20\n")
    return tmp_path


def test_a_region_is_read_with_its_bases_or_without(folder: Path) -> None:
    bare = read_region(folder)
    (folder / "stations.csv").write_text("index,x,y,PC_4\n1,5.1,52.1,1003\n2,5.2,52.2,1001\n")
    named = read_region(folder)

    assert bare.siren_s[0, 1] == 300
    assert bare.siren_s[1, 0] == 360
    assert (bare.bases, named.bases) == (None, (2, 0))
    assert bare.hospitals[0] == 0


def test_a_folder_that_is_no_region_says_what_it_lacks(folder: Path) -> None:
    (folder / "x-population.csv").write_text("pc4,population\n1001,50\n1002,30\n")
    with pytest.raises(NoRegion, match="no population of 1003"):
        read_region(folder)
    (folder / "y-population.csv").write_text("pc4,population\n")
    with pytest.raises(NoRegion, match="2 files"):
        read_region(folder)


def test_a_response_is_delay_and_drive_and_a_second_call_waits(folder: Path) -> None:
    region = read_region(folder)
    calls = [call(1000.0, zone=1), call(1100.0, zone=0)]

    done = simulate(region, SERVICE, calls, home=[0], bases=[0], policy=Home())

    free_s = 1000 + 180 + 300 + 600
    assert done.response_s.tolist() == [480.0, free_s + 180 + 360 - 1100]


def test_an_ambulance_on_its_way_home_is_met_on_the_road() -> None:
    line = np.abs(np.arange(5)[:, None] - np.arange(5)) * 100.0
    region = Region("line", tuple("abcde"), line, np.ones(5), (0,), (4,))
    service = Service(speed_without_siren=1.0)
    calls = [call(0.0, zone=4, scene_s=0.0), call(180.0 + 400 + 200, zone=2)]

    done = simulate(region, service, calls, home=[0], bases=[0], policy=Home())

    assert done.response_s.tolist() == [580.0, 180.0]


def test_the_same_seed_gives_the_same_calls_and_the_last_line_its_figures(folder: Path) -> None:
    region = read_region(folder)
    assert calls_of(region, SERVICE, 50, 3) == calls_of(region, SERVICE, 50, 3)

    figures = run(region, SERVICE, argparse.Namespace(calls=400, seed=1, units=3))

    assert set(figures) == {
        "static_late_pct", "dmexclp_late_pct", "gain_pct", "own_late_pct", "own_mean_response_s",
    }  # fmt: skip
    assert 0 <= figures["own_late_pct"] <= 100
    assert figures["own_mean_response_s"] > SERVICE.delay_s
