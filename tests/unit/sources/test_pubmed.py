from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.errors import (
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerTokenExpired,
    AnswerUnknown,
    FeedEmptyAnswer,
    FeedError,
    FeedIsWebPage,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    FeedUnreadable,
)
from academichub.sources.harvest import Page, Step, Window, read_saved
from academichub.sources.limits import DEFAULT_LIMITS, Limits
from academichub.sources.pubmed import CONNECTOR, first, lookup, read

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
JUNE = Window(date(2026, 6, 1), date(2026, 6, 18), NOW)


def search(count: int | str = 0, **members: Any) -> bytes:
    found = {"count": str(count), "retmax": "200", "retstart": "0", "idlist": [], **members}
    return json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": found}).encode()


def kept(count: int, webenv: str = "MCID_1") -> bytes:
    return search(count, webenv=webenv, querykey="1")


def papers(start: int, count: int) -> bytes:
    inside = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>T</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>"
        for number in range(start + 1, start + count + 1)
    )
    return f"<PubmedArticleSet>{inside}</PubmedArticleSet>".encode()


def query(step: Step | None) -> dict[str, str]:
    assert step is not None
    return {name: values[0] for name, values in parse_qs(urlsplit(step.url).query).items()}


def asked(body: bytes, step: Step | None) -> Page:
    assert step is not None
    return read(body, step, DEFAULT_LIMITS)


# -- asking ---------------------------------------------------------------------------------------


def test_a_harvest_begins_with_a_search_of_the_window() -> None:
    step = first("deep learning[ti]", JUNE)

    assert step.url == (
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&term=deep%20learning%5Bti%5D"
        "&datetype=edat&mindate=2026%2F06%2F01&maxdate=2026%2F06%2F18&retmode=json&usehistory=y&retmax=200"
    )
    assert (step.scope, step.since) == ("deep learning[ti]", "2026-06-01")


@pytest.mark.parametrize(
    ("scope", "term"),
    [
        ("0028-0836", "0028-0836[is]"),
        ("ISSN 0028-0836, 1476-4687", "0028-0836[is] OR 1476-4687[is]"),
        ('journal: Nature "medicine"', '"Nature medicine"[ta]'),
        ("0028-0836 1476-4687", "0028-0836[is] OR 1476-4687[is]"),
        ("0028-0837", "0028-0837"),  # a wrong check digit: no ISSN
    ],
)
def test_a_scope_may_be_issns_or_a_journals_name(scope: str, term: str) -> None:
    assert query(first(scope, JUNE))["term"] == term


def test_an_open_window_reaches_from_the_beginning_to_today() -> None:
    said = query(first("x", Window(None, None, NOW)))

    assert (said["mindate"], said["maxdate"]) == ("1800/01/01", "2026/06/20")


@pytest.mark.parametrize(
    ("scope", "window"), [(" ", JUNE), ("x", Window(date(2026, 7, 1), date(2026, 6, 1), NOW))]
)
def test_what_cannot_be_searched_for_is_refused(scope: str, window: Window) -> None:
    with pytest.raises(ValueError, match=r"nothing|window"):
        first(scope, window)


def test_numbers_are_fetched_at_once() -> None:
    step = lookup(["123", "PMID:456"])

    assert query(step) == {"db": "pubmed", "id": "123,456", "retmode": "xml"}
    assert "efetch" in step.url


def test_dois_are_searched_for_and_then_fetched() -> None:
    step = lookup(["10.1002/(SICI)1097-0258(20000815)19:15<2001::AID-SIM1>3.0.CO;2-O", "123"])

    page = asked(search(2, idlist=["123", "nonsense", "456"]), step)

    assert (
        query(step)["term"]
        == '"10.1002/(sici)1097-0258(20000815)19:15<2001::aid-sim1>3.0.co;2-o"[aid] OR 123[uid]'
    )
    assert page.feed.records == ()
    assert query(page.next)["id"] == "123,456"
    assert asked(papers(122, 1), page.next).feed.warnings == ("not at PubMed: 456",)


def test_dois_that_nobody_knows_end_the_question() -> None:
    page = asked(search(0), lookup(["10.5555/nowhere"]))

    assert (page.next, page.total) == (None, 0)


