"""Plus codes against the published examples of the specification, and there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.city.places.plus_codes import decode, encode, plus_code, recover


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [
        ("7FG49Q00+", 20.375, 2.775),
        ("7FG49QCJ+2V", 20.3700625, 2.7821875),
        ("7FG49QCJ+2VXGJ", 20.3701135, 2.78223535156),
        ("8FVC2222+22", 47.0000625, 8.0000625),
        ("4VCPPQGP+Q9", -41.2730625, 174.7859375),
        ("22220000+", -89.5, -179.5),
        ("CFX30000+", 89.5, 1.5),
    ],
)
def test_a_full_code_is_the_middle_of_its_area(code: str, lat: float, lon: float) -> None:
    assert decode(code) == pytest.approx((lat, lon), abs=1e-7)


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (20.3700625, 2.7821875, "7FG49QCJ+2V"),
        (47.0000625, 8.0000625, "8FVC2222+22"),
        (-41.2730625, 174.7859375, "4VCPPQGP+Q9"),
        (90, 1, "CFX3X2X2+X2"),
        (1, 180, "62H22222+22"),
        (1, 181, "62H32222+22"),
    ],
)
def test_a_point_has_its_code(lat: float, lon: float, code: str) -> None:
    assert encode(lat, lon) == code


@pytest.mark.parametrize(
    ("short", "lat", "lon", "full"),
    [
        ("9G8F+6W", 47.4, 8.6, "8FVC9G8F+6W"),
        ("CJ+2VX", 51.3708675, -1.217765625, "9C3W9QCJ+2VX"),
        ("8F+GG", 47.4, 8.6, "8FVCCJ8F+GG"),
        ("22+", 14.95125, -23.5001, "796RXG22+"),
        ("2222+22", 89.6, 0.0, "CFX22222+22"),
    ],
)
def test_a_short_code_is_found_near_its_reference(
    short: str, lat: float, lon: float, full: str
) -> None:
    assert recover(short, lat=lat, lon=lon) == pytest.approx(decode(full), abs=1e-7)


@pytest.mark.parametrize(
    "text",
    ["8FWC2345+G", "8FWC2_45+G6", "8FWC2η45+G6", "8FWC2345+G6+", "8FWC2345G6", "8FWC2300+G6",
     "WC2300+G6g", "WC2345+G", "", "A07", "0000+", "X8FWC2345+G6", "C+22", "90 Mill + 3"],
)  # fmt: skip
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert plus_code(text) is None


def test_a_code_is_read_in_any_case_and_width_with_its_place_beside_it() -> None:
    found = plus_code(" 9g8f＋6w  Zürich ")
    after = plus_code("小村 9G8F+6W")

    assert found is not None
    assert after is not None
    assert (found.code, found.locality, found.full) == ("9G8F+6W", "Zürich", False)
    assert (after.code, after.locality) == ("9G8F+6W", "小村")


@given(st.floats(-89.9, 89.9), st.floats(-180, 179.99))
def test_a_point_lies_within_fourteen_metres_of_its_code(lat: float, lon: float) -> None:
    there = decode(encode(lat, lon))

    assert there == pytest.approx((lat, lon), abs=0.000126)


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_a_shortened_code_comes_back_from_near_by(
    lat: float, lon: float, north: float, east: float
) -> None:
    """Four digits may be left out within a quarter of a degree."""
    code = encode(lat, lon)

    assert recover(code[4:], lat=lat + north, lon=lon + east) == pytest.approx(
        decode(code), abs=1e-7
    )
