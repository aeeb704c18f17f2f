"""Misspelt words are put right, and like works are found, by the words of the index itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.index.suggesting import distance
from academichub.model.query import Document, Scope
from academichub.text import query
from tests.unit.index.conftest import shelved

if TYPE_CHECKING:
    from academichub.index.fulltext import Index

WORKS = [
    Document(
        1,
        title="Quantum entanglement",
        abstract="We distribute entanglement over fibre.",
        authors=("Ada Quantom",),
    ),
    Document(
        2, title="Quantum entanglement of photons", abstract="Entanglement over fibre, again: distribute it."
    ),
    Document(3, title="Graph neural networks", abstract="Neural networks on graphs with transformers."),
    Document(4, title="Neural networks", abstract="Neural transformers; a survey on networks."),
    Document(5, title="Photonic chips", abstract="Fibre on chips. Transformars."),
    Document(6, title="Nothing like it", abstract="Zebras."),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return shelved(tmp_path_factory.mktemp("near") / "index", WORKS)


@pytest.mark.parametrize(
    ("written", "better"),
    [
        ("quantim", "quantum"),
        ("qauntum fibre", "quantum fibre"),
        ("quantu", "quantum"),
        ("quanttum", "quantum"),
        ("Entaglemant  OR neural", "entanglement  OR neural"),
        ("entenglamant", ""),  # three mistakes
        ("entanxlemant", "entanglement"),
        ('ti:"quantim entanglement"', 'ti:"quantum entanglement"'),
        ("neural networks", ""),
        ("quantom", ""),  # a name
        ("transformars", ""),  # rare, and no neighbour is far commoner
        ("-quantim", ""),
        ("quantim*", ""),
        ("venue:quantim", ""),
        ("date:2026", ""),
        ("qum", ""),
        ("x" * 40, ""),
        ("qu4ntum", ""),
        ("量子纠错码", ""),
        ("xyzzyxyz", ""),
        ("entanglementt quantim quantim", "entanglement quantum quantum"),
        ("venue:x venu", ""),
        ("quantim-fibre", "quantum-fibre"),
    ],
)
def test_a_misspelt_question_is_put_right(index: Index, written: str, better: str) -> None:
    asked = query.parse(written, scope=Scope.SEARCH)

    assert index.suggest(written, asked) == better


def test_a_known_word_gives_way_to_one_that_is_far_commoner(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("academichub.index.suggesting._FAR_COMMONER", 2)

    assert index.suggest("transformars", query.parse("transformars")) == "transformers"


def test_the_name_of_a_field_is_not_put_right(index: Index) -> None:
    written = "quantim OR id:quantim"
    asked = query.parse(written, scope=Scope.SEARCH)
    labelled = "quantim ： quantim"

    assert index.suggest(written, asked) == "quantum OR id:quantum"
    assert index.suggest(labelled, asked) == "quantim ： quantum"


def test_a_question_of_very_many_words_is_looked_after_in_part(index: Index) -> None:
    written = " ".join(["neural"] + [f"wrd{chr(97 + number)}x" for number in range(25)] + ["quantim"])

    assert index.suggest(written, query.parse(written)) == ""


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("cat", "cat", 0),
        ("cat", "cta", 1),
        ("cat", "cart", 1),
        ("cat", "ct", 1),
        ("cat", "cut", 1),
        ("kitten", "mitte", 2),
        ("abcdef", "uvwxyz", 3),
        ("a", "abcdef", 3),
        ("abcd", "badc", 2),
        ("", "ab", 2),
    ],
)
def test_distance_counts_mistakes_up_to_a_limit(one: str, other: str, apart: int) -> None:
    assert distance(one, other, most=2) == apart


def test_like_works_share_rare_words(index: Index) -> None:
    like = index.like(WORKS[0].title, WORKS[0].abstract, without={1}, size=2)
    again = index.like(WORKS[0].title, WORKS[0].abstract)

    assert like[0].work_id == 2
    assert {work.work_id for work in again} == {1, 2, 5}
    assert index.like("The of", "zebras and unheard words") == ()
    assert index.like("", "") == ()
