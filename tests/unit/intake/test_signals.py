"""Votes and mentions: what an entry says about a paper without being one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.signals import LONGEST_NAME, STRONGEST, signal_of
from academichub.model.papers import Signal
from tests.fakes.records import NOW, record

TODAY = NOW.date()


def heard(**said: str) -> Signal | None:
    """Read an entry; the first underscore of a name stands for its colon."""
    fields = {name.replace("_", ":", 1): (value,) for name, value in said.items()}
    return signal_of(record(fields=fields), now=NOW)


def test_an_entry_with_votes_for_a_paper_is_a_signal() -> None:
    found = heard(hub_signal="hf-daily", hub_arxiv="2606.00001v2", hf_upvotes="42", hf_on="2026-06-18")

    assert found == Signal("hf-daily", "arxiv", "2606.00001", date(2026, 6, 18), 42)


def test_a_paper_outside_arxiv_is_named_by_its_doi() -> None:
    found = heard(hub_signal="votes", prism_doi="https://doi.org/10.5555/A")

    assert found == Signal("votes", "doi", "10.5555/a", TODAY, 0)


def test_a_doi_helps_where_the_arxiv_name_is_none() -> None:
    found = heard(hub_signal="votes", hub_arxiv="2613.99999", prism_doi="10.5555/a")

    assert found is not None
    assert (found.scheme, found.value) == ("doi", "10.5555/a")


def test_an_arxiv_doi_is_an_arxiv_name() -> None:
    found = heard(hub_signal="votes", prism_doi="10.48550/arXiv.2606.00001")

    assert found is not None
    assert (found.scheme, found.value) == ("arxiv", "2606.00001")


def test_a_paper_is_no_signal() -> None:
    assert heard(hub_arxiv="2606.00001") is None
    assert heard(hub_signal="  ", hub_arxiv="2606.00001") is None


def test_a_signal_about_nothing_that_can_be_known_is_none() -> None:
    assert heard(hub_signal="votes") is None
    assert heard(hub_signal="votes", hub_arxiv="no identifier", prism_doi="none either") is None


@pytest.mark.parametrize(
    ("votes", "strength"),
    [
        ("0", 0),
        ("007", 7),
        ("9" * 30, STRONGEST),
        ("-3", 0),
        ("4.5", 0),
        ("many", 0),
        ("٣", 0),
        ("²", 0),
        ("", 0),
    ],
)
def test_votes_are_whole_numbers_up_to_a_bound_or_none(votes: str, strength: int) -> None:
    found = heard(hub_signal="votes", hub_arxiv="2606.00001", hf_upvotes=votes)

    assert found is not None
    assert found.strength == strength


@pytest.mark.parametrize(
    ("said", "on"),
    [
        ("2026-06-18", date(2026, 6, 18)),
        ("2026-06-18T23:59:59.000Z", date(2026, 6, 18)),
        ("yesterday", TODAY),
        ("2026-02-31", TODAY),
        ("", TODAY),
        ("2026-06-21", TODAY),
        ("9999-12-31", TODAY),
    ],
)
def test_a_day_that_is_none_or_has_not_come_is_today(said: str, on: date) -> None:
    found = heard(hub_signal="votes", hub_arxiv="2606.00001", hf_on=said)

    assert found is not None
    assert found.on == on


TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(["2606.00001", "10.5555/a", "7", "2026-06-18"])


@given(
    st.dictionaries(
        st.sampled_from(["hub:signal", "hub:arxiv", "prism:doi", "hf:upvotes", "hf:on"]),
        TEXT.map(lambda x: (x,)),
    )
)
def test_any_entry_can_be_heard(fields: dict[str, tuple[str, ...]]) -> None:
    found = signal_of(record(fields=fields), now=NOW)

    if found is not None:
        assert 0 < len(found.name) <= LONGEST_NAME
        assert 0 <= found.strength <= STRONGEST
        assert found.on <= TODAY
