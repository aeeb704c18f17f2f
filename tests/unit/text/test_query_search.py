"""Questions of readers: more fields than rules have, words in all their forms, and pointed errors."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import QueryInvalid
from academichub.model.query import And, DateRange, Document, Field, Not, Or, Query, QueryFault, Scope, Term
from academichub.text import query
from academichub.text.querymatch import Hit, is_met, matches, prepare, prepare_document, roots
from academichub.text.queryparts import HIDDEN, for_rule, members_of, parts, terms, wanted, without_hidden
from academichub.text.queryvalues import tag_key


def key(text: str, field: Field, value: str | None = None) -> Term:
    own = (text if value is None else value,)
    return Term(text, field, own, own)


def loose(text: str, field: Field | None = None) -> Term:
    return Term(text, field, (text,), (text,), is_loose=True)


def ask(written: str) -> Query:
    return query.parse(written, scope=Scope.SEARCH)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("cat", loose("cat")),
        ('"cat"', Term("cat", None, ("cat",), ("cat",))),
        ("ti:cat", loose("cat", Field.TITLE)),
        ("venue:cat", Term("cat", Field.VENUE, ("cat",), ("cat",))),
        ("cat*", Term("cat", None, ("cat",), ("cat",), is_prefix=True)),
        ('"AND"', Term("AND", None, ("and",), ("and",))),
        ("量子*", Term("量子", None, ("量", "子"), ("量", "子"), is_loose=True)),
        ("is:starred", key("starred", Field.IS)),
        ("IS：Read", key("read", Field.IS)),
        ("is:unread", Not(key("read", Field.IS))),
        ("-is:unread", key("read", Field.IS)),
        ("has:note", key("noted", Field.IS)),
        ("has:code", key("code", Field.HAS)),
        ("is:(starred OR later)", Or((key("starred", Field.IS), key("later", Field.IS)))),
        ('tag:"To  Read"', key("To Read", Field.TAG, "to read")),
        ("in:K1", key("K1", Field.IN, "k1")),
        ("kind:Article", key("article", Field.KIND)),
        ("orcid:https://orcid.org/0000-0002-1825-0097", key("0000-0002-1825-0097", Field.ORCID)),
        ("id:2605.00001v3", key("arxiv:2605.00001", Field.ID)),
        ("arxiv:2605.00001", key("arxiv:2605.00001", Field.ID)),
        ("(arXiv: 2605.00001)", key("arxiv:2605.00001", Field.ID)),
        ("id:10.1016/S0140(20)3", key("doi:10.1016/s0140(20)3", Field.ID)),
        ("pmid:7", key("pmid:7", Field.ID)),
        ("pmcid:(PMC7)", key("PMC7", Field.ID, "pmc7")),
        ('id:"a  b"', key("a b", Field.ID)),
        ("date:2026 cat", And((DateRange(date(2026, 1, 1), date(2026, 12, 31)), loose("cat")))),
    ],
)
def test_a_question_is_read_as_meant_and_written_so_that_it_is_read_again(written: str, meant: Query) -> None:
    read = ask(written)

    assert read == meant
    assert ask(query.format(read, scope=Scope.SEARCH)) == read


@pytest.mark.parametrize(
    ("written", "column", "length", "reason", "suggestion"),
    [
        ("a is:raed", 6, 4, "state-unknown", ""),
        ("has:cake", 5, 4, "feature-unknown", ""),
        ("kind:book", 6, 4, "kind-unknown", ""),
        ("orcid:0000-0002-1825-0098", 7, 19, "orcid-malformed", ""),
        ("is:sta*", 4, 4, "star-misplaced", ""),
        ("tag:", 1, 4, "field-without-value", ""),
        ("arxiv: ", 1, 6, "field-without-value", ""),
        ('tag:" "', 5, 3, "no-words", ""),
        ('id:" "', 4, 3, "no-words", ""),
        ("is:(a tag:b)", 5, 1, "state-unknown", ""),
        ("tag:(b is:read)", 8, 3, "field-inside-field", ""),
        ("taag:x", 1, 4, "unknown-field", "tag"),
        ("标签：x", 1, 2, "unknown-field", "tag"),
        ("stauts:x", 1, 6, "unknown-field", "is"),
        ("qqqqqq:x", 1, 6, "unknown-field", ""),
    ],
)
def test_an_error_points_at_the_characters(
    written: str, column: int, length: int, reason: str, suggestion: str
) -> None:
    with pytest.raises(QueryInvalid) as raised:
        ask(written)

    facts = raised.value.facts
    assert (facts["column"], facts["length"], facts["reason"]) == (column, length, reason)
    assert facts["suggestion"] == suggestion


def test_a_question_may_be_relaxed_unless_it_says_and() -> None:
    assert query.ask("cats in boxes").may_relax
    assert query.ask("cats -boxes and").may_relax
    assert not query.ask("cats AND boxes").may_relax
    assert query.ask("cats").query == loose("cats")


def test_bare_words_are_parted_from_what_must_be_true() -> None:
    cat, dog = loose("cat"), loose("dog")

    assert parts(ask("cat dog")) == ((cat, dog), None)
    assert parts(ask("cat")) == ((cat,), None)
    assert parts(ask("cat is:read dog ti:emu")) == ((cat, dog), ask("is:read ti:emu"))
    assert parts(ask("cat OR dog")) == ((), Or((cat, dog)))


def test_a_question_names_the_sets_it_needs_and_its_terms() -> None:
    asked = ask('cat (is:unread OR tag:"B a") NOT (in:x dog) has:code')

    assert members_of(asked) == ("in:x", "is:read", "tag:b a")
    assert [getattr(term, "text", "") for term in terms(asked)] == ["cat", "read", "B a", "x", "dog", "code"]
    assert [getattr(term, "text", "") for term in wanted(asked)] == ["cat", "B a", "code"]


def test_hidden_works_are_left_out_unless_the_question_speaks_of_them() -> None:
    assert without_hidden(None) == Not(HIDDEN)
    assert without_hidden(ask("cat")) == And((loose("cat"), Not(HIDDEN)))
    assert without_hidden(ask("cat is:hidden")) == ask("cat is:hidden")


def test_tags_are_compared_without_case_and_spaces() -> None:
    assert tag_key("  To\tREAD ") == tag_key("to read")
    assert tag_key("Straße") == tag_key("STRASSE")


WORK = Document(
    work_id=7,
    title="Multi-agent networks",
    abstract="Learning to correct 量子 errors over TCP/IP.",
    authors=("Ada Lovelace", "王小明"),
    orcids=("0000-0002-1825-0097",),
    identifiers=("doi:10.1038/A1", "arxiv:2605.00001"),
    kind="article",
    features=("code",),
)
PREPARED = prepare_document(WORK, ("is:read", "tag:to read", "in:k1"))


@pytest.mark.parametrize(
    "written",
    [
        *("network", "multi-agents", "multiagent", "agents", "learned", "abs:corrected", "ti:network"),
        *("lovelace", "王小明", "小明", "量子", "tcp/ip", '"networks"', '"multi agent"', "netw*"),
        *("is:read", "NOT is:starred", 'tag:"to read"', "in:k1", "has:code", "kind:article"),
        *(
            "orcid:0000-0002-1825-0097",
            "id:2605.00001",
            "arxiv:2605.00001",
            "id:10.1038/a1",
            "doi:10.1038/a1",
        ),
    ],
)
def test_what_a_work_is_or_has_is_found(written: str) -> None:
    assert is_met(ask(written), PREPARED)


@pytest.mark.parametrize(
    "written",
    [
        *(
            '"network"',
            '"multi agents"',
            "abs:network",
            "ti:lovelace",
            "ti:量子",
            "子错",
            '"lovelace"',
            "love*",
        ),
        *("is:unread", "is:later", "tag:x", "has:data", "kind:preprint", "arxiv:2605.00002", "pmid:7"),
    ],
)
def test_what_a_work_is_not_or_has_not_is_not_found(written: str) -> None:
    assert not is_met(ask(written), PREPARED)


def test_a_loose_word_hits_in_every_field_it_is_found_in() -> None:
    work = prepare_document(Document(1, title="Networks", abstract="a network", authors=("Network Jones",)))

    found = matches(ask("networked"), work)

    assert found is not None
    assert [hit.field for hit in found.hits] == [Field.TITLE, Field.ABSTRACT, Field.AUTHOR]
    assert found.hits[0] == Hit(loose("networked"), Field.TITLE)


def test_a_paper_that_was_made_ready_for_rules_has_no_state_and_only_whole_words() -> None:
    paper = prepare(WORK)

    assert not is_met(ask("is:read"), paper)
    assert not is_met(ask("network"), paper)
    assert is_met(ask("networks"), paper)


def test_a_document_has_the_dois_among_its_identifiers() -> None:
    assert (WORK.id, WORK.dois) == (7, ("10.1038/A1",))


def test_roots_are_those_of_both_readings_each_once() -> None:
    assert roots("pre-trained nets") == ["pre", "train", "net", "pretrain"]
    assert roots("net net-work network") == ["net", "net", "work", "network", "network"]


WRITTEN = st.lists(
    st.sampled_from(
        (
            *(
                "is:",
                "has:",
                "tag:",
                "in:",
                "kind:",
                "orcid:",
                "id:",
                "arxiv:",
                "pmid:",
                "ti:",
                "au:",
                "doi:",
            ),
            *(
                "read",
                "unread",
                "note",
                "code",
                "article",
                "2605.00001",
                "10.1038/a(b)",
                '"a b"',
                "量子",
                "cat",
            ),
            *(
                "(",
                ")",
                " ",
                " ",
                " OR ",
                " AND ",
                "NOT ",
                "-",
                "*",
                "|",
                '"',
                "：",
                "date:",
                "2026",
                "\ud800",
            ),
        )
    ),
    max_size=14,
).map("".join)


@given(WRITTEN | st.text())
def test_whatever_is_asked_is_read_or_refused_with_a_place(written: str) -> None:
    try:
        read = ask(written)
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

    canonical = query.format(read, scope=Scope.SEARCH)
    assert query.parse(canonical, scope=Scope.SEARCH, longest=100_000) == read
    is_met(read, PREPARED)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("graph - survey", "graph survey"),
        ("graph – survey .", "graph survey"),
        ("Smith & Jones", "Smith Jones"),
        (". graph", "graph"),
        ("- - graph", "graph"),
        ("graph AND . survey", "graph AND survey"),
        ("(graph -) survey", "graph survey"),
        ("graph . OR survey", "graph OR survey"),
        ("au:(Smith & Jones)", "au:(Smith Jones)"),
        ("graph . -survey", "graph -survey"),
    ],
)
def test_a_sign_that_stands_alone_between_words_is_passed_over(written: str, plain: str) -> None:
    assert ask(written) == ask(plain)


@pytest.mark.parametrize(
    ("written", "column"),
    [(".", 1), ("- &", 1), ("graph AND .", 11), ("graph | –", 9), ("(.)", 2), ("date:(2020 - 2021)", 12)],
)
def test_a_question_of_nothing_but_signs_is_refused(written: str, column: int) -> None:
    with pytest.raises(QueryInvalid) as refused:
        ask(written)

    assert refused.value.facts["column"] == column


def test_a_rule_does_not_pass_over_signs() -> None:
    with pytest.raises(QueryInvalid) as refused:
        query.parse("graph . survey")

    assert refused.value.facts["reason"] == QueryFault.NO_WORDS


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("graph is:starred", "graph"),
        ("graph network -kind:preprint cat:cs.LG", "graph AND network AND cat:cs.LG"),
        ("graph OR has:code", None),
        ("tag:later", None),
        ("graph", "graph"),
    ],
)
def test_what_only_a_search_knows_is_left_out_for_a_rule(written: str, left: str | None) -> None:
    kept = for_rule(query.parse(written, scope=Scope.SEARCH))

    assert (None if kept is None else query.format(kept)) == left
