"""The index is deleted, cut short, and its writer killed, while a reader asks on: no error, equal answers."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from academichub.model.search import SearchNote, SearchQuery
from tests.fakes.databases import KINDS, fresh_database
from tests.fakes.radardesk import SUBJECTS, paper
from tests.fakes.searchdesk import Finder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
TIMES = 10
PAPERS = 120
LIMIT_SECONDS = 60.0
QUESTIONS = ("quantum", "neuron data", "wage OR camera", 'cat:cs.CV "image"', "data -quantum", "")


class Reader:
    """Asks on from a thread of its own, and remembers what went wrong."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.answers = 0
        self.failures: list[BaseException] = []

    def _run(self) -> None:
        while not self._is_over.is_set():
            for text in QUESTIONS:
                try:
                    self._finder.ask(text)
                    self.answers += 1
                except BaseException as failure:  # noqa: BLE001  # a panic of the engine is no Exception
                    self.failures.append(failure)
                time.sleep(0.005)  # as long as somebody takes to read at the very least

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()


@contextmanager
def a_finder(folder: Path, url: str) -> Iterator[Finder]:
    finder = Finder(folder, url=url, follows_by_itself=True)
    try:
        yield finder
    finally:
        finder.close()


@pytest.fixture(params=KINDS)
def finder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Finder]:
    with (
        fresh_database(request.param, config=request.config, folder=tmp_path) as url,
        a_finder(tmp_path, url) as opened,
    ):
        subjects = [*SUBJECTS] * (PAPERS // len(SUBJECTS))
        opened.shelf.put(*(paper(number, subject) for number, subject in enumerate(subjects, start=1)))
        yield opened


def answers(finder: Finder) -> list[tuple[list[int], int]]:
    """Ask every question, once the index is there and has followed everything; give the works that answer.

    Their scores are not compared: entries that were replaced count in the statistics until files are merged.
    """
    until = time.monotonic() + LIMIT_SECONDS
    unfinished = {SearchNote.REBUILDING, SearchNote.BEHIND}
    pages = []
    for text in QUESTIONS:
        while True:
            page = finder.search(SearchQuery(text, size=200), now=finder.now)
            if not unfinished & set(page.notes):
                break
            assert time.monotonic() < until, "the index was not built again"
            time.sleep(0.02)
        pages.append((sorted(hit.card.work_id for hit in page.hits), page.total))
    return pages


def files_of(finder: Finder) -> list[Path]:
    """List the files of the index that is read, the largest first."""
    pointer = finder.index_files() / "current"
    folder = finder.index_files() / pointer.read_text(encoding="ascii")
    return sorted(folder.iterdir(), key=lambda path: (-path.stat().st_size, path.name))


def test_an_index_deleted_ten_times_while_it_is_read_is_built_again(finder: Finder) -> None:
    before = answers(finder)

    with Reader(finder) as reader:
        for _ in range(TIMES):
            shutil.rmtree(finder.index_files(), ignore_errors=True)  # it may be built again meanwhile
            assert answers(finder) == before

    assert reader.failures == []
    assert reader.answers > TIMES


def test_an_index_cut_short_ten_times_while_it_is_read_is_built_again(finder: Finder) -> None:
    dice = random.Random(20260619)  # noqa: S311  # no secret
    before = answers(finder)

    with Reader(finder) as reader:
        for _ in range(TIMES):
            harmed = dice.choice(files_of(finder)[:8])
            os.truncate(harmed, int(dice.random() * harmed.stat().st_size))
            assert answers(finder) == before

    assert reader.failures == []


@pytest.mark.parametrize("which", ["new", "old"])
def test_a_writer_killed_at_its_commit_ten_times_harms_nothing(finder: Finder, which: str) -> None:
    dice = random.Random(20260620)  # noqa: S311  # no secret
    expected = answers(finder)
    finder.stop_following()
    url = finder.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.fakes.index_worker", url, str(finder.index_files()), which]
    killed = 0

    with Reader(finder) as reader:
        for number in range(TIMES):
            finder.shelf.put(paper(PAPERS + number + 1, "econ.EM"))  # something to commit
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
                assert child.stdout is not None
                assert child.stdout.readline() == "commit\n"
                time.sleep(dice.uniform(0.0, 0.02))
                child.kill()
                killed += "done" not in child.stdout.read()
    finder.follow_index()

    assert reader.failures == []
    assert killed > 0
    after = answers(finder)
    finder.reindex()
    assert after == answers(finder)
    assert after[1] == expected[1]  # what the new papers have nothing to do with
