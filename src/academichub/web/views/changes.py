"""Show what changed from one version of a paper to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.text.difference import Change, difference, share_changed

if TYPE_CHECKING:
    from academichub.model.shelf import VersionText
    from academichub.text.difference import Piece
    from academichub.web.i18n import Catalogue

# Comparing two abstracts takes a millisecond or so, and a page is drawn on the event loop.
_COMPARED: Final = 12


class PieceView(NamedTuple):
    """A stretch of text that stayed, went or came."""

    kind: str
    text: str
    tail: str  # white space, which no line should run under
    is_close: bool  # nothing stands between it and what went before


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One version against the one before it."""

    anchor: str
    label: str
    note: str
    title: tuple[PieceView, ...]  # () where it stayed as it was
    abstract: tuple[PieceView, ...]
    same: str  # what is said where nothing changed


def build_changes(texts: tuple[VersionText, ...], words: Catalogue, *, year: int) -> tuple[ChangeView, ...]:
    """Compare each version with the one before it, newest first; at most a dozen."""
    newest = texts[-_COMPARED - 1 :]
    return tuple(_change(old, new, words, year) for old, new in reversed(list(pairwise(newest))))


def _change(old: VersionText, new: VersionText, words: Catalogue, year: int) -> ChangeView:
    title = difference(old.title, new.title)
    abstract = difference(old.abstract, new.abstract)
    has_title, has_abstract = _is_change(title), _is_change(abstract)
    noted = [words.day_of(new.announced_on, year)] if new.announced_on else []
    if has_title:
        noted.append(words.text("title"))
    if has_abstract:
        share = max(round(100 * share_changed(abstract)), 1)
        noted.append(words.text("{share} % of the abstract", share=share))
    return ChangeView(
        anchor=f"changes-v{new.version}",
        label=words.text("What changed in v{version}", version=new.version),
        note=" · ".join(noted),
        title=_views(title) if has_title else (),
        abstract=_views(abstract) if has_abstract else (),
        same=""
        if has_title or has_abstract
        else words.text("Title and abstract are the same as in v{version}.", version=old.version),
    )


def _is_change(pieces: tuple[Piece, ...]) -> bool:
    return any(piece.kind is not Change.EQUAL for piece in pieces)


def _views(pieces: tuple[Piece, ...]) -> tuple[PieceView, ...]:
    views: list[PieceView] = []
    for piece in pieces:
        text = piece.text.rstrip()
        is_close = bool(views) and views[-1].kind == Change.GONE and not views[-1].tail
        views.append(PieceView(piece.kind.value, text, piece.text[len(text) :], is_close))
    return tuple(views)
