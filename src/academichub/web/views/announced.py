"""Say what arXiv announced on a day, by its own word, and what of it is on the shelves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from academichub.model.shelf import AnnouncedDay
    from academichub.web.i18n import Catalogue

_ARXIV: Final = "arxiv:"
# How a category's state looks: what is complete is well, what is honestly empty is quiet.
_HEALTH: Final[Mapping[str, str]] = {
    "complete": "ok",
    "uncounted": "ok",
    "healed": "ok",
    "quiet": "quiet",
    "weekend": "quiet",
    "holiday": "quiet",
    "not_yet": "never",
    "failing": "failing",
    "short": "late",
    "stale": "late",
    "missed": "late",
}
# The order in which a summary tells of them: what is well first, as on the honest line.
_TOLD: Final = (
    ("complete", "{n} category complete", "{n} categories complete"),
    ("uncounted", "{n} there, its own count not known", "{n} there, their own counts not known"),
    ("healed", "{n} filled in from the archive", "{n} filled in from the archive"),
    ("quiet", "{n} with nothing to announce", "{n} with nothing to announce"),
    ("weekend", "{n} at rest for the weekend", "{n} at rest for the weekend"),
    ("holiday", "{n} at rest for a holiday", "{n} at rest for a holiday"),
    ("not_yet", "{n} not there yet", "{n} not there yet"),
    ("failing", "{n} without an answer from arXiv", "{n} without an answer from arXiv"),
    ("short", "{n} incomplete", "{n} incomplete"),
    ("stale", "{n} still showing an older batch", "{n} still showing an older batch"),
    ("missed", "{n} missed", "{n} missed"),
)
_WELL: Final = frozenset({"complete", "quiet"})


@dataclass(frozen=True, slots=True)
class AnnouncedLine:
    """One category's day."""

    label: str
    words: str
    health: str


@dataclass(frozen=True, slots=True)
class AnnouncedView:
    """The day's announcements in one sentence, and by category where that tells more."""

    sentence: str
    health: str
    lines: tuple[AnnouncedLine, ...]


def build_announced(
    days: tuple[AnnouncedDay, ...],
    words: Catalogue,
    *,
    now: datetime,
    holiday: tuple[str, str] | None = None,
) -> AnnouncedView | None:
    """Build the account of a day's announcements; None where no source announces by the day.

    Args:
        days: What each source announced.
        words: The reader's language.
        now: In the reader's time zone.
        holiday: English and Chinese name of arXiv's holiday on that day.
    """
    if holiday is not None and all(day.verdict == "holiday" for day in days):
        name = holiday[1] if words.language == "zh" else holiday[0]
        return AnnouncedView(
            words.text("arXiv holiday ({name}): nothing is announced.", name=name), "quiet", ()
        )
    if not days:
        return None
    states = [_state(day) for day in days]
    lines = tuple(
        AnnouncedLine(_label(day), _words(day, state, words, now), _HEALTH[state])
        for day, state in zip(days, states, strict=True)
    )
    number_by_state = Counter(states)
    if len(days) == 1:
        sentence = words.text("{category}: {state}.", category=lines[0].label, state=lines[0].words)
        return AnnouncedView(sentence, lines[0].health, ())
    whole = _one_for_all(days, number_by_state, words)
    is_late = any(line.health in {"late", "failing"} for line in lines)
    health = "late" if is_late else lines[0].health if len(number_by_state) == 1 else "ok"
    return AnnouncedView(
        sentence=whole or _sum(number_by_state, words),
        health=health,
        lines=() if number_by_state.keys() <= {"weekend"} or number_by_state.keys() <= {"holiday"} else lines,
    )


def _state(day: AnnouncedDay) -> str:
    """Give the verdict; "there" is told apart by whether all that was said is on the shelves."""
    if day.verdict != "there":
        return day.verdict if day.verdict in _HEALTH else "uncounted"
    if day.said_new is None:
        return "uncounted"
    return "short" if _missing(day) else "complete"


def _missing(day: AnnouncedDay) -> int:
    pairs = (
        (day.said_new, day.stored_new),
        (day.said_cross, day.stored_cross),
        (day.said_replace, day.stored_replace),
    )
    return sum(max((said or 0) - stored, 0) for said, stored in pairs)


