"""Rank every user of a folder by our method and by those of our peers, and measure each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from academichub.radar import baselines, collaborating, corpus, measuring, scoring
from academichub.radar.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scipy import sparse

    from academichub.flows.rankingfolder import Folder
    from academichub.radar.corpus import Corpus, Papers
    from academichub.radar.measuring import Interval
    from academichub.text.terms import Matrix, Vector

_SVM_BLOCK: Final = 64  # readers that are trained at once
_READERS_BLOCK: Final = 128  # that are fitted at once
_EMBED_BLOCK: Final = 256  # texts between two steps of the progress bar


class Space(Protocol):
    """Which model made a vector."""

    @property
    def name(self) -> str:
        """Name the model."""
        ...


class Embedder(Protocol):
    """What turns texts into unit vectors."""

    @property
    def space(self) -> Space:
        """Tell the model."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        """Give a row for each text."""
        ...


@dataclass(frozen=True, slots=True)
class Method:
    """What one method reached."""

    means: Mapping[str, float]
    intervals: Mapping[str, Interval]
    cpu_seconds_per_user: float
    calibration_error: float | None  # None where the method gives no probability


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """What a folder measured; methods by name, ours first."""

    users: int
    candidates: int
    space: str | None  # of the embeddings
    methods: Mapping[str, Method]


@dataclass(frozen=True, slots=True)
class _Bench:
    """The folder laid out: what every method shares and what is not counted as its time."""

    folder: Folder
    corpus: Corpus
    papers: Papers
    candidates: Papers
    users: np.ndarray
    stopwatch: Callable[[], float]
    tick: Callable[[int], None]

    def without_meanings(self) -> _Bench:
        """Set up the same bench for a hub without a model."""
        return _Bench(
            self.folder,
            self.corpus.without_meanings(),
            self.papers.without_vectors(),
            self.candidates.without_vectors(),
            self.users,
            self.stopwatch,
            self.tick,
        )

    def likes(self, user: int) -> np.ndarray:
        """Give what a user likes, in the order of train.csv."""
        row = self.folder.likes[[user]]
        return row.indices[np.argsort(row.data, kind="stable")]

    def measure(self, user: int, scores: Vector) -> dict[str, float]:
        """Measure the order of a user's candidates, without those that are not offered."""
        chosen = self.folder.candidates
        ignored = self.folder.ignored[[user]].indices
        masked = np.where(np.isin(chosen, ignored), -np.inf, scores)
        return measuring.measure(masked, np.flatnonzero(np.isin(chosen, self.folder.wanted[[user]].indices)))


