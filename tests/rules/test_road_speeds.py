"""What a way allows, in normal traffic and with blue light."""

import pytest

from dispatch.city.roads.speeds import blocks_vehicles, both_names, limit_kmh, road_traits


def test_a_one_way_street_is_open_to_blue_light_against_the_traffic_but_slowly() -> None:
    traits = road_traits({"highway": "residential", "oneway": "yes"})

    assert traits is not None
    assert traits.normal_backward_kmh == 0
    assert 0 < traits.blue_backward_kmh <= 20
    assert traits.blue_forward_kmh > traits.normal_forward_kmh


@pytest.mark.parametrize("tags", [{"highway": "motorway"}, {"highway": "motorway_link"}])
def test_nobody_drives_against_the_traffic_on_a_motorway(tags: dict[str, str]) -> None:
    traits = road_traits(tags)

    assert traits is not None
    assert traits.normal_backward_kmh == traits.blue_backward_kmh == 0


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "pedestrian"},
        {"highway": "busway"},
        {"highway": "residential", "access": "no", "bus": "yes"},
        {"highway": "service", "motor_vehicle": "no"},
        {"highway": "service", "access": "private"},
    ],
)
def test_blue_light_opens_what_only_a_sign_closes(tags: dict[str, str]) -> None:
    traits = road_traits(tags)

    assert traits is not None
    assert traits.normal_forward_kmh == 0
    assert traits.blue_forward_kmh > 0


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway"},
        {"highway": "residential", "access": "no"},
        {"highway": "pedestrian", "area": "yes"},
        {"highway": "service", "access": "military"},
        {"building": "yes"},
    ],
)
def test_what_is_closed_to_all_is_no_road(tags: dict[str, str]) -> None:
    assert road_traits(tags) is None


def test_a_roundabout_and_a_reversed_one_way_keep_their_direction() -> None:
    around = road_traits({"highway": "primary", "junction": "roundabout"})
    reverse = road_traits({"highway": "primary", "oneway": "-1"})

    assert around is not None
    assert reverse is not None
    assert around.blue_backward_kmh == 0
    assert (reverse.normal_forward_kmh, reverse.normal_backward_kmh > 0) == (0, True)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("50", 50), ("30 mph", 48.28), ("CN:urban", None), ("none", None), ("5000", None), ("", None)],
)
def test_speed_limits_are_read_as_written(text: str, kmh: float | None) -> None:
    assert limit_kmh(text) == (pytest.approx(kmh, abs=0.01) if kmh else None)


def test_names_fall_back_on_each_other() -> None:
    assert both_names({"name": "中山路", "name:en": "Zhongshan Road"}) == (
        "Zhongshan Road",
        "中山路",
    )
    assert both_names({"name": "Rua do Campo"}) == ("Rua do Campo", "")
    assert both_names({"name": "人民路"}) == ("人民路", "人民路")
    assert both_names({}) == ("", "")


def test_a_bollard_stops_an_ambulance_and_a_gate_does_not() -> None:
    assert blocks_vehicles({"barrier": "bollard"})
    assert not blocks_vehicles({"barrier": "gate"})
