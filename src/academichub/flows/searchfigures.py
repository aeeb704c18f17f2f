"""Measure what searching finds on a folder of judged questions, beside plain BM25 of two other programs."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import tantivy

from academichub.errors import QueryInvalid
from academichub.flows.meanings import Meanings
from academichub.flows.searching import Plan, answer
from academichub.flows.understanding import understand
from academichub.index.fulltext import Index
from academichub.llm.texts import document_text
from academichub.llm.vectors import pack
from academichub.model.query import Document
from academichub.model.search import SearchMode, SearchOrder
from academichub.store.indexing import KeptVector
from academichub.text.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from academichub.flows.meanings import Snapshot
    from academichub.flows.searchfolder import Question, SearchFolder
    from academichub.flows.understanding import Understood
    from academichub.llm.ports import Embedder, Vectors

WORDS: Final = "academichub words"
MEANING: Final = "academichub meaning"
BOTH: Final = "academichub both"
TANTIVY: Final = "tantivy BM25"
TANTIVY_STEMMED: Final = "tantivy BM25, stemmed"
BM25S: Final = "bm25s BM25"
PEER: Final = "bm25s"  # the package, which is no part of the hub
MEASURES: Final = ("ndcg@10", "recall@100", "map")
DEPTH: Final = 1_000  # hits that are looked at
_GAIN_AT: Final = 10
_RECALL_AT: Final = 100
_BLOCK: Final = 64  # texts between two steps of the progress bar
_DRAWS: Final = 1_000  # of the bootstrap
_SEED: Final = 6  # any number; the same one gives the same intervals
_MIDDLE: Final = (0.025, 0.975)
_DAY: Final = date(2000, 1, 1)  # of all documents, so that no order by date is one by number
_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)
_UNREADABLE: Final = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True)
class SearchMethod:
    """What one method reached, by the names of `MEASURES`; every value from 0 to 1."""

    means: Mapping[str, float]
    interval: tuple[float, float]  # the middle 95 % of the means of ndcg@10 of samples drawn again
    cpu_milliseconds: float  # for a question


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """What a folder measured; methods by name, ours first."""

    documents: int
    questions: int
    unanswered: int  # questions without a relevant document, which are left out
    strangers: int  # judgements of unknown questions, which are left out
    respelt: int  # questions that are no query as written: their words alone were asked
    space: str  # of the vectors; "" without
    methods: Mapping[str, SearchMethod]


def evaluate_search(
    folder: SearchFolder,
    workplace: Path,
    *,
    embedder: Embedder | None,
    stopwatch: Callable[[], float],
    progress: Callable[[int], None] | None = None,
) -> SearchFigures:
    """Ask every question of every method and measure the answers.

    Args:
        folder: Documents, questions and judgements.
        workplace: An empty folder for indexes.
        embedder: The model for meaning; None leaves meaning out.
        stopwatch: The process time in seconds.
        progress: Called with the number of documents that were embedded since the last call.

    Raises:
        IndexBroken: The index cannot be written.
        ModelError: The model cannot be used.
        ModuleNotFoundError: bm25s is not installed; ask `has_peer` first.
    """
    index = _indexed(folder, workplace / "ours")
    asked = [_understood(question.text) for question in folder.questions]
    ways = {WORDS: _ours(index, asked, SearchMode.WORDS)}
    if embedder is not None:
        snapshot = _embedded(folder, embedder, progress or (lambda _count: None))
        vectors = embedder.embed_queries([question.text for question in folder.questions])
        ways[MEANING] = _ours(index, asked, SearchMode.MEANING, snapshot, vectors)
        ways[BOTH] = _ours(index, asked, SearchMode.BOTH, snapshot, vectors)
    ways[TANTIVY] = _tantivy(folder, workplace / "plain", "default")
    ways[TANTIVY_STEMMED] = _tantivy(folder, workplace / "stemmed", "en_stem")
    ways[BM25S] = _bm25s(folder)
    return SearchFigures(
        documents=len(folder.documents),
        questions=len(folder.questions),
        unanswered=folder.unanswered,
        strangers=folder.strangers,
        respelt=sum(is_respelt for _, is_respelt in asked),
        space="" if embedder is None else embedder.space.name,
        methods={name: _measured(folder.questions, way, stopwatch) for name, way in ways.items()},
    )


def has_peer() -> bool:
    """Tell whether bm25s is installed."""
    return find_spec(PEER) is not None


def measure(order: Sequence[int], gains: Mapping[int, int]) -> tuple[float, ...]:
    """Measure one answer, by `MEASURES`.

    Args:
        order: Places of documents, best first.
        gains: Of the relevant ones, at least one, each 1 or more.

    Source:
        As trec_eval reckons them: nDCG with the gains as they are, a discount of log2(1 + rank), and the
        ideal over all relevant documents; average precision over the first `DEPTH`, divided by the number of
        relevant documents.
    """
    found = np.array([gains.get(place, 0) for place in order[:DEPTH]], dtype=np.float64)
    ideal = np.array(sorted(gains.values(), reverse=True)[:_GAIN_AT], dtype=np.float64)
    hits = found > 0
    ranks = np.flatnonzero(hits) + 1
    precision = np.arange(1, len(ranks) + 1) / ranks
    return (
        _discounted(found[:_GAIN_AT]) / _discounted(ideal),
        float(hits[:_RECALL_AT].sum()) / len(gains),
        float(precision.sum()) / len(gains),
    )


def _discounted(gains: np.ndarray) -> float:
    return float((gains / np.log2(np.arange(2, len(gains) + 2))).sum())


def _measured(
    questions: Sequence[Question], way: Callable[[int], Sequence[int]], stopwatch: Callable[[], float]
) -> SearchMethod:
    """Average over questions, and tell how far the average would move with others of the same kind.

    Source:
        Efron, Bootstrap methods: another look at the jackknife (1979); percentile interval.
    """
    began = stopwatch()
    orders = [way(number) for number in range(len(questions))]
    seconds = stopwatch() - began
    table = np.array([measure(order, one.gains) for order, one in zip(orders, questions, strict=True)])
    rng = np.random.default_rng(_SEED)
    first = table[:, 0]
    draws = [first[rng.integers(0, len(first), len(first))].mean() for _ in range(_DRAWS)]
    low, high = np.quantile(np.array(draws), _MIDDLE)
    means = dict(zip(MEASURES, table.mean(axis=0).tolist(), strict=True))
    return SearchMethod(means, (float(low), float(high)), 1000 * seconds / len(questions))


# -- ours ------------------------------------------------------------------------------------------


def _indexed(folder: SearchFolder, path: Path) -> Index:
    index = Index.create(path)
    with index.writer() as writer:
        writer.replace(
            Document(
                work_id=place + 1,
                title=one.title,
                abstract=one.text,
                authors=one.authors,
                venue=one.venue,
                listed_on=_DAY,
            )
            for place, one in enumerate(folder.documents)
        )
        writer.commit(change=1)
    return Index.open(path)


def _understood(text: str) -> tuple[Understood | None, bool]:
    """Read a question as a reader's; where it is no query, its words; tell which. None for no words."""
    try:
        return understand(text), False
    except QueryInvalid:
        plain = " ".join(words(_UNREADABLE.sub(" ", text)))[:1_000].lower()
    try:
        return understand(plain), True
    except QueryInvalid:
        return None, True


