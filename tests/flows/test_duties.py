"""Who is subscribed, and who is sent for when: a turn is one fetch, however many look round."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from academichub.db.tables import sources, wanted, works
from academichub.errors import AddressForbidden, AddressMalformed, CategoryUnknown, SourceUnknown
from academichub.flows.asking import Tariff
from academichub.flows.briefingdesk import BriefingDesk, KeptBriefings
from academichub.flows.duties import (
    BELONG,
    BRIEF,
    BRIEF_ROUND,
    COMPLETE,
    EMBED,
    FETCH_QUEUE,
    HARVEST_SECONDS,
    HEAL,
    KEEP_DAYS,
    LOOK_ROUND,
    ON_THE_WAY,
    RANK,
    RECONCILE,
    REFRESH,
    RENDER,
    TEXTS,
    THINK_QUEUE,
    TIE,
    Duties,
    send_for,
)
from academichub.flows.radardesk import Kept
from academichub.flows.subscribing import subscribe, subscribe_starters
from academichub.jobs.desk import Desk
from academichub.model.shelf import Health
from academichub.store import sources as shelf
from academichub.store.ledger import Caps
from tests.fakes.answers import (
    ARXIV_API,
    CROSSREF,
    OAI,
    arxiv_feed,
    atom,
    crossref_list,
    journal_feed,
    journal_item,
    listing,
    oai_page,
    raw_record,
)
from tests.fakes.completing import FEED, FEED_PAGE
from tests.fakes.house import FRIDAY, KEY, SCRIPT
from tests.fakes.web import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.jobs.job import JobStatus
    from academichub.store.sources import Subscription
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

NATURE = b'<rss version="2.0"><channel><title>Nature</title></channel></rss>'


def keys(house: House) -> list[str]:
    with house.database.reading() as connection:
        return [one.key for one in shelf.subscriptions(connection)]


def due(house: House) -> list[Subscription]:
    with house.database.reading() as connection:
        return shelf.due_sources(connection, house.clock())


def change(house: House, does: Any, *arguments: Any, **more: Any) -> None:
    with house.database.writing() as connection:
        does(connection, *arguments, **more)


# -- subscribing -------------------------------------------------------------------------------------


def test_a_new_hub_starts_with_five_categories_and_nature_and_only_once(house: House) -> None:
    first = subscribe_starters(house.database, now=FRIDAY)
    again = subscribe_starters(house.database, now=FRIDAY)

    assert (first, again) == (6, 0)
    starters = {f"arxiv:{name}" for name in ("cs.AI", "cs.CV", "cs.LG", "math.PR", "quant-ph")}
    assert set(keys(house)) == {"nature", *starters}
    assert len(due(house)) == 6


def test_a_hub_that_gave_up_its_starters_does_not_get_them_back_while_it_has_others(house: House) -> None:
    house.subscribe("hep-th")

    assert subscribe_starters(house.database, now=FRIDAY) == 0


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("cs.CV", "arxiv:cs.CV"),
        ("CS.cv ", "arxiv:cs.CV"),
        ("arxiv:cs.CV", "arxiv:cs.CV"),
        ("ARXIV:CS.CV", "arxiv:cs.CV"),
        ("nature", "nature"),
        ("Nature", "nature"),
        ("https://rss.arxiv.org/rss/cs.CV", "arxiv:cs.CV"),
        ("https://export.arxiv.org/rss/cs.CV/", "arxiv:cs.CV"),
    ],
)
def test_a_source_is_known_by_any_of_its_names(house: House, said: str, key: str) -> None:
    assert subscribe(house.database, said, now=FRIDAY) == key
    assert subscribe(house.database, said, now=FRIDAY) == key
    assert keys(house) == [key]


def test_any_address_can_be_subscribed_with_or_without_its_scheme(house: House) -> None:
    bare = subscribe(house.database, "letters.example/feed.xml", now=FRIDAY)
    full = subscribe(house.database, "https://letters.example/feed.xml", now=FRIDAY)
    other = subscribe(house.database, "https://letters.example/other.xml", now=FRIDAY)

    assert bare == full != other
    assert bare.startswith("feed:letters.example-")
    assert {row.url for row in house.rows(sources)} == {
        "https://letters.example/feed.xml",
        "https://letters.example/other.xml",
    }


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("cs.CVV", CategoryUnknown),
        ("nonsense", CategoryUnknown),
        ("ftp://letters.example/feed", AddressMalformed),
        ("https://", AddressMalformed),
        ("http://[half/feed", AddressMalformed),
        ("http://127.0.0.1/feed", AddressForbidden),
        ("http://10.0.0.8/feed", AddressForbidden),
        ("https://rss.arxiv.org/rss/cs", CategoryUnknown),
    ],
)
def test_what_cannot_be_fetched_is_not_subscribed(house: House, said: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        subscribe(house.database, said, now=FRIDAY)

    assert keys(house) == []


def test_a_host_that_only_ends_like_arxiv_is_a_stranger(house: House) -> None:
    key = subscribe(house.database, "https://notarxiv.org/rss/cs.CV", now=FRIDAY)

    assert key.startswith("feed:notarxiv.org-")


def test_a_forgotten_source_leaves_its_papers_and_can_come_back(house: House, web: FakeWeb) -> None:
    web.put(
        SCRIPT, Page(NATURE.replace(b"</channel>", b"<item><title>A</title><guid>a</guid></item></channel>"))
    )
    house.subscribe()
    house.refresh()

    change(house, shelf.remove_source, KEY)

    assert keys(house) == []
    assert len(house.rows(works)) == house.page().works == 1
    house.subscribe()
    assert house.refresh().account.unchanged == 1
    with pytest.raises(SourceUnknown):
        change(house, shelf.remove_source, "nature")


def test_a_paused_source_is_not_due_until_it_is_resumed(house: House) -> None:
    house.subscribe()

    change(house, shelf.pause, KEY, is_paused=True, now=FRIDAY)
    assert due(house) == []
    assert (house.row().health, house.row().next_due_at) == (Health.PAUSED, None)
    change(house, shelf.pause, KEY, is_paused=False, now=FRIDAY)

    assert [one.key for one in due(house)] == [KEY]
    assert house.row().health is Health.NEVER


def test_asking_for_all_now_leaves_the_paused_alone_and_asking_for_one_does_not(house: House) -> None:
    house.subscribe()
    house.subscribe("nature")
    later = FRIDAY + timedelta(days=1)
    for one in due(house):
        change(house, shelf.put_off, one, later)
    change(house, shelf.pause, "nature", is_paused=True, now=FRIDAY)

    change(house, shelf.ask_now, None, FRIDAY)

    assert {row.key: row.next_due_at for row in house.rows(sources)} == {KEY: FRIDAY, "nature": later}
    change(house, shelf.ask_now, ["nature"], FRIDAY)
    assert {row.next_due_at for row in house.rows(sources)} == {FRIDAY}


# -- sending for sources -----------------------------------------------------------------------------


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    """Two desks of two processes on one job database."""
    with ExitStack() as stack:
        yield [stack.enter_context(Desk(f"sqlite:///{tmp_path / 'jobs.sqlite'}")) for _ in range(2)]


def duties_of(house: House, desk: Desk) -> Duties:
    return Duties(
        database=house.database,
        web=house.fetcher,
        desk=desk,
        clock=house.clock,
        dice=lambda: 0.5,
        radars=HouseRadars(house),
    )


class HouseRadars(BriefingDesk):
    """Radars and briefings over the house's shelves, on words alone and without a model."""

    def __init__(self, house: House) -> None:
        self.database = house.database
        self.clock = house.clock
        self.kept_radars = Kept()
        self.kept_briefings = KeptBriefings()
        self.sent: list[str] = []

    def choose_embedder(self) -> None:
        return None

    def radar_files(self) -> None:
        return None

    def choose_chat(self, run: str, *, is_over: Callable[[], bool] | None = None) -> None:  # noqa: ARG002 - no model
        return None

    def tariff(self) -> Tariff:
        return Tariff()

    def caps(self) -> Caps:
        return Caps()

    def model_name(self) -> str:
        return ""

    def briefing_files(self) -> None:
        return None

    def send_for_briefing(self, key: str) -> None:
        self.sent.append(key)


