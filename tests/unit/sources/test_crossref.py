from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import (
    AnswerMovedCursor,
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerTokenExpired,
    AnswerUnknown,
    FeedError,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    RecordBroken,
)
from academichub.sources import core, datacite, hal, openaire, openalex, semanticscholar, unpaywall, zenodo
from academichub.sources.crossref import CONNECTOR, first, lookup, lookup_pii, read, recognises
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from academichub.model.papers import Record

NOW = datetime(2026, 6, 20, tzinfo=UTC)
WINDOW = Window(date(2026, 6, 1), date(2026, 6, 18), NOW)
BEGINNING = first("issn:1234-5679", WINDOW)
WORK: dict[str, Any] = {
    "DOI": "10.5555/1",
    "title": ["A title"],
    "type": "journal-article",
    "author": [{"given": "Ada", "family": "First", "affiliation": [{"name": "Here"}]}],
    "issued": {"date-parts": [[2026, 6, 18]]},
    "license": [{"URL": "https://example.org/", "content-version": "vor"}],
    "link": [{"URL": "https://example.org/1.pdf"}],
    "relation": {"is-version-of": [{"id": "10.5555/0", "id-type": "doi"}]},
    "update-to": [{"DOI": "10.5555/2", "type": "correction"}],
    "abstract": "<jats:p>Text</jats:p>",
    "institution": [{"name": "Somewhere"}],
    "version": {"version": "v1"},
    "page": "1-2",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "DOI", "type", "name", "URL", "date-parts", "is-version-of", "message", "items"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def body_of(*works: object, total: int | None = None, cursor: str = "same", **message: object) -> bytes:
    told = {"items": works, "total-results": len(works) if total is None else total, "next-cursor": cursor}
    return json.dumps(
        {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": told | message}
    ).encode()


def works(start: int, count: int) -> list[dict[str, Any]]:
    return [{"DOI": f"10.5555/{place}", "title": ["A"]} for place in range(start, start + count)]


def record_of(**members: Any) -> Record:
    return read_saved(CONNECTOR, body_of(WORK | members)).feed.records[0]


def page_of(body: bytes, step: Step = BEGINNING) -> Page:
    return read(body, step, DEFAULT_LIMITS)


# -- asking -----------------------------------------------------------------------------------------


def test_a_journal_is_asked_for_by_the_day_on_which_crossref_indexed_it() -> None:
    step = first("issn:12345679", WINDOW)

    assert step == Step(
        url="https://api.crossref.org/v1/journals/1234-5679/works"
        "?filter=from-index-date:2026-06-01,until-index-date:2026-06-18"
        "&rows=200&sort=indexed&order=asc&cursor=*",
        token="*",  # noqa: S106  # the first cursor, no secret
        scope="issn:12345679",
        since="2026-06-01",
    )


def test_a_registrant_is_asked_for_by_its_prefix_and_a_journal_without_a_window_by_nothing() -> None:
    asked = first("prefix:10.26434", Window(None, None, NOW)).url

    assert asked.startswith("https://api.crossref.org/v1/works?filter=prefix:10.26434&rows=200")
    assert "filter" not in first("issn:1234-5679", Window(None, None, NOW)).url


@pytest.mark.parametrize("scope", ["", "issn:1234-5678", "prefix:11.1", "prefix:10.1234/x", "query:light"])
def test_another_scope_cannot_be_asked_for(scope: str) -> None:
    with pytest.raises(ValueError, match="Crossref is harvested"):
        first(scope, WINDOW)


def test_one_doi_is_asked_for_by_its_own_address_and_several_by_a_filter() -> None:
    assert lookup(["https://doi.org/10.5555/A(1)<2>"]).url == (
        "https://api.crossref.org/v1/works/10.5555%2Fa%281%29%3C2%3E"
    )
    assert lookup(["10.5555/1", "doi:10.5555/#2"]).url == (
        "https://api.crossref.org/v1/works?filter=doi:10.5555/1,doi:10.5555/%232&rows=2"
    )


def test_a_doi_with_a_comma_is_asked_for_alone_and_among_others_it_is_told_as_missing() -> None:
    assert lookup(["10.5555/a,b"]).url.endswith("/works/10.5555%2Fa%2Cb")
    step = lookup(["10.5555/a,b", "10.5555/1", "10.5555/2", "10.5555/3"])

    page = page_of(body_of(*works(1, 2)), step)

    assert "a,b" not in step.url
    assert page.feed.warnings == ("missing: 10.5555/a,b", "missing: 10.5555/3")
    assert page.next is None


@pytest.mark.parametrize("dois", [[], ["no doi"], ["10.5555/1", "x"], [f"10.5555/{i}" for i in range(51)]])
def test_what_is_no_doi_cannot_be_looked_up(dois: list[str]) -> None:
    with pytest.raises(ValueError, match="1 to 50 DOIs"):
        lookup(dois)


def test_a_pii_is_looked_up_without_its_punctuation() -> None:
    assert lookup_pii("S0000-0000(26)00042-x").url == (
        "https://api.crossref.org/v1/works?filter=alternative-id:S000000002600042X&rows=2"
    )
    with pytest.raises(ValueError, match="no PII"):
        lookup_pii("--")


# -- paging -----------------------------------------------------------------------------------------


def test_a_harvest_goes_on_by_a_cursor_that_stays_the_same_until_all_are_seen() -> None:
    step: Step | None = BEGINNING
    seen: list[str] = []
    for start, count in ((0, 200), (200, 150), (350, 100)):  # fewer came than were asked for
        assert step is not None
        page = page_of(body_of(*works(start, count), total=450, cursor="a+b=="), step)
        seen += [record.external_id for record in page.feed.records]
        step = page.next
        if step is not None:
            assert step.url == BEGINNING.url[:-1] + "a%2Bb%3D%3D"
            assert (step.seen, step.token, step.total) == (start + count, "a+b==", 450)

    assert step is None
    assert len(set(seen)) == 450


def test_rejected_works_count_as_seen() -> None:
    page = page_of(body_of(*works(0, 2), "no work", total=10))

    assert page.next is not None
    assert page.next.seen == 3


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    with pytest.raises(AnswerPageEmpty):
        page_of(body_of(total=450))


def test_an_empty_page_at_the_end_is_the_end() -> None:
    assert page_of(body_of(total=0)).next is None
    assert read_saved(CONNECTOR, body_of(total=586_628)).feed.records == ()


def test_the_same_page_again_is_refused() -> None:
    following = page_of(body_of(*works(0, 2), total=6)).next

    assert following is not None
    with pytest.raises(AnswerPageRepeated):
        page_of(body_of(*works(0, 2), total=6), following)


def test_a_page_without_a_cursor_before_the_end_is_refused() -> None:
    with pytest.raises(AnswerMovedCursor):
        page_of(body_of(*works(0, 2), total=6, cursor=""))


def test_a_harvest_whose_total_is_not_told_ends_with_an_empty_page() -> None:
    untold: dict[str, Any] = {"total-results": None}

    page = page_of(body_of(*works(0, 2), **untold))

    assert page.next is not None
    assert page_of(body_of(**untold), page.next).next is None


@pytest.mark.parametrize(
    "body",
    [
        b"Resource not found.",
        b'{"status": "failed", "message": [{"type": "cursor-invalid", "message": "Cursor x is not valid"}]}',
        b'{"status": "error", "message-type": "exception", "message": {"description": "bad cursorMark"}}',
    ],
)
def test_a_cursor_that_is_too_old_begins_the_harvest_again(body: bytes) -> None:
    following = page_of(body_of(*works(0, 2), total=6)).next

    assert following is not None
    with pytest.raises(AnswerTokenExpired):
        page_of(body, following)


# -- what is no list of works -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"Resource not found.", "Resource not found."),
        (
            b'{"status": "failed", "message": [{"message": "No sort"}, {"message": "No filter"}, 7]}',
            "No sort; No filter",
        ),
        (b'{"status": "error", "message": "It broke"}', "It broke"),
        (b'{"status": "failed", "message": null}', "failed"),
    ],
)
def test_an_error_dressed_as_an_answer_is_told_in_crossrefs_words(body: bytes, said: str) -> None:
    with pytest.raises(FeedSaysError) as caught:
        page_of(body)

    assert caught.value.facts == {"message": said}


