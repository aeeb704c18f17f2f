"""Real exports, read by path; nothing of them stands here. Skipped where they are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.references.reading import read_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from academichub.references.entry import Library, Reference

FORMATS = {
    ".bib": {"bibtex", "biblatex"},
    ".bibtex": {"bibtex", "biblatex"},
    ".biblatex": {"bibtex", "biblatex"},
    ".json": {"zotero-json", "csl-json"},
    ".ris": {"ris", "web of science"},
}


@pytest.fixture(scope="module")
def libraries(data: Callable[[str], Path]) -> dict[Path, Library]:
    files = sorted(path for path in data("libraries").rglob("*") if path.suffix in FORMATS)
    return {path: read_library(path.read_bytes(), name=path.name) for path in files}


def test_every_real_library_is_read_whole(libraries: dict[Path, Library]) -> None:
    for path, library in libraries.items():
        assert library.format in FORMATS[path.suffix], path.name
        assert library.broken == (), path.name
        assert library.references, path.name


def test_nearly_every_real_reference_has_a_title_and_is_plain_text(libraries: dict[Path, Library]) -> None:
    references = [each for library in libraries.values() for each in library.references]

    titled = [each for each in references if each.title]
    assert len(titled) >= 0.98 * len(references)
    assert not [each.title for each in titled if "\\textbf" in each.title or "<i>" in each.title]


def test_the_same_item_in_two_formats_is_the_same_reference(libraries: dict[Path, Library]) -> None:
    by_doi: dict[str, list[Reference]] = {}
    for library in libraries.values():
        for each in library.references:
            if each.identifiers.doi and each.title:
                by_doi.setdefault(each.identifiers.doi, []).append(each)
    pairs = [(group[0], other) for group in by_doi.values() for other in group[1:]]

    agreeing = [
        (one, other)
        for one, other in pairs
        if [a.name for a in one.authors] == [a.name for a in other.authors]
    ]
    assert pairs
    assert len(agreeing) >= 0.8 * len(pairs)