def test_two_workers_that_look_round_at_once_send_for_each_source_once(
    house: House, desks: list[Desk]
) -> None:
    subscribe_starters(house.database, now=FRIDAY)
    barrier = threading.Barrier(2)

    def look(desk: Desk) -> None:
        barrier.wait()
        duties_of(house, desk).look_round()

    threads = [threading.Thread(target=look, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ordered = desks[0].recent(50)
    assert sorted(one.id.split("@")[0] for one in ordered) == sorted(f"refresh:{key}" for key in keys(house))
    assert {one.partition for one in ordered} == {"arxiv.org", "nature.com"}
    assert due(house) == []
    assert {row.next_due_at for row in house.rows(sources)} == {FRIDAY + ON_THE_WAY}


def test_an_order_that_vanished_is_made_again_and_a_second_look_in_between_makes_none(
    house: House, desks: list[Desk]
) -> None:
    house.subscribe()
    duties = duties_of(house, desks[0])

    asked = [duties.look_round(), duties.look_round()]
    house.clock.forward(minutes=31)
    asked.append(duties.look_round())

    assert asked == [
        {"asked": 1, "completing": 0},
        {"asked": 0, "completing": 0},
        {"asked": 1, "completing": 0},
    ]
    assert len(desks[0].recent(50)) == 2


def test_a_late_order_does_not_move_the_turn_that_the_fetch_has_set_since(
    house: House, desks: list[Desk]
) -> None:
    house.subscribe()
    stale = due(house)
    send_for(house.database, desks[0], stale, now=FRIDAY)
    tomorrow = FRIDAY + timedelta(days=1)
    with house.database.reading() as connection:
        on_the_way = shelf.subscription(connection, KEY)
    change(house, shelf.put_off, on_the_way, tomorrow)  # as the finished fetch does

    send_for(house.database, desks[1], stale, now=FRIDAY + timedelta(seconds=30))

    assert house.row().next_due_at == tomorrow
    assert len(desks[0].recent(50)) == 1


def test_the_jobs_of_a_worker_do_what_their_names_say(house: House, web: FakeWeb, desks: list[Desk]) -> None:
    web.put(
        SCRIPT, Page(NATURE.replace(b"</channel>", b"<item><title>A</title><guid>a</guid></item></channel>"))
    )
    house.subscribe()
    duties = duties_of(house, desks[0])
    work = {job.name: job.run for job in duties.jobs()}

    assert work[REFRESH](source=KEY, run="r") == {"source": KEY, "status": "ok", "new": 1, "received": 1}
    assert work[REFRESH](source="arxiv:cs.AI", run="r") == {"source": "arxiv:cs.AI", "status": "removed"}
    assert work[RENDER]() == {"rendered": 0}
    assert [(one.job, one.cron) for one in duties.schedules()] == [
        (LOOK_ROUND, "* * * * *"),
        (KEEP_DAYS, "23 * * * *"),
        (EMBED, "*/5 * * * *"),
        (RANK, "2-59/10 * * * *"),
        (BELONG, "7,37 * * * *"),
        (TEXTS, "17,47 * * * *"),
        (TIE, "41 * * * *"),
        (BRIEF_ROUND, "* * * * *"),
    ]
    assert work[BELONG]() == {"told": 0}
    assert work[TIE]() == {"tied": 0}
    assert work[BRIEF_ROUND]() == {"ordered": 0}
    assert work[BRIEF](briefing="2020-01-01") == {"briefing": "2020-01-01", "state": "removed"}


# -- completing --------------------------------------------------------------------------------------


def journal_without_abstracts(house: House, web: FakeWeb, count: int) -> None:
    web.put(FEED_PAGE, journal_feed(*[journal_item(f"10.5555/{number}") for number in range(count)]))
    house.refresh(house.subscribe(FEED))


def orders(desk: Desk, job: str) -> list[JobStatus]:
    return [one for one in desk.recent(100) if one.job == job]


def test_papers_that_lack_something_are_sent_for_once_a_minute_per_provider(
    house: House, web: FakeWeb, desks: list[Desk]
) -> None:
    journal_without_abstracts(house, web, 3)
    duties = duties_of(house, desks[0])

    first, second = duties.look_round(), duties_of(house, desks[1]).look_round()

    assert first == second == {"asked": 0, "completing": 1}
    (order,) = orders(desks[0], COMPLETE)
    assert (order.id, order.partition) == ("complete:doi:0:20260619T0445", "api.crossref.org")
    house.clock.forward(minutes=1)
    duties.look_round()
    assert len(orders(desks[0], COMPLETE)) == 2


def test_a_provider_that_rests_or_is_paused_is_not_sent_to(
    house: House, web: FakeWeb, desks: list[Desk]
) -> None:
    journal_without_abstracts(house, web, 2)
    web.put(f"{CROSSREF}/works", Page(b"", status=503))
    duties = duties_of(house, desks[0])

    assert duties.complete(scheme="doi", stage=0) == {"asked": 2, "completed": 0}
    resting = duties.look_round()
    house.clock.forward(hours=1)
    change(house, shelf.pause, "service:crossref", is_paused=True, now=house.clock())
    paused = duties.look_round()
    change(house, shelf.pause, "service:crossref", is_paused=False, now=house.clock())

    assert resting == paused == {"asked": 0, "completing": 0}
    assert duties.look_round() == {"asked": 0, "completing": 1}


def test_a_job_asks_until_nobody_waits_any_more(house: House, web: FakeWeb, desks: list[Desk]) -> None:
    journal_without_abstracts(house, web, 120)
    web.put(f"{CROSSREF}/works", crossref_list())
    duties = duties_of(house, desks[0])

    done = duties.complete(scheme="doi", stage=0)

    assert done == {"asked": 120, "completed": 0}
    assert len([visit for visit in web.visits if visit.host == "api.crossref.org"]) == 3
    assert {row.stage for row in house.rows(wanted)} == {1}
    assert duties.look_round() == {"asked": 0, "completing": 1}
    assert [one.partition for one in orders(desks[0], COMPLETE)] == ["api.openalex.org"]


# -- arXiv's days ------------------------------------------------------------------------------------

TODAY = FRIDAY.date()
NOON = FRIDAY.replace(hour=16, minute=23)
LIST = "//arxiv.org/list/cs.LG/new"


def test_a_missed_day_is_sent_for_and_filled_in(house: House, web: FakeWeb, desks: list[Desk]) -> None:
    web.put(OAI, oai_page(raw_record("2606.10001")))
    house.subscribe()
    house.clock.now = NOON
    duties = duties_of(house, desks[0])

    first, second = duties.keep_days(), duties_of(house, desks[1]).keep_days()

    assert (first, second) == ({"missed": 1, "reconciling": 0}, {"missed": 0, "reconciling": 0})
    (order,) = orders(desks[0], HEAL)
    assert (order.id, order.partition) == (f"heal:{KEY}:2026-06-19:20260619T16", "arxiv.org")
    assert duties.heal(source=KEY, day="2026-06-19") == {"source": KEY, "status": "ok", "new": 1}
    house.clock.forward(hours=7)
    assert duties.keep_days() == {
        "missed": 0,
        "reconciling": 1,
    }  # what was filled in is held against the list


def test_a_day_that_could_not_be_filled_in_is_sent_for_again_after_six_hours(
    house: House, web: FakeWeb, desks: list[Desk]
) -> None:
    web.put(OAI, Page(b"", status=503))
    house.subscribe()
    house.clock.now = NOON
    duties = duties_of(house, desks[0])
    duties.keep_days()

    assert duties.heal(source=KEY, day="2026-06-19") == {"source": KEY, "status": "failed", "new": 0}
    missed = []
    for _ in range(7):
        house.clock.forward(hours=1)
        missed.append(duties.keep_days())

    assert [one["missed"] for one in missed if isinstance(one, dict)] == [0, 0, 0, 0, 0, 1, 0]
    assert len(orders(desks[0], HEAL)) == 2


def test_a_batch_is_held_against_arxivs_list_until_the_list_was_read(
    house: House, web: FakeWeb, desks: list[Desk]
) -> None:
    web.put(SCRIPT, arxiv_feed({"2606.10001v1": "new"}, on=TODAY))
    web.put(LIST, Page(b"", status=503), listing(new=["2606.10001", "2606.10002"]))
    web.put(ARXIV_API, atom("2606.10002v1"))
    house.subscribe()
    house.refresh()
    duties = duties_of(house, desks[0])

    assert duties.keep_days() == {"missed": 0, "reconciling": 1}
    assert duties.reconcile(source=KEY) == {"source": KEY, "missing": 0, "fetched": 0}
    for _ in range(4):
        house.clock.forward(hours=1)
        duties.keep_days()
    assert [one.id for one in orders(desks[0], RECONCILE)] == [
        f"reconcile:{KEY}:2026-06-19:2",
        f"reconcile:{KEY}:2026-06-19:1",
    ]
    assert duties.reconcile(source=KEY) == {"source": KEY, "missing": 1, "fetched": 1}

    assert duties.keep_days() == {"missed": 0, "reconciling": 0}


def test_orders_for_a_source_that_was_removed_meanwhile_are_nothing_to_do(
    house: House, desks: list[Desk]
) -> None:
    duties = duties_of(house, desks[0])

    assert duties.heal(source=KEY, day="2026-06-19") == {"source": KEY, "status": "removed"}
    assert duties.reconcile(source=KEY) == {"source": KEY, "status": "removed"}


def test_every_job_can_be_done_by_its_name(house: House, desks: list[Desk]) -> None:
    work = {job.name: job for job in duties_of(house, desks[0]).jobs()}

    assert work[COMPLETE].run(scheme="doi", stage=0) == {"asked": 0, "completed": 0}
    assert work[KEEP_DAYS].run() == {"missed": 0, "reconciling": 0}
    assert work[LOOK_ROUND].run() == {"asked": 0, "completing": 0}
    assert work[EMBED].run() == {"embedded": 0, "space": ""}
    assert work[RANK].run() == {"ranked": 0}
    assert work[HEAL].timeout_seconds == HARVEST_SECONDS
    assert {work[EMBED].queue, work[RANK].queue} == {THINK_QUEUE}
    assert {work[name].queue for name in (REFRESH, COMPLETE, HEAL, RECONCILE)} == {FETCH_QUEUE}