@pytest.mark.parametrize("names", [[], ["neither"], ["10.5555/1"] * 21, ["1"] * 201])
def test_what_cannot_be_asked_for_is_no_question(names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"names|neither"):
        lookup(names)


# -- paging ---------------------------------------------------------------------------------------


def test_a_harvest_is_walked_to_its_end() -> None:
    found = asked(kept(450), first("x", JUNE))
    page_1 = asked(papers(0, 200), found.next)
    page_2 = asked(papers(200, 200), page_1.next)
    page_3 = asked(papers(400, 50), page_2.next)

    assert (found.total, found.feed.records) == (450, ())
    assert query(found.next) == {
        "db": "pubmed", "query_key": "1", "WebEnv": "MCID_1", "retstart": "0", "retmax": "200",
        "retmode": "xml",
    }  # fmt: skip
    assert [query(page.next)["retstart"] for page in (page_1, page_2)] == ["200", "400"]
    assert (page_3.next, page_3.total) == (None, 450)
    assert page_2.next is not None
    assert (page_2.next.seen, page_2.next.pages, page_2.next.scope) == (400, 3, "x")
    assert page_3.feed.records[-1].external_id == "450"


def test_a_search_that_finds_nothing_is_an_honest_end() -> None:
    page = asked(kept(0), first("x", JUNE))

    assert (page.next, page.total) == (None, 0)


def test_numbers_without_a_paper_cost_no_other_paper() -> None:
    found = asked(kept(450), first("x", JUNE))

    page = asked(papers(0, 198), found.next)

    assert query(page.next)["retstart"] == "198"


def test_numbers_without_a_paper_at_the_end_are_told() -> None:
    found = asked(kept(50), first("x", JUNE))

    page = asked(papers(0, 48), found.next)

    assert page.next is None
    assert page.feed.warnings == ("2 of 50 numbers found have no paper",)


def test_a_page_that_is_empty_before_the_end_is_not_the_end() -> None:
    found = asked(kept(450), first("x", JUNE))

    with pytest.raises(AnswerPageEmpty):
        asked(b"<PubmedArticleSet></PubmedArticleSet>", found.next)


def test_a_page_that_comes_again_is_not_the_next() -> None:
    found = asked(kept(450), first("x", JUNE))
    page = asked(papers(0, 200), found.next)

    with pytest.raises(AnswerPageRepeated):
        asked(papers(0, 200), page.next)


def test_a_window_with_too_many_papers_is_searched_in_parts() -> None:
    start = first("x", JUNE)
    whole = asked(kept(12_000), start)
    half = asked(kept(100), whole.next)
    fetched = asked(papers(0, 100), half.next)
    rest = asked(kept(0, webenv="MCID_2"), fetched.next)

    assert query(whole.next)["mindate"] == "2026/06/01"
    assert query(whole.next)["maxdate"] == "2026/06/09"
    assert query(fetched.next)["mindate"] == "2026/06/10"
    assert query(fetched.next)["maxdate"] == "2026/06/18"
    assert fetched.next is not None
    assert (fetched.next.since, fetched.next.seen, fetched.next.total) == ("2026-06-10", 100, 12_000)
    assert (whole.total, rest.next) == (12_000, None)


def test_an_empty_part_of_a_window_leads_to_the_next() -> None:
    whole = asked(kept(12_000), first("x", JUNE))

    page = asked(kept(0), whole.next)

    assert query(page.next)["mindate"] == "2026/06/10"


def test_what_one_day_holds_beyond_the_most_is_told() -> None:
    day = Window(date(2026, 6, 18), date(2026, 6, 18), NOW)

    page = asked(kept(12_000), first("x", day))

    assert page.feed.warnings == ("only the first 9999 of 12000 of 2026-06-18 can be had",)
    assert query(page.next)["retstart"] == "0"


def test_steps_hold_only_json_values() -> None:
    page = asked(kept(12_000), first("x", JUNE))

    assert page.next is not None
    assert all(isinstance(getattr(page.next, name), str | int) for name in page.next.__slots__)


