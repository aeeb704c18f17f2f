"""Take apart what journals' feeds put where an abstract should be: citation lines, bylines, labels.

A feed's description is often no abstract at all ("Publication date: ... Source: ... Author(s): ..."), or
an abstract with such lines around it. Lines that are facts become facts; what is left is the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Final

_BREAK: Final = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|cite|section|header)\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_SPACE: Final = re.compile(r"\s+")

_VENUE_DATE_DOI: Final = re.compile(  # Nature: "Nature, Published online: 17 July 2024; doi:10.1038/..."
    r"^(?P<venue>[^,:;]{2,80}), Published online:\s*(?P<date>[^;]{4,30});?\s*(?:doi:\s*(?P<doi>10\.\S+))?"
)
_AUTHORS: Final = re.compile(r"^(?:Author\(s\)|Authors?|作者)\s*[:：]\s*(?P<authors>.*)$", re.IGNORECASE)
_BY: Final = re.compile(r"^by (?P<authors>[^.]{3,2000})$")  # PLOS
_SOURCE: Final = re.compile(r"^(?:Source|期刊|刊名)\s*[:：]\s*(?P<venue>[^,，]+).*$", re.IGNORECASE)
_DATE: Final = re.compile(
    r"^(?:Publication date|Available online|Published(?: online)?|日期|发布日期|出版日期)\s*[:：]?\s*"
    r"(?P<date>(?:\w+ )?\d[\w ,/.-]{3,28}|[A-Z][a-z]+(?:[-–][A-Z][a-z]+)? \d{4})$",
    re.IGNORECASE,
)
_DOI: Final = re.compile(
    r"^(?:https?://(?:dx\.)?doi\.org/|doi\s*[:：]?\s*)(?P<doi>10\.\d{4,9}/\S+)$", re.IGNORECASE
)
# A citation line, as in mirrors of Elsevier and IEEE (vol. 175, pp. 113125) and at Atypon (Volume 385, ...).
_CITATION: Final = re.compile(
    r"^(?P<venue>[^,]{2,120}), (?:vol(?:ume|\.)?\s*\d+|Ahead of Print|EarlyView|Just Accepted)\b.{0,120}$",
    re.IGNORECASE,
)
_ISSUE_ONLY: Final = re.compile(
    r"^(?:Volume \d+, (?:Issue|Number) .{1,80}|EarlyView\.?|Ahead of print\.?|\d{4}年第\s*\d+\s*期)$",
    re.IGNORECASE,
)
_TYPE_DATE: Final = re.compile(  # RSC: "Edge Article — 21 August 2026"
    r"^(?P<type>[A-Z][\w ]{3,40}) [—–-] (?P<date>\d{1,2} [A-Z][a-z]+ \d{4})$"
)
_NAMES: Final = re.compile(r"^[^.:;!?]{2,60}(?:; [^.:;!?]{2,60})+$")  # RSC: names between semicolons
_COMMA_NAMES: Final = re.compile(r"^[^.:;!?()\d]{3,60}(?:, [^.:;!?()\d]{2,60})*$")
_IGNORED: Final = re.compile(
    r"^(?:Graphical abstract|TOC Graphic|\[?Image\]?|等级\s*[:：].*|Read more\.*|Continue reading.*)$",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"^(?:Abstract|Summary|摘要|【摘要】|\[摘要\])\s*[:：.]?\s*(?=\S)", re.IGNORECASE)
_LABEL_ALONE: Final = re.compile(r"^(?:Abstract|Summary|摘要)\s*[:：.]?$", re.IGNORECASE)
_APS_TAIL: Final = re.compile(r"^\[(?P<venue>[A-Z][\w. ]+?)\s+\d+[^\]]*\]\s*(?:Published\s+(?P<date>.*))?$")
# Magtech, the system of many Chinese journals:
# title, authors, journal, year, issue and pages, counters of clicks, then the abstract, all in one line.
_MAGTECH: Final = re.compile(
    r"^(?P<head>.{4,300}?) (?P<venue>[\u4e00-\u9fff]{2,20})\.? "
    r"\d{4}, ?(?:Vol\. ?\d+ ?)?\( ?\w+ ?\): ?[\w-]+\."
    r"\s*摘要 \( ?\d+ ?\)(?:\s+(?:正文|PDF|HTML|补充材料|可视化)(?: ?\([^)]{1,20}\))*)*\s*(?P<text>.*)$",
    re.DOTALL,
)
_MAGTECH_ACCEPTED: Final = re.compile(
    r"^\d+\. (?P<head>.{4,300}?) DOI: (?P<doi>10\.\S+)(?: (?:录用|发布|收稿)日期: (?P<date>[\d-]{8,10}))?$"
)


@dataclass(frozen=True, slots=True)
class Standfirst:
    """What the description of an entry holds besides its text. Empty where it says nothing."""

    text: str
    authors: str = ""
    venue: str = ""
    date: str = ""
    doi: str = ""
    type: str = ""


def take_apart(description: str, *, title: str = "") -> Standfirst:
    """Separate the text of a description from the lines of facts before and after it.

    Args:
        description: HTML or plain text, as the feed gave it.
        title: The entry's title, for layouts that repeat it in the description.

    Returns:
        The facts and the remaining text; the description itself, untouched, where it has no such lines.
    """
    blocks = [block for block in _BREAK.split(description) if _plain(block)]
    if not blocks:
        return Standfirst(text="")
    facts = Standfirst(text="")
    start, end = 0, len(blocks)
    while start < end and (learned := _learn(facts, blocks, start, title)) is not None:
        facts = learned
        start += 1
    while end > start and (learned := _learn(facts, blocks, end - 1, "", is_tail=True)) is not None:
        facts = learned
        end -= 1
    if start == 0 and end == len(blocks):
        return Standfirst(text=_without_label(description))
    kept = [facts.text, *blocks[start:end]] if facts.text else blocks[start:end]
    if not kept:
        return replace(facts, text="")
    kept[0] = _without_label(kept[0])
    return replace(facts, text=kept[0] if len(kept) == 1 else "".join(f"<p>{one}</p>" for one in kept))


def _plain(block: str) -> str:
    return _SPACE.sub(" ", unescape(_TAG.sub("", block))).strip()


def _without_label(text: str) -> str:
    """Drop a leading "Abstract:", also where it stands in a tag of its own."""
    bare = re.sub(
        r"^\s*(?:<(?:p|div|section)[^>]*>\s*)*<(?P<tag>b|strong|h[1-6]|span|jats:title|title)\b[^>]*>"
        r"\s*(?:Abstract|Summary|摘要)\s*[:：.]?\s*</(?P=tag)>\s*[:：.]?",
        "",
        text,
        count=1,
        flags=re.IGNORECASE,
    )
    return _LABEL.sub("", bare, count=1) if bare is text or bare == text else bare


def _learn(
    facts: Standfirst, blocks: list[str], index: int, title: str, *, is_tail: bool = False
) -> Standfirst | None:
    """Read one block as facts; None where it is text."""
    line = _plain(blocks[index])
    if _IGNORED.match(line) or _ISSUE_ONLY.match(line) or _LABEL_ALONE.match(line):
        return facts
    for pattern in _TAIL_PATTERNS if is_tail else _HEAD_PATTERNS:
        if found := pattern.match(line):
            learned = _take(facts, found)
            rest = line[found.end() :].strip()
            return replace(learned, text=rest) if rest else learned
    if is_tail:
        return None
    if layout := _MAGTECH.match(line) or _MAGTECH_ACCEPTED.match(line):
        return _from_magtech(facts, layout, title)
    if title and not facts.text and line.startswith(title) and len(line) < len(title) + 14:
        return facts  # the title again, perhaps with a date
    is_before_citation = index + 1 < len(blocks) and _CITATION.match(_plain(blocks[index + 1]))
    if _NAMES.match(line) or (is_before_citation and _COMMA_NAMES.match(line)):
        return replace(facts, authors=facts.authors or line)
    return None


def _take(facts: Standfirst, found: re.Match[str]) -> Standfirst:
    said = {name: value.strip() for name, value in found.groupdict().items() if value}
    return replace(facts, **{name: value for name, value in said.items() if not getattr(facts, name)})


def _from_magtech(facts: Standfirst, layout: re.Match[str], title: str) -> Standfirst:
    said = layout.groupdict()
    head = said["head"]
    names = head[len(title) :].strip() if title and head.startswith(title) else ""
    return replace(
        facts,
        authors=facts.authors or names,
        venue=facts.venue or said.get("venue") or "",
        doi=facts.doi or said.get("doi") or "",
        date=facts.date or said.get("date") or "",
        text=(said.get("text") or "").strip(),
    )


_HEAD_PATTERNS: Final = (_VENUE_DATE_DOI, _AUTHORS, _BY, _SOURCE, _DATE, _DOI, _CITATION, _TYPE_DATE)
_TAIL_PATTERNS: Final = (_DATE, _DOI, _CITATION, _APS_TAIL, _TYPE_DATE)
