"""Filters, rules and followed names: what an interest asks besides likeness."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from academichub.errors import QueryInvalid, RadarInvalid
from academichub.model.papers import Author
from academichub.model.query import Paper
from academichub.model.radar import Follow, FollowKind, Interest, Part, PartName, RuleRole
from academichub.radar.sieve import HIT, LONGEST_NAME, MOST_NAMES, compile_interest, is_kept, wished_parts
from academichub.text.querymatch import prepare

PAPER = Paper(
    id=7,
    title="Diffusion models for lamps",
    abstract="We light a lamp by diffusion.",
    authors=("Ada Lovelace", "Wei Zhang"),
    categories=("cs.CV", "stat.ML"),
    sources=("arxiv:cs.CV",),
    venue="Journal of Lamps",
    listed_on=date(2026, 6, 19),
)


def interest(**more: Any) -> Interest:
    return Interest("lamps", **more)


def kept(**more: Any) -> bool:
    return is_kept(compile_interest(interest(**more)), prepare(PAPER))


def parts(authors: tuple[Author, ...] = (), **more: Any) -> dict[PartName, Part]:
    primary = prepare(Paper(id=7, categories=PAPER.categories[:1]))
    found = wished_parts(compile_interest(interest(**more)), prepare(PAPER), primary=primary, authors=authors)
    return {part.name: part for part in found}


def test_an_interest_without_wishes_keeps_everything_and_adds_nothing() -> None:
    assert kept()
    assert parts() == {}
    assert not compile_interest(interest()).wishes


@pytest.mark.parametrize(
    ("more", "is_in"),
    [
        ({"include_fields": ("cs",)}, True),
        ({"include_fields": ("math", "stat.ML")}, True),
        ({"include_fields": ("math",)}, False),
        ({"exclude_fields": ("stat.ML",)}, False),
        ({"exclude_fields": ("math",)}, True),
        ({"include_sources": ("arxiv:cs.CV",)}, True),
        ({"include_sources": ("nature",)}, False),
        ({"exclude_sources": ("arxiv:cs.CV",)}, False),
        ({"exclude_terms": ("candles", "a lamp")}, False),
        ({"exclude_terms": ("candles",)}, True),
        ({"rule": "ti:lamps", "rule_role": RuleRole.FILTER}, True),
        ({"rule": "ti:candles", "rule_role": RuleRole.FILTER}, False),
        ({"rule": "ti:candles"}, True),  # as a part of the score it keeps nothing out
    ],
)
def test_filters_keep_what_was_asked_for(more: dict[str, Any], is_in: bool) -> None:  # noqa: FBT001
    assert kept(**more) is is_in


def test_a_rule_that_hits_is_a_part_with_the_terms_that_hit() -> None:
    found = parts(rule="diffusion AND lamps")

    part = found[PartName.RULE]
    assert part.value == HIT[PartName.RULE]
    assert [one.text for one in part.because] == ["diffusion", "lamps"]
    assert parts(rule="candles") == {}
    assert compile_interest(interest(rule="candles")).wishes


def test_followed_names_are_parts_and_two_of_a_kind_are_no_more_than_one() -> None:
    follows = (
        Follow(FollowKind.AUTHOR, "Ada Lovelace"),
        Follow(FollowKind.AUTHOR, "W Zhang"),
        Follow(FollowKind.AUTHOR, "Nobody Here"),
        Follow(FollowKind.VENUE, "journal of lamps"),
        Follow(FollowKind.INSTITUTION, "University of Lamps"),
    )
    people = (Author("Ada Lovelace", affiliations=("Dept. of Light, University of Lamps, Oil City",)),)

    found = parts(people, follows=follows)

    assert set(found) == {PartName.AUTHOR, PartName.VENUE, PartName.INSTITUTION}
    assert found[PartName.AUTHOR].value == HIT[PartName.AUTHOR]
    assert [one.text for one in found[PartName.AUTHOR].because] == ["Ada Lovelace", "W Zhang"]
    assert PartName.INSTITUTION not in parts((Author("Ada Lovelace"),), follows=follows)


def test_an_author_is_known_by_orcid_under_any_name() -> None:
    follow = Follow(FollowKind.AUTHOR, "A. K. Byron", orcid="0000-0002-1825-0097")

    assert PartName.AUTHOR in parts((Author("Ada", orcid="0000-0002-1825-0097"),), follows=(follow,))
    assert parts((Author("Ada"),), follows=(follow,)) == {}


def test_the_papers_own_field_counts_more_than_a_cross_list() -> None:
    assert parts(include_fields=("cs.CV",))[PartName.FIELD].value == HIT[PartName.FIELD]
    assert parts(include_fields=("stat.ML",)) == {}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"include_fields": ("  ",)}, "include_fields"),
        ({"exclude_terms": ("x" * (LONGEST_NAME + 1),)}, "exclude_terms"),
        ({"exclude_terms": ("a",) * (MOST_NAMES + 1)}, "exclude_terms"),
        ({"exclude_terms": ("--",)}, "exclude_terms"),
        ({"follows": (Follow(FollowKind.AUTHOR, "!?"),)}, "follows"),
    ],
)
def test_a_wish_that_cannot_be_looked_for_is_refused_by_name(more: dict[str, Any], field: str) -> None:
    with pytest.raises(RadarInvalid) as caught:
        compile_interest(interest(**more))

    assert caught.value.facts["field"] == field


def test_a_rule_with_a_mistake_says_where() -> None:
    with pytest.raises(QueryInvalid) as caught:
        compile_interest(interest(rule='"open'))

    assert caught.value.facts["column"] == 1


def test_a_quote_within_a_term_does_not_open_a_phrase() -> None:
    assert kept(exclude_terms=('can"dles',))
