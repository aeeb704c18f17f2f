"""What an interest asks of a paper besides likeness: filters, the rule, and followed names. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.errors import QueryInvalid, RadarInvalid
from academichub.model.query import all_of, any_of, negated
from academichub.model.radar import Because, FollowKind, Part, PartName, RuleRole
from academichub.text.query import format as format_query
from academichub.text.query import parse
from academichub.text.querymatch import matches
from academichub.text.words import haystack, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from academichub.model.papers import Author
    from academichub.model.query import Query
    from academichub.model.radar import Follow, Interest
    from academichub.text.querymatch import Hit, Prepared

# What explicit wishes are worth, in log-odds. A paper that is like nothing the reader likes has a calibrated
# score of about -7 (docs/ranking.md), and what was asked for by name is to be seen all the same.
HIT: Final = {
    PartName.RULE: 4.0,
    PartName.AUTHOR: 6.0,
    PartName.INSTITUTION: 2.0,
    PartName.VENUE: 2.0,
    PartName.FIELD: 0.5,  # the paper's own field is among the included ones, not only a cross-list
}
_FOLLOWED: Final = {
    FollowKind.AUTHOR: PartName.AUTHOR,
    FollowKind.INSTITUTION: PartName.INSTITUTION,
    FollowKind.VENUE: PartName.VENUE,
}
MOST_NAMES: Final = 500  # of one kind in one interest
LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Sieve:
    """An interest's explicit wishes, ready to be held against papers."""

    keeps: Query | None  # what a paper must match to be ranked at all
    rule: Query | None  # of the role "part"
    follows: tuple[tuple[Follow, Query | None], ...]  # an institution has no query: it is not in the text
    fields: Query | None  # the included fields

    @property
    def wishes(self) -> bool:
        """True where some papers are asked for by name or rule."""
        return self.rule is not None or bool(self.follows)


def compile_interest(interest: Interest) -> Sieve:
    """Read an interest's rule, filters and follows.

    Raises:
        QueryInvalid: The rule cannot be read.
        RadarInvalid: A field, source, term or name is empty, too long, or nothing that can be looked for.
    """
    for name in ("include_fields", "exclude_fields", "include_sources", "exclude_sources", "exclude_terms"):
        _check(name, getattr(interest, name))
    _check("follows", [follow.name for follow in interest.follows])
    rule = parse(interest.rule) if interest.rule.strip() else None
    fields = _any("include_fields", "cat", interest.include_fields)
    kept = [fields, _any("include_sources", "src", interest.include_sources)]
    kept += [
        None if excluded is None else negated(excluded)
        for excluded in (
            _any("exclude_fields", "cat", interest.exclude_fields),
            _any("exclude_sources", "src", interest.exclude_sources),
            _any("exclude_terms", "", interest.exclude_terms),
        )
    ]
    kept.append(rule if interest.rule_role is RuleRole.FILTER else None)
    wanted = [query for query in kept if query is not None]
    return Sieve(
        keeps=all_of(*wanted) if wanted else None,
        rule=rule if interest.rule_role is RuleRole.PART else None,
        follows=tuple((follow, _followed(follow)) for follow in interest.follows),
        fields=fields,
    )


def is_kept(sieve: Sieve, paper: Prepared) -> bool:
    """Tell whether a paper may be ranked."""
    return sieve.keeps is None or matches(sieve.keeps, paper) is not None


def wished_parts(
    sieve: Sieve, paper: Prepared, *, primary: Prepared, authors: Sequence[Author]
) -> tuple[Part, ...]:
    """Give the parts of a paper's score that come from explicit wishes, in the order they are shown.

    Args:
        sieve: Of the interest.
        paper: The whole paper.
        primary: The paper with its first category alone.
        authors: With ORCIDs and affiliations, where they are known.
    """
    parts: list[Part] = []
    if sieve.rule is not None and (hits := matches(sieve.rule, paper)) is not None:
        because = tuple(Because("hit", format_query(hit.term), 0.0) for hit in _each_once(hits.hits))
        parts.append(Part(PartName.RULE, HIT[PartName.RULE], because))
    for name in (PartName.AUTHOR, PartName.INSTITUTION, PartName.VENUE):
        found = [
            follow.name
            for follow, query in sieve.follows
            if _FOLLOWED[follow.kind] is name and _is_followed(follow, query, paper, authors)
        ]
        if found:  # two followed authors of one paper are no more than one
            parts.append(Part(name, HIT[name], tuple(Because("name", one, HIT[name]) for one in found)))
    if sieve.fields is not None and matches(sieve.fields, primary) is not None:
        parts.append(Part(PartName.FIELD, HIT[PartName.FIELD]))
    return tuple(parts)


def _each_once(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out that a term is in the abstract where it is in the title as well."""
    return list({hit.term: hit for hit in reversed(hits)}.values())[::-1]


def _is_followed(follow: Follow, query: Query | None, paper: Prepared, authors: Sequence[Author]) -> bool:
    if follow.kind is FollowKind.INSTITUTION:
        sought = f" {' '.join(words(follow.name))} "
        return any(sought in haystack(place) for author in authors for place in author.affiliations)
    if follow.orcid is not None and any(author.orcid == follow.orcid for author in authors):
        return True
    return query is not None and matches(query, paper) is not None


def _followed(follow: Follow) -> Query | None:
    if not words(follow.name):
        raise RadarInvalid(field="follows", reason="no-words")
    if follow.kind is FollowKind.INSTITUTION:
        return None
    return parse(f"{'au' if follow.kind is FollowKind.AUTHOR else 'venue'}:{_quoted(follow.name)}")


def _any(name: str, field: str, values: Iterable[str]) -> Query | None:
    found = []
    for value in values:
        try:
            found.append(parse(f"{field}:{_quoted(value)}" if field else _quoted(value)))
        except QueryInvalid as error:
            raise RadarInvalid(field=name, reason=error.facts["reason"], value=value) from error
    return any_of(*found) if found else None


def _quoted(value: str) -> str:
    return '"' + value.replace('"', " ") + '"'


def _check(name: str, values: Sequence[str]) -> None:
    if len(values) > MOST_NAMES:
        raise RadarInvalid(field=name, reason="too-many")
    for value in values:
        if not value.strip() or len(value) > LONGEST_NAME:
            raise RadarInvalid(field=name, reason="too-long" if value.strip() else "empty")
