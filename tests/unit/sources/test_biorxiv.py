from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerUnknown,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
)
from academichub.sources.biorxiv import CONNECTOR, first, lookup, read
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
WINDOW = Window(since=date(2026, 3, 1), until=date(2026, 3, 2), now=NOW)


def entry(number: int, **said: object) -> dict[str, object]:
    told: dict[str, object] = {
        "doi": f"10.64898/2026.03.01.{700000 + number}",
        "title": f"Paper {number}",
        "authors": "Example, A.",
        "date": "2026-03-01",
        "version": "1",
        "category": "zoology",
        "abstract": "Animals.",
        "published": "NA",
        "server": "bioRxiv",
    }
    return told | said


def answer(*entries: object, **message: object) -> bytes:
    return json.dumps({"messages": [{"status": "ok"} | message], "collection": entries}).encode()


def walk(total: int, page_size: int, step: Step) -> list[Page]:
    """Ask a server of `total` entries until it says that there is no more."""
    pages = []
    asked: Step | None = step
    while asked:
        cursor = int(asked.url.split("/")[-2])
        told = [entry(number) for number in range(cursor, min(cursor + page_size, total))]
        pages.append(read(answer(*told, total=str(total), count=999, cursor=cursor), asked, DEFAULT_LIMITS))
        asked = pages[-1].next
    return pages


def only(body: bytes, step: Step | None = None) -> Any:
    return read(body, step or Step(url=""), DEFAULT_LIMITS).feed.records[0]


def test_a_harvest_asks_for_the_days_of_its_window() -> None:
    step = first("biorxiv", WINDOW)

    assert step.url == "https://api.biorxiv.org/details/biorxiv/2026-03-01/2026-03-02/0/json"
    assert step.since == "2026-03-01"


def test_an_open_window_begins_with_the_server_and_ends_today() -> None:
    step = first("medrxiv", Window(since=None, until=None, now=NOW))

    assert step.url == "https://api.biorxiv.org/details/medrxiv/2019-06-01/2026-03-05/0/json"


@pytest.mark.parametrize("category", ["HIV/AIDS", "hiv_aids", "hiv-aids", "hiv aids"])
def test_a_category_is_asked_for_as_the_server_spells_it(category: str) -> None:
    step = first(f"medrxiv:{category}", WINDOW)

    assert step.url.endswith("/0/json?category=hiv%20aids")


def test_publications_in_journals_are_a_scope_of_their_own() -> None:
    step = first("biorxiv/pubs", WINDOW)

    assert step.url == "https://api.biorxiv.org/pubs/biorxiv/2026-03-01/2026-03-02/0"


@pytest.mark.parametrize("scope", ["", "arxiv", "biorxiv:", "biorxiv/pubs:zoology", "BIORXIV"])
def test_another_scope_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="not"):
        first(scope, WINDOW)


@pytest.mark.parametrize(
    ("identifier", "server"),
    [
        ("10.64898/2026.03.01.700001", "biorxiv"),
        ("10.1101/029900", "biorxiv"),
        ("10.1101/2023.10.21.23297352", "medrxiv"),
        ("10.1101/19000042", "medrxiv"),
        ("medrxiv:10.1101/029900", "medrxiv"),
    ],
)
def test_a_preprint_is_looked_up_where_its_number_says(identifier: str, server: str) -> None:
    step = lookup([identifier])

    doi = identifier.removeprefix("medrxiv:")
    assert step.url == f"https://api.biorxiv.org/details/{server}/{doi}/na/json"


@pytest.mark.parametrize("identifiers", [[], ["10.1038/x"], ["10.1101/1", "10.1101/2"]])
def test_what_cannot_be_looked_up_is_refused(identifiers: list[str]) -> None:
    with pytest.raises(ValueError, match="DOI"):
        lookup(identifiers)


@pytest.mark.parametrize("page_size", [30, 100])
def test_a_harvest_steps_by_what_came_whatever_the_server_calls_a_page(page_size: int) -> None:
    pages = walk(230, page_size, first("biorxiv", WINDOW))

    names = [record.external_id for page in pages for record in page.feed.records]
    assert len(names) == len(set(names)) == 230
    assert pages[0].total == 230
    assert pages[-1].next is None


