"""The ready-made interests are complete and tell each other apart."""

from __future__ import annotations

from academichub.model.startingpoints import starting_points


def test_every_starting_point_is_whole_and_has_a_key_and_names_of_its_own() -> None:
    points = starting_points()

    assert len(points) >= 30
    assert len({point.key for point in points}) == len(points)
    assert len({point.name_en for point in points}) == len(points)
    assert len({point.name_zh for point in points}) == len(points)
    for point in points:
        assert point.interest.name == point.name_en
        assert len(point.interest.text.split(", ")) >= 2
        assert point.field


def test_newcomers_of_many_fields_find_one() -> None:
    assert {"cs", "math", "quant-ph", "q-bio", "econ", "chem", "med"} <= {
        point.field for point in starting_points()
    }
