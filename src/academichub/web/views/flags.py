"""Say what readers must know of a paper before they trust it, and which notices say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup

from academichub.model.papers import Bond, Flag
from academichub.text.language import guess
from academichub.web.i18n import HTML_LANG
from academichub.web.views.names import resolve, scheme_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from academichub.model.shelf import RelatedRow
    from academichub.web.i18n import Catalogue

FLAG_BY_BOND: Final[Mapping[Bond, Flag]] = {
    Bond.RETRACTED_BY: Flag.RETRACTED,
    Bond.CONCERN_RAISED_BY: Flag.CONCERN,
    Bond.CORRECTED_BY: Flag.CORRECTED,
}


class Badge(NamedTuple):
    """A flag beside a title, in the page's language, which the title's may not be."""

    key: str
    label: str
    language: str


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """Another paper: on our shelves, or elsewhere by its identifier."""

    bond: str
    title: Markup | str
    language: str
    venue: str
    href: str | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag in full, with the notices that it comes from."""

    key: str
    label: str
    sentence: str
    source: str  # where no notice is known: who says so then
    notices: tuple[RelatedLine, ...]


def badges(flags: Iterable[Flag], words: Catalogue) -> tuple[Badge, ...]:
    """Make the badges beside a title, worst first."""
    return tuple(
        Badge(flag.value, words.text(f"flag:{flag.value}"), HTML_LANG[words.language]) for flag in flags
    )


def build_flags(
    flags: tuple[Flag, ...], related: Iterable[RelatedRow], words: Catalogue, *, suffix: str
) -> tuple[FlagView, ...]:
    """Build a paper's flags, worst first, each with its notices."""
    rows = tuple(related)
    views = []
    for flag in flags:
        notices = tuple(
            related_line(row, words, suffix=suffix) for row in rows if FLAG_BY_BOND.get(row.bond) is flag
        )
        views.append(
            FlagView(
                key=flag.value,
                label=words.text(f"flag:{flag.value}"),
                sentence=words.text(f"flag said:{flag.value}"),
                source=""
                if notices
                else words.text("Its source marks it so; the notice itself is not known here."),
                notices=notices,
            )
        )
    return tuple(views)


def build_related(
    flags: tuple[Flag, ...], related: Iterable[RelatedRow], words: Catalogue, *, suffix: str
) -> tuple[RelatedLine, ...]:
    """List the papers that this one belongs to, but for the notices that its flags name."""
    return tuple(
        related_line(row, words, suffix=suffix)
        for row in related
        if row.bond not in FLAG_BY_BOND or FLAG_BY_BOND[row.bond] not in flags
    )


def related_line(row: RelatedRow, words: Catalogue, *, suffix: str) -> RelatedLine:
    """Write one related paper: by its title where it is on the shelves, else by its identifier."""
    is_here = row.work_id is not None
    name = f"{scheme_name(row.scheme)} {row.value}"
    title = Markup(row.title_html)  # noqa: S704 - sanitised when it was shelved
    return RelatedLine(
        bond=words.text(f"bond:{row.bond.value}"),
        title=title or name,
        language=guess(title.striptags()) if title else "",
        venue=row.venue,
        href=f"/p/{row.work_id}{suffix}" if is_here else resolve(row.scheme, row.value),
        is_here=is_here,
    )
