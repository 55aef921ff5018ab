"""A consult's tables: calls, who rings next, orders, drawing, the relay's credentials."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_prehospital.consult.rules.calls import (
    OVER,
    TRANSITIONS,
    ConsultState,
    IllegalStep,
    PartyState,
    Seat,
    Side,
    Step,
    after,
    consult_state,
    is_full,
    is_over,
)
from ehr_prehospital.consult.rules.drawing import Wrong, read
from ehr_prehospital.consult.rules.duty import OnDuty, can_ring, next_to_ring
from ehr_prehospital.consult.rules.orders import (
    Flag,
    IllegalOrderStep,
    OrderState,
    OrderStep,
    command,
    differs,
    fact,
)
from ehr_prehospital.consult.rules.relay import credentials, passed_on

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
STREAM, STROKE = str(uuid4()), str(uuid4())


# --- calls ----------------------------------------------------------------------


@pytest.mark.parametrize("state", PartyState)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_in_the_table_or_refused_or_was_taken_before(
    state: PartyState, step: Step
) -> None:
    known = TRANSITIONS.get((state, step))
    target = {to for (_from, one), to in TRANSITIONS.items() if one is step}

    if known:
        assert after(state, step) is known
    elif state in target:
        assert after(state, step) is state
    else:
        with pytest.raises(IllegalStep):
            after(state, step)


def test_nobody_comes_back_from_the_end_of_a_call() -> None:
    assert not {state for state, _step in TRANSITIONS} & OVER


@pytest.mark.parametrize(
    ("others", "ended", "state"),
    [
        ([], False, ConsultState.WAITING),
        ([PartyState.DECLINED], False, ConsultState.WAITING),
        ([PartyState.DECLINED, PartyState.RINGING], False, ConsultState.RINGING),
        ([PartyState.CONNECTED, PartyState.RINGING], False, ConsultState.TALKING),
        ([PartyState.CONNECTED], True, ConsultState.ENDED),
    ],
)
def test_a_consult_is_what_its_parties_are(
    others: list[PartyState], *, ended: bool, state: ConsultState
) -> None:
    crew = Seat(Side.CREW, PartyState.CONNECTED)

    assert (
        consult_state([crew, *(Seat(Side.PHYSICIAN, one) for one in others)], ended=ended) is state
    )


def test_the_crew_alone_is_no_consult_unless_somebody_is_asked_for() -> None:
    alone = [Seat(Side.CREW, PartyState.CONNECTED), Seat(Side.PHYSICIAN, PartyState.LEFT)]

    assert is_over(alone, asked=False)
    assert not is_over(alone, asked=True)
    assert is_full([Seat(Side.PHYSICIAN, PartyState.CONNECTED)] * 4)
    assert not is_full([Seat(Side.PHYSICIAN, PartyState.LEFT)] * 9)


# --- who rings ------------------------------------------------------------------


def doctor(rank: int, **more: object) -> OnDuty:
    given_ = {
        "user_id": UUID(int=rank),
        "specialties": frozenset({"cardiology"}),
        "rank": rank,
        "available": True,
        "heard_at": NOW,
        **more,
    }
    return OnDuty(**given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, None),
        ({"specialties": frozenset({"trauma"})}, "other_specialty"),
        ({"heard_at": NOW - timedelta(seconds=21)}, "not_at_desk"),
        ({"heard_at": None}, "not_at_desk"),
        ({"available": False}, "away"),
        ({"busy": True}, "busy"),
        ({"declined_at": NOW - timedelta(minutes=1)}, "declined"),
        ({"last_rung_at": NOW - timedelta(seconds=5)}, "just_rung"),
    ],
)
def test_only_who_can_hear_and_is_free_is_rung(more: dict[str, object], why: str | None) -> None:
    assert can_ring(doctor(1, **more), specialty="cardiology", now=NOW) == why


def test_the_second_ring_goes_to_the_next_and_the_round_begins_again() -> None:
    first, second = doctor(1), doctor(2)
    rung = doctor(1, last_rung_at=NOW - timedelta(seconds=25))
    later = NOW + timedelta(seconds=10)

    assert next_to_ring([second, first], specialty="any", now=NOW) == first
    assert next_to_ring([rung, second], specialty="any", now=NOW) == second
    assert next_to_ring([rung], specialty="any", now=NOW) is None
    assert next_to_ring([rung], specialty="any", now=later) == rung
    assert next_to_ring([first], specialty="trauma", now=NOW) is None


# --- orders ---------------------------------------------------------------------


def test_the_whole_way_of_an_order_is_four_steps() -> None:
    read_back, nothing = fact(OrderState.ORDERED, OrderStep.READ_BACK)
    given_, still_nothing = fact(read_back, OrderStep.GIVE)

    assert (nothing, still_nothing) == ((), ())
    assert command(given_, OrderStep.RECORD) is OrderState.RECORDED


@pytest.mark.parametrize("state", [OrderState.GIVEN, OrderState.RECORDED, OrderState.REFUSED])
def test_what_was_answered_cannot_be_withdrawn(state: OrderState) -> None:
    with pytest.raises(IllegalOrderStep):
        command(state, OrderStep.WITHDRAW)


@pytest.mark.parametrize(
    ("state", "flag"),
    [
        (OrderState.ORDERED, Flag.NO_READ_BACK),
        (OrderState.WITHDRAWN, Flag.AFTER_WITHDRAWAL),
        (OrderState.REFUSED, Flag.AFTER_REFUSAL),
        (OrderState.RECORDED, Flag.GIVEN_TWICE),
    ],
)
def test_what_was_given_was_given_whatever_the_order_says(state: OrderState, flag: Flag) -> None:
    assert fact(state, OrderStep.GIVE) == (OrderState.GIVEN, (flag,))


def test_a_read_back_is_compared_as_numbers_are() -> None:
    ordered = {"drug": "aspirin", "dose": "300", "unit": "mg", "route": "oral"}

    assert not differs(ordered, {"drug": "aspirin", "dose": "300.0", "unit": "mg"})
    assert differs(ordered, {"drug": "aspirin", "dose": "30"})
    assert differs(ordered, {"drug": "amiodarone"})


# --- drawing --------------------------------------------------------------------


def stroke(**more: object) -> dict[str, object]:
    return {
        "v": 1, "t": "stroke", "id": STROKE, "stream": STREAM, "seq": 41, "tool": "pen",
        "color": "red", "w": 0.006, "pts": [[0.1, 0.2], [0.3, 0.4]], "phase": "begin", "ttl": None,
        **more,
    }  # fmt: skip


def test_a_stroke_comes_out_as_it_went_in_without_what_nobody_asked_for() -> None:
    drawn = read(stroke(author="somebody else"), crew=False)

    assert (drawn.t, drawn.seq, str(drawn.stream), str(drawn.stroke)) == (
        "stroke", 41, STREAM, STROKE,
    )  # fmt: skip
    assert drawn.body == {
        "tool": "pen", "phase": "begin", "color": "red", "w": 0.006, "ttl": None,
        "pts": [(0.1, 0.2), (0.3, 0.4)],
    }  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"v": 2},
        {"t": "erase"},
        {"tool": "bomb"},
        {"color": "url(x)"},
        {"pts": []},
        {"pts": [[0.1, 1.1]]},
        {"pts": [[0.1, float("nan")]]},
        {"pts": [[0.1, True]]},
        {"pts": [[0.5, 0.5]] * 201},
        {"w": 5},
        {"seq": -1},
        {"seq": 2**32},
        {"id": "no id"},
        {"tool": "text"},
        {"tool": "text", "text": "x" * 81},
        {"ttl": 3600},
    ],
)
def test_a_damaged_stroke_is_not_taken(more: dict[str, object]) -> None:
    with pytest.raises(Wrong):
        read(stroke(**more), crew=False)


def test_the_crew_says_seen_and_only_the_crew() -> None:
    seen = {"v": 1, "t": "seen", "stream": STREAM, "seq": 41}

    assert read(seen, crew=True).t == "seen"
    for message, crew in ((seen, False), (stroke(), True)):
        with pytest.raises(Wrong):
            read(message, crew=crew)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["v", "t", "pts", "id", "seq"]), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_no_message_breaks_the_reader(message: object) -> None:
    with pytest.raises(Wrong):
        read(message, crew=False)


# --- the relay ------------------------------------------------------------------


def test_the_relay_gets_the_signature_that_it_computes_itself() -> None:
    name, password = credentials(secret="north", user="abc", now=NOW)

    assert name == f"{int(NOW.timestamp()) + 3600}:abc"
    digest = hmac.new(b"north", name.encode(), hashlib.sha1).digest()
    assert base64.b64decode(password) == digest


@pytest.mark.parametrize(
    ("message", "out"),
    [
        ({"t": "hello", "nonce": "a"}, {"t": "hello", "nonce": "a"}),
        (
            {"t": "offer", "to": "x", "sdp": "v=0", "from": "me", "role": "admin"},
            {"t": "offer", "to": "x", "sdp": "v=0"},
        ),
        ({"t": "offer", "sdp": "v=0"}, None),
        ({"t": "hello", "to": "x"}, None),
        ({"t": "evil"}, None),
        (["hello"], None),
    ],
)
def test_signalling_passes_on_what_is_known_and_never_who_it_is_from(
    message: object, out: object
) -> None:
    assert passed_on(message) == out
