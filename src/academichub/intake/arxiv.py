"""Read what arXiv's services write around a paper: prefixes, announcement types, versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.model.papers import Announcement
from academichub.model.taxonomy import category
from academichub.text.identifiers import normalize_arxiv

if TYPE_CHECKING:
    from academichub.model.papers import Record

# arXiv's feed writes "arXiv:{id}v{n} Announce Type: {type} \nAbstract: {abstract}" (its serializer).
PREFIX = re.compile(
    r"^\s*arXiv:(?P<id>\S+?)(?:v(?P<version>\d+))?\s+"
    r"Announce\s+Type:\s*(?P<type>new|cross|replace-cross|replace|absonly)\s*"
    r"(?:Abstract:\s*)?",
    re.IGNORECASE,
)
# Until 2024 the feed wrote the same facts behind the title: "A title. (arXiv:2301.00001v2 [cs.LG] UPDATED)".
SUFFIX = re.compile(
    r"\.?\s*\(arXiv:(?P<id>\S+?)(?:v(?P<version>\d+))?\s+\[(?P<category>[\w.-]+)\](?P<updated>\s+UPDATED)?"
    r"(?:\s+CROSS LISTED)?\)\s*$"
)


@dataclass(frozen=True, slots=True)
class ArxivFacts:
    """What an entry says about an arXiv paper."""

    base: str
    version: int | None
    announcement: Announcement | None
    title: str  # without arXiv's suffix
    summary: str  # without arXiv's prefix
    is_own: bool  # the entry comes from an arXiv service, not from someone linking to arXiv


def read_arxiv(record: Record) -> ArxivFacts | None:
    """Find out whether an entry is about an arXiv paper, and what it says.

    Returns:
        The facts, or None where nothing in the entry names an arXiv paper.
    """
    prefix = PREFIX.match(record.summary.value)
    suffix = SUFFIX.search(record.title.value)
    named = (
        record.external_id,
        prefix["id"] + (f"v{prefix['version']}" if prefix["version"] else "") if prefix else "",
        suffix["id"] + (f"v{suffix['version']}" if suffix["version"] else "") if suffix else "",
        record.link,
    )
    found = [pair for pair in map(normalize_arxiv, named) if pair is not None]
    if not found:
        return None
    base = found[0][0]
    version = next((number for name, number in found if name == base and number is not None), None)
    return ArxivFacts(
        base=base,
        version=version,
        announcement=_announcement(record, prefix, suffix),
        title=record.title.value[: suffix.start()] if suffix else record.title.value,
        summary=record.summary.value[prefix.end() :] if prefix else record.summary.value,
        is_own=_is_own(record) or prefix is not None or suffix is not None,
    )


def arxiv_categories(record: Record) -> tuple[str, ...]:
    """List the entry's arXiv categories, canonical, primary first.

    The API mixes in ACM and MSC codes; only names of the taxonomy are kept.
    """
    primary = record.first("arxiv:primary_category@term")
    names = [primary, *record.categories] if primary else list(record.categories)
    known = (category(name.strip()) for entry in names for name in re.split(r"[,;]\s*", entry))
    return tuple(dict.fromkeys(one.name for one in known if one is not None))


def _announcement(
    record: Record, prefix: re.Match[str] | None, suffix: re.Match[str] | None
) -> Announcement | None:
    said = record.first("arxiv:announce_type").lower() or (prefix["type"].lower() if prefix else "")
    if said in set(Announcement):
        return Announcement(said)
    if suffix is not None:
        return Announcement.REPLACE if suffix["updated"] else Announcement.NEW
    return None


def _is_own(record: Record) -> bool:
    return (
        "arxiv:announce_type" in record.fields
        or "arxiv:primary_category@term" in record.fields
        or record.external_id.lower().startswith(
            ("oai:arxiv.org:", "http://arxiv.org/abs/", "https://arxiv.org/abs/")
        )
    )
