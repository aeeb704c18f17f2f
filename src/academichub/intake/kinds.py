"""Say what sort of thing an entry is, from what its source says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Kind
from academichub.text.identifiers import is_news_doi

if TYPE_CHECKING:
    from academichub.model.papers import Identifiers, Record

# Registrants of preprint servers: bioRxiv/medRxiv (two), ChemRxiv, SSRN, Research Square, Preprints.org,
# PsyArXiv and OSF, EarthArXiv, TechRxiv, Authorea, JMIR Preprints.
PREPRINT_PREFIXES: Final = (
    "10.1101/", "10.64898/", "10.26434/", "10.2139/ssrn", "10.21203/rs.", "10.20944/preprints",
    "10.31234/", "10.31219/", "10.31223/", "10.36227/techrxiv", "10.22541/", "10.2196/preprints",
)  # fmt: skip
_NEWS: Final = r"^(?:daily )?(?:news|briefing|podcast|nature (?:news|briefing|podcast))\b|in brief"
_EDITORIAL: Final = r"^editorial|^comment(?:ary)?$|^world view$|^perspective$|^letter to"
_SAID: Final = tuple(
    (re.compile(words, re.IGNORECASE), kind)
    for words, kind in (
        (r"retract|withdraw", Kind.RETRACTION),
        (r"correction|corrigend|errat", Kind.CORRECTION),
        (_NEWS, Kind.NEWS),
        (_EDITORIAL, Kind.EDITORIAL),
        (r"review", Kind.REVIEW),
        (r"^data ?(?:set|descriptor)", Kind.DATASET),
        (r"preprint|posted.content", Kind.PREPRINT),
        (r"article|report|letter|communication|research|journal", Kind.ARTICLE),
    )
)


def choose_kind(record: Record, found: Identifiers, said: str, venue: str) -> Kind:
    """Choose the kind of an entry that is not from arXiv and whose title says nothing."""
    if found.doi and is_news_doi(found.doi):
        return Kind.NEWS
    if found.doi and found.doi.startswith(PREPRINT_PREFIXES):
        return Kind.PREPRINT
    claims = (*map(record.first, ("dc:type", "prism:section", "prism:aggregationType")), said)
    for words in claims:
        for pattern, kind in _SAID:
            if words and pattern.search(words):
                return kind
    if found.arxiv and not found.doi:
        return Kind.PREPRINT
    is_journal = bool(found.doi or found.pmid or found.issn or record.first("prism:publicationName"))
    return Kind.ARTICLE if is_journal or re.search(r"[\u4e00-\u9fff]", venue) else Kind.POST
