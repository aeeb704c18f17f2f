"""Take apart what journals' feeds put where an abstract should be: citation lines, bylines, labels.

A feed's description is often no abstract at all ("Publication date: ... Source: ... Author(s): ..."), or
an abstract with such lines around it. Lines that are facts become facts; what is left is the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Final

LONGEST_LINE: Final = 60_000  # characters; the names of a collaboration of three thousand
LONGEST_CITATION: Final = 400  # characters; a longer line holds more than facts

# Every pattern takes time in proportion to the text: "[^<>]" stops at the next tag, repeats are bounded.
_BREAK: Final = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|section|header)\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_CITED: Final = re.compile(  # ACS: the journal alone in a block
    r"<(div|p)\b[^<>]*>\s{0,20}<cite\b[^<>]*>([^<>]{2,150})</cite>\s{0,20}</\1>", re.IGNORECASE
)

_VENUE_DATE_DOI: Final = re.compile(  # Nature: "Nature, Published online: 17 July 2024; doi:10.1038/..."
    r"(?P<venue>[^,:;]{2,80}), Published online:\s?(?P<date>[^;]{4,30});?\s?(?:doi:\s?(?P<doi>10\.\S+))?"
)
_AUTHORS: Final = re.compile(r"(?:Author\(s\)|Authors?|作者)\s?[:：]\s?(?P<authors>.*)$", re.IGNORECASE)
_BY: Final = re.compile(r"by (?P<authors>.{3,})$")  # PLOS
_SOURCE: Final = re.compile(
    r"(?:Source|期刊|刊名)\s?[:：]\s?(?P<venue>[^,，]{2,150})(?:[,，].*)?$", re.IGNORECASE
)
_DATE: Final = re.compile(
    r"(?:Publication date|Available online|Published(?: online)?|First published|日期|发布日期|出版日期)"
    r"\s?[:：]?\s?(?:Available online )?"
    r"(?P<date>(?:\w{2,9},? )?[0-9][\w ,/.:年月日-]{3,28}|[A-Z][a-z]+(?:[-–][A-Z][a-z]+)? [0-9]{4})$",
    re.IGNORECASE,
)
_DOI: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi\s?[:：]?\s?(?:https?://(?:dx\.)?doi\.org/)?)(?P<doi>10\.[0-9]{4,9}/\S+)$",
    re.IGNORECASE,
)
# A citation line, as in mirrors of Elsevier and IEEE (vol. 175, pp. 113125) and at Atypon (Volume 385, ...).
_CITATION: Final = re.compile(
    r"(?P<venue>[^,]{2,120}), (?:vol(?:ume|\.)?\s?[0-9]|pp?\. ?[0-9]|(?:Ahead of Print|Early ?View"
    r"|Just Accepted)\b).{0,120}$",
    re.IGNORECASE,
)
# The same, with the text behind it in one line: "Science, Volume 385, Issue 6700, Page 1-9, July 2026. Text".
_CITATION_BEFORE_TEXT: Final = re.compile(
    r"(?P<venue>[^,.]{2,120}), (?:Ahead of Print|Early ?View|Volume [0-9]+(?:, (?:Issue|No\.) [\w-]+)?"
    r"(?:, Pages? [\w–-]+)?(?:, (?P<date>[A-Z][a-z]+(?: [0-9]{1,2},)? [0-9]{4}))?)\.\s(?=\S)"
)
_PUBMED: Final = re.compile(  # "Ann Tests. 2026 Jun 18;12(3):45-67. doi: 10.1234/x. Online ahead of print."
    r"(?P<venue>[^.]{2,100})\. (?P<date>[0-9]{4}(?: [A-Z][a-z]{2}(?: [0-9]{1,2})?)?)\b[^.]{0,80}\."
    r"[^.]{0,40} ?doi: ?(?P<doi>10\.\S+?)\.?(?: .{0,200})?$"
)
_PUBMED_TAIL: Final = re.compile(r"PMID: ?(?P<pmid>[0-9]{1,9})(?: ?\|.{0,300})?$")
_ISSUE_ONLY: Final = re.compile(
    r"(?:Volume [0-9]+, (?:Issue|Number) .{1,80}|Early ?View\.?|Ahead of print\.?"
    r"|[0-9]{4}年第\s?[0-9]+\s?期)$",
    re.IGNORECASE,
)
_TYPE_DATE: Final = re.compile(  # RSC: "Edge Article — 21 August 2026"
    r"(?P<type>[A-Z][\w ]{3,40}) [—–-] (?P<date>[0-9]{1,2} [A-Z][a-z]+ [0-9]{4})$"
)
_IGNORED: Final = re.compile(
    r"(?:Graphical abstract|TOC Graphic|\[?Image\]?|等级\s?[:：].*|(?:首页|Home) ?[>›»].*|Read more\W*"
    r"|Continue reading.*|阅读全文|The post .* (?:first )?appeared (?:first )?on .*|[^\w$\\]+)$",
    re.IGNORECASE,
)
_OPENING: Final = (
    "We|The|This|These|In|An?|Here|Background|Objectives?|Aims?|Purpose|Motivation|Importance|Context"
)
# The label of an abstract; "Abstract interpretation" and "Summary statistics" begin one.
_LABEL: Final = re.compile(
    r"(?:(?:[0-9]{1,2}\.? )?(?i:Abstract|Summary)(?:\s{0,9}[:：.]|\s{0,9}\n)\s{0,9}"
    rf"|(?:Abstract|ABSTRACT|Summary|SUMMARY)\s{{0,9}}(?=(?:{_OPENING})\b)"
    r"|(?:Abstract|Summary)(?=[A-Z][a-z])"
    r"|(?:摘\s?要|【摘\s?要】|\[摘\s?要\])\s{0,9}[:：]?\s{0,9})(?=\S)"
)
_LABEL_ALONE: Final = re.compile(r"[【\[]?(?:Abstract|Summary|摘\s?要)[】\]]?\s?[:：.]?$", re.IGNORECASE)
_LABEL_IN_TAG: Final = re.compile(
    r"\s{0,20}(?:<(?:p|div|section|span)\b[^<>]*>\s{0,20}){0,4}"
    r"<(?P<tag>b|strong|h[1-6]|span|jats:title|title)\b[^<>]*>"
    r"\s{0,20}(?:Abstract|Summary|摘\s?要)\s{0,9}[:：.]?\s{0,9}</(?P=tag)>\s{0,9}[:：.]?",
    re.IGNORECASE,
)
_APS_TAIL: Final = re.compile(
    r"\[(?P<venue>[A-Z][A-Za-z. ]{2,60}?) [0-9]+[^\]]{0,80}\]\s?(?:Published (?P<date>.{4,40}))?$"
)
# Magtech, the system of many Chinese journals:
# title, authors, journal, year, issue and pages, counters of clicks, then the abstract, all in one line.
_MAGTECH: Final = re.compile(
    r"(?P<head>.{4,300}?) (?P<venue>[\u4e00-\u9fff]{2,20})\.? "
    r"[0-9]{4}, ?(?:Vol\. ?[0-9]+ ?)?\( ?\w{1,9} ?\): ?[\w-]{1,20}\."
    r"\s?摘要 \( ?[0-9]+ ?\)(?: (?:正文|PDF|HTML|补充材料|可视化)(?: ?\([^)]{1,20}\)){0,3}){0,6}"
    r" ?(?P<text>.*)$"
)
_MAGTECH_ACCEPTED: Final = re.compile(
    r"[0-9]+\. (?P<head>.{4,300}?) DOI: (?P<doi>10\.\S+)(?: (?:录用|发布|收稿)日期: (?P<date>[0-9-]{8,10}))?$"
)
_BETWEEN_NAMES: Final = re.compile(r"[,，、;；]\s?|\sand\s")
_HAN_NAME: Final = re.compile("[\u4e00-\u9fff·]{2,8}")
_LATIN_NAME: Final = re.compile(
    r"[^\W\d_][\w.'’ʼ(){}\-‐‑–]*(?: [^\W\d_][\w.'’ʼ(){}\-‐‑–]*){0,6}"
)  # names are printed with all of these
_SENTENCE: Final = re.compile(r"[a-z]{4}\. ")  # no initial, no "Jr."
_DAY: Final = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?")
_CLICKS: Final = re.compile(r"(?:\.{3}|…)? ?\([0-9]{1,9}\)$")
_OTHERS: Final = re.compile(r"et al\.?", re.IGNORECASE)
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Standfirst:
    """What the description of an entry holds besides its text. Empty where it says nothing."""

    text: str
    authors: str = ""
    venue: str = ""
    date: str = ""
    doi: str = ""
    pmid: str = ""
    type: str = ""


def take_apart(description: str, *, title: str = "") -> Standfirst:
    """Separate the text of a description from the lines of facts before and after it.

    Args:
        description: HTML or plain text, as the feed gave it.
        title: The entry's title, for layouts that repeat it in the description.

    Returns:
        The facts and the remaining text, as HTML paragraphs where it has more than one; the description
        itself, untouched but for its label, where it has no such lines.
    """
    cited = _CITED.sub(r"<p>Source: \2</p>", description) if "<cite" in description else description
    blocks = [(block, line) for block in _BREAK.split(cited) if (line := _plain(block))]
    lines = [line for _, line in blocks]
    facts = Standfirst(text="")
    start, end = 0, len(blocks)
    while start < end and not facts.text and (learned := _learn(facts, lines, start, title)) is not None:
        facts = learned
        start += 1
    while end > start and (learned := _learn_tail(facts, lines[end - 1])) is not None:
        facts = learned
        end -= 1
    if start == 0 and end == len(blocks):
        return Standfirst(text=_without_label(description) if blocks else "")
    kept = [facts.text] if facts.text else []
    kept += [block.strip() for block, _ in blocks[start:end]]
    if not kept:
        return facts
    kept[0] = _without_label(kept[0])
    return replace(facts, text=kept[0] if len(kept) == 1 else "".join(f"<p>{one}</p>" for one in kept))


def _plain(block: str) -> str:
    words = unescape(_TAG.sub("", block)) if "<" in block or "&" in block else block
    return " ".join(words.split())


def _without_label(text: str) -> str:
    """Drop a leading "Abstract:", also where it stands in a tag of its own."""
    tagged = _LABEL_IN_TAG.match(text)
    if tagged:
        # What was open before the label stays open: "<p><b>Abstract</b> text</p>".
        opened = text[: tagged.start("tag") - 1]
        return opened + text[tagged.end() :]
    label = _LABEL.match(text.lstrip())
    return text.lstrip()[label.end() :] if label else text


def _learn(facts: Standfirst, lines: list[str], index: int, title: str) -> Standfirst | None:
    """Read a line at the beginning as facts; None where it is text."""
    line = lines[index]
    after = lines[index + 1] if index + 1 < len(lines) else ""
    if len(line) > LONGEST_LINE:
        return None
    if len(line) <= LONGEST_CITATION and (learned := _learn_short(facts, line, _HEAD_PATTERNS)) is not None:
        return learned
    if found := _AUTHORS.match(line) or _named(_BY.match(line)):
        return _take(facts, found)
    if found := _VENUE_DATE_DOI.match(line) or _CITATION_BEFORE_TEXT.match(line):
        return replace(_take(facts, found), text=line[found.end() :].strip())
    if layout := _MAGTECH.match(line) or _MAGTECH_ACCEPTED.match(line):
        return _from_magtech(facts, layout, title)
    if title and (learned := _from_title(facts, line, title)) is not None:
        return learned
    is_byline = bool(_CITATION.match(after) or (facts.type and (not after or _DOI.match(after))))
    if is_names(line) and (is_byline or ";" in line or "；" in line):
        return replace(facts, authors=facts.authors or line)
    return None


def _learn_tail(facts: Standfirst, line: str) -> Standfirst | None:
    """Read a line at the end as facts; None where it is text."""
    return _learn_short(facts, line, _TAIL_PATTERNS) if len(line) <= LONGEST_CITATION else None


def _learn_short(facts: Standfirst, line: str, patterns: tuple[re.Pattern[str], ...]) -> Standfirst | None:
    if _IGNORED.match(line) or _ISSUE_ONLY.match(line) or _LABEL_ALONE.match(line):
        return facts
    for pattern in patterns:
        if found := pattern.match(line):
            return _take(facts, found)
    return None


def is_names(line: str) -> bool:
    """Tell a list of people, or one person, from a sentence."""
    if _SENTENCE.search(line) or line.isupper():
        return False
    parts = [part.strip() for part in _BETWEEN_NAMES.split(line)]
    people = [part for part in parts if part and not _OTHERS.fullmatch(part)]
    return bool(people) and all(
        len(part) <= _LONGEST_NAME and _LATIN_NAME.fullmatch(part) and not part.islower() for part in people
    )


def _named(found: re.Match[str] | None) -> re.Match[str] | None:
    return found if found is not None and is_names(found["authors"]) else None


def _take(facts: Standfirst, found: re.Match[str]) -> Standfirst:
    said = {name: value.strip() for name, value in found.groupdict().items() if value}
    return replace(facts, **{name: value for name, value in said.items() if not getattr(facts, name)})


def _from_title(facts: Standfirst, line: str, title: str) -> Standfirst | None:
    """Read the title repeated, whole or cut, and what follows it: nothing, clicks, a day, Chinese names."""
    line = line.lstrip("·•▪ ")  # an item of a list of titles
    clicks = _CLICKS.search(line)
    if clicks and title.startswith(line[: clicks.start()]):
        return facts
    if not line.startswith(title):
        return None
    rest = line[len(title) :].strip()
    if not rest:
        return facts
    if _DAY.fullmatch(rest):
        return replace(facts, date=facts.date or rest)
    if all(map(_HAN_NAME.fullmatch, re.split(r"[,，、;；\s]+", rest))):
        return replace(facts, authors=facts.authors or rest)
    return None


def _from_magtech(facts: Standfirst, layout: re.Match[str], title: str) -> Standfirst:
    said = layout.groupdict(default="")
    head = said["head"]
    return replace(
        facts,
        authors=facts.authors or (head[len(title) :].strip() if title and head.startswith(title) else ""),
        venue=facts.venue or said.get("venue", ""),
        doi=facts.doi or said.get("doi", ""),
        date=facts.date or said.get("date", ""),
        text=said.get("text", "").strip(),
    )


_HEAD_PATTERNS: Final = (_SOURCE, _DATE, _DOI, _PUBMED, _CITATION, _TYPE_DATE)
_TAIL_PATTERNS: Final = (_DATE, _DOI, _PUBMED_TAIL, _CITATION, _APS_TAIL, _TYPE_DATE)
