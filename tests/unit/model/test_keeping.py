"""The shapes of what readers keep agree with each other."""

from __future__ import annotations

from academichub.model.authors import AuthorCursor, AuthorPage
from academichub.model.keeping import UNTOUCHED, KeptQuery, Mark, Pile, State


def test_every_mark_has_a_pile_of_its_name() -> None:
    assert {mark.value for mark in Mark} | {"noted"} == {pile.value for pile in Pile}


def test_a_work_that_was_never_touched_holds_nothing() -> None:
    assert State() == UNTOUCHED
    assert not any(UNTOUCHED)


def test_pages_of_one_list_differ_by_where_they_begin() -> None:
    assert KeptQuery(pile=Pile.READ) != KeptQuery(pile=Pile.READ, after=7)
    assert AuthorCursor._fields == ("on", "work_id", "number")
    assert "cards" in AuthorPage.__slots__
