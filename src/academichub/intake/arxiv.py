"""Read what arXiv's services write around a paper: prefixes, announcement types, versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.intake.links import host_of
from academichub.model.papers import Announcement, Form, Text
from academichub.model.taxonomy import category
from academichub.text.identifiers import normalize_arxiv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.model.papers import Feed, Record

# arXiv's feed writes "arXiv:{id}v{n} Announce Type: {type} \nAbstract: {abstract}" (its serializer); readers
# that pass it on put it in a paragraph, or turn the line break into a tag or a space.
PREFIX: Final = re.compile(
    r"\s*(?:<(?:p|div|span)\b[^<>]{0,200}>\s*){0,4}"
    r"arXiv:(?P<id>\S{1,40}?)(?:v(?P<version>[0-9]{1,4}))?\s+"
    r"Announce\s+Type:\s*(?P<type>new|cross|replace-cross|replace|absonly)\b(?:\s|<br\s{0,9}/?>|</p>|<p>)*"
    r"(?:Abstract:\s*)?",
    re.IGNORECASE,
)
# Until 2024 the feed wrote the same facts behind the title: "A title. (arXiv:2301.00001v2 [cs.LG] UPDATED)".
SUFFIX: Final = re.compile(
    r"\(arXiv:(?P<id>\S{1,40}?)(?:v(?P<version>[0-9]{1,4}))?\s+\[(?P<category>[\w.-]{2,20})\]\s*"
    r"(?P<note>UPDATED|CROSS LISTED)?\s*\)\s*\.?",
    re.IGNORECASE,
)
_WRAPPED: Final = re.compile(r"\s*<(?:p|div)\b", re.IGNORECASE)
# In TeX "$a<b$" is no tag; yet some authors send what they wrote for a web page.
_TAGGED: Final = re.compile(r"<br\s?/?>|<(sub|sup|i|b|em|strong|tt)>[^<>$]{1,100}</\1>", re.IGNORECASE)
_BETWEEN_CATEGORIES: Final = re.compile(r"[\s,;]+")
_ANNOUNCEMENTS: Final = {kind.value: kind for kind in Announcement}
_OWN_NAMES: Final = ("oai:arxiv.org:", "http://arxiv.org/abs/", "https://arxiv.org/abs/")
_OWN_FIELDS: Final = ("arxiv:announce_type", "arxiv:primary_category@term")


@dataclass(frozen=True, slots=True)
class ArxivFacts:
    """What an entry says about an arXiv paper."""

    base: str
    version: int | None
    announcement: Announcement | None
    title: str  # without arXiv's suffix
    summary: Text  # without arXiv's prefix
    category: str  # of the title's suffix, or ""
    is_own: bool  # the entry comes from an arXiv service, not from someone linking to arXiv


def read_arxiv(record: Record, *, feed: Feed) -> ArxivFacts | None:
    """Find out whether an entry is about an arXiv paper, and what it says.

    Returns:
        The facts, or None where nothing in the entry names an arXiv paper.
    """
    text = record.summary or record.content
    prefix = PREFIX.match(text.value)
    suffix = _suffix_of(record.title.value)
    found = _paper(record, prefix, suffix)
    if found is None:
        return None
    return ArxivFacts(
        base=found[0],
        version=found[1],
        announcement=_announcement(record, prefix, suffix),
        title=_without(record.title.value, suffix),
        summary=_summary(text, prefix),
        category=suffix["category"] if suffix else "",
        is_own=prefix is not None or suffix is not None or _is_own(record, feed),
    )


def arxiv_categories(record: Record, *, otherwise: str = "") -> tuple[str, ...]:
    """List the entry's arXiv categories, canonical, primary first.

    The API mixes in ACM and MSC codes; only names of the taxonomy are kept.

    Args:
        record: The entry.
        otherwise: The category to give where the entry lists none that arXiv knows.
    """
    primary = record.first("arxiv:primary_category@term")
    found: dict[str, None] = {}
    for entry in (primary, *record.categories):
        names = _BETWEEN_CATEGORIES.split(entry) if " " in entry or "," in entry or ";" in entry else (entry,)
        found.update((one.name, None) for one in map(category, names) if one is not None)
    if not found and (one := category(otherwise)) is not None:
        return (one.name,)
    return tuple(found)


def _suffix_of(title: str) -> re.Match[str] | None:
    """Match the suffix at the end of a title; looks once, for the pattern must not try every place."""
    start = title.rfind("(arXiv:")
    return SUFFIX.fullmatch(title, start, len(title.rstrip())) if start >= 0 else None


def _without(title: str, suffix: re.Match[str] | None) -> str:
    if suffix is None:
        return title
    return title[: suffix.start()].rstrip().removesuffix(".")


def _summary(text: Text, prefix: re.Match[str] | None) -> Text:
    """Take the prefix off, and say how to read the rest: plain, unless it has tags beyond doubt."""
    value = text.value[prefix.end() :] if prefix else text.value
    is_tagged = "<" in value and (_WRAPPED.match(text.value) or _TAGGED.search(value))
    if text.form is Form.XHTML or is_tagged:
        return Text(value, Form.HTML)
    return Text(value, Form.PLAIN)


def _paper(
    record: Record, prefix: re.Match[str] | None, suffix: re.Match[str] | None
) -> tuple[str, int | None] | None:
    """Give the paper's identifier and version, from the first place that names it.

    A later place may still tell the version.
    """
    base = None
    for name in _names(record, prefix, suffix):
        pair = normalize_arxiv(name)
        if pair is None or base not in {None, pair[0]}:
            continue
        if pair[1] is not None:
            return pair
        base = pair[0]
    return (base, None) if base is not None else None


def _names(record: Record, prefix: re.Match[str] | None, suffix: re.Match[str] | None) -> Iterator[str]:
    # A bare number can be anyone's running number; the address then has to say it too.
    name = record.external_id
    if "arxiv" in name.lower() or (name and name in record.link):
        yield name
    for found in (prefix, suffix):
        if found is not None:
            yield found["id"] + (f"v{found['version']}" if found["version"] else "")
    yield record.link


def _announcement(
    record: Record, prefix: re.Match[str] | None, suffix: re.Match[str] | None
) -> Announcement | None:
    said = record.first("arxiv:announce_type").lower() or (prefix["type"].lower() if prefix else "")
    if said in _ANNOUNCEMENTS:
        return _ANNOUNCEMENTS[said]
    if suffix is None:
        return None
    note = (suffix["note"] or "").upper()
    return {"UPDATED": Announcement.REPLACE, "CROSS LISTED": Announcement.CROSS}.get(note, Announcement.NEW)


def _is_own(record: Record, feed: Feed) -> bool:
    if any(name in record.fields for name in _OWN_FIELDS):
        return True
    if record.external_id.lower().startswith(_OWN_NAMES):
        return True
    if not _is_arxiv_page(record.link):
        return False
    if _is_arxiv_page(feed.link) or "arxiv.org" in feed.title.lower():
        return True
    # A mirror: what links to arXiv's page and is filed under arXiv's names, and no others, is arXiv's record.
    return bool(record.categories) and all(category(name) is not None for name in record.categories)


def _is_arxiv_page(href: str) -> bool:
    host = host_of(href)
    return host == "arxiv.org" or host.endswith(".arxiv.org")