# -- errors in disguise ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error":"API rate limit exceeded","api-key":"SECRET","count":"4","limit":"3"}', FeedThrottled),
        (b'{"error":"API key invalid","api-key":"SECRET"}', FeedSaysError),
        (search(0, ERROR="Invalid db name specified: pubmedd"), FeedSaysError),
        (b'{"header":{"type":"esearch"},"esearchresult":{"ERROR":"too many requests"}}', FeedThrottled),
        (b'{"header":{"type":"esearch"},"esearchresult":{}}', FeedUnreadable),
        (b'{"header":{"type":"esummary"},"result":{}}', AnswerUnknown),
        (b"[]", AnswerUnknown),
        (b"<eFetchResult><ERROR>Cannot process ID list</ERROR></eFetchResult>", FeedSaysError),
        (b"<eFetchResult>API rate limit exceeded</eFetchResult>", FeedThrottled),
        (b"<PubmedArticleSet><ERROR>Empty id list</ERROR></PubmedArticleSet>", FeedSaysError),
        (b"<eSearchResult><Count>1</Count></eSearchResult>", AnswerUnknown),
        (b"<html><head><title>502 Bad Gateway</title></head></html>", FeedIsWebPage),
        (b"<PubmedArticleSet><PubmedArticle>", FeedUnreadable),
        (b"Error occurred: cannot connect", FeedUnreadable),
        (b"", FeedEmptyAnswer),
    ],
)
def test_an_error_dressed_as_an_answer_is_an_error(body: bytes, error: type[FeedError]) -> None:
    with pytest.raises(error) as raised:
        read_saved(CONNECTOR, body)

    assert "SECRET" not in str(raised.value)


def test_a_search_that_was_forgotten_starts_again() -> None:
    found = asked(kept(450), first("x", JUNE))

    with pytest.raises(AnswerTokenExpired):
        asked(b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>", found.next)


def test_a_search_without_its_history_cannot_be_gone_on_with() -> None:
    with pytest.raises(FeedUnreadable):
        asked(search(10), first("x", JUNE))


def test_more_papers_than_an_answer_may_have_are_refused() -> None:
    with pytest.raises(FeedTooManyEntries):
        read_saved(CONNECTOR, papers(0, 3), limits=Limits(entries=2))


def test_what_the_search_did_not_understand_is_told() -> None:
    body = search(3, errorlist={"phrasesnotfound": ["zzz"]}, warninglist={"outputmessages": ["No items."]})

    page = read_saved(CONNECTOR, body)

    assert page.feed.warnings[:2] == ("phrasesnotfound: zzz", "outputmessages: No items.")
    assert (page.next, page.total) == (None, 3)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(["count", "idlist", "ERROR", "webenv", "querykey", "errorlist", "warninglist"])


@settings(max_examples=200, deadline=None)
@given(value=st.dictionaries(MEMBERS, JSON, max_size=7) | JSON, is_harvest=st.booleans())
def test_any_json_is_read_or_refused(*, value: Any, is_harvest: bool) -> None:
    body = json.dumps({"header": {"type": "esearch"}, "esearchresult": value, "error": value}).encode()
    step = first("x", JUNE) if is_harvest else Step(url="")

    for each in (body, json.dumps({"esearchresult": value}).encode(), json.dumps(value).encode()):
        try:
            read(each, step, DEFAULT_LIMITS)
        except FeedError:
            continue


# -- one citation ---------------------------------------------------------------------------------


def citation(article: str = "", beside: str = "", behind: str = "") -> Any:
    body = (
        f"<PubmedArticle><MedlineCitation><PMID>7</PMID><Article>{article}</Article>{beside}</MedlineCitation>"
        f"<PubmedData>{behind}</PubmedData></PubmedArticle>"
    )
    return read_saved(CONNECTOR, body.encode()).feed.records[0]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<ArticleTitle>Waves of the sea.</ArticleTitle>", "Waves of the sea"),
        ("<ArticleTitle>Waves?</ArticleTitle>", "Waves?"),
        ("<ArticleTitle>Waves in the U.S.A.</ArticleTitle>", "Waves in the U.S.A."),
        ("<ArticleTitle>A new <i>Bacillus</i> sp.</ArticleTitle>", "A new <i>Bacillus</i> sp."),
        ("<ArticleTitle>Of <i>E. coli</i>.</ArticleTitle>", "Of <i>E. coli</i>"),
        ("<ArticleTitle>And so on...</ArticleTitle>", "And so on..."),
        ("<ArticleTitle>[Waves].</ArticleTitle>", "Waves"),
        ("<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Ondes.</VernacularTitle>", "Ondes"),
        ("<ArticleTitle/><VernacularTitle>Ondes.</VernacularTitle>", "Ondes"),
        ("<Book><BookTitle>Genes</BookTitle></Book>", "Genes"),
        ("", ""),
    ],
)
def test_a_title_is_without_pubmeds_marks(written: str, title: str) -> None:
    assert citation(written).title.value == title


