"""A process that follows the shelves with an index, and says when it is about to commit.

`python -m tests.fakes.index_worker DATABASE FOLDER new|old`: "commit" before each commit, "done" at the end.
`new` builds a whole index, `old` follows the one that is there.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from academichub.db.engine import Database
from academichub.flows.indexing import IndexKeeper
from academichub.index.fulltext import Writer


class Talking(Writer):
    """A writer that speaks first."""

    def commit(self, *, change: int) -> None:
        """Say so, and commit."""
        print("commit", flush=True)  # noqa: T201  the parent process reads it
        super().commit(change=change)


def main(database_url: str, folder: str, which: str) -> None:
    """Follow once."""
    from academichub.index import fulltext

    fulltext.Writer = Talking  # type: ignore[misc]  # the one place where the test must know the moment
    database = Database(database_url)
    keeper = IndexKeeper(database, Path(folder), draw=secrets.randbits)
    keeper.follow(anew=which == "new")
    print("done", flush=True)  # noqa: T201  likewise
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
