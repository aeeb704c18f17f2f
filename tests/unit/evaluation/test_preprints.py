"""Judging merges, making copies, and taking merges back. All data is made up."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from academichub.db.tables import day_tallies, merges, works
from academichub.model.papers import Author
from evaluation.copies import (
    CHANGES,
    Copy,
    as_journal,
    as_printed,
    asserted,
    hidden,
    measure_labelled,
    take_in,
)
from evaluation.preprints import Join, Side, as_atom, empty_hub, joins, likely_records, measure, open_doubts
from evaluation.undoing import recount, take_back
from tests.fakes.drafts import arxiv_draft, prose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.db.engine import Database

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TITLE = "Slow Lamps and the Cusps of Their Glow: A Made-up Account of Seven Evenings"
OTHER = "Quick Kettles and the Loops of Their Song: A Made-up Account of Nine Mornings"
PEOPLE = ["Ada Example", "Bo Sample", "Cleo Invented"]


def a_record(number: int, title: str = TITLE, **more: Any) -> dict[str, Any]:
    told = {"abstract": f"We look at evening {number}.", "authors": PEOPLE, "categories": ["cs.LG"]}
    return {"id": f"2606.0000{number}", "title": title, "date": "2026-06-01"} | told | more


def a_copy(title: str = TITLE, people: tuple[str, ...] = tuple(PEOPLE)) -> Copy:
    return Copy(("arxiv", "2606.00001"), title, people, 2026, ())


@pytest.fixture
def hub() -> Iterator[Database]:
    with empty_hub() as database:
        yield database


@pytest.fixture
def met(hub: Database) -> Database:
    """A hub in which an article was merged with its preprint, by text."""
    assert take_in(hub, "arxiv", as_atom([a_record(1), a_record(2, OTHER)]), now=NOW) == ""
    assert take_in(hub, "journal", as_journal([a_copy()]), now=NOW) == ""
    return hub


# -- who was merged with whom ---------------------------------------------------------------------


def a_side(**parts: Any) -> Side:
    one = Side(
        place="arxiv",
        item="2606.00001",
        kind="preprint",
        title=TITLE,
        byline=tuple(PEOPLE),
        venue="arXiv",
        names=frozenset({"arxiv:2606.00001"}),
        said=frozenset(),
        abstract="",
        remarks=(),
    )
    return replace(one, **parts)


ARTICLE = a_side(
    place="journal.example",
    kind="article",
    venue="Journal of Made-up Lamps",
    names=frozenset({"doi:10.5555/1"}),
    abstract="we look at seven evenings and at the glow of lamps",
)


@pytest.mark.parametrize(
    ("preprint", "verdict"),
    [
        (a_side(), "for eyes"),
        (a_side(names=frozenset({"doi:10.5555/1"})), "right"),
        (a_side(said=frozenset({"doi:10.5555/1"})), "right"),
        (a_side(remarks=("12 pages", "Accepted to Journal of Made-up Lamps, 2026")), "right"),
        (a_side(remarks=("Accepted to the Journal of Kettles",)), "for eyes"),
        (a_side(abstract="We look at seven evenings, and at the glow of slow lamps."), "right"),
        (a_side(abstract="Kettles sing."), "wrong"),
        (a_side(abstract="We look at seven kettles and at their song."), "for eyes"),
    ],
)
def test_a_merge_is_judged_by_what_the_comparison_did_not_see(preprint: Side, verdict: str) -> None:
    assert Join("text", 0.99, preprint, ARTICLE).verdict() == verdict
    assert Join("text", 0.99, ARTICLE, preprint).verdict() == verdict
    assert Join("text", 0.99, preprint, ARTICLE).is_across


def test_merges_are_listed_with_both_sides(met: Database) -> None:
    with met.reading() as connection:
        ((number, one),) = joins(connection)
        doubted = open_doubts(connection)

    assert (number, one.because, one.is_across, doubted) == (1, "text", True, [])
    assert {one.kept.place, one.gone.place} == {"arxiv", "copies.example"}
    assert (
        one.gone.shown()
        == f"[copies.example 10.5555/copy.0] {TITLE} | {', '.join(PEOPLE)} | Journal of Copies"
    )


def test_only_records_that_share_a_key_are_taken_in(hub: Database, tmp_path: Path) -> None:
    take_in(hub, "journal", as_journal([a_copy()]), now=NOW)
    lines = [json.dumps(a_record(1)), json.dumps(a_record(2, "Kettles", authors=[]))]
    (tmp_path / "records.jsonl").write_text("\n".join(lines))

    assert [one["id"] for one in likely_records(hub, tmp_path / "records.jsonl")] == ["2606.00001"]


# -- copies ---------------------------------------------------------------------------------------


def test_copies_are_the_same_for_the_same_seed_and_name_their_changes() -> None:
    draft = replace(arxiv_draft(title=TITLE), authors=tuple(map(Author, PEOPLE)))

    made = [as_printed(draft, random.Random(seed)) for seed in range(300)]  # noqa: S311  no secret

    assert made[7] == as_printed(draft, random.Random(7))  # noqa: S311  no secret
    assert {change for one in made for change in one.changes} == {name for name, _ in CHANGES} - {
        "subtitle added"  # it has one
    }
    for one in made:
        assert (one.title == TITLE and one.people == tuple(PEOPLE)) == (not one.changes)


def test_a_title_without_a_subtitle_may_get_one() -> None:
    draft = replace(arxiv_draft(title="Slow Lamps"), title=prose("Slow Lamps"))

    made = [as_printed(draft, random.Random(seed)) for seed in range(100)]  # noqa: S311  no secret

    assert "Slow Lamps: Theory and Evidence" in {one.title for one in made}


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (b'{"published": "10.5555/1", "doi": "10.1101/2"}', b'{"published": "NA", "doi": "10.1101/2"}'),
        (b"<id>1</id><doi>10.5555/1</doi><journal-ref>J. 1</journal-ref>", b"<id>1</id>"),
        (b'<arxiv:doi xmlns:arxiv="x">10.5555/1</arxiv:doi><link title="doi" href="y"/><a/>', b"<a/>"),
    ],
)
def test_what_a_source_says_of_the_article_is_taken_out(told: bytes, left: bytes) -> None:
    assert hidden(told) == left


def told_atom(*records: dict[str, Any]) -> bytes:
    """Write records as arXiv's API does, each with the DOI of its article."""
    body = as_atom(records)
    return body.replace(b"</title><published>", b"</title><arxiv:doi>10.5555/real</arxiv:doi><published>")


