"""What models wrote of single papers, valid only for the very text they read.

A row keeps the number of the work it was written for. A work that others were merged into is shown what was
written for any of them, where its face has that text now: nothing is asked twice because cards became one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from academichub.db.briefingtables import ai_texts
from academichub.db.dialect import upsert
from academichub.db.tables import manifestations, works
from academichub.model.briefingpages import AiKind, AiText
from academichub.store.corpus import text_hash
from academichub.store.kinship import CHUNK, chunks
from academichub.store.log import storable, touch_pages
from academichub.store.whereabouts import names_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from academichub.store.rows import SqlRow

TRANSLATED: Final = (AiKind.TITLE, AiKind.ABSTRACT)
OF_ABSTRACTS: Final = (AiKind.SUMMARY, AiKind.ABSTRACT)


def save(connection: sa.Connection, texts: Collection[AiText]) -> None:
    """Keep what a model wrote in the place of what was there of that work, kind and language.

    An empty text says that none of the model's would do: it is shown nowhere, and its work waits no more.
    """
    rows = {
        (one.work_id, one.kind.value, one.language): {
            "work_id": one.work_id,
            "kind": one.kind.value,
            "language": one.language,
            "text_hash": one.text_hash,
            "model": storable(one.model),
            "text": storable(one.text),
            "warnings": list(one.warnings),
            "made_at": one.made_at,
        }
        for one in texts
    }
    if not rows:
        return
    taken = ("text_hash", "model", "text", "warnings", "made_at")
    # In one order, so that two that save the same never wait for each other.
    connection.execute(upsert(connection, ai_texts, take=taken), [rows[place] for place in sorted(rows)])
    touch_pages(connection)


def of_works(
    connection: sa.Connection, work_ids: Iterable[int], language: str
) -> dict[int, tuple[AiText, ...]]:
    """Read what was written of works as they are now, in one language, by kind.

    What was made from another text than the work's present one is left out.
    """
    found: dict[int, dict[AiKind, AiText]] = defaultdict(dict)
    # In most hubs no model writes, and this is asked for every page.
    has_some = connection.execute(_SOME, {"language": language}).first() is not None
    for chunk in chunks(set(work_ids)) if has_some else ():
        names = names_of(chunk)
        written = (
            sa.select(names.c.work_id, *TEXT, *FACE)
            .join(ai_texts, ai_texts.c.work_id == names.c.name_id)
            .join(works, works.c.id == names.c.work_id)
            .join(manifestations, manifestations.c.id == works.c.face_id)
            .where(ai_texts.c.language == language, ai_texts.c.text != "")
            .order_by(names.c.work_id, ai_texts.c.kind, ai_texts.c.made_at.desc(), names.c.name_id)
        )
        for row in connection.execute(written):
            if row.text_hash == _hash_of(row):
                found[row.work_id].setdefault(AiKind(row.kind), _text(row, language))
    return {work_id: tuple(by_kind.values()) for work_id, by_kind in found.items()}


def waiting(connection: sa.Connection, kind: AiKind, language: str, *, since: date, limit: int) -> list[int]:
    """List works of which nothing of a kind was written as they are now, newest first.

    A text that is in the language already is not translated, and where there is no abstract, or only a
    teaser, there is nothing to summarise.

    Args:
        connection: For reading.
        kind: What is to be written.
        language: In which language.
        since: Only works listed on this day or later.
        limit: How many at most.
    """
    found: list[int] = []
    with connection.execute(FACES, {"since": since}, execution_options={"yield_per": CHUNK}) as rows:
        for part in rows.partitions():
            wanted = {row.id: _hash_of(row) for row in part if _is_wanted(row, kind, language)}
            there = _hashes(connection, wanted, kind, language)
            found += [work_id for work_id, digest in wanted.items() if digest not in there[work_id]]
            if len(found) >= limit:
                break
    return found[:limit]


def _hashes(
    connection: sa.Connection, work_ids: Iterable[int], kind: AiKind, language: str
) -> dict[int, set[str]]:
    """Tell from which texts something was written, for works under any of their numbers."""
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks(work_ids):
        names = names_of(chunk)
        written = (
            sa.select(names.c.work_id, ai_texts.c.text_hash)
            .join(ai_texts, ai_texts.c.work_id == names.c.name_id)
            .where(ai_texts.c.kind == kind.value, ai_texts.c.language == language)
            .order_by(names.c.work_id, names.c.name_id)
        )
        for work_id, digest in connection.execute(written):
            found[work_id].add(digest)
    return found


def _is_wanted(row: SqlRow, kind: AiKind, language: str) -> bool:
    if kind in TRANSLATED and row.written_in.partition("-")[0] == language:
        return False
    return kind not in OF_ABSTRACTS or bool(row.abstract_plain and not row.is_teaser)


def _hash_of(row: SqlRow) -> str:
    return text_hash(row.title_plain, None if row.is_teaser else row.abstract_plain)


def _text(row: SqlRow, language: str) -> AiText:
    return AiText(
        work_id=row.work_id,
        kind=AiKind(row.kind),
        language=language,
        text=row.text,
        text_hash=row.text_hash,
        model=row.model,
        made_at=row.made_at,
        warnings=tuple(row.warnings),
    )


TEXT = (
    ai_texts.c.kind,
    ai_texts.c.text,
    ai_texts.c.text_hash,
    ai_texts.c.model,
    ai_texts.c.made_at,
    ai_texts.c.warnings,
)
FACE = (manifestations.c.title_plain, manifestations.c.abstract_plain, manifestations.c.is_teaser)
_SOME = (
    sa.select(ai_texts.c.work_id)
    .where(ai_texts.c.language == sa.bindparam("language"), ai_texts.c.text != "")
    .limit(1)
)
FACES = (
    sa.select(works.c.id, *FACE, manifestations.c.language.label("written_in"))
    .join(manifestations, manifestations.c.id == works.c.face_id)
    .where(works.c.listed_on >= sa.bindparam("since"))
    .order_by(works.c.listed_on.desc(), works.c.id.desc())
)
