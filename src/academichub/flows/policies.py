"""Say how each source is treated: what its server is promised, and the other way to its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.sources import catalogue
from academichub.sources.policy import Patience, policy_for

if TYPE_CHECKING:
    from academichub.sources.policy import Policy
    from academichub.store.sources import Subscription


def policy_of(source: Subscription) -> Policy:
    """Give the bounds between two questions: the catalogue's where it knows the source, else its kind's.

    arXiv's feeds are asked by arXiv's calendar, which knows more than any fixed hours.
    """
    known = catalogue.entry(source.key)
    if known is None or source.kind == "arxiv":
        return policy_for(source.kind)
    return known.policy


def other_way(source: Subscription) -> tuple[str, str] | None:
    """Give the (connector, scope) by which a journal's papers can be had while its own server refuses us."""
    known = catalogue.entry(source.key)
    if known is None or source.kind != "feed" or not known.fallback:
        return None
    name, _, scope = known.fallback.partition(" ")
    return name, scope


def patience_of(source: Subscription) -> Patience:
    """Read what is remembered of a source's failures."""
    return Patience.from_json(source.patience)