def test_only_preprints_that_name_their_article_are_labelled() -> None:
    assert list(asserted(told_atom(a_record(1)), now=NOW)) == [("arxiv", "2606.00001")]
    assert asserted(as_atom([a_record(1)]), now=NOW) == {}
    assert asserted(b"no answer", now=NOW) == {}


def test_copies_find_their_preprints_and_no_others(hub: Database, tmp_path: Path) -> None:
    (tmp_path / "answer.xml").write_bytes(told_atom(a_record(1), a_record(2, OTHER)))

    told = measure_labelled(tmp_path, hub, seed=0, now=NOW)

    assert told["preprints"] == 2
    assert told["right"] + told["doubt"] + told["missed"] == 2
    assert (told["wrong"], told["wrong_pairs"]) == (0, [])
    assert told["precision"] == (1.0 if told["right"] else None)


# -- taken back -----------------------------------------------------------------------------------


def test_a_merge_comes_undone_column_by_column_and_again(met: Database) -> None:
    told = take_back(met, now=NOW)

    assert (told["merges"], told["cards back as they were"], told["keepers as they were"]) == (1, 1, 1)
    assert (told["rows_different"], told["faults"]) == (0, [])
    assert told["rows_equal"] > 20


def test_what_does_not_come_back_is_told(met: Database) -> None:
    with met.writing() as connection:
        snapshot = connection.execute(sa.select(merges.c.snapshot)).scalar_one()
        snapshot["manifestations"].append(77)
        connection.execute(sa.update(merges).values(snapshot=snapshot))

    told = take_back(met, now=NOW)

    assert told["cards back otherwise"] == 1
    assert told["faults"] == ["merge 1: manifestations of the card that is back"]


def test_a_count_that_is_wrong_is_told(met: Database) -> None:
    with met.writing() as connection:
        connection.execute(sa.update(day_tallies).where(day_tallies.c.facet == "all").values(works=9))
        day = connection.execute(sa.select(works.c.listed_on)).scalars().first()

    with met.reading() as connection:
        (fault,) = recount(connection)

    assert fault.startswith(f"tally ('all', {day!r}, ''): (9, ")


# -- all together ---------------------------------------------------------------------------------


def test_a_folder_is_measured_from_end_to_end(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "journal.xml").write_bytes(as_journal([a_copy()]))
    (tmp_path / "answers" / "arxiv.xml").write_bytes(told_atom(a_record(3, OTHER)))
    (tmp_path / "answers" / "LICENSE").write_text("Do as you like.")
    (tmp_path / "records.jsonl").write_text(json.dumps(a_record(1, comment="Accepted to Journal of Copies")))

    report = measure(tmp_path / "answers", tmp_path / "records.jsonl", seed=0, now=NOW)

    assert report.figures["met"] == {
        "answers": 2,
        "records": 1,
        "works": 2,
        "merges": {"text": 1},
        "of a preprint and an article": 1,
        "by text": {"right": 1, "wrong": 0, "for eyes": 0},
        "doubts": 0,
    }
    assert report.shown[0].startswith("text 0.9")
    assert "right (arXiv's comment names Journal of Copies)" in report.shown[0]
    assert report.figures["labelled"]["preprints"] == 1
    assert report.figures["met, taken back"]["rows_different"] == 0
    assert report.faults == []
