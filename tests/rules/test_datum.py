"""WGS-84, GCJ-02 and BD-09 against known points, and there and back to the millimetre."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.city.geocoders.datum import Datum, from_wgs84, to_wgs84

METRES = 111_195.0
CHINA = (st.floats(74, 134), st.floats(18, 53))


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = (a[0] - b[0]) * math.cos(math.radians(a[1]))
    return METRES * math.hypot(east, a[1] - b[1])


def test_a_square_in_peking_has_three_names() -> None:
    """Tian'anmen by the published transformations of GCJ-02 and BD-09, to a metre."""
    wgs84 = (116.391, 39.907)

    assert metres(from_wgs84(wgs84, Datum.GCJ02), (116.39724, 39.90840)) < 1.5
    assert metres(from_wgs84(wgs84, Datum.BD09), (116.40361, 39.91474)) < 3


@pytest.mark.parametrize("datum", Datum)
@given(*CHINA)
def test_there_and_back_is_the_same_place(datum: Datum, lon: float, lat: float) -> None:
    back = to_wgs84(from_wgs84((lon, lat), datum), datum)

    assert metres(back, (lon, lat)) < 0.001


@given(*CHINA)
def test_the_shift_is_of_the_known_size(lon: float, lat: float) -> None:
    assert 1 < metres(from_wgs84((lon, lat), Datum.GCJ02), (lon, lat)) < 1500
    assert metres(from_wgs84((lon, lat), Datum.BD09), from_wgs84((lon, lat), Datum.GCJ02)) < 1800


def test_wgs84_is_left_alone_wherever_it_lies() -> None:
    seoul = (126.978, 37.5665)

    assert to_wgs84(seoul, Datum.WGS84) == seoul
