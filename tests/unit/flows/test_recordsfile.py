"""A file of records: plain or gzipped, every line checked, days chosen."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academichub.errors import EvaluationUnreadable
from academichub.flows.recordsfile import LONGEST_LINE, MOST_CATEGORIES, papers_of, read_records

if TYPE_CHECKING:
    from pathlib import Path


def record(name: str = "2605.00001", **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": "On  the\n  frogs of $\\alpha$ Centauri",
        "abstract": "We hear \\emph{frogs}.",
        "authors": ["Ada Example"],
        "categories": ["q-bio.PE", "cs.SD", "q-bio.PE"],
        "date": None,
        "updated": None,
        "seen": "2026-05-04",
    } | more


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def test_a_record_is_read_as_the_hub_would_store_it(tmp_path: Path) -> None:
    (paper,) = read_records(write(tmp_path / "r.jsonl", record(), ""))

    assert paper.title == "On the frogs of α Centauri"
    assert paper.abstract == "We hear frogs."
    assert paper.categories == ("q-bio.PE", "cs.SD")
    assert paper.category == "q-bio.PE"
    assert paper.on == date(2026, 5, 4)


def test_text_can_be_left_as_it_was_written(tmp_path: Path) -> None:
    (paper,) = read_records(write(tmp_path / "r.jsonl", record()), is_rendered=False)

    assert paper.title == "On the frogs of $\\alpha$ Centauri"
    assert paper.abstract == "We hear \\emph{frogs}."


def test_a_gzipped_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(gzip.compress(json.dumps(record()).encode()))

    assert len(read_records(path)) == 1


def test_the_day_is_that_of_the_announcement_or_else_the_date(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.jsonl",
        record("a", date="2026-04-01"),
        record("b", seen=None, date="2026-04-01T10:00:00+00:00", updated="2026-04-09"),
        record("c", seen=None, updated="2026-04-09"),
    )

    days = [paper.on for paper in read_records(path)]

    assert days == [date(2026, 5, 4), date(2026, 4, 1), date(2026, 4, 9)]


def test_days_are_chosen_with_both_ends(tmp_path: Path) -> None:
    lines = [record(f"{day}", seen=f"2026-05-0{day}") for day in range(1, 6)]
    path = write(tmp_path / "r.jsonl", *lines)

    chosen = read_records(path, since=date(2026, 5, 2), until=date(2026, 5, 4))

    assert [paper.id for paper in chosen] == ["2", "3", "4"]


def test_an_id_that_comes_again_keeps_its_earliest_day(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.jsonl",
        record("a", title="Second", seen="2026-05-09"),
        record("b"),
        record("a", title="First"),
        record("a", title="Third", seen="2026-05-30"),
    )

    papers = read_records(path)

    assert [(paper.id, paper.title) for paper in papers] == [("a", "First"), ("b", papers[1].title)]
    assert [paper.id for paper in read_records(path, since=date(2026, 5, 5))] == []


def test_records_become_papers_with_numbers(tmp_path: Path) -> None:
    records = read_records(
        write(tmp_path / "r.jsonl", record("a"), record("b", abstract=None, categories=[]))
    )

    papers = papers_of(records)

    assert [paper.work_id for paper in papers] == [1, 2]
    assert [paper.category for paper in papers] == ["q-bio.PE", ""]
    assert [record.category for record in records] == ["q-bio.PE", ""]
    assert papers[1].abstract == ""
    assert len(papers[0].text_hash) == 16
    assert papers[0].listed_on == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting"),
        ("[]", "no JSON object"),
        ("[" * 100_000, "nested too deeply"),
        (record(id=7), '"id" is no text'),
        (record(id=" "), '"id" is no text'),
        (record(title=None), '"title" is no text'),
        (record(abstract=["x"]), '"abstract" is no text'),
        (record(categories="cs.CV"), '"categories" is no list'),
        (record(categories=["x"] * (MOST_CATEGORIES + 1)), '"categories" is no list'),
        (record(categories=[3]), '"categories" is no text'),
        (record(seen=None), "no day"),
        (record(seen="May 2026"), '"seen" is no day'),
        (record(seen=20260504), '"seen" is no day'),
    ],
)
def test_a_bad_line_is_told_with_its_number(line: object, reason: str, tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", record("first"), line)

    with pytest.raises(EvaluationUnreadable) as told:
        read_records(path)

    assert told.value.facts["line"] == 2
    assert str(told.value.facts["reason"]).startswith(reason)


def test_a_line_that_never_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl.gz"
    path.write_bytes(gzip.compress(b" " * (LONGEST_LINE + 2), mtime=0))

    with pytest.raises(EvaluationUnreadable, match="longer than"):
        read_records(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (gzip.compress(b"{}" * 50, mtime=0)[:-12], "broken gzip"),
        (gzip.compress(b"{}", mtime=0)[:10] + b"\x07" * 20, "broken gzip"),
    ],
)
def test_a_broken_file_is_told(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(content)

    with pytest.raises(EvaluationUnreadable, match=reason):
        read_records(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationUnreadable, match="No such file"):
        read_records(tmp_path / "none.jsonl")


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=st.dictionaries(st.sampled_from(sorted(record())), _ODD, max_size=3))
def test_whatever_a_line_holds_it_is_read_or_told(odd: dict[str, Any], tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", record() | odd)

    try:
        count, line = len(papers_of(read_records(path))), 1
    except EvaluationUnreadable as error:
        count, line = 1, int(str(error.facts["line"]))

    assert (count, line) == (1, 1)
