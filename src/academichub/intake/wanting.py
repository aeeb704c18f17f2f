"""Say what a paper lacks, and by which name it can be asked for elsewhere. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Bond, Kind, LinkRole

if TYPE_CHECKING:
    from academichub.model.papers import Draft

# Elsevier's feeds give neither DOI nor abstract, only the publisher's item identifier in the address.
_PII: Final = re.compile(r"/pii/(S[0-9X]{16})\b", re.IGNORECASE)
# What has no abstract of its own: nothing is missing there but, perhaps, its authors.
_WITHOUT_ABSTRACT: Final = frozenset({Kind.NEWS, Kind.EDITORIAL, Kind.CORRECTION, Kind.RETRACTION})


def lacks(draft: Draft) -> tuple[str, ...]:
    """List what a version should have and has not: "abstract", "authors", "doi"; of news, its "paper"."""
    if draft.kind is Kind.POST:
        return ()
    if draft.kind is Kind.NEWS:
        is_tied = any(one.bond is Bond.ABOUT for one in draft.relations)
        return () if is_tied or draft.identifiers.doi is None else ("paper",)
    found = []
    if (draft.abstract is None or draft.is_teaser) and draft.kind not in _WITHOUT_ABSTRACT:
        found.append("abstract")
    if not draft.authors:
        found.append("authors")
    if found and draft.identifiers.doi is None and draft.identifiers.arxiv is None:
        found.append("doi")
    return tuple(found)


def wanted_name(draft: Draft) -> tuple[str, str] | None:
    """Give the (scheme, value) to ask for what is missing; None where nothing is, or there is no name.

    A version at arXiv is asked for by its name there: its DOI is that of the journal's version.
    """
    if not lacks(draft):
        return None
    if draft.key.place == "arxiv" and draft.identifiers.arxiv:
        return "arxiv", draft.identifiers.arxiv
    if draft.identifiers.doi:
        return "doi", draft.identifiers.doi
    if draft.identifiers.arxiv:
        return "arxiv", draft.identifiers.arxiv
    for link in draft.links:
        pii = _PII.search(link.href) if link.role is LinkRole.LANDING else None
        if pii is not None:
            return "pii", pii[1].upper()
    return None
