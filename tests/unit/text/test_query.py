"""The query language: what is written in several ways means the same, and errors point at the character."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import QueryInvalid
from academichub.model.query import And, DateRange, Field, Not, Or, QueryFault, Term
from academichub.text import query

if TYPE_CHECKING:
    from academichub.model.query import Query

PIECES = st.sampled_from(
    [
        *(
            "a",
            "graph",
            "量子",
            "self-attention",
            "U-Net",
            "C++",
            "AND",
            "OR",
            "NOT",
            "and",
            "3D",
            "neur*",
            "x*",
        ),
        *(
            '"deep learning"',
            '"neural net*"',
            "“错 误”",
            "「a b」",
            '"',
            "“",
            "”",
            "«x»",
            "*",
            "a*b",
            '"A* x"',
        ),
        *(
            "(",
            ")",
            "（",
            "）",
            "|",
            "｜",
            "-",
            "－",
            "—",
            "--",
            "、",
            "，",
            "：",
            ":",
            "&",
            "\ud800",
            "\x00",
            ".",
        ),
        *(
            "ti:",
            "AU：",
            "abs:",
            "cat:",
            "src:",
            "venue:",
            "doi:",
            "date:",
            "title:",
            "is:",
            "cs.CL",
            "cs.*",
            "cs.C*",
        ),
        *(
            "2026-05",
            "2026..",
            "..2026-06-01",
            ">=2026",
            "<2026-02",
            "2026年5月",
            "10.1038/*",
            "10.1038",
            "10.1/a(b)c",
        ),
    ]
)
WRITTEN = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", " ", "　"])), max_size=14).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
)


def term(text: str, field: Field | None = None, *, is_prefix: bool = False) -> Term:
    parted = tuple(text.lower().split())
    return Term(text, field, parted, parted, is_prefix)


A, B, C = term("a"), term("b"), term("c")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a|b", Or((A, B))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("NOT NOT a", A),
        ("NOT a OR b", Or((Not(A), B))),
        ("-(a b)", Not(And((A, B)))),
        ("a —b", And((A, Not(B)))),
        ("（a｜b）、c", And((Or((A, B)), C))),
        ("a and b", And((A, term("and"), B))),
        ('"a b"', term("a b")),
        ("“a  b”", term("a b")),
        ("「a b」 «c»", And((term("a b"), C))),
        ('"a “b” c"', term("a b c")),
        ("neur*", term("neur", is_prefix=True)),
        ('"deep neur*"', term("deep neur", is_prefix=True)),
        ('"a* search"', Term("a* search", None, ("a", "search"), ("a", "search"))),
        ("量子*", Term("量子", None, ("量", "子"), ("量", "子"))),
        ("self-attention", Term("self-attention", None, ("self", "attention"), ("selfattention",))),
        ("ti:a", term("a", Field.TITLE)),
        ("TI： a", term("a", Field.TITLE)),
        ("ti:(a OR -abs)", Or((term("a", Field.TITLE), Not(term("abs", Field.TITLE))))),
        ('au:"Y LeCun"', term("Y LeCun", Field.AUTHOR)),
        ("au:lec*", term("lec", Field.AUTHOR, is_prefix=True)),
        ("venue:nature", term("nature", Field.VENUE)),
        ("cat:cs.CL", Term("cs.CL", Field.CATEGORY, ("cs.cl",), ("cs.cl",))),
        ("cat:cs.*", term("cs", Field.CATEGORY)),
        ("cat:math.MP", Term("math.MP", Field.CATEGORY, ("math-ph",), ("math-ph",))),
        ("cat:cs.c*", term("cs.c", Field.CATEGORY, is_prefix=True)),
        ('cat:"Cell  Biology"', Term("Cell Biology", Field.CATEGORY, ("cell biology",), ("cell biology",))),
        ("src:arx*", term("arx", Field.SOURCE, is_prefix=True)),
        ("doi:10.1038/*", term("10.1038/", Field.DOI, is_prefix=True)),
        ("doi:10.1038", term("10.1038/", Field.DOI, is_prefix=True)),
        ("doi:https://doi.org/10.1038/ABC", term("10.1038/abc", Field.DOI)),
        ("(doi:10.1016/s0140(20)30183-5)", term("10.1016/s0140(20)30183-5", Field.DOI)),
        ("date:2026", DateRange(date(2026, 1, 1), date(2026, 12, 31))),
        ("date:2026-02", DateRange(date(2026, 2, 1), date(2026, 2, 28))),
        ("date:2026年5月3日", DateRange(date(2026, 5, 3), date(2026, 5, 3))),
        ("date:2026-05..2026-06", DateRange(date(2026, 5, 1), date(2026, 6, 30))),
        ("date:..2026-06", DateRange(None, date(2026, 6, 30))),
        ("date:2026-06..", DateRange(date(2026, 6, 1), None)),
        ("date:>=2026-05", DateRange(date(2026, 5, 1), None)),
        ("date:> 2026-05", DateRange(date(2026, 6, 1), None)),
        ("date:<=2026-05", DateRange(None, date(2026, 5, 31))),
        ("date:＜2026-05-01", DateRange(None, date(2026, 4, 30))),
        ("date:=2026-05-01", DateRange(date(2026, 5, 1), date(2026, 5, 1))),
    ],
)
def test_a_query_is_read_as_meant_and_written_so_that_it_is_read_again(written: str, meant: Query) -> None:
    read = query.parse(written)

    assert read == meant
    assert query.parse(query.format(read)) == read


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("a b|c", "a AND b OR c"),
        ("（a｜b） -“c d”", '(a OR b) AND NOT "c d"'),
        ("-(a b)", "NOT (a AND b)"),
        ('"AND" "-a"', '"AND" AND "-a"'),
        ("ti:(a graph*)", "ti:a AND ti:graph*"),
        ("date:2026-05 date:2026-05-01", "date:2026-05-01..2026-05-31 AND date:2026-05-01"),
        ("date:>2026-05 date:<2026", "date:2026-06-01.. AND date:..2025-12-31"),
    ],
)
def test_a_query_has_one_canonical_form(written: str, canonical: str) -> None:
    assert query.format(query.parse(written)) == canonical


@pytest.mark.parametrize(
    ("written", "column", "length", "reason", "suggestion"),
    [
        ("", 1, 1, "empty", ""),
        ("  ", 1, 2, "empty", ""),
        ("x" * 2001, 2001, 1, "too-long", ""),
        ("a " * 201, 401, 1, "too-many-terms", ""),
        ("(" * 51 + "a", 51, 1, "too-deep", ""),
        ("(" * 2000, 51, 1, "too-deep", ""),
        ('a "b c', 3, 4, "unclosed-phrase", ""),
        ("a “b", 3, 2, "unclosed-phrase", ""),
        ("a (b", 3, 1, "unclosed-group", ""),
        ("a (", 3, 1, "unclosed-group", ""),
        ("a) b", 2, 1, "unopened-group", ""),
        (") b", 1, 1, "unopened-group", ""),
        ("a ( )", 3, 3, "empty-group", ""),
        ("a OR", 3, 2, "missing-term", ""),
        ("OR a", 1, 2, "missing-term", ""),
        ("a OR | b", 6, 1, "missing-term", ""),
        ("a AND (b OR)", 10, 2, "missing-term", ""),
        ("(a -)", 4, 1, "missing-term", ""),
        ("NOT", 1, 3, "missing-term", ""),
        ("a & b", 3, 1, "no-words", ""),
        ('a ""', 3, 2, "no-words", ""),
        ("a ”", 3, 1, "unclosed-phrase", ""),
        ("a 」", 3, 1, "no-words", ""),
        ("a - b", 3, 1, "no-words", ""),
        ("titel:a", 1, 5, "unknown-field", "ti"),
        ("vanue:a", 1, 5, "unknown-field", "venue"),
        ("标题：量子", 1, 2, "unknown-field", "ti"),
        ("is:starred", 1, 2, "field-of-search", ""),
        ("a ID:(x)", 3, 2, "field-of-search", ""),
        ("arxiv:2605.1", 1, 5, "unknown-field", ""),
        ("taag:x", 1, 4, "unknown-field", ""),
        ("ti:", 1, 3, "field-without-value", ""),
        ("(ti: )", 2, 3, "field-without-value", ""),
        ("ti:OR a", 1, 3, "field-without-value", ""),
        ("ti:-a", 1, 3, "field-without-value", ""),
        ("ti:(a au:b)", 7, 3, "field-inside-field", ""),
        ("a*b", 1, 3, "star-misplaced", ""),
        ("*", 1, 1, "star-misplaced", ""),
        ("src:*", 5, 1, "star-misplaced", ""),
        ('src:""', 5, 2, "no-words", ""),
        ("x*", 1, 2, "prefix-too-short", ""),
        ("date:2026-13", 6, 7, "date-malformed", ""),
        ("date:yesterday", 6, 9, "date-malformed", ""),
        ("date:..", 6, 2, "date-malformed", ""),
        ("date:>", 6, 1, "date-malformed", ""),
        ("date:>9999", 6, 5, "date-malformed", ""),
        ("date:2026-06..2026-05", 6, 16, "date-backwards", ""),
        ("doi:nature", 5, 6, "doi-malformed", ""),
        ("doi:nature*", 5, 7, "doi-malformed", ""),
        ("doi:a)", 5, 1, "doi-malformed", ""),
    ],
)
def test_an_error_points_at_the_characters(
    written: str, column: int, length: int, reason: str, suggestion: str
) -> None:
    with pytest.raises(QueryInvalid) as raised:
        query.parse(written)

    facts = raised.value.facts
    assert (facts["column"], facts["length"], facts["reason"]) == (column, length, reason)
    assert facts["suggestion"] == suggestion
    assert facts["query"] == written[:2001]


def test_the_caps_themselves_are_allowed() -> None:
    assert query.parse("x" * 2000) == term("x" * 2000)
    assert query.parse("a " * 200) == And((A,) * 200)
    assert query.parse("(" * 50 + "a" + ")" * 50) == A
    assert query.parse("-" * 1999 + "a") == Not(A)


@given(WRITTEN)
def test_whatever_is_written_is_read_or_refused_with_a_place(written: str) -> None:
    try:
        read = query.parse(written)
    except QueryInvalid as refused:
        facts = refused.facts
    else:
        facts = {}

    if facts:
        column, length = facts["column"], facts["length"]
        assert isinstance(column, int)
        assert isinstance(length, int)
        assert 1 <= column <= max(1, len(written))
        assert 1 <= length <= max(1, len(written) + 1 - column)
        assert facts["reason"] in set(QueryFault)
        return
    canonical = query.format(read)
    assert query.parse(canonical, longest=100_000) == read
    assert query.format(query.parse(canonical, longest=100_000)) == canonical


@given(st.text())
def test_no_text_breaks_the_parser(written: str) -> None:
    try:
        read = query.parse(written)
    except QueryInvalid:
        return

    assert query.parse(query.format(read), longest=100_000) == read
