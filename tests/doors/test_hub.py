"""The hall: what a program that uses the hub as a library may ask."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.errors import FileUnreadable, SourceUnknown, WorkUnknown
from academichub.flows import duties
from academichub.hub import Hub, known_sources, local_now, open_hub, utc_now
from academichub.jobs.engine import Engine
from academichub.model.shelf import FeedQuery
from academichub.settings import Settings
from academichub.text import prose
from benchmarks.corpus import made_up_records, rss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 6, 19, 12, 0, tzinfo=UTC)
TODAY = date(2026, 6, 19)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with open_hub(Settings(home=tmp_path / "home"), clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def filled(hub: Hub, tmp_path: Path) -> Hub:
    (tmp_path / "feed.xml").write_bytes(rss(made_up_records(7), on=TODAY))
    hub.ingest(tmp_path / "feed.xml")
    return hub


def test_a_day_is_read_page_by_page_or_as_a_whole(filled: Hub) -> None:
    page = filled.feed(FeedQuery(size=3), today=TODAY)
    whole = list(filled.cards(FeedQuery(size=3), today=TODAY))

    assert (len(page.cards), page.works) == (3, 7)
    assert len({card.work_id for card in whole}) == 7


def test_a_paper_is_found_by_its_identifier(filled: Hub) -> None:
    name = made_up_records(1)[0]["id"]

    found = filled.find_work("arxiv", name)

    assert filled.paper(found).card.identifiers.arxiv == name
    with pytest.raises(WorkUnknown):
        filled.paper(404)


def test_the_revision_grows_with_what_pages_show(filled: Hub) -> None:
    assert filled.revision() > 0
    assert filled.revision() == filled.revision()


def test_ordering_a_fetch_leaves_it_to_the_worker(hub: Hub) -> None:
    hub.subscribe_starters(now=NOW)
    hub.pause("nature", paused=True, now=NOW)

    assert hub.fetch_now(None, now=NOW) == 5  # the paused one is left alone
    assert hub.fetch_now("nature", now=NOW) == 1  # unless it is named
    assert hub.send_for_due(now=NOW) == 0  # all are on their way
    assert len(hub.desk.recent(50)) == 6
    assert "nature" not in hub.active_keys()
    with pytest.raises(SourceUnknown):
        hub.fetch_now("natrue", now=NOW)


def test_a_source_is_shown_with_its_log(filled: Hub) -> None:
    detail = filled.source("file", now=NOW)

    assert detail.source.kind == "file"
    assert [row.account.new for row in detail.log] == [7]
    assert detail.quarantine == ()
    with pytest.raises(SourceUnknown):
        filled.source("natrue", now=NOW)


def test_old_texts_are_ordered_to_be_rendered_only_where_there_are_any(
    filled: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not filled.order_rendering()
    monkeypatch.setattr(prose, "RENDERER", "2+tests")

    assert filled.order_rendering()
    assert [status.job for status in filled.desk.recent(5)] == [duties.RENDER]


def test_a_worker_is_alive_while_it_gives_signs_of_life(hub: Hub) -> None:
    before = hub.is_worker_alive()
    web = hub.make_fetcher()
    with hub.make_engine(web) as engine:
        during = hub.is_worker_alive()
        assert isinstance(engine, Engine)
    web.close()

    assert (before, during, hub.is_worker_alive()) == (False, True, False)


def test_a_database_that_went_away_is_noticed(tmp_path: Path) -> None:
    hub = open_hub(Settings(home=tmp_path / "home"))
    assert hub.is_alive()
    hub.close()
    (tmp_path / "home" / "hub.sqlite").unlink()
    (tmp_path / "home" / "jobs.sqlite").mkdir()

    assert not hub.is_alive()
    assert not hub.is_worker_alive()
    hub.close()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    with pytest.raises(FileUnreadable) as caught:
        open_hub(Settings(home=tmp_path / "file" / "home"))

    assert caught.value.facts["path"] == str(tmp_path / "file" / "home")


def test_settings_come_from_the_environment_where_none_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACADEMICHUB_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path)

    with open_hub() as hub:
        origins = {line.name: line.origin for line in hub.explained_settings()}

    assert origins["home"] == "ACADEMICHUB_HOME"
    assert (tmp_path / "elsewhere" / "hub.sqlite").is_file()


def test_the_clocks_of_machine_and_reader_show_the_same_moment() -> None:
    assert abs(utc_now() - local_now()) < timedelta(seconds=1)
    assert utc_now().utcoffset() == timedelta()
    assert known_sources("nature")[0].key == "nature"
