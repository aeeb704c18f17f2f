"""Shapes are written as JSON values and read back as they were, or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, IntEnum, StrEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.model.briefing import (
    Bridge,
    BridgePart,
    Briefing,
    BriefingOrder,
    Change,
    ChangeKind,
    Cost,
    Evidence,
    Fallback,
    Growth,
    Label,
    Maker,
    ReadFirst,
    Removed,
    Role,
    Span,
    Statement,
    Tension,
    TensionKind,
    TensionPart,
    Theme,
    ThemePart,
    Watch,
)
from academichub.model.briefingpages import Belongs, Progress
from academichub.model.packing import pack, unpack


class Mood(StrEnum):
    GLAD = "glad"
    SAD = "sad"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(Enum):
    ONE = 1
    YES = True  # an alias of ONE: Python says that they are equal


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Outer:
    count: int
    inner: Inner
    mood: Mood = Mood.GLAD
    level: Level = Level.LOW
    is_big: bool = False
    on: date | None = None
    at: datetime | None = None
    many: tuple[Inner, ...] = ()
    pairs: tuple[tuple[str, float], ...] = ()
    more: tuple[str, ...] = field(default_factory=tuple)


OUTER = Outer(
    count=3,
    inner=Inner("a"),
    mood=Mood.SAD,
    level=Level.HIGH,
    is_big=True,
    on=date(2026, 6, 19),
    at=datetime(2026, 6, 19, 5, 0, 0, 7, tzinfo=UTC),
    many=(Inner("b", 0.25), Inner("c")),
    pairs=(("x", 1.0),),
    more=("y",),
)
PACKED = {
    "count": 3,
    "inner": {"name": "a", "weight": 0.5},
    "mood": "sad",
    "level": 2,
    "is_big": True,
    "on": "2026-06-19",
    "at": "2026-06-19T05:00:00.000007+00:00",
    "many": [{"name": "b", "weight": 0.25}, {"name": "c", "weight": 0.5}],
    "pairs": [["x", 1.0]],
    "more": ["y"],
}


def reread(value: object) -> Any:
    """Give a packed value as it comes back from a file."""
    return json.loads(json.dumps(pack(value)))


def test_a_shape_is_written_by_the_names_of_its_fields() -> None:
    assert pack(OUTER) == PACKED
    assert unpack(Outer, PACKED) == OUTER


def test_fields_with_defaults_may_be_missing_from_an_older_record() -> None:
    assert unpack(Outer, {"count": 1, "inner": {"name": "a"}}) == Outer(count=1, inner=Inner("a"))


def test_nothing_is_kept_as_nothing_where_a_field_may_be_empty() -> None:
    assert unpack(Outer, PACKED | {"on": None, "at": None}).at is None


def test_instants_of_other_zones_are_written_in_utc() -> None:
    there = datetime(2026, 6, 19, 13, 0, tzinfo=timezone(timedelta(hours=8)))

    assert pack(there) == "2026-06-19T05:00:00+00:00"


def test_numbers_of_libraries_become_plain_ones() -> None:
    packed = pack(Inner("a", np.float64(0.1)))

    assert packed == {"name": "a", "weight": 0.1}
    assert isinstance(packed, dict)
    assert type(packed["weight"]) is float


def test_a_whole_number_does_for_a_number() -> None:
    assert unpack(Inner, {"name": "a", "weight": 2}) == Inner("a", 2.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": True}, "Outer.count: a truth value where a whole number is wanted"),
        ({"count": 1.0}, "Outer.count: a number where a whole number is wanted"),
        ({"count": None}, "Outer.count: nothing where a whole number is wanted"),
        ({"count": "1"}, "Outer.count: a text where a whole number is wanted"),
        ({"is_big": 1}, "Outer.is_big: a whole number where a truth value is wanted"),
        ({"inner": []}, "Outer.inner: a list where an object is wanted"),
        ({"inner": {}}, "Outer.inner: name is missing"),
        ({"inner": {"name": {}}}, "Outer.inner.name: an object where a text is wanted"),
        ({"inner": {"name": b""}}, "Outer.inner.name: bytes where a text is wanted"),
        ({"inner": {"name": "a", "nam": ""}}, "Outer.inner: Inner has no field 'nam'"),
        ({"inner": {"name": "a", 7: ""}}, "Outer.inner: Inner has no field '7'"),
        ({"mood": "bored"}, "Outer.mood: no Mood"),
        ({"mood": ["glad"]}, "Outer.mood: no Mood"),
        ({"level": True}, "Outer.level: no Level"),
        ({"level": 3}, "Outer.level: no Level"),
        ({"on": "19 June"}, "Outer.on: no day as YYYY-MM-DD"),
        ({"on": "20260619"}, "Outer.on: no day as YYYY-MM-DD"),
        ({"on": 20260619}, "Outer.on: a whole number where a text is wanted"),
        ({"at": "noon"}, "Outer.at: no instant of UTC as YYYY-MM-DDTHH:MM:SS+00:00"),
        ({"at": "2026-06-19T05:00:00"}, "Outer.at: no instant of UTC as YYYY-MM-DDTHH:MM:SS+00:00"),
        ({"at": "2026-06-19T05:00:00Z"}, "Outer.at: no instant of UTC as YYYY-MM-DDTHH:MM:SS+00:00"),
        ({"at": "2026-06-19T05:00:00+08:00"}, "Outer.at: no instant of UTC as YYYY-MM-DDTHH:MM:SS+00:00"),
        ({"many": "bc"}, "Outer.many: a text where a list is wanted"),
        ({"many": [{"name": "b"}, 7]}, "Outer.many[1]: a whole number where an object is wanted"),
        ({"many": [{"name": "b", "weight": "x"}]}, "Outer.many[0].weight: a text where a number is wanted"),
        ({"many": [{"name": "b", "weight": 10**400}]}, "Outer.many[0].weight: a number beyond all bounds"),
        ({"many": [{"name": "b", "weight": float("nan")}]}, "Outer.many[0].weight: not a finite number"),
        ({"pairs": [["x"]]}, "Outer.pairs[0]: 1 values where 2 are wanted"),
        ({"pairs": [["x", "y"]]}, "Outer.pairs[0][1]: a text where a number is wanted"),
    ],
)
def test_what_is_not_of_the_shape_is_refused_with_its_path(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"^Outer") as caught:
        unpack(Outer, PACKED | change)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Inner("a", float("inf")), "Inner.weight: not a finite number"),
        ((Inner("a"), {"b"}), "tuple[1]: set cannot be kept"),
        (Inner, "type: type cannot be kept"),
        (datetime(2026, 6, 19), "datetime: an instant without a time zone"),  # noqa: DTZ001  # that is the point
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_path(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=":") as caught:
        pack(value)

    assert str(caught.value) == message


@dataclass(frozen=True)
class Either:
    value: int | str


@dataclass(frozen=True)
class Bag:
    value: dict[str, str]


@pytest.mark.parametrize("shape", [Either, Bag])
def test_a_shape_with_a_field_of_no_kind_that_can_be_kept_is_a_fault_of_the_program(shape: type) -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        unpack(shape, {"value": 1})


def test_plain_types_enumerations_and_tuples_are_shapes_too() -> None:
    assert unpack(Mixed, 1) is Mixed.ONE
    assert unpack(int, 7) == 7
    assert unpack(Progress, reread(Progress("theme:2", 1, 2, 3))) == Progress("theme:2", 1, 2, 3)
    assert unpack(Belongs, reread(Belongs("math", 0.5))) == Belongs("math", 0.5)


# -- briefings ------------------------------------------------------------------------------------

texts = st.text(max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 2**40)
lists = st.lists(texts, max_size=3).map(tuple)
work_ids = st.lists(st.integers(1, 2**62), max_size=3).map(tuple)
spans = st.builds(Span, work_id=counts, version=texts, start=counts, end=counts, text_hash=texts)
evidence = st.builds(Evidence, span=spans, quote=texts, role=st.sampled_from(Role), sentence=counts)
statements = st.builds(
    Statement,
    text=texts,
    label=st.sampled_from(Label),
    evidence=st.lists(evidence, max_size=2).map(tuple),
    maker=st.sampled_from(Maker),
    warnings=lists,
)
said = st.lists(statements, max_size=2).map(tuple)
themes = st.builds(Theme, terms=lists, fields=lists, works=work_ids, cohesion=numbers)
bridges = st.builds(
    Bridge,
    concept=texts,
    home=texts,
    away=texts,
    home_evidence=evidence,
    away_evidence=evidence,
    home_count=counts,
    away_count=counts,
    home_total=counts,
    away_total=counts,
    first_seen=st.none() | st.dates(),
    growth=st.sampled_from(Growth),
    likely=numbers,
    surprising=numbers,
)
tensions = st.builds(
    Tension,
    concept=texts,
    kind=st.sampled_from(TensionKind),
    one=evidence,
    other=evidence,
    one_says=texts,
    other_says=texts,
    strength=numbers,
)
changes = st.builds(Change, kind=st.sampled_from(ChangeKind), terms=lists, work_id=st.none() | counts)
orders = st.builds(
    BriefingOrder,
    radars=lists,
    first=st.dates(),
    last=st.dates(),
    language=st.sampled_from(["zh", "en"]),
    writer=st.sampled_from(Maker),
)
briefings = st.builds(
    Briefing,
    order=orders,
    made_at=st.datetimes(timezones=st.just(UTC)),
    works=work_ids,
    cited=counts,
    titles=lists,
    points=said,
    themes=st.lists(st.builds(ThemePart, theme=themes, statements=said), max_size=1).map(tuple),
    bridges=st.lists(st.builds(BridgePart, bridge=bridges, statements=said), max_size=1).map(tuple),
    tensions=st.lists(st.builds(TensionPart, tension=tensions, statements=said), max_size=1).map(tuple),
    changes=st.lists(changes, max_size=2).map(tuple),
    since=st.none() | st.dates(),
    reading=st.lists(
        st.builds(
            ReadFirst,
            work_id=counts,
            minutes=counts,
            reasons=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    watch=st.lists(
        st.builds(Watch, term=texts, now=counts, expected=numbers, works=work_ids), max_size=1
    ).map(tuple),
    removed=st.lists(st.builds(Removed, text=texts, section=texts, reasons=lists), max_size=1).map(tuple),
    fallbacks=st.lists(st.builds(Fallback, section=texts, reason=texts), max_size=1).map(tuple),
    model=texts,
    cost=st.builds(Cost, calls=counts, money=numbers, currency=texts),
    fingerprint=texts,
)


@settings(max_examples=60)
@given(briefing=briefings)
def test_every_briefing_comes_back_exactly_as_it_was(briefing: Briefing) -> None:
    again = unpack(Briefing, reread(briefing))

    assert again == briefing
    assert again.made_at.utcoffset() == timedelta(0)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=60)
@given(briefing=briefings, chooser=st.randoms(use_true_random=False), intruder=ANY_JSON)
def test_a_record_that_was_tampered_with_is_read_in_its_types_or_refused(
    briefing: Briefing, chooser: Any, intruder: Any
) -> None:
    packed = reread(briefing)
    inner = packed
    name = chooser.choice(sorted(inner))
    while isinstance(inner[name], dict) and inner[name] and chooser.random() < 0.7:
        inner = inner[name]
        name = chooser.choice(sorted(inner))
    inner[name] = intruder

    try:
        again = unpack(Briefing, packed)
    except ValueError as error:
        assert str(error).startswith("Briefing")  # noqa: PT017  # either is right
    else:
        assert unpack(Briefing, reread(again)) == again
