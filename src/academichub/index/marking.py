"""Mark in a work's HTML what a question found, and cut the best window out of an abstract.

Only text is touched: tags stay as they are, formulas (MathML, TeX that could not be set) stay whole and
unmarked, and entities are never cut. Marks never cross a tag, so what was well-formed stays so.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.index.seeking import Seeker
from academichub.model.query import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from academichub.index.seeking import Mark
    from academichub.model.query import Query

SNIPPET: Final = 280  # characters of text
_OPEN: Final = "<mark>"
_CLOSE: Final = "</mark>"
_CUT: Final = "…"
_LEAD: Final = 60  # characters before the first mark of a window
# What is read where a formula stands: a word that nobody writes, so that no phrase reaches across a formula.
# A formula counts for as many characters in a window.
_FORMULA: Final = " 𐎀𐎚𐎁𐎜𐎀𐎚𐎁𐎜𐎀𐎚 "
# A formula, a comment, a tag (">" may stand in quoted values), an entity, or one character. A formula or tag
# without an end is text that somebody wrote: its "<" is a character.
_ATOM: Final = re.compile(
    r"(?P<formula><math\b.*?</math\s*>|<code\b.*?</code\s*>|<!--.*?-->)"
    r"""|(?P<tag></?[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*>)"""
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
    r"|(?P<plain>[^<&]+|[<&])",
    re.DOTALL,
)
_TAG_NAME: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_BLOCKS: Final = frozenset(("p", "br", "div", "li", "ul", "ol"))
_EMPTY: Final = frozenset(("br", "img", "hr", "wbr"))
# What a piece of HTML is, by the names of the pattern's groups.
_PLAIN: Final = "plain"  # characters that stand for themselves, and can be marked and cut
_ENTITY: Final = "entity"  # one character or two in disguise, marked as a whole
_FORMULA_PIECE: Final = "formula"
_TAG: Final = "tag"
_MARKED: Final = frozenset((_PLAIN, _ENTITY))


class _Piece(NamedTuple):
    """A part of the HTML. `start` and `end` are places in its text, which tags have no part in."""

    html: str
    start: int
    end: int
    sort: str


class _Page(NamedTuple):
    """HTML in pieces, and the text that is read in it."""

    pieces: tuple[_Piece, ...]
    text: str


class Marker:
    """Marks what one question found, in the works of one page."""

    def __init__(self, query: Query) -> None:
        """Take a question apart; its terms under NOT mark nothing."""
        self._query = query
        self._seekers: dict[Field, Seeker] = {}

    def highlight(self, html: str, *, field: Field = Field.TITLE) -> str:
        """Mark what the question found.

        Args:
            html: As it is stored; whatever it is, only its text is marked.
            field: What the HTML is of: the title or the abstract.
        """
        page = _page(html)
        marks = self._marks(page.text, field)
        return _written(page.pieces, marks) if marks else html

    def snippet(self, html: str, *, length: int = SNIPPET) -> str:
        """Give the window of an abstract that shows most of the question, marked.

        Args:
            html: As it is stored.
            length: Characters of text about which the window has; formulas are whole.

        Returns:
            HTML that is closed in itself, its paragraphs joined; with "…" where something was left out, and
            the beginning where nothing was found.
        """
        page = _page(html)
        marks = self._marks(page.text, Field.ABSTRACT)
        start, end = _window(page.text, marks, length)
        return _written(_cut(page, start, end), marks).strip()

    def _marks(self, text: str, field: Field) -> list[Mark]:
        seeker = self._seekers.get(field)
        if seeker is None:
            seeker = self._seekers[field] = Seeker(self._query, field)
        return seeker.marks(text)


def highlight(html: str, query: Query, *, field: Field = Field.TITLE) -> str:
    """Mark what a query found in one text; see `Marker`."""
    return Marker(query).highlight(html, field=field)


def snippet(html: str, query: Query, *, length: int = SNIPPET) -> str:
    """Give the window of one abstract that shows most of a query, marked; see `Marker`."""
    return Marker(query).snippet(html, length=length)


def _page(html: str) -> _Page:
    if "<" not in html and "&" not in html:  # most titles
        return _Page((_Piece(html, 0, len(html), _PLAIN),), html)
    pieces: list[_Piece] = []
    texts: list[str] = []
    at = 0
    for match in _ATOM.finditer(html):
        written = match[0]
        sort = match.lastgroup or _PLAIN
        text = written
        if sort == _TAG:
            text = " " if _name(written) in _BLOCKS else ""
        elif sort == _ENTITY:
            text = unescape(written)
        elif sort == _FORMULA_PIECE:
            text = _FORMULA
        pieces.append(_Piece(written, at, at + len(text), sort))
        texts.append(text)
        at += len(text)
    return _Page(tuple(pieces), "".join(texts))


def _window(text: str, marks: Sequence[Mark], length: int) -> tuple[int, int]:
    """Choose a window by how many different terms it shows, then by how many marks, then the first."""
    if len(text) <= length:
        return 0, len(text)
    best = (0, 0, 0)
    start = 0
    lead = min(_LEAD, length // 4)
    ends = [mark.end for mark in marks]
    for number, mark in enumerate(marks):
        begin = max(0, min(mark.start - lead, len(text) - length))
        inside = marks[number : max(number + 1, bisect_right(ends, begin + length))]
        worth = (len({one.term for one in inside}), len(inside), -number)
        if worth > best:
            best, start = worth, begin
    return _at_words(text, start, min(len(text), start + length), marks)


def _at_words(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[int, int]:
    """Move both ends of a window to where words end, and out of marks."""
    if start:
        space = text.find(" ", start, start + _LEAD // 2)
        start = start if space < 0 else space + 1
    if end < len(text):
        space = text.rfind(" ", end - _LEAD // 2, end)
        end = end if space <= start else space
    for mark in marks:
        if mark.start < start < mark.end:
            start = mark.start
        if mark.start < end < mark.end:
            end = mark.end
    return start, end


def _cut(page: _Page, start: int, end: int) -> list[_Piece]:
    """Give the pieces of a window, its tags opened and closed; paragraphs become spaces."""
    out: list[_Piece] = [_Piece(_CUT, start, start, _TAG)] if page.text[:start].strip() else []
    opened: list[tuple[str, _Piece]] = []
    is_inside = False
    for piece in page.pieces:
        is_tag = piece.sort == _TAG
        if is_tag and not is_inside and piece.start < start:
            _follow(opened, piece)
            continue
        if piece.end <= start and not is_tag:
            continue
        if piece.start >= end:
            break
        if not is_inside:
            out += [tag for _, tag in opened]
            is_inside = True
        out += _shown(opened, piece, start, end)
    if page.text[end:].strip():
        out.append(_Piece(_CUT, end, end, _TAG))
    out += [_Piece(f"</{name}>", end, end, _TAG) for name, _ in reversed(opened)] if is_inside else []
    return out


def _shown(opened: list[tuple[str, _Piece]], piece: _Piece, start: int, end: int) -> Iterable[_Piece]:
    """Give what a window shows of a piece; formulas and entities whole."""
    if piece.sort == _PLAIN:
        first, last = max(piece.start, start), min(piece.end, end)
        return [_Piece(piece.html[first - piece.start : last - piece.start], first, last, _PLAIN)]
    if piece.sort != _TAG:
        return [piece]
    if piece.end > piece.start:  # a block
        return [_Piece(" ", piece.start, piece.end, _PLAIN)]
    return [piece] if _follow(opened, piece) else []


def _follow(opened: list[tuple[str, _Piece]], tag: _Piece) -> bool:
    """Keep account of the tags that are open; say whether this one belongs into a window."""
    name = _name(tag.html)
    if name in _BLOCKS:
        return False
    if not tag.html.startswith("</"):
        if name not in _EMPTY:
            opened.append((name, tag))
        return True
    if not opened or opened[-1][0] != name:
        return False  # closes what is not open here
    opened.pop()
    return True


def _name(tag: str) -> str:
    name = _TAG_NAME.match(tag)
    return "" if name is None else name[1].lower()


def _written(pieces: Iterable[_Piece], marks: Sequence[Mark]) -> str:
    """Write pieces with marks around what they cover; a mark ends before a tag and begins anew behind it."""
    starts = [mark.start for mark in marks]
    out: list[str] = []
    for piece in pieces:
        at = piece.start
        near = marks[max(0, bisect_left(starts, piece.start) - 1) : bisect_left(starts, piece.end)]
        for mark in near if piece.sort in _MARKED else ():
            first, last = max(mark.start, piece.start), min(mark.end, piece.end)
            if first >= last:
                continue
            if piece.sort == _ENTITY:
                first, last = piece.start, piece.start + len(piece.html)
            out += [piece.html[at - piece.start : first - piece.start], _OPEN]
            out += [piece.html[first - piece.start : last - piece.start], _CLOSE]
            at = last
        out.append(piece.html[at - piece.start :])
    return _joined(out)


def _joined(parts: Iterable[str]) -> str:
    """Join, and let marks that touch be one."""
    out: list[str] = []
    for part in filter(None, parts):
        if part == _OPEN and out and out[-1] is _CLOSE:
            out.pop()
        else:
            out.append(part)
    return "".join(out)
