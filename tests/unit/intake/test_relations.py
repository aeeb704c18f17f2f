"""What a paper says of other papers, and of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.relations import (
    MOST_RELATIONS,
    canonical_name,
    flags_of,
    is_retracted_title,
    relations_of,
    reported,
    withdrawn,
)
from academichub.model.papers import Bond, Flag, Form, Identifiers, Kind, Record, RecordLink, Relation, Text
from tests.fakes.drafts import prose
from tests.fakes.records import record

NOBODY = Identifiers()
PAPER = "https://doi.org/10.5555/a"


def saying(*lines: str) -> Record:
    return record(fields={"hub:relation": lines})


# -- of others ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "relation"),
    [
        ("preprint-of doi:10.5555/A", Relation(Bond.PREPRINT_OF, "doi", "10.5555/a")),
        (" corrects  DOI:https://doi.org/10.5555/a ", Relation(Bond.CORRECTS, "doi", "10.5555/a")),
        ("has-preprint doi:10.48550/arXiv.2606.00001", Relation(Bond.HAS_PREPRINT, "arxiv", "2606.00001")),
        ("version-of arxiv:2606.00001v3", Relation(Bond.VERSION_OF, "arxiv", "2606.00001")),
        ("retracts pmid:00042", Relation(Bond.RETRACTS, "pmid", "42")),
        ("part-of pmcid:PMC42.1", Relation(Bond.PART_OF, "pmcid", "PMC42")),
    ],
)
def test_a_relation_names_the_other_paper_in_one_spelling(line: str, relation: Relation) -> None:
    assert relations_of(saying(line), itself=NOBODY) == (relation,)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "preprint-of",
        "preprint-of doi:",
        "preprint-of 10.5555/a",
        "admires doi:10.5555/a",
        "Preprint-Of doi:10.5555/a",
        "corrects doi:not a DOI",
        "corrects arxiv:2613.00001",
        "corrects pmid:x",
        "corrects pmcid:42",
        "corrects isbn:978-3-16-148410-0",
        "corrects doi:10.5555/" + "a" * 2_000,
        "corrects doi:10.5555/\x00",
    ],
)
def test_a_relation_that_cannot_be_read_says_nothing(line: str) -> None:
    assert relations_of(saying(line), itself=NOBODY) == ()


def test_a_paper_has_no_relation_to_itself() -> None:
    itself = Identifiers(doi="10.5555/a", arxiv="2606.00001")
    said = saying("version-of doi:10.5555/A", "version-of arxiv:2606.00001v2", "version-of doi:10.5555/b")

    assert relations_of(said, itself=itself) == (Relation(Bond.VERSION_OF, "doi", "10.5555/b"),)


def test_a_relation_that_is_told_twice_counts_once_and_the_order_stays() -> None:
    said = saying("reviews doi:10.5555/b", "corrects doi:10.5555/a", "reviews doi:10.5555/B")

    assert [one.value for one in relations_of(said, itself=NOBODY)] == ["10.5555/b", "10.5555/a"]


def test_a_flood_of_relations_is_cut() -> None:
    said = saying(*(f"corrects doi:10.5555/{number}" for number in range(500)))

    found = relations_of(said, itself=NOBODY)

    assert [one.value for one in found] == [f"10.5555/{number}" for number in range(MOST_RELATIONS)]


LINES = st.lists(
    st.builds(
        "{} {}:{}".format,
        st.sampled_from([*(bond.value for bond in Bond), "admires"]),
        st.sampled_from(["doi", "arxiv", "pmid", "pmcid", "isbn"]),
        st.sampled_from(["10.5555/a", "10.48550/arXiv.2606.00001v2", "2606.00001v1", "42", "PMC42"])
        | st.text(max_size=12),
    )
    | st.text(st.characters(), max_size=20),
    max_size=40,
)


@given(LINES)
def test_whatever_is_said_relations_are_canonical_few_and_never_to_itself(lines: list[str]) -> None:
    itself = Identifiers(doi="10.5555/a", pmid="42")

    found = relations_of(saying(*lines), itself=itself)

    assert len(found) == len(set(found)) <= MOST_RELATIONS
    for one in found:
        assert canonical_name(one.scheme, one.value) == (one.scheme, one.value)
        assert (one.scheme, one.value) not in itself.pairs()


# -- of itself ------------------------------------------------------------------------------------


def test_flags_come_worst_first_and_once() -> None:
    said = saying(
        "corrected-by doi:10.5555/c",
        "corrected-by doi:10.5555/d",
        "concern-raised-by doi:10.5555/e",
        "retracted-by doi:10.5555/r",
    )

    assert flags_of(said, kind=Kind.ARTICLE) == (Flag.RETRACTED, Flag.CONCERN, Flag.CORRECTED)


def test_a_paper_is_flagged_though_nobody_says_by_which_notice() -> None:
    assert flags_of(saying("retracted-by"), kind=Kind.ARTICLE) == (Flag.RETRACTED,)


def test_what_a_paper_does_to_others_is_no_flag_of_its_own() -> None:
    said = saying("retracts doi:10.5555/a", "corrects doi:10.5555/b", "raises-concern doi:10.5555/c")

    assert flags_of(said, kind=Kind.RETRACTION) == ()


def test_a_server_may_say_outright_that_a_paper_is_retracted() -> None:
    assert flags_of(record(fields={"hub:retracted": ("yes",)}), kind=Kind.ARTICLE) == (Flag.RETRACTED,)
    assert flags_of(record(fields={"hub:retracted": (" ",)}), kind=Kind.ARTICLE) == ()


@pytest.mark.parametrize(
    ("title", "is_marked"),
    [
        ("RETRACTED: A title", True),
        (" Retracted article: A title", True),
        ("RETRACTED ARTICLE：A title", True),
        ("WITHDRAWN. A title", True),
        ("[Retracted] A title", True),
        ("[Retracted Article]: A title", True),
        ("Retraction: A title", False),
        ("Retraction Note: A title", False),
        ("[Retraction] A title", False),
        ("Retracted papers and who cites them", False),
    ],
)
def test_a_title_marked_as_retracted_is_the_paper_and_not_its_notice(
    title: str,
    is_marked: bool,  # noqa: FBT001  a column of the table
) -> None:
    assert is_retracted_title(title, Kind.RETRACTION) is is_marked
    assert flags_of(record(title), kind=Kind.RETRACTION) == ((Flag.RETRACTED,) if is_marked else ())


def test_a_paper_about_a_word_is_not_retracted_by_it() -> None:
    assert not is_retracted_title("Withdrawn: a study of shy children", Kind.ARTICLE)


# -- taken back at arXiv --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the author due to a crucial error",
        "This paper has been withdrawn",
        "The article was withdrawn because it has been merged with another",
        "This submission has been temporarily withdrawn",
        "This manuscript is retracted",
        "This paper is withdrawn from arXiv",
        "(this work has been withdrawn)",
        "Withdrawn",
        "withdrawn.",
        "Withdrawn: the construction in section 5 contains a gap",
        "Withdrawn due to an error in Lemma 2",
        "Paper withdrawn by the authors, 3 pages",
        "Manuscript withdrawn pending a new proof",
        "Retracted.",
    ],
)
def test_a_comment_that_begins_by_taking_the_paper_back_flags_it(comment: str) -> None:
    assert withdrawn(comment, None) == (Flag.RETRACTED,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 pages; withdrawn from a journal",
        "Paper withdrawn from IEEE Transactions on Made-Up Things",
        "This paper has been withdrawn from the proceedings of a conference",
        "Withdrawn students return within a year, we find",
        "Withdrawnness is a trait",
        "Retracted segments of a manifold are studied",
        "This paper studies what was withdrawn",
    ],
)
def test_a_text_that_only_speaks_of_withdrawing_flags_nothing(text: str) -> None:
    assert withdrawn(text, prose(text)) == ()


def test_an_abstract_may_take_the_paper_back_too() -> None:
    assert withdrawn("", prose("This paper has been withdrawn by the authors.")) == (Flag.RETRACTED,)
    assert withdrawn("5 pages", None) == ()


@given(st.text(st.characters(), max_size=300))
def test_any_comment_can_be_judged(text: str) -> None:
    assert withdrawn(text, prose(text)) in {(), (Flag.RETRACTED,)}


# -- what news is about ---------------------------------------------------------------------------


def news(html: str = "", *, content: str = "", links: tuple[str, ...] = ()) -> Record:
    return Record(
        position=0,
        title=Text("A piece of news"),
        summary=Text(html, Form.HTML),
        content=Text(content, Form.HTML),
        links=tuple(RecordLink(href, rel="related") for href in links),
    )


@pytest.mark.parametrize(
    ("html", "name"),
    [
        (f'<p>As <a href="{PAPER}">reported</a> today.</p>', ("doi", "10.5555/a")),
        (f'<a href="{PAPER}">{PAPER}</a>', ("doi", "10.5555/a")),
        (f"Read it ({PAPER}).", ("doi", "10.5555/a")),
        (f"[the paper]({PAPER}), they say", ("doi", "10.5555/a")),
        ("See https://doi.org/10.5555/S0000-0000(26)00001-1.", ("doi", "10.5555/s0000-0000(26)00001-1")),
        (
            "<a href='https://www.nature.com/articles/s41586-026-00001-1'>x</a>",
            ("doi", "10.1038/s41586-026-00001-1"),
        ),
        ("A preprint, https://arxiv.org/abs/2606.00001v2, says so.", ("arxiv", "2606.00001")),
        ("https://doi.org/10.48550/arXiv.2606.00001", ("arxiv", "2606.00001")),
    ],
)
def test_news_is_about_the_only_paper_it_names(html: str, name: tuple[str, str]) -> None:
    assert reported(news(html), kind=Kind.NEWS, itself=NOBODY) == (Relation(Bond.ABOUT, *name),)


@pytest.mark.parametrize(
    "html",
    [
        "Nothing is named, but https://news.example/more.",
        f"{PAPER} and https://doi.org/10.5555/b",
        f"{PAPER} and https://arxiv.org/abs/2606.00001",
        "https://doi.org/10.1038/d41586-026-00001-x",
        "https://doi.org/10.5555/itself",
    ],
)
def test_news_that_names_no_paper_or_several_is_about_none(html: str) -> None:
    itself = Identifiers(doi="10.5555/itself")

    assert reported(news(html), kind=Kind.NEWS, itself=itself) == ()


def test_news_that_names_other_news_and_itself_is_still_about_its_paper() -> None:
    piece = news(f"https://doi.org/10.1038/d41586-026-00002-x, {PAPER} and https://doi.org/10.5555/itself")

    found = reported(piece, kind=Kind.NEWS, itself=Identifiers(doi="10.5555/itself"))

    assert found == (Relation(Bond.ABOUT, "doi", "10.5555/a"),)


def test_the_paper_may_stand_in_the_whole_text_or_in_a_related_link() -> None:
    expected = (Relation(Bond.ABOUT, "doi", "10.5555/a"),)

    assert reported(news(content=PAPER), kind=Kind.NEWS, itself=NOBODY) == expected
    assert reported(news(links=(PAPER,)), kind=Kind.NEWS, itself=NOBODY) == expected


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NEWS])
def test_only_news_is_read_for_what_it_reports(kind: Kind) -> None:
    assert reported(news(PAPER), kind=kind, itself=NOBODY) == ()