def _ours(
    index: Index,
    asked: Sequence[tuple[Understood | None, bool]],
    mode: SearchMode,
    snapshot: Snapshot | None = None,
    vectors: Vectors | None = None,
) -> Callable[[int], Sequence[int]]:
    def ask(number: int) -> list[int]:
        understood = asked[number][0]
        if understood is None:
            return []
        plan = Plan(
            understood=understood,
            mode=mode,
            order=SearchOrder.RELEVANCE,
            members={},
            chosen={},
            after=None,
            size=DEPTH,
            snapshot=snapshot,
            vector=None if vectors is None else vectors[number],
        )
        return [hit.work_id - 1 for hit in answer(index, plan).hits]

    return ask


def _embedded(folder: SearchFolder, embedder: Embedder, progress: Callable[[int], None]) -> Snapshot:
    texts = [document_text(one.title, one.text) for one in folder.documents]
    kept: list[KeptVector] = []
    for start in range(0, len(texts), _BLOCK):
        rows = embedder.embed_documents(texts[start : start + _BLOCK])
        kept += [KeptVector(start + number + 1, pack(row), _AT) for number, row in enumerate(rows)]
        progress(len(rows))
    return Meanings.of(embedder.space, kept)


# -- peers -----------------------------------------------------------------------------------------


def _tantivy(folder: SearchFolder, path: Path, tokenizer: str) -> Callable[[int], Sequence[int]]:
    """Index title and text with tantivy's own tokeniser, and ask for any word of the question."""
    builder = tantivy.SchemaBuilder()
    for field in ("title", "text"):
        builder.add_text_field(field, tokenizer_name=tokenizer)
    builder.add_integer_field("place", stored=True, indexed=True)
    schema = builder.build()
    path.mkdir(parents=True)
    index = tantivy.Index(schema, path=str(path))
    writer = index.writer(num_threads=1)
    for place, one in enumerate(folder.documents):
        writer.add_document(
            tantivy.Document.from_dict({"title": one.title, "text": one.text, "place": place}, schema)
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(number: int) -> list[int]:
        text = _UNREADABLE.sub(" ", folder.questions[number].text).lower()
        query, _ = index.parse_query_lenient(text, ["title", "text"])
        hits = searcher.search(query, DEPTH).hits
        return [int(str(searcher.doc(address).get_first("place"))) for _, address in hits]

    return ask


def _bm25s(folder: SearchFolder) -> Callable[[int], Sequence[int]]:
    """Index title and text as one with bm25s, as its first page shows it."""
    bm25s: Any = importlib.import_module(PEER)
    texts = [f"{one.title} {one.text}" for one in folder.documents]
    ranker = bm25s.BM25()
    ranker.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    most = min(DEPTH, len(texts))

    def ask(number: int) -> list[int]:
        tokens = bm25s.tokenize([folder.questions[number].text], show_progress=False)
        found, scores = ranker.retrieve(tokens, k=most, show_progress=False)
        return [int(place) for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    return ask
