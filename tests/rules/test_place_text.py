"""How typed places are read."""

import pytest

from dispatch.city.places.rules import (
    Bounds,
    coordinates,
    fold,
    prefix_query,
    split_junction,
    split_number,
    vector,
    words,
)

PORTO = Bounds(-8.8, 40.9, -8.3, 41.4)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 Harbour Road", ("Harbour Road", "12")),
        ("Harbour Road 12a", ("Harbour Road", "12a")),
        ("Rua do Campo, 128", ("Rua do Campo", "128")),
        ("人民路128号", ("人民路", "128")),
        ("128号人民路", ("人民路", "128")),
        ("人民路128", ("人民路", "128")),
        ("人民路１２号", ("人民路", "12")),
        ("Harbour Road", None),
        ("12", None),
        ("5th Avenue", None),
    ],
)
def test_a_house_number_may_stand_before_or_behind(
    text: str, parts: tuple[str, str] | None
) -> None:
    assert split_number(text) == parts


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Harbour Road & Mill Lane", ("Harbour Road", "Mill Lane")),
        ("Harbour Road and Mill Lane", ("Harbour Road", "Mill Lane")),
        ("Harbour Road/Mill Lane", ("Harbour Road", "Mill Lane")),
        ("中山路与人民路", ("中山路", "人民路")),
        ("中山路和人民路交叉口", ("中山路", "人民路")),
        ("和平路和中山路路口", ("和平路", "中山路")),
    ],
)
def test_a_junction_is_read_as_two_streets(text: str, pair: tuple[str, str]) -> None:
    assert pair in list(split_junction(text))


def test_a_single_street_with_he_in_its_name_is_no_junction() -> None:
    assert list(split_junction("和平路")) == []


@pytest.mark.parametrize(
    "text",
    [
        "41.15, -8.61",
        "-8.61 41.15",
        "41.15N 8.61W",
        "8.61W, 41.15N",
        "41°09'00\"N 8°36'36\"W",
        "41.15，-8.61",
        "geo:41.15,-8.61",
    ],
)
def test_coordinates_are_understood_in_either_order(text: str) -> None:
    assert coordinates(text, PORTO) == pytest.approx((-8.61, 41.15))


@pytest.mark.parametrize("text", ["Harbour Road 12", "12 34", "91.5, 200.1", "人民路"])
def test_other_text_is_no_pair_of_coordinates(text: str) -> None:
    assert coordinates(text, PORTO) is None


def test_both_sides_are_folded_alike() -> None:
    assert fold("  Straße-Nº 5, São João ") == "strasse no 5 sao joao"
    assert fold("O'Connell") == fold("OConnell") == "oconnell"


def test_chinese_is_cut_into_characters_and_asked_for_in_order() -> None:
    assert [word.text for word in words("中山路")] == ["中", "山", "路"]
    assert prefix_query("中山") == "('中' <-> '山')"
    assert prefix_query("harb ro") == "('harb':*) & ('ro':*)"


def test_a_vector_holds_short_forms_at_the_same_place() -> None:
    stored = vector(["Mill Road"], ["Old Town"])

    assert "'road':2A" in stored
    assert "'rd':2A" in stored
    assert "'town'" in stored
    assert stored.endswith("D")


def test_nothing_typed_can_break_the_query() -> None:
    for text in ("'; DROP TABLE x; --", "a:*&|!()<->", "\\", "'", "%_%", "\x00"):
        assert "'" not in prefix_query(text).replace("('", "").replace("')", "").replace(
            "' <-> '", ""
        ).replace("':*)", "").replace(") & (", "")
