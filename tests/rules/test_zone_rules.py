"""What is a zone, and what lies in it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.city.zones.rules import MOST_CORNERS, Fault, fault_of, holds

SQUARE = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
HORSESHOE = [(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (1, 1), (1, 4), (0, 4)]


@pytest.mark.parametrize(
    ("ring", "fault"),
    [
        (SQUARE, None),
        (HORSESHOE, None),
        (SQUARE[:2], Fault.TOO_FEW),
        ([(0, 0), (1, 1), (2, 2)], Fault.NO_AREA),
        ([(0, 0), (3, 3), (3, 0), (0, 1)], Fault.CROSSES_ITSELF),
        ([(0, 0), (200, 0), (0, 1)], Fault.OFF_EARTH),
        ([(math.cos(n), math.sin(n)) for n in range(MOST_CORNERS + 1)], Fault.TOO_MANY),
    ],
)
def test_a_ring_that_is_no_zone_says_why(
    ring: list[tuple[float, float]], fault: Fault | None
) -> None:
    assert fault_of(ring) == fault


def test_a_point_in_the_mouth_of_a_horseshoe_is_outside() -> None:
    assert not holds(HORSESHOE, (2, 3))
    assert holds(HORSESHOE, (0.5, 3))
    assert holds(HORSESHOE, (2, 0.5))


@given(
    st.integers(3, 40),
    st.floats(0, 6.28),
    st.floats(0, 6.28),
    st.floats(0.01, 3).filter(lambda far: abs(far - 1) > 0.3),
)
def test_a_regular_ring_holds_what_is_nearer_than_its_edge(
    corners: int, turn: float, way: float, far: float
) -> None:
    """The inner circle of n corners has the radius cos(pi/n)."""
    angles = [turn + 2 * math.pi * n / corners for n in range(corners)]
    ring = [(10 + math.cos(angle), 50 + math.sin(angle)) for angle in angles]
    point = (10 + far * math.cos(way), 50 + far * math.sin(way))

    assert fault_of(ring) is None
    if far > 1:
        assert not holds(ring, point)
    elif far < math.cos(math.pi / corners) - 1e-9:
        assert holds(ring, point)