def test_the_category_stays_in_the_address_of_every_page() -> None:
    step = first("biorxiv:zoology", WINDOW)

    page = read(answer(entry(1), total="2", category="zoology"), step, DEFAULT_LIMITS)

    assert page.next
    assert page.next.url.endswith("/1/json?category=zoology")


def test_a_category_the_server_ignores_is_an_error_not_everything() -> None:
    step = first("biorxiv:epidemiology", WINDOW)

    with pytest.raises(FeedSaysError, match="epidemiology"):
        read(answer(entry(1), total="2", category="all"), step, DEFAULT_LIMITS)


def test_publications_step_without_a_format() -> None:
    step = first("medrxiv/pubs", WINDOW)
    told = {"preprint_doi": "10.1101/1", "published_doi": "10.5555/1", "preprint_title": "A"}

    page = read(answer(told, total=7), step, DEFAULT_LIMITS)

    assert page.next
    assert page.next.url.endswith("/pubs/medrxiv/2026-03-01/2026-03-02/1")
    assert page.feed.records[0].first("hub:place") == "medrxiv.org"


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    step = Step(url=first("biorxiv", WINDOW).url, seen=30, total=200)

    with pytest.raises(AnswerPageEmpty):
        read(answer(total="200"), step, DEFAULT_LIMITS)


def test_no_posts_long_before_the_end_is_not_the_end() -> None:
    step = Step(url=first("biorxiv", WINDOW).url, seen=30, total=200)

    with pytest.raises(AnswerPageEmpty):
        read(answer(status="no posts found"), step, DEFAULT_LIMITS)


def test_no_posts_shortly_before_the_end_is_the_end_of_a_server_that_counts_too_many() -> None:
    step = Step(url=first("biorxiv", WINDOW).url, seen=190, total=212)

    page = read(answer(status="no posts found", total=0), step, DEFAULT_LIMITS)

    assert page.next is None
    assert page.feed.warnings == ("the server counts 212 and gave 190",)


def test_no_posts_at_all_is_an_honest_answer() -> None:
    body = b'{"messages":[{"status":"no posts found"}]}'

    page = read(body, first("biorxiv", WINDOW), DEFAULT_LIMITS)

    assert page.feed.records == ()
    assert page.next is None


def test_the_same_page_again_is_recognised() -> None:
    page = read(answer(entry(1), total="9"), first("biorxiv", WINDOW), DEFAULT_LIMITS)

    assert page.next
    with pytest.raises(AnswerPageRepeated):
        read(answer(entry(1), total="9"), page.next, DEFAULT_LIMITS)


def test_all_versions_of_a_preprint_are_entries_and_no_page_follows_them() -> None:
    body = answer(entry(1), entry(1, version="2", date="2026-03-04"))

    page = read(body, lookup(["10.64898/2026.03.01.700001"]), DEFAULT_LIMITS)

    versions = [record.first("hub:version") for record in page.feed.records]
    assert versions == ["1", "2"]
    assert [record.published for record in page.feed.records] == ["2026-03-01", ""]
    assert [record.updated for record in page.feed.records] == ["", "2026-03-04"]
    assert page.next is None


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("van der Berg, A. B.", ["A. B. van der Berg"]),
        ("Quill, J., Jr.", ["J. Quill Jr."]),
        ("Quill, Jr.", ["Quill Jr."]),
        ("Madhava", ["Madhava"]),
        ("Alice Example; Bob Example", ["Alice Example", "Bob Example"]),
        ("Worms, Bugs, and Slugs Group; Ant, A.", ["Worms, Bugs, and Slugs Group", "A. Ant"]),
        (
            "Genomics, for the sake of all worms everywhere",
            ["Genomics, for the sake of all worms everywhere"],
        ),
        ("Mac,, L. E.; ; ,", ["L. E. Mac"]),
        ("Mu&ntilde;oz, A.; O&#39;Hara, B.", ["A. Muñoz", "B. O'Hara"]),
        ("", []),
    ],
)
def test_authors_are_given_in_reading_order(written: str, names: list[str]) -> None:
    record = only(answer(entry(1, authors=written)))

    assert [author.name for author in record.authors] == names


def test_the_institution_belongs_to_the_corresponding_author() -> None:
    told = {"author_corresponding": "Zoë  Muñoz", "author_corresponding_institution": "Worm House"}

    record = only(answer(entry(1, authors="Ant, A.; Munoz, Z. Q.", **told)))

    assert [author.affiliations for author in record.authors] == [(), ("Worm House",)]