@pytest.mark.parametrize(
    ("types", "kind", "first_type"),
    [
        (["Journal Article"], "", "Journal Article"),
        (["Journal Article", "Review"], "review", "Review"),
        (["English Abstract", "Editorial"], "editorial", "Editorial"),
        (["Journal Article", "Retraction of Publication"], "retraction", "Retraction of Publication"),
        (["Retracted Publication", "Journal Article"], "", "Journal Article"),
        (["Preprint"], "preprint", "Preprint"),
        (["Published Erratum"], "correction", "Published Erratum"),
    ],
)
def test_the_telling_type_comes_first(types: list[str], kind: str, first_type: str) -> None:
    listed = "".join(f"<PublicationType>{one}</PublicationType>" for one in types)

    record = citation(f"<PublicationTypeList>{listed}</PublicationTypeList>")

    assert (record.first("hub:kind"), record.first("dc:type")) == (kind, first_type)
    assert record.first("hub:retracted") == ("yes" if "Retracted Publication" in types else "")


@pytest.mark.parametrize(
    ("kind", "source", "pmid", "types", "said"),
    [
        ("ErratumIn", "A", "1", "", "corrected-by pmid:1"),
        ("ErratumFor", "A", "1", "", "corrects pmid:1"),
        ("RetractionOf", "A", "1", "", "retracts pmid:1"),
        ("ExpressionOfConcernIn", "A. doi: 10.5555/1.", "", "", "concern-raised-by doi:10.5555/1"),
        ("UpdateIn", "A", "1", "Preprint", "preprint-of pmid:1"),
        ("UpdateOf", "medRxiv. 2026", "1", "", "has-preprint pmid:1"),
        ("UpdateOf", "Cochrane Database. 2020", "1", "", "version-of pmid:1"),
        ("CommentOn", "A", "1", "News", "about pmid:1"),
        ("CommentOn", "A", "1", "Letter", ""),
        ("Cites", "A", "1", "", ""),
        ("ErratumIn", "A", "", "", ""),
    ],
)
def test_relations_are_said_in_our_words(kind: str, source: str, pmid: str, types: str, said: str) -> None:
    one = (
        f"<CommentsCorrections RefType='{kind}'><RefSource>{source}</RefSource>"
        f"<PMID>{pmid}</PMID></CommentsCorrections>"
    )

    record = citation(
        f"<PublicationTypeList><PublicationType>{types}</PublicationType></PublicationTypeList>",
        f"<CommentsCorrectionsList>{one}</CommentsCorrectionsList>",
    )

    assert record.first("hub:relation") == said
    assert bool(record.first(f"pubmed:{kind}")) == (not said and kind != "Cites")


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ("<ArticleDate><Year>2026</Year><Month>06</Month><Day>18</Day></ArticleDate>", "2026-06-18"),
        (
            "<Journal><JournalIssue><PubDate><Year>2026</Year><Month>Jul</Month></PubDate></JournalIssue></Journal>",
            "2026-07",
        ),
        (
            (
                "<Journal><JournalIssue><PubDate><MedlineDate>2019 Nov-Dec</MedlineDate></PubDate>"
                "</JournalIssue></Journal>"
            ),
            "2019-11",
        ),
        (
            "<Journal><JournalIssue><PubDate><Year>2019</Year><Season>Winter</Season></PubDate></JournalIssue></Journal>",
            "2019",
        ),
    ],
)
def test_online_comes_before_the_issue(dates: str, published: str) -> None:
    assert citation(dates).published == published


