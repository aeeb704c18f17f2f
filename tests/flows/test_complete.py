"""What a feed left out is asked of those who know, in turn; and each field says whom it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.db.tables import manifestations, merges, wanted, works
from academichub.flows.completing import CHAINS, ROUNDS
from academichub.model.shelf import Account, FetchStatus
from academichub.store import reading
from tests.fakes.answers import (
    ABSTRACT,
    ARXIV_API,
    CROSSREF,
    EUROPE_PMC,
    OPENALEX,
    SEMANTIC_SCHOLAR,
    TEASER,
    arxiv_feed,
    atom,
    crossref_list,
    crossref_one,
    crossref_work,
    europepmc_list,
    europepmc_paper,
    journal_feed,
    journal_item,
    openalex_list,
    openalex_work,
    semanticscholar_batch,
    semanticscholar_paper,
    title_of,
)
from tests.fakes.completing import (
    DOI,
    FEED,
    FEED_PAGE,
    ONE,
    ONE_AT_OPENALEX,
    OTHER,
    PEOPLE,
    PII,
    PII_LINK,
    asked_of,
    complete,
    people,
    plain,
    shelve,
    the_paper,
    waiting,
)
from tests.fakes.house import FRIDAY, KEY, SCRIPT
from tests.fakes.web import Page

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb


# -- what is filled in -------------------------------------------------------------------------------


def test_abstract_and_authors_are_filled_in_and_say_whom_they_are_from(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))

    done = complete(house)

    assert (done.provider, done.asked, done.completed, done.error) == ("crossref", 1, 1, None)
    draft, origins = the_paper(house)
    assert (plain(draft), people(draft)) == (ABSTRACT.strip(), ["Ada Lind", "Bo Chen"])
    assert (origins["abstract"], origins["authors"]) == ("crossref", "crossref")
    assert waiting(house) == []
    (card,) = house.page().cards
    assert card.abstract_html is not None
    with house.database.reading() as connection:
        page = reading.paper_page(connection, card.work_id)
    assert {(one.field, one.provider) for one in page.origins} >= {("abstract", "crossref")}
    (line,) = house.log("service:crossref")
    assert (line.status, line.account) == (FetchStatus.OK, Account(received=1, revised=1))


def test_a_teaser_gives_way_to_an_abstract(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI, text=TEASER, authors=PEOPLE))
    assert waiting(house) == [("doi", DOI, 0, 0)]
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT)))

    complete(house)

    draft, origins = the_paper(house)
    assert (plain(draft), draft.is_teaser) == (ABSTRACT.strip(), False)
    assert people(draft) == ["Ada Lind", "Bo Chen"]
    assert "authors" not in origins


def test_each_is_asked_for_what_the_one_before_did_not_know(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, crossref_one(crossref_work(DOI, authors=PEOPLE)))
    web.put(ONE_AT_OPENALEX, Page(openalex_list(openalex_work(DOI, abstract=ABSTRACT)).body))

    first = complete(house, stage=0)
    assert waiting(house) == [("doi", DOI, 1, 0)]
    second = complete(house, stage=1)

    assert (first.completed, second.completed) == (1, 1)
    draft, origins = the_paper(house)
    assert plain(draft) == ABSTRACT.strip()
    assert (origins["abstract"], origins["authors"]) == ("openalex", "crossref")
    assert waiting(house) == []


def test_a_provider_that_does_not_know_the_journal_does_not_take_its_place(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(ONE, Page(b"", status=404))
    complete(house)
    web.put(ONE_AT_OPENALEX, openalex_list(openalex_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))

    complete(house, stage=1)

    draft, origins = the_paper(house)
    assert (draft.venue, origins.get("venue")) == ("Journal of Made-Up Lamps", None)
    assert [card.venue for card in house.page().cards] == ["Journal of Made-Up Lamps"]


LATER = {
    2: (EUROPE_PMC, europepmc_list(europepmc_paper(DOI, abstract=ABSTRACT, authors=PEOPLE))),
    3: (
        SEMANTIC_SCHOLAR,
        semanticscholar_batch(semanticscholar_paper(doi=DOI, abstract=ABSTRACT, authors=PEOPLE)),
    ),
}


@pytest.mark.parametrize("stage", LATER, ids=["europepmc", "semanticscholar"])
def test_the_last_two_of_the_chain_know_abstracts_too(house: House, web: FakeWeb, stage: int) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(OPENALEX, Page(b"", status=404))
    for earlier in range(stage):
        if earlier == 2:
            web.put(EUROPE_PMC, europepmc_list())
        complete(house, stage=earlier)
    path, page = LATER[stage]
    web.put(path, page)

    done = complete(house, stage=stage)

    assert (done.completed, done.account) == (1, Account(received=1, revised=1))
    draft, origins = the_paper(house)
    assert plain(draft) == ABSTRACT.strip()
    assert origins["abstract"] == CHAINS["doi"][stage]
    assert waiting(house) == []


def test_many_are_asked_for_in_one_question_and_strangers_in_the_answer_change_nothing(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, journal_item(DOI), journal_item(OTHER))
    web.put(
        f"{CROSSREF}/works",
        crossref_list(
            crossref_work(OTHER, abstract=ABSTRACT, authors=PEOPLE),
            crossref_work("10.5555/stranger", abstract=ABSTRACT),
            crossref_work("10.5555/untitled") | {"title": []},
        ),
    )

    done = complete(house)

    assert done.account == Account(received=3, revised=1, unchanged=1, rejected=1)
    (path,) = asked_of(web, "api.crossref.org")
    assert path.endswith("works?filter=doi:10.5555/lamp.1,doi:10.5555/lamp.2&rows=2")
    assert [row.error_code for row in house.quarantine("service:crossref")] == ["record.untitled"]
    assert waiting(house) == [("doi", DOI, 1, 0)]
    assert len(house.rows(works)) == 2


def test_one_answer_that_completes_two_copies_is_counted_once(house: House, web: FakeWeb) -> None:
    web.put("//news.example/feed", journal_feed(journal_item(DOI, link="https://news.example/lamp")))
    shelve(house, web, journal_item(DOI))
    house.refresh(house.subscribe("https://news.example/feed"))
    assert waiting(house) == [("doi", DOI, 0, 0)] * 2
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))

    done = complete(house)

    assert (done.asked, done.completed, done.account) == (2, 2, Account(received=1, revised=1))
    assert waiting(house) == []
    assert {row.abstract_plain for row in house.rows(manifestations)} == {ABSTRACT.strip()}


# -- who is never asked about ------------------------------------------------------------------------


def test_a_paper_that_has_all_is_never_asked_about(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item(DOI, text=ABSTRACT, authors=PEOPLE))

    done = complete(house)

    assert (done.asked, waiting(house)) == (0, [])
    assert asked_of(web, "api.crossref.org") == []


def test_a_paper_that_got_all_from_another_feed_meanwhile_is_struck_off_unasked(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, journal_item(DOI), journal_item(OTHER))
    web.put("//lamps.example/full", journal_feed(journal_item(DOI, text=ABSTRACT, authors=PEOPLE)))
    house.refresh(house.subscribe("https://lamps.example/full"))
    web.put(f"{CROSSREF}/works/10.5555%2Flamp.2", Page(b"Resource not found.", status=404))

    done = complete(house)

    assert done.asked == 1
    assert [path.rpartition("/")[2] for path in asked_of(web, "api.crossref.org")] == ["10.5555%2Flamp.2"]
    assert waiting(house) == [("doi", OTHER, 1, 0)]


def test_a_provider_is_not_asked_at_once_about_what_it_brought_itself(house: House, web: FakeWeb) -> None:
    web.put(f"{CROSSREF}/journals/2521-327X/works", crossref_list(crossref_work(DOI)))
    house.subscribe("quantum")
    house.refresh("quantum")
    web.put(EUROPE_PMC, europepmc_list())
    web.put(SEMANTIC_SCHOLAR, semanticscholar_batch(None))

    asked = [complete(house, stage=stage).asked for stage in range(4)]
    house.clock.forward(days=7)
    a_week_later = complete(house).asked

    assert (asked, a_week_later) == ([0, 1, 1, 1], 1)


# -- the feed speaks again ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        journal_item(DOI, text=TEASER),
        journal_item(DOI, text=TEASER + " Twice."),
        journal_item(DOI, text="", title="Lamps, counted again"),
    ],
    ids=["unchanged", "another teaser", "a corrected title"],
)
def test_the_feeds_next_answer_does_not_take_the_abstract_away(
    house: House, web: FakeWeb, again: str
) -> None:
    shelve(house, web, journal_item(DOI, text=TEASER))
    web.put(ONE, crossref_one(crossref_work(DOI, abstract=ABSTRACT, authors=PEOPLE)))
    complete(house)
    key = house.subscribe(FEED)

    for text in (again, journal_item(DOI, text=TEASER)):
        web.put(FEED_PAGE, journal_feed(text, journal_item(OTHER)))
        outcome = house.refresh(key)
        assert outcome.account.balances

    draft, origins = the_paper(house)
    assert (plain(draft), draft.is_teaser, people(draft)) == (
        ABSTRACT.strip(),
        False,
        ["Ada Lind", "Bo Chen"],
    )
    assert (origins["abstract"], origins["authors"]) == ("crossref", "crossref")
    assert [row.value for row in house.rows(wanted)] == [OTHER]


# -- nobody knows ------------------------------------------------------------------------------------


def test_what_nobody_knows_is_asked_again_in_a_week_three_times_and_then_never(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, journal_item(DOI))
    web.put(EUROPE_PMC, europepmc_list())
    web.put(SEMANTIC_SCHOLAR, semanticscholar_batch(None))
    for page in (CROSSREF, OPENALEX):
        web.put(page, Page(b"", status=404))
    days = []

    for _ in range(40):
        asked = sum(complete(house, stage=stage).asked for stage in range(4))
        if asked:
            days.append((house.clock() - FRIDAY).days)
            assert asked == 4
        house.clock.forward(days=1)

    assert days == [0, 7, 21]
    assert waiting(house) == []
    hosts = [visit.host for visit in web.visits if visit.host != "lamps.example"]
    chain = ["api.crossref.org", "api.openalex.org", "www.ebi.ac.uk", "api.semanticscholar.org"]
    assert hosts == chain * ROUNDS


# -- other names -------------------------------------------------------------------------------------


def test_an_elsevier_paper_gets_its_doi_by_its_pii_and_then_its_abstract_by_its_doi(
    house: House, web: FakeWeb
) -> None:
    shelve(house, web, journal_item("", link=PII_LINK, title="Lamps of the north"))
    assert waiting(house) == [("pii", PII, 0, 0)]
    work = crossref_work(DOI, title="Lamps of the north", authors=PEOPLE) | {"alternative-id": [PII]}
    web.put(f"{CROSSREF}/works", crossref_list(work))
    web.put(ONE_AT_OPENALEX, openalex_list(openalex_work(DOI, abstract=ABSTRACT)))

    first = complete(house, "pii")
    assert waiting(house) == [("doi", DOI, 1, 0)]  # Crossref has been asked
    second = complete(house, "doi", 1)

    assert asked_of(web, "api.crossref.org") == [f"/v1/works?filter=alternative-id:{PII}&rows=2"]
    assert (first.account, second.completed) == (Account(received=1, revised=1), 1)
    draft, origins = the_paper(house)
    assert (draft.identifiers.doi, plain(draft)) == (DOI, ABSTRACT.strip())
    assert (origins["identifiers"], origins["abstract"]) == ("openalex", "openalex")
    assert waiting(house) == []


@pytest.mark.parametrize("count", [0, 2])
def test_a_pii_that_nobody_has_or_two_have_says_nothing(house: House, web: FakeWeb, count: int) -> None:
    shelve(house, web, journal_item("", link=PII_LINK))
    web.put(f"{CROSSREF}/works", crossref_list(*[crossref_work(f"10.5555/{one}") for one in range(count)]))

    done = complete(house, "pii")

    assert done.account == Account(received=count, unchanged=count)
    assert waiting(house) == [("pii", PII, 0, 1)]
    assert the_paper(house)[0].identifiers.doi is None


def test_an_outage_of_the_only_one_who_knows_uses_up_no_round(house: House, web: FakeWeb) -> None:
    shelve(house, web, journal_item("", link=PII_LINK))
    web.put(f"{CROSSREF}/works", Page(b"", status=500))

    for _ in range(5):
        complete(house, "pii")
        house.clock.forward(days=2)

    assert waiting(house) == [("pii", PII, 0, 0)]


def test_an_arxiv_paper_is_asked_of_arxiv_and_then_of_semantic_scholar(house: House, web: FakeWeb) -> None:
    day = FRIDAY.date()
    web.put(SCRIPT, arxiv_feed({"2606.10001v1": "new", "2606.10002v1": "new"}, on=day, authors=""))
    house.subscribe()
    house.refresh(KEY)
    web.put(ARXIV_API, atom("2606.10001v1"))
    known = semanticscholar_paper(arxiv="2606.10002", authors="Cy Dahl")
    web.put(SEMANTIC_SCHOLAR, semanticscholar_batch(known))

    first, second = complete(house, "arxiv", 0), complete(house, "arxiv", 1)

    assert (first.completed, second.completed) == (1, 1)
    assert web.visits[-1].posted == '{"ids": ["ARXIV:2606.10002"]}'
    assert [people(the_paper(house, number)[0]) for number in (1, 2)] == [["Ada Lind"], ["Cy Dahl"]]
    assert the_paper(house, 1)[1]["authors"] == "arxivapi"
    assert waiting(house) == []


# -- what is learnt ties works together --------------------------------------------------------------


def test_a_doi_that_is_learnt_makes_two_works_one(house: House, web: FakeWeb) -> None:
    web.put("//other.example/feed", journal_feed(journal_item(DOI, title=title_of(7), authors=PEOPLE)))
    house.refresh(house.subscribe("https://other.example/feed"))
    shelve(house, web, journal_item("", link=PII_LINK, title=title_of(8)))
    assert len(house.rows(works)) == 2
    web.put(f"{CROSSREF}/works", crossref_list(crossref_work(DOI, title=title_of(7), abstract=ABSTRACT)))

    complete(house, "pii")

    (work,) = house.rows(works)
    assert (work.id, work.manifestation_count) == (1, 2)
    assert [row.because for row in house.rows(merges)] == ["completed"]
    assert {row.work_id for row in house.rows(manifestations)} == {1}


def test_two_of_one_answer_that_learn_the_same_name_become_one(house: House, web: FakeWeb) -> None:
    names = ("2606.10001v1", "2606.10002v1")
    web.put(SCRIPT, arxiv_feed(dict.fromkeys(names, "new"), on=FRIDAY.date(), authors=""))
    house.subscribe()
    house.refresh(KEY)
    web.put(ARXIV_API, atom(*names, doi=DOI))

    done = complete(house, "arxiv")

    assert done.account == Account(received=2, revised=2)
    (work,) = house.rows(works)
    assert work.manifestation_count == 2
