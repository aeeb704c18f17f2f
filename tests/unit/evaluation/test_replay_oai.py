from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from lxml import etree

from evaluation.replay import (
    BigStock,
    OaiServer,
    PaperRecord,
    Plan,
    PlanStock,
    Question,
    Troubles,
    make_plan,
)
from evaluation.replay.oaipages import set_of, submitted_at
from evaluation.replay.script import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OAI = "{http://www.openarchives.org/OAI/2.0/}"
FIRST, LAST = date(2026, 5, 4), date(2026, 5, 15)
CATEGORIES = (("cs.CV",), ("cs.CV", "cs.LG"), ("cs.LG", "stat.ML"), ("eess.SY", "cs.LG"), ("hep-th",))
NOON = datetime(2026, 5, 13, 16, tzinfo=UTC)


def a_paper(number: int, seen_on: date | None = None) -> PaperRecord:
    return PaperRecord(
        arxiv_id=f"2605.{number:05d}",
        title=f"On Thing {number}\n  & its $a<b$",
        abstract=f"We study thing {number}.",
        authors=("Ada van Field", "Bo Park Jr.", "Collaboration"),
        categories=CATEGORIES[number % len(CATEGORIES)],
        comment="" if number % 2 else "4 pages",
        seen_on=seen_on,
    )