@pytest.mark.parametrize(
    ("abstract", "summary", "whole"),
    [
        ("<AbstractText>One &lt; two.</AbstractText>", "<p>One &lt; two.</p>", "whole"),
        ("<AbstractText Label='AIM'>One.</AbstractText>", "<p><b>AIM:</b> One.</p>", "whole"),
        ("<AbstractText Label='WHY?'>One.</AbstractText>", "<p><b>WHY?</b> One.</p>", "whole"),
        ("<AbstractText Label='AIM'/><AbstractText>One.</AbstractText>", "<p>One.</p>", "whole"),
        (
            "<AbstractText Label='AIM'><p>One.</p><p>Two.</p></AbstractText>",
            "<p><b>AIM:</b> One.</p><p>Two.</p>",
            "whole",
        ),
        ("", "<p>Other.</p>", ""),
    ],
)
def test_labels_begin_their_sections(abstract: str, summary: str, whole: str) -> None:
    other = (
        "<OtherAbstract Language='spa'><AbstractText>Otro.</AbstractText></OtherAbstract>"
        "<OtherAbstract><AbstractText>Other.</AbstractText></OtherAbstract>"
    )

    record = citation(f"<Abstract>{abstract}</Abstract>", other)

    assert (record.summary.value, record.first("hub:abstract")) == (summary, whole)


def test_the_journals_name_is_without_the_catalogues_additions() -> None:
    names = ("Science (New York, N.Y.)", "Spine : official publication", "PloS one")

    found = [
        citation(f"<Journal><Title>{name}</Title></Journal>").first("prism:publicationName") for name in names
    ]

    assert found == ["Science", "Spine", "PloS one"]


def test_the_linking_issn_stands_in_for_the_printed_one() -> None:
    linking = "<MedlineJournalInfo><ISSNLinking>0028-0836</ISSNLinking></MedlineJournalInfo>"

    record = citation("<Journal><ISSN IssnType='Electronic'>1476-4687</ISSN></Journal>", linking)

    assert (record.first("prism:issn"), record.first("prism:eIssn")) == ("0028-0836", "1476-4687")


def test_editors_of_a_book_are_no_authors() -> None:
    record = citation("<AuthorList Type='editors'><Author><LastName>E</LastName></Author></AuthorList>")

    assert record.authors == ()


def test_identifiers_that_are_none_are_left_out() -> None:
    ids = (
        "<ArticleIdList><ArticleId IdType='pmc'>none</ArticleId>"
        "<ArticleId IdType='doi'>none</ArticleId></ArticleIdList>"
    )
    place = (
        "<ELocationID EIdType='pii'>e7</ELocationID><AuthorList><Author>"
        "<LastName>L</LastName><Identifier Source='ORCID'>1</Identifier></Author><Author/></AuthorList>"
    )

    record = citation(place, behind=ids)

    assert (record.first("hub:pmcid"), record.first("prism:doi")) == ("", "")
    assert (record.first("prism:startingPage"), record.authors[0].uri, len(record.authors)) == ("e7", "", 1)


@pytest.mark.parametrize(
    "entry", ["<PubmedArticle/>", "<PubmedArticle><MedlineCitation/></PubmedArticle>", "<Other/>"]
)
def test_a_citation_that_cannot_be_read_does_not_stop_the_next(entry: str) -> None:
    body = papers(0, 1).replace(b"<PubmedArticleSet>", f"<PubmedArticleSet>{entry}".encode())

    page = read_saved(CONNECTOR, body)

    assert [one.position for one in page.feed.rejected] == [0]
    assert [one.position for one in page.feed.records] == [1]


def test_only_answers_of_the_utilities_are_recognised() -> None:
    assert CONNECTOR.recognises_json is not None
    assert CONNECTOR.recognises_xml is not None
    assert CONNECTOR.recognises_json(json.loads(search(1)))
    assert CONNECTOR.recognises_json({"error": "x", "api-key": "x", "count": "4", "limit": "3"})
    assert CONNECTOR.recognises_xml("PubmedArticleSet")
    assert not CONNECTOR.recognises_json({"header": {"type": "esearch"}})
    assert not CONNECTOR.recognises_json({"error": "x"})
    assert not CONNECTOR.recognises_json([])
    assert not CONNECTOR.recognises_xml("pmc-articleset")
