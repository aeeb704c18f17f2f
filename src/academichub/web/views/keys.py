"""The keyboard map: one table for the help, for the pages' script and for the tests of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from academichub.web.i18n import Catalogue

# Where "g" and a letter lead.
GOES: Final = (
    ("t", "/", "Today"),
    ("r", "/radars", "Radars"),
    ("b", "/b", "Briefings"),
    ("k", "/kept/starred", "Kept"),
    ("l", "/c", "Collections"),
    ("a", "/tags", "Tags"),
    ("d", "/calendar", "Calendar"),
    ("h", "/sources", "Sources"),
    ("s", "/settings", "Settings"),
)
# Keys and what they do, in the order of the help; a group has a heading of its own.
SHORTCUTS: Final = (
    (
        "Moving",
        (
            (("j", "n"), "Next paper"),
            (("k", "p"), "Previous paper"),
            (("o", "Enter"), "Open the paper"),
            (("v", "V"), "Open the original in a new tab, or in this one"),
            (("e",), "Unfold or fold the abstract"),
            (("t",), "Show or hide the translation"),
            (("[", "]"), "Previous or next day"),
        ),
    ),
    (
        "Keeping",
        (
            (("s",), "Star, or take the star away"),
            (("l",), "Read later, or no longer"),
            (("u",), "Read or unread"),
            (("m",), "Read or unread, and on to the next paper"),
            (("x",), "Hide, or show again"),
            (("z",), "Take back what you did last"),
            (("A", "!"), "Mark the day as read"),
            (("y", "Y"), "Copy as BibTeX, or as Markdown"),
            (("+",), "More like this"),
            (("-",), "Less like this"),
        ),
    ),
    (
        "Going",
        (
            (("/",), "Search"),
            ((".", "Ctrl K"), "Go to anything"),
            *(((f"g {key}",), label) for key, _, label in GOES),
            (("?",), "This help"),
        ),
    ),
    (
        "In a briefing",
        (
            (("j", "k"), "Next or previous section"),
            (("e",), "Show or hide the evidence"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key, or two, and what it does."""

    keys: tuple[str, ...]
    does: str


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Keys that belong together."""

    title: str
    shortcuts: tuple[Shortcut, ...]


def shortcut_groups(words: Catalogue) -> tuple[ShortcutGroup, ...]:
    """List the keyboard shortcuts, by what they are for."""
    return tuple(
        ShortcutGroup(words.text(title), tuple(Shortcut(keys, words.text(does)) for keys, does in shortcuts))
        for title, shortcuts in SHORTCUTS
    )
