"""What a list or a paper can be taken along as: a link for each kind of file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.web.exportaddress import file_address

if TYPE_CHECKING:
    from academichub.web.press import Visit

# Names of formats are the same in every language.
_FILES: Final = (
    ("bib", "BibTeX"),
    ("ris", "RIS"),
    ("csl.json", "CSL-JSON"),
    ("csv", "CSV"),
    ("md", "Markdown"),
    ("atom", "Atom"),
)
_COPIES: Final = (("bib", "BibTeX"), ("ris", "RIS"), ("csl.json", "CSL-JSON"), ("md", "Markdown"))


class Takeaway(NamedTuple):
    """One kind of file."""

    href: str
    label: str
    suffix: str


def build_takeaway(path: str, visit: Visit) -> tuple[Takeaway, ...]:
    """Link the files of a list."""
    return tuple(
        Takeaway(file_address(path, visit.parameters, suffix), label, suffix) for suffix, label in _FILES
    )


def build_copies(work_id: int) -> tuple[Takeaway, ...]:
    """Link the files of one paper, which a script can put on the clipboard."""
    return tuple(
        Takeaway(file_address(f"/p/{work_id}", {}, suffix), label, suffix) for suffix, label in _COPIES
    )