def test_a_request_to_wait_is_known() -> None:
    with pytest.raises(FeedThrottled):
        page_of(b'{"status": "error", "message": "Too many requests"}')


@pytest.mark.parametrize("kind", ["journal", "journal-list", "member-list", "work-agency", "type"])
def test_other_lists_of_crossref_are_refused_by_name(kind: str) -> None:
    body = json.dumps({"status": "ok", "message-type": kind, "message": {"items": []}}).encode()

    assert recognises(json.loads(body))
    with pytest.raises(AnswerUnknown) as caught:
        page_of(body)
    assert caught.value.facts == {"looks_like": f"Crossref {kind}"}


@pytest.mark.parametrize("body", [b"[]", b'{"status": "ok", "message-type": "work", "message": []}'])
def test_an_answer_without_a_message_is_refused(body: bytes) -> None:
    with pytest.raises(AnswerUnknown):
        page_of(body)


def test_what_is_left_of_an_answer_without_its_envelope_is_read() -> None:
    one = json.dumps({"message": WORK}).encode()
    several = json.dumps({"message": {"items": [WORK, WORK]}}).encode()

    assert recognises(json.loads(one))
    assert recognises(json.loads(several))
    assert len(read_saved(CONNECTOR, one).feed.records) == 1
    assert len(read_saved(CONNECTOR, several).feed.records) == 2


