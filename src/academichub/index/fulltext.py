"""The full-text index: a tantivy folder beside the database, rebuilt from it at any time.

Many readers, also in other processes, and one writer. A commit is atomic: the works, and the note that says
which of the store's changes they follow. Nothing but works' texts and keys is in it, and no text is stored.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import tantivy
from tantivy import Query as Wish

from academichub.errors import IndexBroken, IndexBusy
from academichub.index.asking import Question, Reader
from academichub.index.likeness import like
from academichub.index.schema import NOTE, SCHEMA, VERSION, entry_of, note_of, register
from academichub.index.suggesting import suggest
from academichub.model.search import FacetKind, SearchOrder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from academichub.index.answering import FoundWork
    from academichub.index.asking import Found
    from academichub.model.query import Document, Query
    from academichub.model.search import SearchCursor

_META: Final = "meta.json"  # tantivy's list of what is committed; it is replaced as a whole
_NO_MEMBERS: Final[Mapping[str, Collection[int]]] = {}
_NO_CHOICE: Final[Mapping[FacetKind, str]] = {}
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _State:
    """What one commit left, as a reader sees it."""

    index: tantivy.Index
    searcher: tantivy.Searcher
    stamp: tuple[int, ...]  # of the list of what is committed
    change: int


class Index:
    """An index for reading. One may serve many threads; each answer is out of one commit."""

    def __init__(self, path: Path, state: _State) -> None:
        self.path = path
        self._state = state

    @classmethod
    def open(cls, path: Path) -> Index:
        """Open an index and write nothing.

        Raises:
            IndexBroken: It is not there, of another version, or cannot be read.
        """
        return cls(path, _opened(path))

    @classmethod
    def create(cls, path: Path) -> Index:
        """Make an empty index that follows nothing yet, in a folder that is empty or not there.

        Raises:
            IndexBroken: The folder holds something, or cannot be written.
        """
        with reading(path):
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise IndexBroken(path=str(path), reason="the folder is not empty")
            index = tantivy.Index(SCHEMA, path=str(path), reuse=False)
            register(index)
            writer = index.writer(num_threads=1)
            writer.add_document(note_of(_note(0)))
            writer.commit()
            writer.wait_merging_threads()
        return cls.open(path)

    @property
    def change(self) -> int:
        """Give the store's change that the index follows."""
        return self._state.change

    @property
    def works(self) -> int:
        """Count the works in the index."""
        return self._state.searcher.num_docs - 1

    def megabytes(self) -> float:
        """Measure the files. Those that go while this is counted are left out."""
        total = 0
        for file in self.path.iterdir():
            try:
                total += file.stat().st_size
            except FileNotFoundError:
                continue
        return total / _MEGABYTE

    def stale_share(self) -> float:
        """Give the share of entries, in [0, 1], that were replaced and still count in statistics of words."""
        with reading(self.path):
            segments = json.loads((self.path / _META).read_text(encoding="utf-8"))["segments"]
        held = sum(one["max_doc"] for one in segments)
        gone = sum(one["deletes"]["num_deleted_docs"] for one in segments if one["deletes"])
        return float(gone / held)

    def refresh(self) -> bool:
        """See what was committed since, by whichever process; say whether there was anything.

        Raises:
            IndexBroken: The folder is gone or can no longer be read.
        """
        if _stamp(self.path) == self._state.stamp:
            return False
        self._state = _opened(self.path)
        return True

    def writer(self, *, megabytes: int = 64, threads: int = 1) -> Writer:
        """Begin to write; leave the writer as a context manager.

        Args:
            megabytes: Memory for entries that are not in files yet.
            threads: Of tantivy. One leaves the fewest files.

        Raises:
            IndexBusy: Another writer has it.
            IndexBroken: The folder cannot be written.
        """
        state = _opened(self.path)
        register(state.index)
        with reading(self.path):
            try:
                writer = state.index.writer(heap_size=megabytes * _MEGABYTE, num_threads=threads)
            except ValueError as error:
                if "LockBusy" in str(error):
                    raise IndexBusy(path=str(self.path)) from error
                raise
            state.index.reload()  # only now nobody else can have put something in
            return Writer(self.path, writer, is_empty=state.index.searcher().num_docs == 1)

    def search(
        self,
        query: Query | None,
        *,
        members: Mapping[str, Collection[int]] = _NO_MEMBERS,
        chosen: Mapping[FacetKind, str] = _NO_CHOICE,
        order: SearchOrder = SearchOrder.RELEVANCE,
        after: SearchCursor | None = None,
        size: int = 25,
        may_relax: bool = False,
        with_facets: bool = True,
    ) -> Found:
        """Answer a question.

        Args:
            query: What is asked, read in the scope of searches; None is everything.
            members: The sets of works that the query or a chosen state asks for, by `member_name`; a set
                that is missing is empty. Those of "is:" are counted as facets.
            chosen: Values that results are narrowed to.
            order: A query that has nothing to rank by is always in the order of days.
            after: The `next` of the page before.
            size: Hits on a page.
            may_relax: Whether words may be taken as alternatives where all of them find next to nothing.
            with_facets: Whether to count them; it takes most of the time.

        Raises:
            IndexBroken: It cannot be read.
        """
        question = Question(query, members, chosen, may_relax=may_relax)
        with reading(self.path):
            return Reader(self._state.searcher, question).found(
                order=order, after=after, size=size, with_facets=with_facets
            )

    def ids(
        self,
        query: Query | None,
        *,
        members: Mapping[str, Collection[int]] = _NO_MEMBERS,
        chosen: Mapping[FacetKind, str] = _NO_CHOICE,
        most: int | None = None,
    ) -> NDArray[np.int64]:
        """Give the numbers of all works that a query finds, ascending. Raises IndexBroken.

        `most` is how many they can be, where that is known: it spares counting them first.
        """
        question = Question(query, members, chosen, may_relax=False)
        with reading(self.path):
            return Reader(self._state.searcher, question).ids(most=most)

    def like(
        self, title: str, abstract: str, *, without: Collection[int] = (), size: int = 10
    ) -> tuple[FoundWork, ...]:
        """Give the works that share the rarest words with a text, best first. Raises IndexBroken."""
        with reading(self.path):
            return like(self._state.searcher, title, abstract, without_ids=without, size=size)

    def suggest(self, text: str, query: Query) -> str:
        """Give a question with its misspelt words put right, or "". Raises IndexBroken."""
        with reading(self.path):
            return suggest(self._state.searcher, text, query)