def evaluate_folder(
    folder: Folder,
    embedder: Embedder | None,
    *,
    stopwatch: Callable[[], float],
    is_collaborative: bool = True,
    most_users: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> RankingFigures:
    """Rank the users of a folder by every method.

    Args:
        folder: As `read_folder` gives it.
        embedder: Gives the meanings; None measures on words alone.
        stopwatch: The process time in seconds.
        is_collaborative: Also measure the part that lets readers help each other.
        most_users: Measure only so many, spread evenly over all; all train the collaborative part.
        progress: Called with the number of users done since the last call, once for each method.
    """
    tick = progress or (lambda _: None)
    vectors = None if embedder is None else embed_folder(folder, embedder)
    bench = _lay_out(folder, vectors, _spread(folder, most_users), stopwatch, tick)
    words = bench.without_meanings()
    methods: dict[str, Method] = {}
    if vectors is not None:
        methods["academichub"] = _ours(bench)
    methods["academichub-words"] = _ours(words)
    if is_collaborative and np.count_nonzero(np.diff(folder.likes.indptr)) >= collaborating.FEWEST_READERS:
        methods["academichub-collaborative"] = _together(bench)
    methods["rocchio"] = _by_features(bench, lambda likes: np.ones(len(likes)), with_vectors=None)
    if vectors is not None:
        methods["zotero"] = _by_features(bench, _newest_first, with_vectors=vectors)
    methods["zotero-words"] = _by_features(bench, _newest_first, with_vectors=None)
    methods["svm"] = _by_svm(bench)
    return RankingFigures(
        users=len(bench.users),
        candidates=len(folder.candidates),
        space=None if embedder is None else embedder.space.name,
        methods=methods,
    )


def _spread(folder: Folder, most: int | None) -> np.ndarray:
    users = np.flatnonzero(np.diff(folder.wanted[:, folder.candidates].indptr))
    if most is None or most >= len(users):
        return users
    return users[np.linspace(0, len(users) - 1, most).astype(np.int64)]


def _lay_out(
    folder: Folder,
    vectors: Matrix | None,
    users: np.ndarray,
    stopwatch: Callable[[], float],
    tick: Callable[[int], None],
) -> _Bench:
    """Learn the corpus from what is no candidate, or from all where everything is one."""
    is_background = np.ones(len(folder.texts), dtype=bool)
    is_background[folder.candidates] = False
    if not is_background.any():
        is_background[:] = True
    background = np.flatnonzero(is_background)
    learned = corpus.learn(
        [folder.texts[at] for at in background],
        None if vectors is None else vectors[background],
        others=[folder.texts[at] for at in np.flatnonzero(~is_background)],
    )
    papers = learned.lay_out(folder.texts, vectors)
    return _Bench(folder, learned, papers, papers.take(folder.candidates), users, stopwatch, tick)


def _profile(bench: _Bench, user: int) -> Profile:
    likes = bench.likes(user)
    return Profile(bench.papers.take(likes), np.ones(len(likes)))


def _ours(bench: _Bench) -> Method:
    rows: list[dict[str, float]] = []
    said, happened = [], []
    seconds = 0.0
    for user in bench.users:
        profile = _profile(bench, user)
        start = bench.stopwatch()
        scores = scoring.score(scoring.fit(profile, bench.corpus), bench.candidates)
        logit = scores.logit
        seconds += bench.stopwatch() - start
        rows.append(bench.measure(user, logit))
        said.append(scores.match)
        happened.append(np.isin(bench.folder.candidates, bench.folder.wanted[[user]].indices))
        bench.tick(1)
    error = measuring.calibration_error(np.concatenate(said), np.concatenate(happened))
    return _method(rows, seconds, error)


def _together(bench: _Bench) -> Method:
    """Blend each reader's own scores with those of near readers."""
    everyone = np.flatnonzero(np.diff(bench.folder.likes.indptr))
    start = bench.stopwatch()
    own, theirs, around = [], [], []
    for block in _blocks(everyone, _READERS_BLOCK):
        fitted = scoring.fit_many([_profile(bench, user) for user in block], bench.corpus)
        own += [scores.z for scores in scoring.score_many(fitted, bench.candidates)]
        theirs.append(collaborating.evidence(fitted, bench.candidates))
        around.append(collaborating.evidence(fitted, bench.corpus.reference))
    smooth = collaborating.smoothing((bench.folder.likes[everyone] > 0).astype(np.float64))
    blended = collaborating.blend(
        np.array(own), smooth @ np.concatenate(theirs), smooth @ np.concatenate(around)
    )
    seconds = (bench.stopwatch() - start) * len(bench.users) / len(everyone)
    place = {int(user): at for at, user in enumerate(everyone)}
    nothing = np.zeros(len(bench.candidates))
    rows = []
    for user in bench.users:
        at = place.get(int(user))
        rows.append(bench.measure(user, nothing if at is None else blended[at]))
        bench.tick(1)
    return _method(rows, seconds, None)


def _newest_first(likes: np.ndarray) -> Vector:
    return baselines.recency_weights(len(likes))[::-1]


def _by_features(
    bench: _Bench, weigh: Callable[[np.ndarray], Vector], *, with_vectors: Matrix | None
) -> Method:
    """Rank by the weighted mean cosine to the liked papers."""
    everything = _plain(bench) if with_vectors is None else with_vectors
    offered = everything[bench.folder.candidates]
    rows: list[dict[str, float]] = []
    seconds = 0.0
    for user in bench.users:
        likes = bench.likes(user)
        start = bench.stopwatch()
        wanted = everything[likes].T @ weigh(likes) if len(likes) else np.zeros(everything.shape[1])
        scores = np.asarray(offered @ wanted)
        seconds += bench.stopwatch() - start
        rows.append(bench.measure(user, scores))
        bench.tick(1)
    return _method(rows, seconds, None)


def _plain(bench: _Bench) -> sparse.csr_array:
    """Give the words and pairs of words of all papers, without pieces: the features of our peers."""
    return bench.papers.words[:, : bench.corpus.vocabulary.first_piece]


def _by_svm(bench: _Bench) -> Method:
    features = _plain(bench)
    is_background = np.ones(len(bench.papers), dtype=bool)
    is_background[bench.folder.candidates] = False
    background = np.flatnonzero(
        is_background | (np.bincount(bench.folder.likes.indices, minlength=len(is_background)) > 0)
    )
    rows: list[dict[str, float]] = []
    seconds = 0.0
    for block in _blocks(bench.users, _SVM_BLOCK):
        start = bench.stopwatch()
        liked = bench.folder.likes[block][:, background]
        some = np.flatnonzero(np.diff(liked.indptr))
        scores = np.zeros((len(block), len(bench.candidates)))
        if len(some):
            weights = baselines.support_vectors(features[background], liked[some])
            scores[some] = (features[bench.folder.candidates] @ weights[:-1] + weights[-1]).T
        seconds += bench.stopwatch() - start
        rows += [bench.measure(user, scores[at]) for at, user in enumerate(block)]
        bench.tick(len(block))
    return _method(rows, seconds, None)


def _blocks(users: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (users[at : at + size] for at in range(0, len(users), size))


def _method(rows: Sequence[Mapping[str, float]], seconds: float, error: float | None) -> Method:
    return Method(measuring.mean(rows), measuring.intervals(rows), seconds / len(rows), error)


def embed_folder(folder: Folder, embedder: Embedder) -> Matrix:
    """Embed the texts, or read the vectors that stand beside the folder for exactly these texts.

    A folder that may not be written to is embedded again each time.
    """
    digest = hashlib.sha256("\0".join(folder.texts).encode("utf-8", "surrogatepass")).hexdigest()
    kept = folder.path / f".vectors-{_file_name(embedder.space.name)}-{digest[:16]}.npy"
    found = _kept_vectors(kept, len(folder.texts))
    if found is not None:
        return found
    blocks = [folder.texts[at : at + _EMBED_BLOCK] for at in range(0, len(folder.texts), _EMBED_BLOCK)]
    vectors = np.concatenate([np.asarray(embedder.embed_documents(block)) for block in blocks])
    _keep(kept, vectors)
    return vectors.astype(np.float64)


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name)


def _kept_vectors(path: Path, count: int) -> Matrix | None:
    try:
        vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return vectors.astype(np.float64) if vectors.ndim == 2 and len(vectors) == count else None  # noqa: PLR2004


def _keep(path: Path, vectors: np.ndarray) -> None:
    part = path.with_suffix(".part.npy")
    try:
        np.save(part, vectors.astype(np.float32))
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
