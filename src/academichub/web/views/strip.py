"""Draw thirty days as thirty bars, each a link to its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.shelf import DayCount
    from academichub.web.i18n import Catalogue

_DAYS: Final = 30
_STEP: Final = 100 / _DAYS  # per cent of the drawing's width
_BAR: Final = 0.9
_HEIGHT: Final = 46  # pixels


def _label_place(place: int) -> str:
    """Say where a day's label stands; one at either end leans inwards, so that nothing of it is cut off."""
    if place in {0, _DAYS - 1}:
        return 'x="100%" text-anchor="end"' if place else 'x="0"'
    return f'x="{_STEP * (place + 0.5):.2f}%" text-anchor="middle"'


# Where each day's bar, its whole column and its label stand, in per cent.
_PLACES: Final = tuple(
    (
        f'x="{_STEP * (place + 0.5) - _BAR / 2:.2f}%" width="{_BAR}%"',
        f'x="{_STEP * place:.2f}%" width="{_STEP:.2f}%"',
        _label_place(place),
    )
    for place in range(_DAYS)
)


def draw_strip(
    days: tuple[DayCount, ...], here: date | None, around: tuple[str, str], words: Catalogue
) -> Markup:
    """Draw the inside of the strip's SVG.

    Args:
        days: At most thirty days, oldest first.
        here: The day the page shows.
        around: What stands before and after the date in the address of a day.
        words: The reader's language.
    """
    tallest = max((day.works for day in days), default=0) or 1
    before, behind = (str(escape(part)) for part in around)
    title = str(escape(words.text("{day}: {n} papers")))
    drawn = []
    for day, (bar, column, label) in zip(days[-_DAYS:], _PLACES, strict=False):
        on = day.on
        if day.works:
            # The square root lets a quiet day's four papers be seen beside a busy day's four hundred.
            height = 2 + (_HEIGHT - 2) * (day.works / tallest) ** 0.5
            mark = ' class="here" aria-current="date"' if on == here else ""
            drawn.append(
                f'<a href="{before}{on.isoformat()}{behind}"{mark}>'
                f"<title>{title.format(day=words.day(on), n=day.works)}</title>"
                f'<rect class="hit" {column} height="{_HEIGHT}"/>'
                f'<rect {bar} y="{_HEIGHT - height:.1f}" height="{height:.1f}"/></a>\n'
            )
        else:
            drawn.append(f'<rect class="none" {bar} y="{_HEIGHT - 1.5}" height="1.5"/>\n')
        if on.weekday() == 0:
            drawn.append(f'<text {label} y="{_HEIGHT + 13}">{words.day(on)}</text>\n')
    return Markup("".join(drawn))  # noqa: S704 - numbers and dates of ours, and an escaped address
