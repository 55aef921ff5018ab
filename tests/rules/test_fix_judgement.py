"""Which position fixes are drawn and which are quarantined."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.fleet.rules import FixFault, Seen, fault

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def seen(lat: float = 31.0, lon: float = 121.0, age_s: float = 0) -> Seen:
    return Seen(lat, lon, NOW - timedelta(seconds=age_s))


@pytest.mark.parametrize(
    ("fix", "last", "wrong"),
    [
        (seen(), None, None),
        (seen(), seen(age_s=1), None),
        (seen(age_s=121), None, FixFault.LATE),
        (seen(age_s=119), None, None),
        (seen(age_s=-11), None, FixFault.FUTURE),
        (seen(age_s=-9), None, None),
        (seen(age_s=5), seen(age_s=5), FixFault.OLDER),
        (seen(age_s=9), seen(age_s=5), FixFault.OLDER),
        (seen(0.0, 0.0), None, FixFault.NOWHERE),
        (seen(91.0), None, FixFault.NOWHERE),
        # 0.01 degrees of latitude are 1,112 m.
        (seen(31.01), seen(age_s=1), FixFault.JUMP),
        (seen(31.01), seen(age_s=20), None),
    ],
)
def test_a_fix_is_believed_or_quarantined_with_its_reason(
    fix: Seen, last: Seen | None, wrong: FixFault | None
) -> None:
    assert fault(fix, last=last, now=NOW) == wrong


@given(metres=st.floats(0, 20_000))
def test_a_vehicle_that_was_really_moved_is_believed_again(metres: float) -> None:
    """However far it jumped, there is an elapsed time after which the fix is good."""
    elapsed = metres / 70
    last = Seen(31.0, 121.0, NOW - timedelta(seconds=elapsed + 1))

    assert fault(Seen(31.0 + metres / 111_195, 121.0, NOW), last=last, now=NOW) is None
