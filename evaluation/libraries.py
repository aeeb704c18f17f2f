"""Take every file of a folder in as a library, twice, and count what became of it.

    python -m evaluation.libraries ../shared/data/libraries

Each file goes into a collection of its own, in a hub that is made for this and thrown away. Exit code 1 where
an account does not balance, an entry is refused without a line, or the second time is not as the first.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.errors import LibraryUnreadable
from academichub.flows.importing import LibraryImported, Wish, import_library

FIGURES = ("entries", "matched", "kept", "unchanged", "broken")


def main(argv: list[str] | None = None) -> int:
    """Print a line for each format, each refusal, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(argv).folder
    with tempfile.TemporaryDirectory() as home:
        database = Database(f"sqlite:///{home}/hub.sqlite")
        migrate(database)
        try:
            return _count(database, folder)
        finally:
            database.close()


def _count(database: Database, folder: Path) -> int:
    by_format: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    refused = 0
    for number, path in enumerate(files):
        name = str(path.relative_to(folder))
        wish = Wish(collection=f"{number} {name}"[:200])
        try:
            first, again = (_take(database, path, wish) for _ in range(2))
        except LibraryUnreadable as error:
            refused += 1
            print(f"refused {name}: {error.facts['reason']}")
            continue
        wrong += [f"{name}: {reason}" for reason in _faults(first, again)]
        counted = by_format.setdefault(first.format, Counter())
        counted["files"] += 1
        counted.update({figure: getattr(first.account, figure) for figure in FIGURES})
        counted["warnings"] += len(first.warnings)
        for line, entry, reason in first.broken:
            print(f"broken  {name}, line {line}, entry {entry or '?'}: {reason}")
    total = Counter[str]()
    for kind, counted in sorted(by_format.items()):
        total.update(counted)
        print(f"{kind:16}", *(f"{figure} {counted[figure]}" for figure in ("files", *FIGURES, "warnings")))
    print(f"{'all':16}", *(f"{figure} {total[figure]}" for figure in ("files", *FIGURES, "warnings")))
    print(f"{len(files)} files = {total['files']} taken in + {refused} refused; {len(wrong)} faults")
    for fault in wrong:
        print("fault:", fault)
    return 1 if wrong else 0


def _take(database: Database, path: Path, wish: Wish) -> LibraryImported:
    return import_library(database, path.read_bytes(), name=path.name, wish=wish, now=datetime.now(UTC))


def _faults(first: LibraryImported, again: LibraryImported) -> list[str]:
    found = []
    for told in (first, again):
        one = told.account
        if one.entries != one.matched + one.kept + one.unchanged + one.broken:
            found.append(f"the account does not balance: {one}")
    if any(line < 1 or not reason for line, _, reason in first.broken):
        found.append("an entry is refused without a line or a reason")
    if again.account.unchanged != first.account.entries - first.account.broken:
        found.append(f"the second time is another: {again.account}")
    return found


if __name__ == "__main__":
    sys.exit(main())