def test_a_page_with_more_works_than_the_limit_is_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read(body_of(WORK, WORK), Step(url=""), Limits(entries=1))


def test_a_text_longer_than_its_cap_rejects_its_work_alone() -> None:
    body = body_of(WORK | {"title": ["x" * 50]}, WORK)

    feed = read(body, Step(url=""), Limits(title_characters=40)).feed

    assert [each.position for each in feed.rejected] == [0]
    assert isinstance(feed.rejected[0].error, RecordBroken)
    assert feed.rejected[0].external_id == "10.5555/1"
    assert len(feed.records) == 1


# -- one work ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([[2026, 6, 18]], "2026-06-18"),
        ([[2026, 6]], "2026-06"),
        ([["2026"]], "2026"),
        ([[2026, 6, 31]], "2026-06"),
        ([[2026, 21]], "2026"),
        ([[2026, None, 5]], "2026"),
        ([[None]], ""),
        ([[True]], ""),
        ([[10**30]], ""),
        ([["²"]], ""),
        ([[]], ""),
        ([], ""),
        (None, ""),
        ("2026", ""),
        ([2026], ""),
    ],
)
def test_a_date_is_as_precise_as_its_parts(parts: object, said: str) -> None:
    assert record_of(issued={"date-parts": parts}).published == said


def test_the_earliest_kind_of_publication_counts() -> None:
    dates = {
        "published-print": {"date-parts": [[2026, 9]]},
        "published-online": {"date-parts": [[2026, 6, 1]]},
    }

    assert record_of(**dates).published == "2026-06-01"
    assert record_of(**(dates | {"published-online": {"date-parts": [[None]]}})).published == "2026-09"


@pytest.mark.parametrize(
    ("doi", "kind"),
    [("10.1038/d41586-026-00001-1", "news"), ("10.5555/1", "article"), ("10.2139/ssrn.1", "preprint")],
)
def test_what_crossref_calls_an_article_may_be_news_or_a_preprint(doi: str, kind: str) -> None:
    assert record_of(DOI=doi, **{"update-to": None}).first("hub:kind") == kind


def test_news_is_about_the_only_paper_on_its_list_of_references() -> None:
    paper, other = {"DOI": "10.1038/S41586-026-00001-1"}, {"DOI": "10.1038/s41586-026-00002-2"}
    news = {"DOI": "10.1038/d41586-026-00003-3", "type": "journal-article", "update-to": None}

    def tied(**members: Any) -> list[str]:
        said = record_of(**members).fields["hub:relation"]
        return [one for one in said if one.startswith("about ")]

    assert tied(**news, reference=[paper, {"key": "1"}, paper]) == ["about doi:10.1038/s41586-026-00001-1"]
    assert tied(**news, reference=[paper, other]) == []
    assert tied(DOI="10.5555/a", type="journal-article", reference=[paper]) == []


@pytest.mark.parametrize(
    ("name", "place"),
    [("bioRxiv", "biorxiv.org"), ("medRxiv", "medrxiv.org"), ("Cold Spring Harbor Laboratory", "crossref")],
)
def test_a_preprint_lives_where_its_servers_own_feeds_say(name: str, place: str) -> None:
    record = record_of(type="posted-content", institution=[{"name": name}])

    assert record.first("hub:place") == place
    assert record.first("prism:publicationName") == name


