"""Give works their vectors: once each, newest first, resumable anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from academichub.llm.texts import document_text
from academichub.llm.vectors import pack, unpack
from academichub.store import vectors
from academichub.store.vectors import Vector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    import numpy as np
    from numpy.typing import NDArray

    from academichub.db.engine import Database
    from academichub.llm.ports import Embedder

BATCH: Final = 32  # texts between two commits: a killed process repeats at most these


def embed_works(
    database: Database,
    embedder: Embedder,
    *,
    clock: Callable[[], datetime],
    limit: int,
    since: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Embed works that have no vector in the embedder's space, or whose text has changed, newest first.

    Args:
        database: The hub's database.
        embedder: What turns texts into vectors.
        clock: The present, UTC.
        limit: Works to look at, at most.
        since: Only works listed on this day or later.
        progress: Called with the number of works done after each batch.

    Returns:
        How many works got a vector; fewer than were looked at where a change left the text as it was.

    Raises:
        ModelError: The embedder cannot be used; what was embedded so far stays.
    """
    space = embedder.space.name
    embedded = looked_at = 0
    while looked_at < limit:
        with database.reading() as connection:
            batch = vectors.waiting(connection, space, limit=min(BATCH, limit - looked_at), since=since)
        if not batch:
            break
        new = [one for one in batch if not one.is_same]
        rows = embedder.embed_documents([document_text(one.title, one.abstract or "") for one in new])
        made = [
            Vector(one.work_id, one.text_hash, one.change, pack(row))
            for one, row in zip(new, rows, strict=True)
        ]
        with database.writing() as connection:
            vectors.keep(connection, space, made, now=clock())
            vectors.confirm(connection, space, {one.work_id: one.change for one in batch if one.is_same})
        embedded += len(made)
        looked_at += len(batch)
        if progress is not None:
            progress(len(batch))
    return embedded


def read_vectors(
    database: Database, embedder: Embedder, work_ids: Iterable[int]
) -> dict[int, NDArray[np.float32]]:
    """Read the vectors of those works that have one, of shape (d,) and length 1."""
    with database.reading() as connection:
        packed = vectors.read(connection, embedder.space.name, work_ids)
    return {work_id: unpack(one, embedder.space.dimensions)[0] for work_id, one in packed.items()}


def embed_texts(
    database: Database,
    embedder: Embedder,
    texts: Iterable[tuple[str, str]],
    *,
    are_queries: bool,
    now: datetime,
) -> dict[str, NDArray[np.float32]]:
    """Embed free texts, each once: what was embedded before is read.

    Args:
        database: The hub's database.
        embedder: What turns texts into vectors.
        texts: Their names (a hash of each), and the texts.
        are_queries: They search, rather than being searched.
        now: When they were last wanted.

    Returns:
        Vectors of shape (d,) and length 1, by name.
    """
    space, wanted = embedder.space.name, dict(texts)
    with database.reading() as connection:
        packed = vectors.read_texts(connection, space, wanted)
    missing = {name: text for name, text in wanted.items() if name not in packed}
    if missing:
        embed = embedder.embed_queries if are_queries else embedder.embed_documents
        made = {name: pack(row) for name, row in zip(missing, embed(list(missing.values())), strict=True)}
        with database.writing() as connection:
            vectors.keep_texts(connection, space, made, now=now)
        packed |= made
    return {name: unpack(packed[name], embedder.space.dimensions)[0] for name in wanted}
