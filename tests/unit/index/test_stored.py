"""Stored rules, matched all at once, give the answers of asking each by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.index import stored
from academichub.model.query import DateRange, Field, Paper, Query, all_of, any_of, negated
from academichub.text import query
from academichub.text.querymatch import is_met, prepare
from academichub.text.queryvalues import term_of

if TYPE_CHECKING:
    from academichub.index.gates import Numbers
    from academichub.model.query import Searchable
    from academichub.text.querymatch import Prepared

WORDS = (
    "graph",
    "graphs",
    "pre-training",
    "pretraining",
    "training",
    "U-Net",
    "unet",
    "net",
    "量子",
    "纠错",
    "子纠",
    "C++",
    "a",
)
NAMES = (
    "Yann LeCun",
    "Y. LeCun",
    "LeCun",
    "Li Li",
    "Li Wei",
    "L. Wei",
    "王小明",
    "王 小明",
    "小明",
    "Jean-Pierre Li",
    "X",
)
CATEGORIES = ("cs.CL", "cs.CV", "cs", "math-ph", "math.MP", "hep-th", "Cell Biology")
SOURCES = ("arxiv", "nature", "nature-physics")
DOIS = ("10.1038/a1", "10.1038/a2", "10.1016/b(1)c")
START = date(2026, 5, 1)

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
days = st.none() | st.integers(0, 5).map(lambda number: START + timedelta(days=number))
papers = st.builds(
    Paper,
    id=st.integers(1, 9),
    title=texts,
    abstract=texts,
    authors=st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
    categories=st.lists(st.sampled_from(CATEGORIES), max_size=2).map(tuple),
    sources=st.lists(st.sampled_from(SOURCES), max_size=2).map(tuple),
    venue=texts,
    dois=st.lists(st.sampled_from(DOIS), max_size=2).map(tuple),
    listed_on=days,
)


def written(values: tuple[str, ...], fields: tuple[Field | None, ...]) -> st.SearchStrategy[Query]:
    return st.builds(
        lambda value, field, star: term_of(value + star, field, is_quoted=True),
        st.sampled_from(values),
        st.sampled_from(fields),
        st.sampled_from(("", "", "*")),
    )


def begun(row: str) -> str:
    """Cut the last letter off, where the rest of the last word is long enough for a star."""
    return row if row.endswith(("net", "+", "子", "错", "纠")) else row[:-1]


of_texts = st.lists(
    st.sampled_from([word for word in WORDS if len(word) > 1]), min_size=1, max_size=3
).flatmap(
    lambda row: written(
        (" ".join(row), begun(" ".join(row))), (None, Field.TITLE, Field.ABSTRACT, Field.VENUE)
    )
)
terms = st.one_of(
    of_texts,
    of_texts,
    written(
        (*NAMES[:-1], "Yann", "Y LeCun", "Pierre Jean", "明", "Le", "Li 王"),
        (Field.AUTHOR,),
    ),
    written((*CATEGORIES, "cs.", "c", "math"), (Field.CATEGORY,)),
    written((*SOURCES, "na"), (Field.SOURCE,)),
    written((*DOIS, "10.1038", "10.1038/"), (Field.DOI,)),
    st.sampled_from((query.parse('au:"Wei L"'), query.parse('au:"LeCun Y"'), query.parse("au:x"))),
    st.builds(DateRange, days, days),
)
rules: st.SearchStrategy[Query] = st.recursive(
    terms,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda group: all_of(*group)),
        st.lists(parts, min_size=1, max_size=4).map(lambda group: any_of(*group)),
        parts.map(negated),
    ),
    max_leaves=12,
)


def pairs(found: tuple[Numbers, Numbers]) -> list[tuple[int, int]]:
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


@given(st.dictionaries(st.integers(1, 999), rules, max_size=8), st.lists(papers, max_size=6))
def test_many_at_once_are_matched_as_one_by_one(of_rules: dict[int, Query], batch: list[Paper]) -> None:
    prepared = [prepare(paper) for paper in batch]

    found = pairs(stored.compile(of_rules).match(batch))

    assert found == [
        (rule, index)
        for rule in sorted(of_rules)
        for index, paper in enumerate(prepared)
        if is_met(of_rules[rule], paper)
    ]


@pytest.mark.parametrize("count", [1, 63, 64, 65, 2048, 2049])
def test_batches_of_any_size_are_matched_to_the_last_paper(count: int) -> None:
    compiled = stored.compile(
        {3: query.parse("graph"), 1: query.parse("-graph"), 2: query.parse("graph OR -net")}
    )
    batch = [Paper(number, title="graph" if number % 3 == 0 else "net") for number in range(count)]

    found = pairs(compiled.match(batch))

    thirds = list(range(0, count, 3))
    others = [number for number in range(count) if number % 3]
    assert found == [(1, n) for n in others] + [(2, n) for n in thirds] + [(3, n) for n in thirds]


def test_prepared_papers_are_matched_as_they_are() -> None:
    compiled = stored.compile({7: query.parse("量子纠错 OR au:王")})
    batch: list[Searchable | Prepared] = [
        prepare(Paper(1, title="论量子纠错")),
        Paper(2, authors=("王小明",)),
        Paper(3, title="量子 A 纠错"),
    ]

    assert pairs(compiled.match(batch)) == [(7, 0), (7, 1)]


def test_the_same_rules_and_papers_give_the_same_bytes() -> None:
    of_rules = {
        n: query.parse(f"{a} OR ({b} -{c})")
        for n, (a, b, c) in enumerate(zip(WORDS, WORDS[1:], WORDS[2:], strict=False))
    }
    batch = [Paper(n, title=f"{a} {b}") for n, (a, b) in enumerate(zip(WORDS, WORDS[3:], strict=False))]

    once, again = (
        stored.compile(of_rules).match(batch),
        stored.compile(dict(reversed(of_rules.items()))).match(batch),
    )

    assert [part.tobytes() for part in once] == [part.tobytes() for part in again]


def test_no_rules_and_no_papers_match_nothing() -> None:
    assert pairs(stored.compile({}).match([Paper(1, title="graph")])) == []
    assert pairs(stored.compile({1: query.parse("graph")}).match([])) == []


def test_every_field_is_matched() -> None:
    paper = Paper(
        id=5,
        title="Graph nets",
        abstract="pre-training of 量子",
        authors=("Yann LeCun", "J. P. Serre", "王小明"),
        categories=("cs.CL",),
        sources=("nature-physics",),
        venue="Nature Physics",
        dois=("10.1038/a1",),
        listed_on=START,
    )
    asked = (
        *("ti:graph", "abs:graph", "gra*", '"graph ne*"', "venue:nature", "abs:pretraining", "量子", "title"),
        *(
            "au:lecun",
            'au:"Y LeCun"',
            'au:"Jean Serre"',
            "au:小明",
            'au:"Yann LeC*"',
            "au:wang",
            "au:zz*",
            'au:"Y S"',
        ),
        *(
            "cat:cs",
            "cat:cs.c*",
            "cat:a*",
            "src:nature*",
            "src:nature",
            "doi:10.1038/*",
            "doi:10.1038/a1",
            "doi:10.2/*",
        ),
        *("date:2026-05", "date:..2026-04", "date:>=2026-05-01", "NOT date:2026"),
    )
    of_rules = {number: query.parse(text) for number, text in enumerate(asked)}

    found = pairs(stored.compile(of_rules).match([paper, Paper(6)]))

    of_paper = [asked[rule] for rule, index in found if index == 0]
    assert [text for text in asked if text not in of_paper] == [
        *("abs:graph", "title", "au:wang", "au:zz*", 'au:"Y S"', "cat:a*", "src:nature", "doi:10.2/*"),
        *("date:..2026-04", "NOT date:2026"),
    ]
    assert [asked[rule] for rule, index in found if index == 1] == ["NOT date:2026"]


def test_rules_that_say_the_same_share_their_gates() -> None:
    texts_of_rules = ("a1 b1 (c1 OR d1)", "(d1 OR c1) b1 a1", "-(a1 b1)", "a1 b1 OR e1", "e1 e1")
    compiled = stored.compile({number: query.parse(text) for number, text in enumerate(texts_of_rules)})

    assert compiled.net.atoms == 5
    assert compiled.net.rows - compiled.net.atoms == 4
    assert pairs(compiled.match([Paper(1, title="a1 b1 d1")])) == [(0, 0), (1, 0), (3, 0)]


def test_a_phrase_is_not_found_across_two_papers() -> None:
    compiled = stored.compile({1: query.parse('"graph net"'), 2: query.parse('"graph ne*"')})
    batch = [Paper(1, title="graph"), Paper(2, title="net"), Paper(3, title="a graph net"), Paper(4)]

    assert pairs(compiled.match(batch)) == [(1, 2), (2, 2)]
