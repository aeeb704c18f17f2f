"""What a reader holds about one paper: tags, collections and a note, each with its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from academichub.model.keeping import UNTOUCHED
from academichub.web.views.collections import collection_address
from academichub.web.views.kept import tag_address
from academichub.web.views.marks import here
from academichub.web.views.takeaway import build_copies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.keeping import CollectionRow, Note, State, TagRow
    from academichub.web.press import Visit
    from academichub.web.views.takeaway import Takeaway


class Kept(NamedTuple):
    """What the hub holds about one paper, and what it could be put under."""

    state: State = UNTOUCHED
    note: Note | None = None
    tags: Sequence[TagRow] = ()
    collections: Sequence[CollectionRow] = ()


class Typed(NamedTuple):
    """A note as it was typed, not kept yet."""

    text: str
    html: str = ""  # safe: the preview
    wrong: str = ""  # why it could not be kept


class Label(NamedTuple):
    """A tag or a collection that the paper has."""

    value: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """The note: as it reads, as it is typed, and when it was kept."""

    html: Markup
    text: str
    changed: str
    preview: Markup
    wrong: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class KeepingView:
    """The part of a paper's page that is the reader's own."""

    back: str
    tags_action: str
    tags: tuple[Label, ...]
    known_tags: tuple[str, ...]
    collections: tuple[Label, ...]
    other_collections: tuple[str, ...]  # names
    collections_href: str
    collect_action: str
    note_action: str
    note: NoteView
    copies: tuple[Takeaway, ...]


def build_keeping(work_id: int, kept: Kept, visit: Visit, *, typed: Typed | None = None) -> KeepingView:
    """Build the reader's own part of a paper's page."""
    suffix, state = visit.suffix, kept.state
    held = set(state.collections)
    return KeepingView(
        back=here(visit),
        tags_action=f"/p/{work_id}/tags{suffix}",
        tags=tuple(Label(name, name, f"{tag_address(name)}{suffix}") for name in state.tags),
        known_tags=tuple(row.name for row in kept.tags if row.name not in state.tags),
        collections=tuple(
            Label(row.key, row.name, f"{collection_address(row.key)}{suffix}")
            for row in kept.collections
            if row.key in held
        ),
        other_collections=tuple(row.name for row in kept.collections if row.key not in held),
        collections_href=f"/c{suffix}",
        collect_action=f"/p/{work_id}/collections{suffix}",
        note_action=f"/p/{work_id}/note{suffix}",
        note=_note(kept.note, typed, visit),
        copies=build_copies(work_id),
    )


def _note(note: Note | None, typed: Typed | None, visit: Visit) -> NoteView:
    words = visit.words
    changed = words.text("Kept {when}", when=words.stamp(note.changed_at)) if note else ""
    return NoteView(
        html=Markup(note.html if note else ""),  # noqa: S704 - made by the hub from Markdown, never from outside
        text=typed.text if typed else note.text if note else "",
        changed=changed,
        preview=Markup(typed.html if typed else ""),  # noqa: S704 - as the note
        wrong=typed.wrong if typed else "",
        is_open=typed is not None,
    )
