"""`academichub up` as a reader lives with it: no network, ended, killed, started twice."""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import academichub
from academichub.hub import open_hub
from academichub.settings import Settings
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
STARTERS = ("arXiv cs.CV", "arXiv cs.LG", "arXiv cs.AI", "arXiv quant-ph", "arXiv math.PR", "Nature")


class Up:
    """A running `academichub up`, and what it has said."""

    def __init__(self, home: Path, *words: str, **variables: str) -> None:
        self.home = home
        self.lines: list[str] = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ACADEMICHUB_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "academichub", "up", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=home.parent,
            env={**kept, "ACADEMICHUB_HOME": str(home), "LC_ALL": "C.UTF-8", **variables},
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        self.lines += self.process.stdout  # ends when nobody can write any more: children too

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def port(self) -> int:
        eventually(
            lambda: bool(ADDRESS.search(self.said)) or self.process.poll() is not None,
            within_seconds=20,
            what="the address",
        )
        found = ADDRESS.search(self.said)
        assert found is not None, self.said
        return int(found[1])

    def read(self, path: str) -> tuple[int, str]:
        """Visit a page as an English reader."""
        connection = HTTPConnection("127.0.0.1", self.port(), timeout=10)
        connection.request("GET", path, headers={"Accept-Language": "en"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, html.unescape(re.sub(r"<[^>]*>", " ", body))

    def worker(self) -> int | None:
        """Tell the process number of the worker beside it, once it has signed in."""
        with open_hub(Settings(home=self.home)) as hub:
            pids = [one.pid for one in hub.desk.heartbeats() if one.role == "worker" and is_running(one.pid)]
        return pids[-1] if pids else None

    def wait_for_worker(self, *, but: int | None = None) -> int:
        eventually(lambda: self.worker() not in {None, but}, within_seconds=20, what="the worker")
        found = self.worker()
        assert found is not None
        return found

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._listener.join(15)
        assert not self._listener.is_alive(), "somebody still holds its output"
        assert self.process.stdout is not None
        self.process.stdout.close()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")  # a zombie is none, where that can be told
    return not state.exists() or state.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"


@contextmanager
def up(home: Path, *words: str, **variables: str) -> Iterator[Up]:
    running = Up(home, *words, **variables)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def shut() -> dict[str, str]:
    """Shut the network: everything is asked of a loopback port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return {"ACADEMICHUB_FETCH_REPLAY": f"http://127.0.0.1:{port}"}


def test_without_a_network_it_starts_shows_what_it_has_and_says_what_it_cannot_reach(
    home: Path, shut: dict[str, str]
) -> None:
    began = time.monotonic()

    with up(home, "--port", "0", **shut) as hub:
        status, _page = hub.read("/")
        took_seconds = time.monotonic() - began
        eventually(lambda: "Nature: " in hub.said, within_seconds=30, what="a word about Nature")
        eventually(lambda: "arXiv " in hub.said, within_seconds=30, what="a word about arXiv")
        sources_status, sources = hub.read("/sources")

    assert status == sources_status == 200
    assert took_seconds < 40
    assert "subscribed 6 starter sources" in hub.said
    assert all(title in sources for title in STARTERS)
    (line,) = [line for line in hub.lines if line.startswith("Nature: ")]
    assert re.search(r"↻ \d\d:\d\d$", line)
    assert "The server is not answering" in line
    with open_hub(Settings(home=home)) as opened:
        row = opened.source("nature", now=datetime.now(UTC)).source
    assert row.error_code == "source.unreachable"
    assert row.next_due_at is not None
    assert "Next fetch in" in sources
    assert "The server is not answering" in sources
    assert f"{row.next_due_at.astimezone():%H:%M}" in line


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_both_processes_end_in_good_order(
    home: Path, shut: dict[str, str], how: signal.Signals
) -> None:
    with up(home, "--port", "0", **shut) as hub:
        hub.port()
        worker = hub.wait_for_worker()
        began = time.monotonic()

        hub.process.send_signal(how)

        assert hub.process.wait(30) == 0
        assert time.monotonic() - began < 30
        assert not is_running(worker)
        with open_hub(Settings(home=home)) as opened:
            assert opened.desk.heartbeats() == ()  # it signed out
    assert "Traceback" not in hub.said


def test_the_worker_does_not_outlive_pages_that_were_killed(home: Path, shut: dict[str, str]) -> None:
    with up(home, "--port", "0", **shut) as hub:
        worker = hub.wait_for_worker()

        hub.process.kill()
        hub.process.wait()

        eventually(lambda: not is_running(worker), within_seconds=10, what="the worker's end")


def test_a_worker_that_was_killed_is_replaced_and_the_pages_stay(home: Path, shut: dict[str, str]) -> None:
    with up(home, "--port", "0", **shut) as hub:
        first = hub.wait_for_worker()

        os.kill(first, signal.SIGKILL)

        second = hub.wait_for_worker(but=first)
        assert hub.read("/")[0] == 200
        assert hub.process.poll() is None
    assert second != first


def test_beside_another_worker_it_serves_the_pages_and_gives_up_its_own(
    home: Path, shut: dict[str, str]
) -> None:
    with up(home, "--port", "0", **shut) as first:
        first.wait_for_worker()

        with up(home, "--port", "0", **shut) as second:
            assert second.read("/")[0] == 200
            eventually(lambda: "hub.already_running" in second.said, within_seconds=15, what="the reason")
            time.sleep(3)  # longer than the pause before a restart

            assert second.said.count("hub.already_running") == 1
            assert second.process.poll() is None


def test_after_a_change_of_the_program_all_of_it_is_started_again(
    home: Path, tmp_path: Path, shut: dict[str, str]
) -> None:
    package = tmp_path / "src" / "academichub"
    shutil.copytree(Path(academichub.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    ours = {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1", **shut}

    with up(home, "--reload", "--port", "0", **ours) as hub:
        hub.port()
        first = hub.wait_for_worker()
        changed_at = time.time() + 1
        os.utime(package / "errors.py", (changed_at, changed_at))

        eventually(lambda: len(ADDRESS.findall(hub.said)) == 2, within_seconds=20, what="another start")
        second = hub.wait_for_worker(but=first)
        port = ADDRESS.findall(hub.said)[-1]
        connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
        connection.request("GET", "/")
        status = connection.getresponse().status
        connection.close()

        assert (status, is_running(first), is_running(second)) == (200, False, True)
        assert hub.process.poll() is None
    assert "already_running" not in hub.said


def test_pages_can_be_served_without_a_worker(home: Path, shut: dict[str, str]) -> None:
    with up(home, "--no-worker", "--port", "0", "--host", "::1", **shut) as hub:
        eventually(lambda: "http://[::1]:" in hub.said, within_seconds=20, what="the address")
        time.sleep(1)

        assert hub.worker() is None


def test_the_sample_is_there_at_once_once_and_asks_nobody(home: Path, shut: dict[str, str]) -> None:
    with up(home, "--sample", "--port", "0", **shut) as hub:
        status, page = hub.read("/")
        said = hub.said
    with up(home, "--sample", "--port", "0", **shut) as again:
        assert again.read("/")[0] == 200

    with open_hub(Settings(home=home)) as opened:
        shelved = opened.sources(now=datetime.now(UTC))
    assert status == 200
    assert 78 <= shelved.works <= 90
    assert f"{shelved.works} made-up papers" in said
    assert "made-up papers" not in again.said
    assert [row.kind for row in shelved.sources] == ["file"]
    assert "01" in page


def test_a_port_that_was_asked_for_and_is_taken_is_an_error_and_any_other_moves_on(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with up(home, "--sample", "--port", str(port)) as refused:
            assert refused.process.wait(20) == 1
        assert "serve.port_taken" in refused.said
        assert str(port) in refused.said
        with up(home, "--sample", ACADEMICHUB_PORT=str(port)) as by_setting:
            assert by_setting.process.wait(20) == 1
        assert "serve.port_taken" in by_setting.said


def test_without_a_wish_the_next_free_port_is_taken(home: Path) -> None:
    with up(home, "--sample") as first, up(home, "--sample") as second:
        assert {first.port(), second.port()} <= set(range(8000, 8021))
        assert first.port() != second.port()
        assert first.read("/")[0] == second.read("/")[0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "hub.example"])  # noqa: S104  # it is refused
def test_it_refuses_to_open_its_door_to_a_network(home: Path, host: str) -> None:
    with up(home, "--sample", "--host", host, "--port", "0") as refused:
        assert refused.process.wait(20) == 1

    assert "serve.not_loopback" in refused.said
    assert host in refused.said
    assert not (home / "hub.sqlite").exists()


@pytest.mark.parametrize("command", ["up", "worker"])
def test_a_setting_that_cannot_be_used_is_explained_before_anything_starts(home: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "academichub", command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ACADEMICHUB_HOME": str(home), "ACADEMICHUB_PROT": "80", "LC_ALL": "zh_CN.UTF-8"},
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "settings.unknown" in done.stderr
    assert "没有" in done.stderr
    assert "Traceback" not in done.stderr