def test_the_institution_of_one_of_two_namesakes_belongs_to_neither() -> None:
    told = {"author_corresponding": "Li Wu", "author_corresponding_institution": "Worm House"}

    record = only(answer(entry(1, authors="Wu, L.; Wu, L.", **told)))

    assert [author.affiliations for author in record.authors] == [(), ()]
    assert record.first("biorxiv:institution") == "Worm House"


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("cc_by", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC_BY_NC_ND", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
        ("cc0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("cc_no", ""),
        ("", ""),
    ],
)
def test_a_licence_is_given_by_its_address(word: str, address: str) -> None:
    record = only(answer(entry(1, license=word)))

    assert record.first("dcterms:license") == address


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("{beta}-cell", "β-cell"),
        ("{Delta}{Delta}Ct", "ΔΔCt"),
        ("PKC{varepsilon} {lambda}", "PKCε λ"),
        ("5{+/-}2 {micro}m{superscript 2}", "5±2 µm²"),
        ("[&le;]7 [&ge;]3 a [-&gt;] b", "≤7 ≥3 a → b"),
        ("TGF[beta]1", "TGFβ1"),
        ("x_{pi} and y^{beta}", "x_{pi} and y^{beta}"),
        ("{unknown} [A] [micro] {square}", "{unknown} [A] [micro] {square}"),
    ],
)
def test_characters_that_highwire_names_are_undone(written: str, read_as: str) -> None:
    record = only(answer(entry(1, title=written, abstract=written)))

    assert record.title.value == read_as
    assert record.summary.value == read_as


@pytest.mark.parametrize(
    ("scope", "said", "place"),
    [
        ("", "medRxiv", "medrxiv.org"),
        ("medrxiv", None, "medrxiv.org"),
        ("", None, "biorxiv.org"),
        ("biorxiv", "elsewhere", "biorxiv.org"),
    ],
)
def test_the_place_is_the_server_that_has_the_preprint(scope: str, said: str | None, place: str) -> None:
    record = only(answer(entry(1, server=said)), Step(url="", scope=scope))

    assert record.first("hub:place") == place
    assert record.link.startswith(f"https://www.{place}/content/")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"messages":[{"status":"Database error"}],"collection":[]}', FeedSaysError),
        (b'{"messages":[{"status":"ok"}]}', AnswerUnknown),
        (b'{"collection":{"doi":1}}', AnswerUnknown),
        (b"[]", AnswerUnknown),
        (b"<html><title>502 Bad Gateway</title></html>", FeedIsWebPage),
        (b"Too many requests", FeedThrottled),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error):
        read_saved(CONNECTOR, body)


def test_more_entries_than_a_page_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(answer(entry(1), entry(2)), Step(url=""), Limits(entries=1))


def test_a_name_that_is_no_text_for_an_address_does_not_stop_its_neighbours() -> None:
    page = read_saved(CONNECTOR, answer(entry(1, doi="10.1101/\ud800"), entry(2)))

    assert len(page.feed.records) == 2


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        (json.loads(answer(entry(1))), True),
        (
            {"collection": [{"doi": "10.1101/1", "version": 1, "category": "", "date": "", "authors": ""}]},
            True,
        ),
        ({"messages": [{"status": "no posts found"}], "collection": []}, True),
        ({"collection": [{"preprint_doi": "10.1101/1", "published_doi": "", "preprint_title": ""}]}, True),
        ({"messages": [{"status": "ok"}], "collection": []}, False),
        (
            {"collection": [{"doi": "10.5555/1", "version": 1, "category": "", "date": "", "authors": ""}]},
            False,
        ),
        ({"collection": "things"}, False),
        ([], False),
    ],
)
def test_only_answers_of_these_servers_are_recognised(value: object, *, is_ours: bool) -> None:
    assert CONNECTOR.recognises_json
    assert CONNECTOR.recognises_json(value) is is_ours


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["collection", "messages", "doi", "title", "authors", "version", "funder", "published_doi"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_comes_is_read_or_refused_by_name(value: object) -> None:
    body = json.dumps({"collection": value, "messages": value}).encode()

    try:
        page = read(body, first("biorxiv", WINDOW), DEFAULT_LIMITS)
    except FeedError:
        return

    assert isinstance(value, list)
    assert len(page.feed.records) + len(page.feed.rejected) == len(value)
