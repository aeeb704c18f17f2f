"""Queries are put together so that one meaning has one shape."""

from __future__ import annotations

from academichub.model.query import And, Not, Or, Paper, Term, all_of, any_of, negated

A, B, C = (Term(word, None, (word,), (word,)) for word in "abc")


def test_groups_of_one_kind_become_one() -> None:
    assert all_of(A, all_of(B, C)) == And((A, B, C))
    assert any_of(any_of(A, B), C) == Or((A, B, C))
    assert all_of(A, any_of(B, C)) == And((A, Or((B, C))))
    assert any_of(A, all_of(B, C)) == Or((A, And((B, C))))


def test_a_group_of_one_is_that_one() -> None:
    assert all_of(A) == any_of(A) == A


def test_two_negations_are_none() -> None:
    assert negated(A) == Not(A)
    assert negated(negated(A)) == A


def test_a_paper_may_be_known_by_little() -> None:
    assert Paper(7).listed_on is None
