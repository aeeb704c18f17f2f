"""Which works a model may write about, and what of it is there, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.flows.reviewing import merge_by_hand
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import AiKind, AiText
from academichub.model.radar import Interest
from academichub.store import aitexts, briefings, papertexts, radars, rankings
from academichub.store.papertexts import Made
from tests.fakes import briefed
from tests.fakes.drafts import DAY, NOW, arxiv_draft
from tests.fakes.radars import ranked, ranking

if TYPE_CHECKING:
    from tests.fakes.shelf import TestShelf

BEFORE = DAY - timedelta(days=1)
ORDER = BriefingOrder((), DAY, DAY, "en", Maker.EXTRACTIVE)


def a_text(work_id: int, kind: AiKind, text: str, *, digest: str = "0123456789abcdef") -> AiText:
    return AiText(work_id, kind, "zh", text, digest, "small-1", NOW)


def test_works_that_radars_showed_lately_are_given_once(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        one = radars.create(connection, Interest("Frogs"), now=NOW).id
        other = radars.create(connection, Interest("Toads"), now=NOW).id
        days = [
            ranking(one, BEFORE, ranked(1), ranked(2, place=2)),
            ranking(one, DAY, ranked(3)),
            ranking(other, DAY, ranked(3), ranked(4, place=2)),
        ]
        rankings.save_days(connection, days, text_hashes=dict.fromkeys(range(1, 5), "ab"))

    with shelf.database.reading() as connection:
        assert papertexts.shown(connection, since=BEFORE) == {1, 2, 3, 4}
        assert papertexts.shown(connection, since=DAY) == {3, 4}
        assert papertexts.shown(connection, since=DAY + timedelta(days=1)) == set()


def test_the_latest_briefings_that_are_done_are_given_newest_first(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        early = briefings.order(connection, replace(ORDER, first=BEFORE, last=BEFORE), now=NOW)
        first, second = (briefings.order(connection, ORDER, now=NOW) for _ in range(2))
        briefings.order(connection, ORDER, now=NOW)  # it still waits
        for key in (early, first, second):
            briefings.finish(connection, key, briefed.briefing(), now=NOW)

    with shelf.database.reading() as connection:
        assert papertexts.briefed(connection, since=BEFORE, limit=9) == [second, first, early]
        assert papertexts.briefed(connection, since=BEFORE, limit=1) == [second]
        assert papertexts.briefed(connection, since=DAY, limit=9) == [second, first]


def test_what_was_refused_was_made_too_and_a_merged_work_has_what_either_had(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft("2606.00001", title="One"), arxiv_draft("2606.00002", title="Another"))
    with shelf.database.writing() as connection:
        aitexts.save(
            connection, [a_text(1, AiKind.SUMMARY, "蛙。"), a_text(2, AiKind.TITLE, "", digest="ff")]
        )
    summary, title = Made(AiKind.SUMMARY, "zh", "0123456789abcdef"), Made(AiKind.TITLE, "zh", "ff")

    with shelf.database.reading() as connection:
        apart = papertexts.made(connection, [1, 2, 3])
    merge_by_hand(shelf.database, 1, 2, now=NOW)
    with shelf.database.reading() as connection:
        together = papertexts.made(connection, [1, 2])

    assert apart == {1: {summary}, 2: {title}}
    assert together == {1: {summary, title}}
