"""What a reader says of a paper, as buttons; and what was just done, with the way back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from academichub.model.keeping import UNTOUCHED, Mark
from academichub.web.address import write
from academichub.web.i18n import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.keeping import State
    from academichub.web.press import Visit

# In the order of the buttons: the mark, its icon, its key.
_BUTTONS: Final = (
    (Mark.STARRED, "star", "s"),
    (Mark.LATER, "later", "l"),
    (Mark.READ, "check", "u"),
    (Mark.HIDDEN, "x", "x"),
)
# What a notice can say was done, and whether it can be taken back. `count` is then the number of the action.
_TAKEN_BACK: Final = "taken-back"
DONE: Final[Mapping[str, bool]] = {
    **{f"{mark.value}-{way}": True for mark in Mark for way in ("on", "off")},
    "day-read": True,
    _TAKEN_BACK: False,
    "not-taken-back": False,
    "tagged": False,
    "untagged": False,
    "noted": False,
    "note-gone": False,
    "put-in": False,
    "taken-out": False,
    "entry-gone": False,
    "collection-made": False,
    "collection-renamed": False,
    "collection-removed": False,
}
_LONGEST_NUMBER: Final = 18  # digits


class Held(NamedTuple):
    """What the reader holds about the works of a page."""

    states: Mapping[int, State]
    unread: int = 0  # works of the day that are neither read nor hidden


class MarkButton(NamedTuple):
    """One mark of one paper, as a button that turns it round."""

    mark: str
    name: str  # of the form's field: what pressing does, "on" or "off"
    pressed: str  # as ARIA writes it; "" for the button whose words change in place of it
    icon: str
    label: str
    title: str
    undo: str  # the words of the hidden paper's button; "" for all others


class MarksView(NamedTuple):
    """The marks of one paper."""

    work_id: int
    action: str
    back: str
    buttons: tuple[MarkButton, ...]
    key: str  # the same for all papers in the same state
    manner: str  # classes that say how the card is drawn: "is-read", "is-gone"


class DoneView(NamedTuple):
    """What a form has just done, and the action that can be taken back; 0 where none can."""

    words: str
    action: str
    back: str


def here(visit: Visit) -> str:
    """Write the page's own address, for forms that lead back to it."""
    path = quote(visit.path, safe="/:@!$&'()*+,;=")
    return write(path, visit.parameters, done=None, count=None)


def build_marks(work_id: int, state: State | None, visit: Visit, *, back: str) -> MarksView:
    """Set the marks of one paper."""
    marks = (state or UNTOUCHED).marks
    return MarksView(
        work_id=work_id,
        action=f"/p/{work_id}/marks{visit.suffix}",
        back=back,
        buttons=_buttons(visit.words.language, marks),
        key="".join([mark.value for mark, _, _ in _BUTTONS if mark in marks]),
        manner=_manner(marks),
    )


def _manner(marks: frozenset[Mark]) -> str:
    return " ".join(
        name for mark, name in ((Mark.READ, "is-read"), (Mark.HIDDEN, "is-gone")) if mark in marks
    )


# Two languages, sixteen states: a page has the same few again and again.
@lru_cache(32)
def _buttons(language: str, marks: frozenset[Mark]) -> tuple[MarkButton, ...]:
    words = catalogue(language)
    return tuple(
        MarkButton(
            mark=mark.value,
            name="off" if mark in marks else "on",
            pressed="" if mark is Mark.HIDDEN else "true" if mark in marks else "false",
            icon=icon,
            label=words.text(f"mark:{mark.value}"),
            title=words.text("{words} (key {key})", words=words.text(f"mark said:{mark.value}"), key=key),
            undo=words.text("Hidden · undo") if mark is Mark.HIDDEN else "",
        )
        for mark, icon, key in _BUTTONS
    )


def build_done(visit: Visit) -> DoneView | None:
    """Read from the address what was just done; None where it says nothing that is known."""
    done, count = visit.parameters.get("done", ""), visit.parameters.get("count", "")
    if done not in DONE:
        return None
    is_number = count.isascii() and count.isdigit() and len(count) <= _LONGEST_NUMBER
    return DoneView(
        words=visit.words.text(f"done:{done}"),
        action=count if DONE[done] and is_number else "",
        back=here(visit),
    )
