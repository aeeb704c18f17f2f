"""Let no document near a parser that could cost more than an honest feed does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from academichub.errors import FeedTooDeep, FeedTooLarge, FeedTooManyEntries

if TYPE_CHECKING:
    from lxml.etree import _Element

    from academichub.sources.limits import Limits

LIBXML_DEPTH: Final = 256
LIBXML_TEXT_BYTES: Final = 10_000_000
RESOURCE_LIMIT: Final = 114  # libxml2's XML_ERR_RESOURCE_LIMIT

_CHARACTERS_PER_ATTRIBUTE: Final = 4  # of ` a=""`, at the very least
_ENTRY: Final = re.compile(r"<(?:[\w.-]{1,64}:)?(?:item|Item|ITEM|entry|Entry|ENTRY)[\s/>]")
# Of the shortest entries these make a tree of 75 MB; they are counted when it is walked.
_HARMLESS_CHARACTERS: Final = 4 * 1024 * 1024
_ASIDE: Final = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTED_TAG: Final = re.compile(r"""<[A-Za-z_:](?:[^<>"']|"[^"]*+"|'[^']*+')*+""")
_TAG: Final = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)([A-Za-z_][\w.:-]*)[^<>]*?(/?)>", re.DOTALL
)
# Elements HTML never closes: many of them in a broken feed are no depth.
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "meta", "source", "wbr"}
)


def parse(text: str, *, limits: Limits, encoded: bytes | None = None) -> _Element:
    """Parse prepared text with a parser that resolves, loads and recovers nothing.

    Args:
        text: What to parse.
        limits: What a feed may cost.
        encoded: The same in UTF-8, where the caller has it; saves making it.

    Raises:
        FeedTooDeep: Elements nested, or attributes piled, beyond the limits.
        FeedTooManyEntries: More entries than the limit.
        FeedTooLarge: A text longer than libxml2 takes.
        XMLSyntaxError: Not well-formed.
    """
    _refuse_piled_attributes(text, limits)
    if len(text) > _HARMLESS_CHARACTERS:
        _refuse_crowds(text, limits)
        if text.count("<") > limits.tags:
            raise FeedTooDeep(reason="tags", limit=limits.tags)
    if limits.depth < LIBXML_DEPTH:
        _refuse_depth(text, limits)
    # collect_ids stays at its default: switched off, libxml2 loads external DTDs (ingest 1.6).
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace") if encoded is None else encoded, parser)
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", 0) != RESOURCE_LIMIT:
            raise
        if "depth" in str(error):
            raise FeedTooDeep(reason="elements", limit=LIBXML_DEPTH) from error
        raise FeedTooLarge(bytes=len(text), limit=LIBXML_TEXT_BYTES) from error


def refuse_piles(text: str, *, limits: Limits) -> None:
    """Refuse what would cost a tolerant parser minutes, in a document that need not be well-formed.

    Raises:
        FeedTooDeep: Elements nested, or attributes piled, beyond the limits.
        FeedTooManyEntries: More entries than the limit.
    """
    _refuse_depth(text, limits)
    _refuse_crowds(text, limits)
    for tag in _QUOTED_TAG.finditer(text):
        _refuse_tag(tag[0], limits)


def _refuse_depth(text: str, limits: Limits) -> None:
    """Refuse elements nested too deep.

    An end tag closes everything its element left open, so that `<p><p></div>` piles nothing up.
    """
    open_tags: list[str] = []
    for tag in _TAG.finditer(text):
        closing, name, empty = tag.groups()
        if name is None or empty or name.lower() in _VOID:
            continue
        if not closing:
            open_tags.append(name)
            if len(open_tags) > limits.depth:
                raise FeedTooDeep(reason="elements", limit=limits.depth)
        elif name in open_tags:
            while open_tags.pop() != name:
                pass


def _refuse_piled_attributes(text: str, limits: Limits) -> None:
    """Refuse a tag with too many attributes before a parser sorts them.

    Only tags long enough to hold so many are looked at. One that hides behind a '>' inside a value
    is found in the tree, when its attributes are to be listed.
    """
    least = limits.attributes * _CHARACTERS_PER_ATTRIBUTE
    for tag in re.finditer(rf"<[A-Za-z_:][^<>]{{{least},}}", text):
        _refuse_tag(tag[0], limits)


def _refuse_tag(tag: str, limits: Limits) -> None:
    if len(tag) > limits.attributes * _CHARACTERS_PER_ATTRIBUTE and tag.count("=") > limits.attributes:
        raise FeedTooDeep(reason="attributes", limit=limits.attributes)


def _refuse_crowds(text: str, limits: Limits) -> None:
    """Refuse too many entries before anything is built of them."""
    if _crowd(text, limits.entries) <= limits.entries:
        return
    entries = _crowd(_ASIDE.sub("", text), limits.entries)
    if entries > limits.entries:
        raise FeedTooManyEntries(entries=entries, limit=limits.entries)


def _crowd(text: str, limit: int) -> int:
    """Count entry tags, no further than one over the limit."""
    count = 0
    for _ in _ENTRY.finditer(text):
        count += 1
        if count > limit:
            break
    return count
