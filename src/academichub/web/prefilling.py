"""Read from an address what the form of a new radar begins with: a search, or an author to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.model.radar import RuleRole
from academichub.text.identifiers import normalize_orcid
from academichub.web.address import write
from academichub.web.radarform import blank

if TYPE_CHECKING:
    from collections.abc import Mapping


def prefilled(parameters: Mapping[str, str]) -> dict[str, str]:
    """Fill in the form as if a reader had typed what the address says; nothing is kept before it is sent."""
    typed = blank()
    typed["text"], typed["rule"] = parameters.get("text", ""), parameters.get("rule", "")
    if typed["text"] and typed["rule"]:
        # The text says what is liked; the rule, what the answer was narrowed to.
        typed["rule_role"] = RuleRole.FILTER.value
    typed["authors"] = (
        f"{parameters.get('author', '')} {normalize_orcid(parameters.get('orcid', '')) or ''}".strip()
    )
    return typed


def follow_address(name: str, orcid: str | None, *, lang: str | None) -> str:
    """Write the address of a new radar's form that follows an author."""
    return write("/radars/new", {}, author=name, orcid=orcid, lang=lang)
