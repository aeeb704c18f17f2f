"""Take libraries in, give them out again in their own format, take that in, and compare entry by entry.

    python -m evaluation.roundtrip FOLDER|FILE...

An entry is equal when every part of it is, its fields as written included. What differs is counted by part
and listed. PubMed's format and Web of Science's are read and not written: their entries leave as RIS.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from academichub.errors import AcademicHubError
from academichub.references.reading import read_library
from academichub.references.writing.details import details_of
from academichub.references.writing.files import write_references
from academichub.references.writing.sheets import Sheet

if TYPE_CHECKING:
    from academichub.references.entry import Library, Reference

SUFFIXES: Final = {
    "bibtex": "bib",
    "biblatex": "biblatex",
    "ris": "ris",
    "csl-json": "csl.json",
    "zotero-json": "zotero.json",
    "zotero-csv": "csv",
    "pubmed": "ris",
    "web of science": "ris",
}
PARTS: Final = (
    *(
        "key",
        "type",
        "title",
        "authors",
        "abstract",
        "year",
        "date",
        "venue",
        "identifiers",
        "url",
        "keywords",
    ),
    *("collections", "notes", "language"),
)
AS_WRITTEN: Final = ("title_raw", "fields")


def main() -> None:
    """Print the account, and fail where a file is lost or an entry says something else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=20, help="how many differences are listed")
    options = parser.parse_args()
    files = [
        file for path in options.paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
    ]
    account: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    told: list[str] = []
    for file in files:
        if file.is_file():
            _compare(file, account, differing, told)
    for line in told[: options.show]:
        print(line)
    print(
        f"{account['files']} files read, {account['refused']} refused; {account['entries']} entries:"
        f" {account['equal']} equal, {account['same']} say the same in other fields,"
        f" {account['other']} say something else, {account['lost']} lost; {account['crashes']} crashes"
    )
    if differing:
        print("differing parts: " + ", ".join(f"{name} {count}" for name, count in differing.most_common()))
    if account["lost"] or account["crashes"]:
        sys.exit(1)


def _compare(file: Path, account: Counter[str], differing: Counter[str], told: list[str]) -> None:
    try:
        library = read_library(file.read_bytes(), name=file.name)
    except AcademicHubError as error:
        account["refused"] += 1
        told.append(f"{file.name}: {error}")
        return
    account["files"] += 1
    account["entries"] += len(library.references)
    if not library.references:
        return
    try:
        again = _again(library)
    except Exception as error:  # noqa: BLE001 - what is counted here is that none comes
        account["crashes"] += 1
        told.append(f"{file.name}: {error!r}")
        return
    if len(again.references) != len(library.references) or again.broken:
        account["lost"] += len(library.references)
        told.append(f"{file.name}: {len(library.references)} entries, {len(again.references)} again")
        return
    for one, two in zip(library.references, again.references, strict=True):
        parts = _differing(one, two)
        differing.update(parts)
        said = [part for part in parts if part not in AS_WRITTEN]
        account["equal" if not parts else "other" if said else "same"] += 1
        if parts:
            told.append(f"{file.name}:{one.line}: {', '.join(parts)}")


def _again(library: Library) -> Library:
    sheets = [
        Sheet(one, library.format, details=details_of(one, library.format)) for one in library.references
    ]
    return read_library(write_references(sheets, SUFFIXES[library.format]), name="again")


def _differing(one: Reference, two: Reference) -> list[str]:
    return [part for part in (*PARTS, *AS_WRITTEN) if getattr(one, part) != getattr(two, part)]


if __name__ == "__main__":
    main()
