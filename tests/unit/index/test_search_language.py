"""The index and the naive evaluator answer one language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.errors import QueryInvalid
from academichub.model.query import Document, Scope
from academichub.text import query
from academichub.text.querymatch import is_met, prepare_document
from tests.unit.index.conftest import shelved
from tests.unit.index.library import keepings, questions, works

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.index.fulltext import Index
    from tests.unit.index.conftest import Shelve

COUNT = 2_000
WORKS = works(COUNT)
KEPT = keepings(COUNT)
PREPARED = [
    prepare_document(work, [name for name, ids in KEPT.items() if work.work_id in ids]) for work in WORKS
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    batches = [WORKS[start : start + 300] for start in range(0, COUNT, 300)]
    return shelved(tmp_path_factory.mktemp("search") / "index", *batches)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return shelved(
        tmp_path_factory.mktemp("few") / "index",
        [
            Document(1, title="A network"),
            Document(2, title="Networks of a multi-agent kind"),
            Document(3, title="Multiagent TCP/IP", listed_on=date(2025, 12, 31)),
            Document(4, title="量子纠错", authors=("王小明",)),
            Document(5, abstract="", authors=("Ada Lovelace", "Network Jones")),
            Document(6, abstract="x" * 2000),
        ],
    )


@settings(max_examples=100)
@given(written=questions)
def test_the_index_finds_what_asking_every_work_finds(index: Index, written: str) -> None:
    asked = query.parse(written, scope=Scope.SEARCH)

    found = index.ids(asked, members=KEPT)

    assert found.tolist() == [work.id for work in PREPARED if is_met(asked, work)]


@settings(max_examples=60)
@given(written=questions)
def test_a_search_has_one_canonical_form(written: str) -> None:
    asked = query.parse(written, scope=Scope.SEARCH)

    canonical = query.format(asked, scope=Scope.SEARCH)

    assert query.parse(canonical, scope=Scope.SEARCH, longest=100_000) == asked


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("network", {1, 2, 5}),  # "networks", and a name
        ('"network"', {1}),
        ("ti:network", {1, 2}),
        ("abs:networks", set()),
        ("ti:network OR lovelace", {1, 2, 5}),
        ("multi-agents", {2, 3}),
        ('"multi-agents"', set()),
        ("王小明", {4}),
        ("纠错", {4}),
        ("量子纠", {4}),
        ("量错", set()),
        ("量", {4}),
        ("TCP/IP", {3}),
        ("ip/tcp", set()),
        ("netw*", {1, 2}),
        ('"a networ*"', {1}),
        ('"multi agent*"', {2}),
        ("lovelace", {5}),
        ('"lovelace"', set()),
        ('au:"A Lovelace"', {5}),
        ("au:lovelace", {5}),
        ("au:love*", {5}),
        ("au:王小", {4}),
        ('au:"王小明 Li"', set()),
        ('au:"Jones Net*"', {5}),
        ('au:"Nobody Jones"', set()),
        ("au:ne-two*", {5}),
        ("date:2026..", set()),
        ("date:2026", set()),
        ("date:2010..2026", {3}),
        ("date:2024..2025", {3}),
        ("date:2025-02", set()),
        ("date:..2026", {3}),
        ("doi:10.1038/*", set()),
        ("is:noted", set()),
        ("x" * 2000, {6}),
        (f"{'x' * 500}*", {6}),
        ("x" * 1999, set()),
        ("NOT network", {3, 4, 6}),
        ("NOT is:starred", {1, 2, 4, 5, 6}),
        ("NOT is:later", {1, 2, 3, 4, 5, 6}),
    ],
)
def test_words_are_found_as_readers_mean_them(few: Index, written: str, found: set[int]) -> None:
    asked = query.parse(written, scope=Scope.SEARCH)

    assert set(few.ids(asked, members={"is:starred": {3}}).tolist()) == found


def test_a_phrase_is_found_however_many_words_go_on_so(
    shelve: Shelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("academichub.index.compiling._MOST_WAYS", 3)
    index = shelve(
        [Document(number, title=f"deep net{'abcde'[number % 5]}{number}") for number in range(1, 21)]
    )
    index_of_one = shelve([Document(1, title="deep net"), Document(2, title="net deep neta netb netc netd")])
    asked = query.parse('"deep net*"', scope=Scope.SEARCH)

    assert len(index.ids(asked)) == 20
    assert index_of_one.ids(asked).tolist() == [1, 2]


@settings(max_examples=100)
@given(written=st.text(max_size=40) | st.text("a量-'*\"()|: éﬁß\u200d/.#+1", max_size=30))
def test_whatever_is_written_is_answered_or_refused(index: Index, written: str) -> None:
    try:
        asked = query.ask(written)
    except QueryInvalid:
        return

    found = index.search(asked.query, members=KEPT, may_relax=asked.may_relax)

    assert index.ids(asked.query, members=KEPT).tolist() == [
        work.id for work in PREPARED if is_met(asked.query, work)
    ]
    assert len(found.hits) == min(25, found.total)
    index.suggest(written, asked.query)


HOSTILE = "\ud800 \x00 \U0010ffff a\u0301\u0301 " + "x" * 70_000 + " ok " + "-" * 5_000


def test_hostile_works_are_kept_and_found(tmp_path: Path) -> None:
    many = tuple(f"{chr(97 + number % 26)}nna Ng{number}" for number in range(2_000))
    long = " ".join(f"word{number}" for number in range(500))
    index = shelved(
        tmp_path / "index",
        [
            Document(
                1, *(HOSTILE,) * 2, (HOSTILE, long, *many), (HOSTILE,), (HOSTILE, "no-scheme"), (HOSTILE,)
            ),
            Document(2, venue=HOSTILE, sources=(HOSTILE, ""), kind=HOSTILE, features=(HOSTILE,)),
        ],
    )

    found = index.search(query.ask("ok").query)

    assert [hit.work_id for hit in found.hits] == [1]
    assert index.ids(query.parse('au:"A Ng1300" au:"word3 word5" venue:ok OR venue:ok')).tolist() == [2]
    assert index.ids(query.parse('au:"A Ng1300" au:"word3 word5"')).tolist() == [1]
    assert index.search(None).total == 2


@settings(max_examples=60)
@given(written=questions)
def test_a_broken_question_is_refused_where_it_breaks(index: Index, written: str) -> None:
    broken = written[: len(written) * 2 // 3]

    try:
        asked = query.parse(broken, scope=Scope.SEARCH)
    except QueryInvalid as refused:
        column = refused.facts["column"]
        assert isinstance(column, int)
        assert 1 <= column <= max(1, len(broken))
        return

    assert len(index.ids(asked, members=KEPT)) <= COUNT