class Writer:
    """The one writer of an index. What is not committed when it is left is dropped."""

    def __init__(self, path: Path, writer: tantivy.IndexWriter, *, is_empty: bool) -> None:
        self._path = path
        self._writer = writer
        self._is_fresh = is_empty
        self._written: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def replace(self, documents: Iterable[Document]) -> None:
        """Put works in, in the place of what was there under their numbers. Raises IndexBroken."""
        with reading(self._path):
            for document in documents:
                # In an index that was empty only what came since can be replaced; to look for it takes long.
                if not self._is_fresh or document.work_id in self._written:
                    self._writer.delete_documents_by_term("id", document.work_id)
                if self._is_fresh:
                    self._written.add(document.work_id)
                self._writer.add_document(entry_of(document))

    def remove(self, work_ids: Iterable[int]) -> None:
        """Take works out; those that are not in it make no difference. Raises IndexBroken."""
        with reading(self._path):
            for work_id in work_ids:
                self._writer.delete_documents_by_term("id", work_id)

    def clear(self) -> None:
        """Take everything out. Raises IndexBroken."""
        with reading(self._path):
            self._writer.delete_all_documents()
        self._is_fresh = True
        self._written.clear()

    def commit(self, *, change: int) -> None:
        """Make everything so far visible at once, together with the change it follows. Raises IndexBroken."""
        with reading(self._path):
            self._writer.delete_documents_by_term("entry", NOTE)
            self._writer.add_document(note_of(_note(change)))
            self._writer.commit()

    def close(self) -> None:
        """Drop what is not committed, wait for files that are being merged, and let others write."""
        with reading(self._path):
            self._writer.rollback()
            self._writer.wait_merging_threads()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever tantivy says of its files into IndexBroken, its panics too."""
    try:
        yield
    except (ValueError, OSError, RuntimeError, KeyError) as error:
        raise IndexBroken(path=str(path), reason=str(error)[:300]) from error
    except BaseException as error:
        # A panic of Rust code is no Exception, and its class cannot be imported.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise IndexBroken(path=str(path), reason=str(error)[:300]) from error


def _opened(path: Path) -> _State:
    with reading(path):
        stamp = _stamp(path)
        index = tantivy.Index.open(str(path))
        index.config_reader("manual")  # else a thread of its own looks for commits
        index.reload()
        searcher = index.searcher()
        note = _read_note(searcher)
        if note.get("version") != VERSION:
            raise IndexBroken(path=str(path), reason=f"version {note.get('version')}, not {VERSION}")
        return _State(index, searcher, stamp, int(note["change"]))


def _stamp(path: Path) -> tuple[int, ...]:
    """Tell one commit from another: the list of what is committed is a new file each time."""
    with reading(path):
        folder, meta = path.stat(), (path / _META).stat()
        return folder.st_ino, meta.st_ino, meta.st_mtime_ns, meta.st_size


def _note(change: int) -> str:
    return json.dumps({"version": VERSION, "change": change})


def _read_note(searcher: tantivy.Searcher) -> dict[str, Any]:
    asked = Wish.term_query(SCHEMA, "entry", NOTE, index_option="basic")
    hits = searcher.search(asked, 1).hits
    if not hits:
        return {}
    note = json.loads(str(searcher.doc(hits[0][1]).get_first("note")))
    return note if isinstance(note, dict) else {}