def _label(day: AnnouncedDay) -> str:
    return day.source_key.removeprefix(_ARXIV) if day.source_key.startswith(_ARXIV) else day.title


# -- one category ---------------------------------------------------------------------------------


def _words(day: AnnouncedDay, state: str, words: Catalogue, now: datetime) -> str:
    match state:
        case "complete":
            return words.text("announced {counts}, all on the shelves", counts=_said(day, words))
        case "short":
            return _short(day, words)
        case "uncounted":
            return words.text(
                "{counts} on the shelves; its own count is not known", counts=_stored(day, words)
            )
        case "stale" | "failing":
            return _stale(day, words, now)
        case "missed":
            return words.text(
                "missed; being fetched from arXiv's archive"
                if day.healing_at
                else "missed; will be fetched from arXiv's archive"
            )
        case "healed":
            return words.count(
                "missed; filled in from arXiv's archive: {n} paper",
                "missed; filled in from arXiv's archive: {n} papers",
                day.healed,
            )
        case _:
            return words.text(f"verdict:{state}")


def _said(day: AnnouncedDay, words: Catalogue) -> str:
    return _counts(day.said_new or 0, day.said_cross or 0, day.said_replace or 0, words)


def _stored(day: AnnouncedDay, words: Catalogue) -> str:
    return _counts(day.stored_new, day.stored_cross, day.stored_replace, words)


def _counts(new: int, cross: int, replace: int, words: Catalogue) -> str:
    return " · ".join(
        (
            words.text("{n} new", n=f"{new:,}"),
            words.count("{n} cross-list", "{n} cross-lists", cross),
            words.count("{n} replacement", "{n} replacements", replace),
        )
    )


def _short(day: AnnouncedDay, words: Catalogue) -> str:
    missing = _missing(day)
    return words.text(
        "announced {counts}, {missing} missing, being fetched"
        if day.healing_at
        else "announced {counts}, {missing} missing, will be fetched",
        counts=_said(day, words),
        missing=f"{missing:,}",
    )


def _stale(day: AnnouncedDay, words: Catalogue, now: datetime) -> str:
    shown = (
        words.text("arXiv is not answering")
        if day.verdict == "failing"
        else words.text("arXiv still shows the batch of {day}", day=words.day_of(day.newest, now.year))
        if day.newest
        else words.text("arXiv shows no batch yet")
    )
    if day.next_try_at is None:
        return shown
    at = day.next_try_at.astimezone(now.tzinfo)
    when = words.clock(at) if at.date() == now.date() else words.stamp(at)
    return words.text("{state}; next try {when}", state=shown, when=when)


# -- all of them ----------------------------------------------------------------------------------


def _one_for_all(days: tuple[AnnouncedDay, ...], number_by_state: Mapping[str, int], words: Catalogue) -> str:
    """Say the one thing that is true of every category; "" where they differ."""
    if number_by_state.keys() <= _WELL and "complete" in number_by_state:
        listings = sum((day.said_new or 0) + (day.said_cross or 0) + (day.said_replace or 0) for day in days)
        return words.count(
            "arXiv: {n} category, {listings} listings announced, all on the shelves.",
            "arXiv: {n} categories, {listings} listings announced, all on the shelves.",
            len(days),
            listings=f"{listings:,}",
        )
    if len(number_by_state) > 1:
        return ""
    (state,) = number_by_state
    if state == "uncounted":
        listings = sum(day.stored_new + day.stored_cross + day.stored_replace for day in days)
        return words.count(
            "arXiv: {n} category, {listings} listings on the shelves; its own count is still to come.",
            "arXiv: {n} categories, {listings} listings on the shelves; its own counts are still to come.",
            len(days),
            listings=f"{listings:,}",
        )
    if state in {"weekend", "holiday", "quiet", "not_yet"}:
        return words.text(f"day:{state}")
    return ""


def _sum(number_by_state: Mapping[str, int], words: Catalogue) -> str:
    parts = [
        words.count(one, many, number_by_state[state])
        for state, one, many in _TOLD
        if state in number_by_state
    ]
    return words.text("arXiv: {state}.", state=words.text("list separator").join(parts))
