"""Indexes to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from academichub.index.fulltext import Index

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from academichub.model.query import Document


class Shelve(Protocol):
    """Makes an index of some works, a commit for each batch."""

    def __call__(self, *batches: Iterable[Document]) -> Index: ...


def shelved(folder: Path, *batches: Iterable[Document]) -> Index:
    """Make an index in a folder."""
    index = Index.create(folder)
    for number, batch in enumerate(batches, start=1):
        with index.writer() as writer:
            writer.replace(batch)
            writer.commit(change=number)
    index.refresh()
    return index


@pytest.fixture
def shelve(tmp_path: Path) -> Shelve:
    """Give what makes indexes, each in a folder of its own."""
    made: list[Index] = []

    def make(*batches: Iterable[Document]) -> Index:
        made.append(shelved(tmp_path / f"index-{len(made)}", *batches))
        return made[-1]

    return make
