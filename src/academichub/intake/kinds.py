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
# Where everything is a journal's, also in feeds that give no DOI.
JOURNAL_HOSTS: Final = frozenset(
    (
        "sciencedirect.com", "cell.com", "thelancet.com", "ieeexplore.ieee.org", "dl.acm.org", "nejm.org",
        "link.springer.com", "nature.com", "onlinelibrary.wiley.com", "tandfonline.com", "pubs.acs.org",
        "pubs.rsc.org", "academic.oup.com", "iopscience.iop.org", "pnas.org", "jamanetwork.com", "mdpi.com",
        "frontiersin.org", "journals.plos.org", "elifesciences.org", "link.aps.org", "journals.aps.org",
        "journals.sagepub.com", "pubs.aip.org", "jmlr.org", "pubmed.ncbi.nlm.nih.gov",
    )
)  # fmt: skip
MOST_CLAIM: Final = 100  # characters; a longer one is no name of a type
_NEWS: Final = r"^(?:daily )?(?:news|briefing|podcast|nature (?:news|briefing|podcast))\b|\bin brief\b"
_EDITORIAL: Final = r"^editorial|^comment(?:ary)?$|^world view$|^letter to|^correspondence$"
_SAID: Final = tuple(
    (re.compile(words, re.IGNORECASE), kind)
    for words, kind in (
        (r"\bretract|\bwithdraw", Kind.RETRACTION),
        (r"\bcorrection|corrigend|\berrat|\baddend", Kind.CORRECTION),
        (_NEWS, Kind.NEWS),
        (_EDITORIAL, Kind.EDITORIAL),
        (r"(?<!peer[ -])\breviews?\b|^perspectives?$|综述", Kind.REVIEW),
        (r"^data ?(?:set|descriptor)", Kind.DATASET),
        (r"\bpreprint|posted.content", Kind.PREPRINT),
        (r"article|report|letter|communication|research|journal", Kind.ARTICLE),
    )
)
# What journals tag their sections with. The same tag on a blog says nothing of the sort.
_TAGS: Final = {
    "review": Kind.REVIEW, "reviews": Kind.REVIEW, "review article": Kind.REVIEW, "综述": Kind.REVIEW,
    "editorial": Kind.EDITORIAL, "editorials": Kind.EDITORIAL, "commentary": Kind.EDITORIAL,
    "perspective": Kind.REVIEW, "comment": Kind.EDITORIAL, "correspondence": Kind.EDITORIAL,
    "news": Kind.NEWS, "news & views": Kind.NEWS, "research highlight": Kind.NEWS, "insight": Kind.NEWS,
    "correction": Kind.CORRECTION, "corrections": Kind.CORRECTION, "erratum": Kind.CORRECTION,
    "author correction": Kind.CORRECTION, "publisher correction": Kind.CORRECTION,
    "corrigendum": Kind.CORRECTION, "retraction": Kind.RETRACTION, "retraction note": Kind.RETRACTION,
}  # fmt: skip
_BY_VALUE: Final = {kind.value: kind for kind in Kind}
_REPOSITORY: Final = "oai:"  # how OAI-PMH names what a repository or library holds: no blog posts
_JOURNAL_NAME: Final = re.compile(
    r"学报|杂志|期刊|通报|\bjournal of\b|^journal\b|\btransactions on\b|\bproceedings of\b|\bannals of\b",
    re.IGNORECASE,
)


def choose_kind(
    record: Record, found: Identifiers, *, claims: tuple[str, ...], host: str, journal: str, feed_name: str
) -> Kind:
    """Choose the kind of an entry that is not from arXiv and whose title says nothing.

    Args:
        record: The entry.
        found: Its identifiers.
        claims: What the source calls it, in its own words ("Edge Article"), surest first.
        host: Where the entry lies.
        journal: The journal, where the entry itself names one; else "".
        feed_name: What the channel calls itself.
    """
    if found.doi and is_news_doi(found.doi):
        return Kind.NEWS
    if found.doi and found.doi.startswith(PREPRINT_PREFIXES):
        return Kind.PREPRINT
    told = _BY_VALUE.get(record.first("hub:kind"))
    if told is not None:
        return told
    for words in (*map(record.first, ("dc:type", "prism:section", "prism:aggregationType")), *claims):
        kind = _kind_said(words)
        if kind is not None:
            return kind
    if found.arxiv and not found.doi:
        return Kind.PREPRINT
    names_it = found.doi or found.pmid or found.issn or journal or record.first("prism:publicationName")
    if names_it or host in JOURNAL_HOSTS or _JOURNAL_NAME.search(feed_name):
        tagged = (_TAGS.get(tag.strip().lower()) for tag in record.categories)
        return next(filter(None, tagged), Kind.ARTICLE)
    return Kind.ARTICLE if record.external_id.startswith(_REPOSITORY) else Kind.POST


def _kind_said(words: str) -> Kind | None:
    if not words or len(words) > MOST_CLAIM:
        return None
    return next((kind for pattern, kind in _SAID if pattern.search(words)), None)
