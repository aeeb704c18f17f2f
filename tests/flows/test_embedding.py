"""Every work gets its vector once in each space, newest first, and another when its text changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.errors import EmbeddingsUnreachable, ModelMissing
from academichub.flows.embedding import BATCH, embed_texts, embed_works, read_vectors
from academichub.store import corpus, vectors
from tests.fakes.drafts import DAY
from tests.fakes.embeddings import FakeEmbedder
from tests.fakes.radardesk import Desk, paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from academichub.llm.ports import Vectors


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path, embedder=FakeEmbedder())
    yield opened
    opened.close()


class Failing(FakeEmbedder):
    """Fails at one of its batches, once."""

    def __init__(self, *, at: int) -> None:
        super().__init__()
        self._left = at

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self._left -= 1
        if self._left == 0:
            raise EmbeddingsUnreachable(url="http://127.0.0.1/v1", status=503, reason="busy")
        return super().embed_documents(texts)


def embed(desk: Desk, embedder: FakeEmbedder, limit: int = 1000) -> int:
    return embed_works(desk.database, embedder, clock=desk.clock, limit=limit)


def test_each_work_is_embedded_once_and_the_newest_first(desk: Desk) -> None:
    desk.fill(each=2, days=2)
    model = FakeEmbedder()

    first = embed(desk, model, limit=3)
    with desk.database.reading() as connection:
        newest = {one.work_id for one in corpus.day_texts(connection, DAY)}
        done = set(vectors.read(connection, model.space.name, newest))
    rest = embed(desk, model)

    assert (first, len(done), rest) == (3, 3, 13)
    assert embed(desk, model) == 0
    assert len(model.embedded) == 16


def test_a_model_that_fails_keeps_what_was_done_and_goes_on_later(desk: Desk) -> None:
    desk.fill(each=15)  # more than one batch
    model = Failing(at=2)

    with pytest.raises(EmbeddingsUnreachable):
        embed(desk, model)

    assert desk.count_unembedded() == 60 - BATCH
    assert embed(desk, model) == 60 - BATCH


def test_a_text_that_changed_is_embedded_again_and_one_that_did_not_is_spared(desk: Desk) -> None:
    desk.shelf.put(paper(1, "quant-ph"), paper(2, "quant-ph"))
    model = FakeEmbedder()
    embed(desk, model)
    tomorrow = DAY + timedelta(days=1)

    desk.shelf.put(paper(1, "quant-ph", version=2, on=tomorrow))  # the same text
    desk.shelf.put(paper(2, "quant-ph", version=2, turn=1, on=tomorrow))
    again = embed(desk, model)

    assert again == 1
    assert len(model.embedded) == 3
    assert embed(desk, model) == 0


def test_spaces_do_not_mix(desk: Desk) -> None:
    desk.fill(each=1)
    one, other = FakeEmbedder("one@1", dimensions=8), FakeEmbedder("other@1", dimensions=16)
    embed(desk, one)

    embed(desk, other)

    with desk.database.reading() as connection:
        ids = [work.work_id for work in corpus.day_texts(connection, DAY)]
        assert vectors.spaces(connection) == {"one@1": 4, "other@1": 4}
    shapes = {vector.shape for vector in read_vectors(desk.database, one, ids).values()}
    assert shapes == {(8,)}


def test_a_free_text_is_embedded_once(desk: Desk) -> None:
    model = FakeEmbedder()
    texts = [("a1", "quantum decoder"), ("b2", "camera image")]

    first = embed_texts(desk.database, model, texts, are_queries=True, now=desk.now)
    again = embed_texts(desk.database, model, texts, are_queries=True, now=desk.now)

    assert len(model.embedded) == 2
    assert all(np.array_equal(first[name], again[name]) for name in ("a1", "b2"))


def test_a_hub_whose_model_cannot_be_had_goes_on_with_words(tmp_path: Path) -> None:
    class Without(Desk):
        def choose_embedder(self) -> None:
            raise ModelMissing(model="minilm", extra="english")

    desk = Without(tmp_path)
    desk.fill(each=1)

    assert desk.embed() == (0, "")
    assert desk.count_unembedded() == 0
    desk.close()
