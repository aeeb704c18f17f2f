"""Find tags in text that need not be well-formed: pages for people, lists that somebody wrote by hand.

Every character is looked at a bounded number of times, whatever the text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_ATTRIBUTES: Final = 100  # of one tag; the rest is passed over
_LONGEST_VALUE: Final = 8_192
# Elements whose inside is no markup.
_RAW: Final = ("script", "style", "textarea")
_ATTRIBUTE: Final = re.compile(
    rf"""[\s/]*+([^\s"'<>/=\0]{{1,100}})
    (?:\s{{0,100}}=\s{{0,100}}(?:
        "([^"]{{0,{_LONGEST_VALUE}}})"
        | '([^']{{0,{_LONGEST_VALUE}}})'
        | ([^\s"'>][^\s>]{{0,{_LONGEST_VALUE}}})?
    ))?""",
    re.VERBOSE,
)
_END: Final = re.compile(r"[\s/]*+>")
# Without its semicolon a reference stays as it is: "&section=2" is part of an address, not "§ion=2".
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag."""

    name: str  # lower case
    attributes: Mapping[str, str]  # by their names in lower case; the first of two counts
    start: int  # where it is in the text
    end: int
    is_end: bool  # </name>
    is_empty: bool  # <name/>
    is_whole: bool  # it ends in ">", and nothing in it was passed over


def tags(text: str, *names: str, is_list: bool = False) -> Iterator[Tag]:
    """Find all tags of these names, in order; comments, CDATA and scripts are passed over.

    Args:
        text: What to look through.
        names: In lower case.
        is_list: The text is a list of such tags, in which no value has one of them: a quote that is not
            closed ends with its tag, and takes no neighbour with it.
    """
    start = _start(names)
    at = 0
    while match := start.search(text, at):
        raw, slash, name = match.groups()
        if name is None:
            at = _after(text, match, raw)
            if at < 0:
                return
            continue
        following = start.search(text, match.end()) if is_list else None
        limit = following.start() if following else len(text)
        attributes: dict[str, str] = {}
        at = match.end()
        while len(attributes) < MOST_ATTRIBUTES and (found := _ATTRIBUTE.match(text, at, limit)):
            word, *values = found.groups()
            value = next((one for one in values if one is not None), "")
            attributes.setdefault(word.lower(), _REFERENCE.sub(_character, value))
            at = found.end()
        end = _END.match(text, at, limit)
        at = end.end() if end else at
        yield Tag(
            name=name.lower(),
            attributes=attributes,
            start=match.start(),
            end=at,
            is_end=bool(slash),
            is_empty=end is not None and "/" in end[0],
            is_whole=end is not None,
        )


def text_after(text: str, tag: Tag, *, limit: int = 200) -> str:
    """Give the text between a tag and the next one, folded into one line."""
    piece = text[tag.end : tag.end + limit].partition("<")[0]
    return " ".join(html.unescape(piece).split())


@cache
def _start(names: tuple[str, ...]) -> re.Pattern[str]:
    wanted = "|".join(map(re.escape, names))
    raw = "|".join(one for one in _RAW if one not in names)
    return re.compile(rf"<(!--|!\[CDATA\[|(?:{raw})(?=[\s/>]))|<(/?)({wanted})(?=[\s/>])", re.IGNORECASE)


def _after(text: str, match: re.Match[str], raw: str) -> int:
    """Tell where what is no markup ends; -1 where it never does."""
    ending = {"!--": "-->", "![cdata[": "]]>"}.get(raw.lower())
    if ending is not None:
        found = text.find(ending, match.end())
        return found + len(ending) if found >= 0 else -1
    closing = re.compile(rf"</{raw}(?=[\s/>])", re.IGNORECASE).search(text, match.end())
    return closing.end() if closing else -1


def _character(match: re.Match[str]) -> str:
    return html.unescape(match[0])
