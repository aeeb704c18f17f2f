"""After an upgrade of the renderer every stored text is rendered again, and nothing else changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import counters, manifestations, works
from academichub.flows import rendering
from academichub.flows.rendering import render_again
from academichub.model.shelf import Account
from academichub.store import log
from academichub.text import prose
from benchmarks.corpus import made_up_records, rss
from tests.fakes.house import SCRIPT
from tests.fakes.web import Page

if TYPE_CHECKING:
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

TODAY = date(2026, 6, 19)
RENDERED = {"title_plain", "title_html", "abstract_plain", "abstract_html", "renderer"}


@pytest.fixture
def shelved(house: House, web: FakeWeb, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house with 23 papers, some without an abstract, whose texts an older renderer spoiled."""
    feed = rss(
        [
            {**one, "abstract": one["abstract"] if number % 4 else ""}
            for number, one in enumerate(made_up_records(23))
        ],
        on=TODAY,
    )
    web.put(SCRIPT, Page(feed), Page(feed + b"\n"))
    house.subscribe()
    house.refresh()
    monkeypatch.setattr(prose, "RENDERER", "2+tests")
    monkeypatch.setattr(rendering, "BATCH", 10)
    return house


def unrendered(row: sa.Row[tuple[object, ...]]) -> dict[str, object]:
    return {name: value for name, value in row._mapping.items() if name not in RENDERED}


def test_texts_of_another_renderer_are_made_anew_from_what_the_source_wrote(shelved: House) -> None:
    right = [(row.title_html, row.abstract_html) for row in shelved.rows(manifestations)]
    with shelved.database.writing() as connection:
        spoiled = {"title_html": "?", "title_plain": "?", "abstract_html": "?", "abstract_plain": "?"}
        has_abstract = manifestations.c.abstract_raw.is_not(None)
        connection.execute(sa.update(manifestations).where(has_abstract).values(**spoiled))
    parts: list[int] = []

    done = render_again(shelved.database, progress=parts.append)

    assert (done, parts) == (23, [10, 10, 3])
    rows = shelved.rows(manifestations)
    assert {row.renderer for row in rows} == {"2+tests"}
    assert [(row.title_html, row.abstract_html) for row in rows] == right


def test_raw_texts_fingerprints_days_and_order_stay(shelved: House) -> None:
    before = [unrendered(row) for row in shelved.rows(manifestations)]
    cards = [(card.work_id, card.listed_on, card.order_key) for card in shelved.page().cards]

    render_again(shelved.database)

    assert [unrendered(row) for row in shelved.rows(manifestations)] == before
    assert [(card.work_id, card.listed_on, card.order_key) for card in shelved.page().cards] == cards


def test_the_same_paper_is_still_unchanged_afterwards(shelved: House) -> None:
    render_again(shelved.database)

    again = shelved.refresh()

    assert again.account == Account(received=23, unchanged=23)


def test_followers_of_the_change_sequence_and_the_pages_are_told_once(shelved: House) -> None:
    changes = {row.id: row.change for row in shelved.rows(works)}
    with shelved.database.reading() as connection:
        revision = log.pages_revision(connection)

    render_again(shelved.database)

    after = {row.id: row.change for row in shelved.rows(works)}
    assert sorted(after.values()) == list(range(24, 47))  # each work once, no number twice, none left out
    assert min(after.values()) > max(changes.values())
    assert {row.name: row.value for row in shelved.rows(counters)}["change"] == 46
    with shelved.database.reading() as connection:
        assert log.pages_revision(connection) > revision


def test_where_nothing_is_old_nothing_is_done(shelved: House) -> None:
    render_again(shelved.database)
    before = shelved.rows(works), shelved.rows(counters)

    assert render_again(shelved.database) == 0
    assert (shelved.rows(works), shelved.rows(counters)) == before
