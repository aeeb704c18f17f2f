"""The hub learns which fields papers belong to, keeps that, and tells it of its latest works."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.briefing.affinity import FEWEST_WORKS
from academichub.flows.affinities import BATCH, LATEST, Known, learn_affinity, write_affinities
from academichub.store import affinities
from tests.fakes.crosslisted import a_paper, crosslisted
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.model.briefing import Paper
    from academichub.model.briefingpages import Belongs
    from academichub.model.papers import Draft

WORKS = 240


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[TestShelf]:
    opened = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def filled(shelf: TestShelf) -> TestShelf:
    shelf.put(*(draft(paper) for paper in crosslisted(WORKS)))
    return shelf


def draft(paper: Paper, *, on: date = DAY - timedelta(days=1), version: int = 1) -> Draft:
    return arxiv_draft(
        f"2606.{paper.work_id:05d}",
        title=f"{paper.title} {paper.work_id}",
        abstract=paper.abstract,
        categories=paper.categories,
        on=on,
        version=version,
    )


def mixed(number: int, *, seed: int = 9) -> Paper:
    """A paper of cs.CV as much in the words of economics."""
    paper = a_paper(number, random.Random(seed), fields=("cs.CV", "econ.EM", "econ.EM"), on=DAY)  # noqa: S311
    return replace(paper, categories=("cs.CV",))


def learn(shelf: TestShelf, kept: Known | None = None, folder: Path | None = None) -> Known:
    return learn_affinity(shelf.database, kept, now=NOW, folder=folder)


def tell(shelf: TestShelf, known: Known, limit: int = 10_000) -> int:
    return write_affinities(shelf.database, known, now=NOW, limit=limit)


def told(shelf: TestShelf) -> dict[int, tuple[Belongs, ...]]:
    with shelf.database.reading() as connection:
        return affinities.of_works(connection, range(1, 1_000))


def test_each_of_the_latest_works_is_told_its_fields_once(filled: TestShelf) -> None:
    filled.put(draft(mixed(WORKS + 1), on=DAY), draft(mixed(WORKS + 2), on=DAY - LATEST - timedelta(days=2)))
    known = learn(filled)

    first = tell(filled, known, limit=10)
    rest = tell(filled, known)

    found = told(filled)
    assert (first, rest, tell(filled, known)) == (10, WORKS + 1 - 10, 0)
    assert WORKS + 2 not in found  # it is too old
    assert [one.archive for one in found[WORKS + 1]][:1] == ["econ"]


def test_more_works_than_a_batch_are_told_in_one_go(shelf: TestShelf) -> None:
    shelf.put(*(draft(paper) for paper in crosslisted(BATCH + 20)))

    assert tell(shelf, learn(shelf)) == BATCH + 20


def test_a_work_whose_text_changes_is_told_again(filled: TestShelf) -> None:
    paper = crosslisted(1)[0]
    known = learn(filled)
    tell(filled, known)
    before = told(filled)

    filled.put(draft(replace(mixed(1), title=paper.title), on=DAY, version=2))

    assert tell(filled, known) == 1
    assert told(filled)[1] != before[1]
    assert [one.archive for one in told(filled)[1]][:1] == ["econ"]


def test_a_journal_article_gets_the_field_that_it_fits(filled: TestShelf) -> None:
    paper = mixed(1)
    filled.put(journal_draft(title=paper.title, abstract=paper.abstract, is_teaser=False))
    known = learn(filled)

    tell(filled, known)

    assert {one.archive for one in told(filled)[WORKS + 1]} <= {"cs", "econ"}
    assert told(filled)[WORKS + 1]


def test_few_works_teach_nothing_until_more_have_come(shelf: TestShelf) -> None:
    papers = crosslisted(WORKS)
    shelf.put(*(draft(paper) for paper in papers[: FEWEST_WORKS - 10]))

    early = learn(shelf)
    told_early = tell(shelf, early)
    shelf.put(*(draft(paper) for paper in papers[FEWEST_WORKS - 10 :]))
    later = learn(shelf, early)

    assert (early.model, told_early) == (None, 0)
    assert later.model is not None
    assert tell(shelf, later) == WORKS


def test_an_empty_hub_has_nothing_to_learn(shelf: TestShelf, tmp_path: Path) -> None:
    known = learn(shelf, folder=tmp_path / "kept")

    assert known.model is None
    assert not (tmp_path / "kept").exists()
    assert learn(shelf, known) is known


def test_the_model_in_use_stays_while_the_shelves_are_about_the_same(filled: TestShelf) -> None:
    known = learn(filled)
    filled.put(draft(mixed(WORKS + 1)))

    again = learn(filled, known)
    filled.put(*(draft(replace(one, work_id=one.work_id + WORKS + 1)) for one in crosslisted(60, seed=4)))
    later = learn(filled, known)

    assert again is known
    assert later.name != known.name
    assert tell(filled, known) == WORKS + 61
    assert tell(filled, later) == WORKS + 61  # another model judges all of them again


def test_the_model_is_kept_for_other_processes(filled: TestShelf, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    known = learn(filled, folder=folder)

    size = sum(path.stat().st_size for path in folder.iterdir())
    kept_at = next(folder.iterdir()).stat().st_mtime_ns
    again = learn(filled, folder=folder)

    assert [path.name for path in folder.iterdir()] == ["affinity.npz"]
    assert size < 8 << 20
    assert next(folder.iterdir()).stat().st_mtime_ns == kept_at
    assert (again.name, again.works) == (known.name, known.works)
    assert tell(filled, again) == WORKS


def test_the_same_works_give_a_model_of_the_same_name(filled: TestShelf) -> None:
    assert learn(filled).name == learn(filled).name


@pytest.mark.parametrize("how", ["cut", "noise", "stranger", "empty", "other form"])
def test_a_broken_model_is_learned_again(how: str, filled: TestShelf, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    known = learn(filled, folder=folder)
    path = folder / "affinity.npz"
    content = path.read_bytes()
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "noise":
        path.write_bytes(content[:2000] + b"\0" * 4000 + content[6000:])
    elif how == "empty":
        path.write_bytes(b"")
    else:
        with np.load(path, allow_pickle=False) as arrays:
            kept = dict(arrays)
        kept = {"x": np.zeros(3)} if how == "stranger" else kept | {"form": np.array([0])}
        np.savez(path, **kept)

    again = learn(filled, folder=folder)

    assert again.name == known.name
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(filled: TestShelf, tmp_path: Path) -> None:
    blocked = tmp_path / "kept"
    blocked.write_text("a file stands here")

    known = learn(filled, folder=blocked)

    assert tell(filled, known) == WORKS


def test_a_model_that_another_process_has_learned_since_is_taken(filled: TestShelf, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    stale = replace(learn(filled), works=1)
    theirs = learn(filled, folder=folder)

    assert learn(filled, stale, folder=folder).name == theirs.name
