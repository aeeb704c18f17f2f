"""Who is subscribed, and who is sent for when: a turn is one fetch, however many look round."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from academichub.db.tables import sources, works
from academichub.errors import AddressForbidden, AddressMalformed, CategoryUnknown, SourceUnknown
from academichub.flows.duties import KEEP_DAYS, LOOK_ROUND, ON_THE_WAY, REFRESH, RENDER, Duties, send_for
from academichub.flows.subscribing import subscribe, subscribe_starters
from academichub.jobs.desk import Desk
from academichub.model.shelf import Health
from academichub.store import sources as shelf
from tests.fakes.house import FRIDAY, KEY, SCRIPT
from tests.fakes.web import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    return Duties(database=house.database, web=house.fetcher, desk=desk, clock=house.clock, dice=lambda: 0.5)


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
    ]
