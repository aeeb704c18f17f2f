"""Measure the embedding models on real records: finding an abstract by its title, speed, memory.

    python -m evaluation.embeddings FILE [--records N] [--model NAME ...] [--json]

FILE holds one JSON object a line (gzip or not) with "title" and "abstract". Every so many-th record is
taken, so that the sample covers the file. The abstracts are embedded as documents without their titles,
the titles as queries; each title should find its own abstract. "words" is the baseline without a model:
the share of the title's distinct words that the abstract has. Ties count against: an abstract that
scores the same as the right one is taken to stand before it. Each model runs in a process of its own
with one thread, which gets the texts and nothing else, so that its memory is the model's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.llm.choosing import available, choose
from academichub.llm.vectors import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.llm.ports import Vectors

WORDS: Final = "words"
_SHORTEST_ABSTRACT: Final = 200  # characters; below stand withdrawals and errata
_WORD: Final = re.compile(r"\w+")
_ROOT: Final = Path(__file__).resolve().parent.parent
_CHILD: Final = "import sys; from evaluation.embeddings import child; child(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one model did. Speeds are per second of CPU, with one thread."""

    model: str
    records: int
    top1: float
    top10: float
    mrr: float
    abstracts_per_second: float
    titles_per_second: float
    load_seconds: float
    loaded_mb: float  # of the process, with everything it imported
    peak_mb: float
    packing_moves_cosine_by: float  # the most, over all pairs of title and abstract
    mrr_packed: float


@dataclass(frozen=True, slots=True)
class Ranks:
    """How well the right abstracts stood."""

    top1: float
    top10: float
    mrr: float


def sample(path: Path, count: int) -> list[tuple[str, str]]:
    """Take titles and abstracts from all over a file, always the same ones."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    pairs = [(str(each.get("title") or ""), str(each.get("abstract") or "")) for each in records]
    usable = [(title, text) for title, text in pairs if title and len(text) >= _SHORTEST_ABSTRACT]
    step = max(1, len(usable) // count)
    return usable[::step][:count]


def rank(scores: Vectors) -> Ranks:
    """Rank the abstracts of each title; the right ones stand on the diagonal of (titles, abstracts)."""
    places = (scores >= np.diag(scores)[:, np.newaxis]).sum(axis=1)
    return Ranks(
        top1=float((places <= 1).mean()),
        top10=float((places <= 10).mean()),
        mrr=float((1 / places).mean()),
    )


def shared_words(titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
    """Score by the share of a title's distinct words that stand in an abstract."""
    asked = [set(_WORD.findall(title.lower())) for title in titles]
    told = [set(_WORD.findall(abstract.lower())) for abstract in abstracts]
    shares = [[len(words & other) / max(1, len(words)) for other in told] for words in asked]
    return np.array(shares, dtype=np.float32)


def measure(name: str, pairs: Sequence[tuple[str, str]]) -> Figures:
    """Embed all the texts with one model, in this process."""
    titles, abstracts = [title for title, _ in pairs], [abstract for _, abstract in pairs]
    started = time.perf_counter()
    embedder = None if name == WORDS else choose(name)
    loaded_seconds, loaded_mb = time.perf_counter() - started, _memory_mb("VmRSS")
    if embedder is None:
        started = time.process_time()
        scores = shared_words(titles, abstracts)
        seconds = time.process_time() - started
        packed_by, packed_scores = 0.0, scores
        speeds = (len(pairs) / seconds, len(pairs) / seconds)
    else:
        embedder.embed_documents(titles[:3])  # the first ones also pay for buffers
        started = time.process_time()
        documents = embedder.embed_documents(abstracts)
        read = time.process_time()
        queries = embedder.embed_queries(titles)
        speeds = (len(pairs) / (read - started), len(pairs) / (time.process_time() - read))
        scores = queries @ documents.T
        dimensions = embedder.space.dimensions
        packed_scores = unpack(pack(queries), dimensions) @ unpack(pack(documents), dimensions).T
        packed_by = float(np.abs(packed_scores - scores).max())
    ranks = rank(scores)
    return Figures(
        model=name if embedder is None else embedder.space.name,
        records=len(pairs),
        top1=round(ranks.top1, 4),
        top10=round(ranks.top10, 4),
        mrr=round(ranks.mrr, 4),
        abstracts_per_second=round(speeds[0], 1),
        titles_per_second=round(speeds[1], 1),
        load_seconds=round(loaded_seconds, 2),
        loaded_mb=round(loaded_mb),
        peak_mb=round(_memory_mb("VmHWM")),
        packing_moves_cosine_by=float(f"{packed_by:.2g}"),
        mrr_packed=round(rank(packed_scores).mrr, 4),
    )


def child(name: str) -> None:
    """Measure one model on the pairs that come in, and print the figures."""
    print(json.dumps(asdict(measure(name, json.load(sys.stdin)))))


def _memory_mb(line: str) -> float:
    """Read a line of this process's status; `getrusage` would count the parent's memory as ours."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{line}:")[2].split()[0]) / 1024


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=500)
    parser.add_argument("--model", action="append", help="words, english or multilingual; all that are there")
    parser.add_argument("--json", action="store_true", help="one JSON object a model")
    arguments = parser.parse_args()
    pairs = json.dumps(sample(arguments.file, arguments.records))
    for name in arguments.model or [WORDS, *(one.name for one in available() if one.is_installed)]:
        told = subprocess.run(
            [sys.executable, "-c", _CHILD, name],
            check=True,
            cwd=_ROOT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            input=pairs,
            stdout=subprocess.PIPE,
            text=True,
        )
        if arguments.json:
            print(told.stdout.strip(), flush=True)
            continue
        for figure, value in json.loads(told.stdout).items():
            print(f"{'' if figure == 'model' else '    '}{figure}: {value}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
