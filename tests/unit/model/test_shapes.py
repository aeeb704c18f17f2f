"""The promises that the shared shapes keep by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.lookalikes import Lookalikes
from academichub.model.papers import (
    Announcement,
    Draft,
    Identifiers,
    Key,
    Known,
    Moment,
    Precision,
    Record,
    Text,
)
from academichub.model.shelf import Account
from tests.fakes.drafts import arxiv_draft, journal_draft

# -- papers ---------------------------------------------------------------------------------------


def test_announcements_have_a_strict_order_with_new_strongest() -> None:
    strengths = [kind.strength for kind in Announcement]

    assert strengths == [3, 2, 1, 0]
    assert Announcement.NEW.strength > Announcement.CROSS.strength > Announcement.REPLACE.strength


@pytest.mark.parametrize(("value", "answer"), [("", False), (" \n", False), ("x", True)])
def test_a_text_of_white_space_is_nothing(value: str, answer: bool) -> None:  # noqa: FBT001  # expected value
    assert bool(Text(value)) is answer


def test_a_record_gives_the_first_value_that_says_anything() -> None:
    record = Record(position=0, fields={"dc:type": (" ", "Article ", "News"), "dc:date": ("",)})

    assert [record.first(name) for name in ("dc:type", "dc:date", "dc:rights")] == ["Article", "", ""]


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=8))])
def test_a_moment_is_in_utc_or_it_is_a_bug(zone: timezone | None) -> None:
    with pytest.raises(ValueError, match="UTC"):
        Moment(datetime(2026, 6, 18, tzinfo=zone), date(2026, 6, 18), Precision.DAY)


def test_a_moment_keeps_the_day_as_it_was_written() -> None:
    moment = Moment(datetime(2026, 6, 18, 16, tzinfo=UTC), date(2026, 6, 19), Precision.INSTANT)

    assert moment.on == date(2026, 6, 19)


def test_identifiers_are_listed_strongest_first_and_a_venues_issn_is_none_of_them() -> None:
    found = Identifiers(s2="1", doi="10.5555/a", issn="0028-0836", pmid="42", arxiv="2606.00001")

    assert found.pairs() == (("doi", "10.5555/a"), ("arxiv", "2606.00001"), ("pmid", "42"), ("s2", "1"))
    assert Identifiers(issn="0028-0836").pairs() == ()


# -- lookalikes -----------------------------------------------------------------------------------


def known(number: int, draft: Draft | None = None, **parts: Any) -> Known:
    draft = draft or arxiv_draft()
    given_parts: dict[str, Any] = {"key": draft.key, "identifiers": draft.identifiers, "fingerprint": "f"}
    return Known(work_id=number, manifestation_id=number * 10, **(given_parts | parts))


def test_nothing_is_alike_on_empty_shelves() -> None:
    assert Lookalikes().of(arxiv_draft()) == ()


def test_versions_of_one_item_are_alike() -> None:
    first = known(1, arxiv_draft(version=1), identifiers=Identifiers())

    assert Lookalikes([first]).of(arxiv_draft(version=2)) == (first,)


def test_one_identifier_in_common_is_enough() -> None:
    copy = known(1, journal_draft("10.5555/a"))
    other = known(2, journal_draft("10.5555/b"))
    same_number_elsewhere = known(
        3, key=Key("a.example", "10.5555/a"), identifiers=Identifiers(pmid="10.5555/a")
    )

    found = Lookalikes([copy, other, same_number_elsewhere]).of(
        arxiv_draft("2606.1", identifiers=copy.identifiers)
    )

    assert found == (copy,)


def test_what_is_alike_in_several_ways_is_given_once() -> None:
    both = known(1, journal_draft("10.5555/a", arxiv="2606.00001"))

    assert Lookalikes([both]).of(journal_draft("10.5555/a", arxiv="2606.00001")) == (both,)


def test_what_is_learned_later_replaces_what_was_known_of_the_same_row() -> None:
    shelves = Lookalikes([known(1)])

    shelves.learn(known(1, fingerprint="new"))
    shelves.learn(known(2))

    assert {(one.work_id, one.fingerprint) for one in shelves.of(arxiv_draft())} == {(1, "new"), (2, "f")}


# -- accounts -------------------------------------------------------------------------------------

COUNTS = st.tuples(*[st.integers(0, 1000)] * 5)


@given(COUNTS, COUNTS)
def test_accounts_that_balance_still_balance_when_added(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    first, second = (Account(sum(parts), *parts) for parts in (one, other))

    total = first + second

    assert total.balances
    assert total.received == first.received + second.received
    assert (total.new, total.rejected) == (one[0] + other[0], one[4] + other[4])


def test_an_entry_that_nobody_counted_shows() -> None:
    assert not Account(received=2, new=1).balances