@pytest.fixture(scope="module")
def plan() -> Plan:
    old = (a_paper(number + 50_000, date(2026, 3, 2)) for number in range(60))
    fresh = (a_paper(number, FIRST + timedelta(days=number // 10)) for number in range(120))
    return make_plan(itertools.chain(old, fresh), first=FIRST, last=LAST, seed=5, troubles=Troubles())


def ask(query: str, now: datetime = NOON, **changes: Any) -> Question:
    return Question("oaipmh.arxiv.org", "/oai", fields_of(query), f"/oai?{query}", now, **changes)


def page(server: OaiServer, query: str, now: datetime = NOON, **changes: Any) -> Any:
    answer = server(ask(query, now, **changes))
    assert answer is not None
    assert answer.status == 200
    return etree.fromstring(answer.body)


def error_of(root: Any) -> str | None:
    error = root.find(f"{OAI}error")
    return None if error is None else str(error.get("code"))


def harvest(server: OaiServer, query: str, now: datetime = NOON) -> Iterator[list[str]]:
    """Walk through a list to its end; gives the identifiers of each page."""
    query = f"verb=ListRecords&metadataPrefix=arXiv&{query}"
    while True:
        root = page(server, query, now)
        assert error_of(root) is None
        yield [one.text.removeprefix("oai:arXiv.org:") for one in root.iter(f"{OAI}identifier")]
        token = root.find(f".//{OAI}resumptionToken")
        if token is None or not token.text:
            return
        query = f"verb=ListRecords&resumptionToken={quote(token.text)}"


# -- harvests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_a_harvest_brings_every_paper_once_whatever_the_size_of_its_pages(plan: Plan, size: int) -> None:
    stock = PlanStock(plan)
    wanted = [one.arxiv_id for one in stock.records(NOON) if one.datestamp >= date(2026, 5, 7)]

    pages = list(harvest(OaiServer(stock, page_size=size), "from=2026-05-07"))

    assert list(itertools.chain.from_iterable(pages)) == wanted
    assert all(len(one) == size for one in pages[:-1])


def test_a_harvest_since_a_missed_day_brings_its_batch(plan: Plan) -> None:
    day = date(2026, 5, 12)
    announced = {one.arxiv_id: one.version for one in plan.announced(day, "cs.LG")}

    found = set(
        itertools.chain.from_iterable(harvest(OaiServer(PlanStock(plan)), f"from={day}&set=cs:cs:LG"))
    )

    assert announced.keys() <= found
    known = plan.works(NOON.date(), "cs.LG", way="oai")
    assert found <= known.keys()


def test_a_batch_is_there_from_half_past_ten_in_the_evening_before(plan: Plan) -> None:
    server = OaiServer(PlanStock(plan))
    evening = datetime(2026, 5, 13, 2, 29, tzinfo=UTC)  # 22:29 Eastern

    before = page(server, "verb=ListRecords&metadataPrefix=arXiv&from=2026-05-13", evening)
    after = page(
        server, "verb=ListRecords&metadataPrefix=arXiv&from=2026-05-13", evening + timedelta(minutes=1)
    )

    assert error_of(before) == "noRecordsMatch"
    assert error_of(after) is None


def test_only_the_latest_version_is_shown_with_the_history_of_all(plan: Plan) -> None:
    newest = {
        one.paper.arxiv_id: one for batch in plan.batches.values() for one in batch if one.on <= NOON.date()
    }
    replaced = next(one for one in newest.values() if one.version >= 3)

    root = page(
        OaiServer(PlanStock(plan)),
        f"verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:{replaced.paper.arxiv_id}",
    )

    versions = root.findall(".//{*}version")
    dates = [parsedate_to_datetime(one.findtext("{*}date")) for one in versions]
    assert [one.get("version") for one in versions] == [
        f"v{number + 1}" for number in range(replaced.version)
    ]
    assert dates == sorted(dates)
    assert root.findtext(".//{*}abstract") == replaced.paper.abstract_of(replaced.version)
    assert root.findtext(f".//{OAI}datestamp") == str(replaced.on)


# -- tokens -----------------------------------------------------------------------------------------


def a_token(server: OaiServer, now: datetime = NOON) -> Any:
    return page(server, "verb=ListRecords&metadataPrefix=arXiv", now).find(f".//{OAI}resumptionToken")


def test_a_token_has_no_cursor_and_no_total_and_is_good_until_midnight(plan: Plan) -> None:
    server = OaiServer(PlanStock(plan), page_size=5)
    token = a_token(server)
    resumed = f"verb=ListRecords&resumptionToken={quote(token.text)}"

    just_before = page(server, resumed, datetime(2026, 5, 13, 23, 59, 59, tzinfo=UTC))
    at_midnight = page(server, resumed, datetime(2026, 5, 14, tzinfo=UTC))

    assert dict(token.attrib) == {"expires": "2026-05-14T00:00:00Z"}
    assert error_of(just_before) is None
    assert error_of(at_midnight) == "badResumptionToken"


def test_the_last_page_of_several_ends_with_an_empty_token_and_a_single_page_with_none(plan: Plan) -> None:
    server = OaiServer(PlanStock(plan), page_size=100_000)
    whole = page(server, "verb=ListRecords&metadataPrefix=arXiv")
    first = OaiServer(PlanStock(plan), page_size=len(whole.findall(f".//{OAI}record")) - 1)

    last = page(first, f"verb=ListRecords&resumptionToken={quote(a_token(first).text)}")

    assert whole.find(f".//{OAI}resumptionToken") is None
    assert last.find(f".//{OAI}resumptionToken").text is None
    assert len(last.findall(f".//{OAI}record")) == 1


@pytest.mark.parametrize(
    "token", ["", "x", "verb%3DListRecords", "verb%3DListRecords%26skip%3Dmany", "%26" * 300]
)
def test_a_token_that_is_none_is_bad(plan: Plan, token: str) -> None:
    root = page(OaiServer(PlanStock(plan)), f"verb=ListRecords&resumptionToken={quote(token)}")

    assert error_of(root) == "badResumptionToken"


def test_a_token_of_another_verb_is_bad(plan: Plan) -> None:
    server = OaiServer(PlanStock(plan), page_size=5)

    root = page(server, f"verb=ListIdentifiers&resumptionToken={quote(a_token(server).text)}")

    assert error_of(root) == "badResumptionToken"


def test_a_fault_can_change_the_size_of_a_page_without_losing_anything(plan: Plan) -> None:
    server = OaiServer(PlanStock(plan), page_size=10)
    query = "verb=ListRecords&metadataPrefix=arXiv&from=2026-05-07"

    short = page(server, query, page_size=4)
    token = short.find(f".//{OAI}resumptionToken").text
    rest = page(server, f"verb=ListRecords&resumptionToken={quote(token)}")

    ten, more = itertools.islice(harvest(server, "from=2026-05-07"), 2)
    seen = [
        one.text.removeprefix("oai:arXiv.org:")
        for root in (short, rest)
        for one in root.iter(f"{OAI}identifier")
    ]
    assert seen == [*ten, *more][:14]


# -- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Dance", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2005-09-15", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2026-05-12&until=2026-05-11", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&until=2026-06-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&set=cs:cs:ZZ", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&set=math", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=arXiv&cursor=1", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&resumptionToken=x", "badArgument"),
        ("verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:9999.99999", "idDoesNotExist"),
    ],
)
def test_each_error_of_the_protocol_is_a_good_answer_with_its_code(plan: Plan, query: str, code: str) -> None:
    assert error_of(page(OaiServer(PlanStock(plan)), query)) == code


def test_the_repository_describes_itself_its_formats_and_its_sets(plan: Plan) -> None:
    server = OaiServer(PlanStock(plan))

    identity = page(server, "verb=Identify")
    formats = page(server, "verb=ListMetadataFormats")
    sets = [one.text for one in page(server, "verb=ListSets").iter(f"{OAI}setSpec")]

    assert identity.findtext(f".//{OAI}granularity") == "YYYY-MM-DD"
    assert [one.text for one in formats.iter(f"{OAI}metadataPrefix")] == ["arXiv", "arXivRaw"]
    assert {"cs", "cs:cs", "cs:cs:CV", "physics", "physics:hep-th", "physics:cond-mat:mtrl-sci"} <= set(sets)


def test_a_question_can_be_posted(plan: Plan) -> None:
    root = page(
        OaiServer(PlanStock(plan)), "", method="POST", body=b"verb=ListIdentifiers&metadataPrefix=arXiv"
    )

    assert error_of(root) is None
    assert root.find(f".//{OAI}metadata") is None
    assert root.find(f".//{OAI}header") is not None


def test_the_old_address_leads_to_the_new_one(plan: Plan) -> None:
    server = OaiServer(PlanStock(plan))
    question = Question("export.arxiv.org", "/oai2", {"verb": "Identify"}, "/oai2?verb=Identify", NOON)

    answer = server(question)

    assert answer is not None
    assert (answer.status, answer.headers) == (
        301,
        (("Location", "https://oaipmh.arxiv.org/oai?verb=Identify"),),
    )
    assert server(Question("export.arxiv.org", "/api/query", {}, "/api/query", NOON)) is None
    assert server(Question("oaipmh.arxiv.org", "/", {}, "/", NOON)) is None


# -- forms ------------------------------------------------------------------------------------------


def test_sets_are_named_by_group_archive_and_category() -> None:
    assert [set_of(name) for name in ("cs.CV", "hep-th", "math-ph", "stat.ML", "no.NE")] == [
        "cs:cs:CV",
        "physics:hep-th",
        "physics:math-ph",
        "stat:stat:ML",
        "no.NE",
    ]


@pytest.mark.parametrize("name", ["cs:cs:SY", "eess:eess:SY"])
def test_papers_of_merged_categories_are_in_both_sets(plan: Plan, name: str) -> None:
    server = OaiServer(PlanStock(plan))

    found = list(itertools.chain.from_iterable(harvest(server, f"set={name}&from=2026-05-04")))

    assert found


def test_authors_are_parted_into_names_and_suffixes() -> None:
    server = OaiServer(BigStock([a_paper(1)], 1))

    root = page(server, "verb=ListRecords&metadataPrefix=arXiv")

    authors = [{one.tag.partition("}")[2]: one.text for one in author} for author in root.iter("{*}author")]
    assert authors == [
        {"keyname": "Field", "forenames": "Ada van"},
        {"keyname": "Park", "forenames": "Bo", "suffix": "Jr."},
        {"keyname": "Collaboration"},
    ]


def test_a_raw_record_has_the_elements_of_a_real_one_in_their_order(data: Callable[[str], Path]) -> None:
    real = etree.parse(data("captures/oai_pmh/arxivraw_2026/youk_page1_first_record.xml")).getroot()
    made = page(OaiServer(BigStock([a_paper(1)], 1)), "verb=ListRecords&metadataPrefix=arXivRaw&set=cs:cs:LG")

    def shape(root: Any) -> list[str]:
        record = root.find(".//{*}arXivRaw")
        return [one.tag for one in record if not one.tag.endswith("}comments")]

    def heads(root: Any) -> list[str]:
        return list(dict.fromkeys(one.tag for one in root.find(f".//{OAI}header")))

    assert shape(made) == shape(real)
    assert heads(made) == heads(real)


def test_a_version_is_sent_before_the_cutoff_of_the_working_day_before() -> None:
    monday, tuesday = date(2026, 5, 11), date(2026, 5, 12)

    for words in map(str, range(50)):
        assert datetime(2026, 5, 7, 18, tzinfo=UTC) <= submitted_at(monday, words)
        assert submitted_at(monday, words) <= datetime(2026, 5, 8, 18, tzinfo=UTC)  # Friday 14:00 Eastern
        assert submitted_at(tuesday, words) <= datetime(2026, 5, 11, 18, tzinfo=UTC)


# -- many -------------------------------------------------------------------------------------------


def test_a_big_stock_repeats_its_papers_under_new_names_in_order_of_time() -> None:
    stock = BigStock([a_paper(number) for number in range(7)], 25_000, days=100)
    records = stock.records(NOON)

    names = list(stock.ids())

    assert len(records) == len(set(names)) == 25_000
    assert names == sorted(names)
    assert [records[place].arxiv_id for place in (0, 9_999, 10_000, 24_999)] == [
        "1501.90000",
        "1501.99999",
        "1502.90000",
        "1503.94999",
    ]
    assert records[0].datestamp == date(2020, 1, 1)
    assert records[24_999].datestamp == date(2020, 4, 9)
    assert [one.paper.title for one in records[7:9]] == [a_paper(0).title, a_paper(1).title]
    with pytest.raises(IndexError):
        records[25_000]


def test_a_stock_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="wants papers"):
        BigStock([], 10)