@pytest.mark.parametrize(
    ("doi", "version"),
    [("10.26434/chemrxiv-2026-x-v12", "12"), ("10.21203/rs.3.rs-1/v2", "2"), ("10.5555/v2x", "")],
)
def test_a_posted_version_is_read_from_its_doi(doi: str, version: str) -> None:
    assert record_of(DOI=doi, type="posted-content", version=None).first("hub:version") == version


@pytest.mark.parametrize(
    ("kind", "bond", "notice"),
    [
        ("corrigendum", "corrects", "correction"),
        ("partial-retraction", "corrects", "correction"),
        ("Withdrawal", "retracts", "retraction"),
        ("removal", "retracts", "retraction"),
        ("expression_of_concern", "raises-concern", "article"),
        ("new_version", "version-of", "article"),
        ("new_edition", "", "article"),
    ],
)
def test_an_update_says_what_it_does_to_another_work(kind: str, bond: str, notice: str) -> None:
    record = record_of(relation=None, **{"update-to": [{"DOI": "10.5555/2", "type": kind}]})

    assert record.first("hub:relation") == (f"{bond} doi:10.5555/2" if bond else "")
    assert record.first("hub:kind") == notice
    assert "hub:retracted" not in record.fields


def test_a_work_that_retracts_itself_is_retracted_and_is_no_notice() -> None:
    record = record_of(**{"update-to": [{"DOI": "10.5555/1", "type": "retraction"}], "relation": None})

    assert record.first("hub:retracted") == "yes"
    assert record.first("hub:kind") == "article"
    assert "hub:relation" not in record.fields


def test_a_work_that_says_it_was_retracted_is_retracted() -> None:
    record = record_of(relation={"is-retracted-by": [{"id": "10.5555/9", "id-type": "doi"}]})

    assert record.first("hub:retracted") == "yes"


def test_a_comment_is_no_version_of_what_it_comments_on() -> None:
    record = record_of(
        **{"update-to": None, "relation": {"is-comment-on": [{"id": "10.5555/0", "id-type": "doi"}]}}
    )

    assert "hub:relation" not in record.fields
    assert record.fields["crossref:relation"] == ("is-comment-on doi:10.5555/0",)


def test_licences_for_machines_are_not_the_readers() -> None:
    for_machines = {"URL": "https://example.org/tdm", "content-version": "tdm"}
    for_readers = {"URL": "https://example.org/am", "content-version": "am"}

    assert record_of(license=[for_machines, for_readers]).first("dcterms:license") == "https://example.org/am"
    assert "dcterms:license" not in record_of(license=[for_machines]).fields


# -- hostile answers --------------------------------------------------------------------------------


@given(JSON)
def test_any_json_value_is_read_or_refused(value: object) -> None:
    with contextlib.suppress(FeedError):
        page_of(json.dumps(value).encode())
    with contextlib.suppress(FeedError):
        page_of(json.dumps({"status": "ok", "message-type": "work-list", "message": value}).encode())
    assert recognises(value) in {True, False}


@given(st.sampled_from(sorted(WORK)), JSON)
def test_a_member_of_any_shape_harms_its_own_work_alone(name: str, value: object) -> None:
    feed = page_of(body_of(WORK | {name: value}, WORK)).feed

    assert len(feed.records) + len(feed.rejected) == 2
    assert feed.records[-1].position == 1


@given(st.text())
def test_any_cursor_can_be_asked_with(cursor: str) -> None:
    with contextlib.suppress(AnswerMovedCursor):
        following = page_of(body_of(*works(0, 1), total=9, cursor=cursor)).next
        assert following is not None
        assert following.url.isascii()


# -- the neighbours ---------------------------------------------------------------------------------

CONNECTORS = (
    CONNECTOR, openalex.CONNECTOR, semanticscholar.CONNECTOR, datacite.CONNECTOR, unpaywall.CONNECTOR,
    core.CONNECTOR, hal.CONNECTOR, zenodo.CONNECTOR, openaire.CONNECTOR,
)  # fmt: skip


def known_by(value: object) -> list[str]:
    return [each.name for each in CONNECTORS if each.recognises_json and each.recognises_json(value)]


def test_a_saved_answer_is_one_servers_alone(data: Callable[[str], Path]) -> None:
    known = {path.name: known_by(json.loads(path.read_bytes())) for path in data("captures").rglob("*.json")}

    assert [name for name, found in known.items() if len(found) > 1] == []
    assert {name for found in known.values() for name in found} == {
        each.name for each in CONNECTORS if each.name != "datacite"
    }
