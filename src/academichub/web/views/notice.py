"""Say what a form has just done, and where to look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from academichub.web.press import Visit

_LONGEST_NUMBER = 18  # digits


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and a link to what it is about where there is one."""

    words: str
    label: str = ""
    href: str = ""


def work_notice(visit: Visit, known: Collection[str], label: str) -> Notice | None:
    """Read from the address what was done, and to which work; None where it says nothing that is known.

    Args:
        visit: The request.
        known: What can have been done, as `done` says it.
        label: The words of the link to the work.
    """
    words, done, work = visit.words, visit.parameters.get("done", ""), visit.parameters.get("count", "")
    if done not in known:
        return None
    if not (work.isascii() and work.isdigit()) or len(work) > _LONGEST_NUMBER:
        return Notice(words.text(f"done:{done}"))
    return Notice(words.text(f"done:{done}"), label, f"/p/{work}{visit.suffix}")
