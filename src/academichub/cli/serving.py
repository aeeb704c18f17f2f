"""The long-running commands: `up` serves the pages with a worker beside, `worker` works alone."""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import typer
import uvicorn

from academichub import __version__
from academichub.cli.console import FAILED, Terminal, explained, language, make_terminal, say_error
from academichub.errors import AcademicHubError, AddressNotLoopback, PortTaken, SampleRefused
from academichub.hub import Hub, local_now, open_hub, utc_now
from academichub.web.app import create_app
from academichub.web.i18n import catalogue

if TYPE_CHECKING:
    from types import FrameType

    from academichub.model.shelf import SourceRow

PORTS_TO_TRY = 20  # only where nobody asked for a certain one
STOP_SECONDS = 8.0
FIRST_ROUND_SECONDS = 120.0
RESTART_SECONDS = 2.0  # doubling while it does not come up
LONGEST_RESTART_SECONDS = 60.0
GAVE_UP = 3  # a worker's exit code: it has said why, and starting it again would not help


def up(*, with_sample: bool, host: str | None, port: int | None, with_worker: bool, reload: bool) -> None:
    """Serve the pages until stopped."""
    _log_plainly()
    terminal = make_terminal(None)
    with explained():
        settings, lines = terminal.settings(host=host, port=port)
        _refuse_open_door(settings.host)
        asked = port is not None or any(line.name == "port" and line.origin != "default" for line in lines)
        listener = _listen(settings.host, settings.port, may_move=not asked)
        with closing(listener), open_hub(settings, lines=lines) as hub:
            _fill(hub, terminal, with_sample=with_sample)
            bound = listener.getsockname()[1]
            place = f"[{settings.host}]" if ":" in settings.host else settings.host
            says = f"AcademicHub {__version__}  http://{place}:{bound}/"
            terminal.out.print(says, style="bold", markup=False)
            terminal.out.print(f"home {settings.home}   stop with Ctrl-C", style="dim", markup=False)
            sys.stdout.flush()
            beside = Worker() if with_worker else None
            if beside is not None:
                beside.start()
                _report_first_round(hub, terminal)
            try:
                must_restart = _serve(hub, listener, is_watched=reload)
            finally:
                if beside is not None:
                    beside.stop()
    if must_restart:
        os.execv(sys.executable, [sys.executable, "-m", "academichub", *sys.argv[1:]])  # noqa: S606  # ourselves again


def work(*, is_tethered: bool) -> None:
    """Do the hub's jobs until stopped.

    Args:
        is_tethered: Stop when standard input closes: the pages' process, which holds the other end,
            has gone, however it went.
    """
    _log_plainly()
    terminal = make_terminal(None)
    done = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        done.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if is_tethered:
        threading.Thread(target=_wait_for_end_of_input, args=(done,), daemon=True).start()
    try:
        settings, lines = terminal.settings()
        with open_hub(settings, lines=lines) as hub:
            stuck = _work_until(done, hub)
    except AcademicHubError as error:
        say_error(error)
        raise typer.Exit(GAVE_UP if is_tethered and not error.retryable else FAILED) from error
    if stuck:  # a thread inside a long request would keep the interpreter waiting
        os._exit(0)


def _work_until(done: threading.Event, hub: Hub) -> frozenset[str]:
    """Work; give the ids of the jobs that could not be ended in time."""
    web = hub.make_fetcher()
    engine = hub.make_engine(web)
    engine.start()
    try:
        hub.order_rendering()
        hub.send_for_due(now=utc_now())
        done.wait()
    finally:
        stuck = engine.stop()
        web.close()
    return stuck


class Worker:
    """The worker process beside the pages: started again if it dies, gone when the pages go."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start it, and keep it running."""
        self._thread.start()

    def stop(self) -> None:
        """End it, gently first."""
        with self._lock:
            self._is_stopping.set()
            process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _keep(self) -> None:
        pause = RESTART_SECONDS
        while (process := self._begin()) is not None:
            began = time.monotonic()
            if process.wait() == GAVE_UP:
                return
            if time.monotonic() - began > LONGEST_RESTART_SECONDS:  # it had come up
                pause = RESTART_SECONDS
            self._is_stopping.wait(pause)
            pause = min(pause * 2, LONGEST_RESTART_SECONDS)

    def _begin(self) -> subprocess.Popen[bytes] | None:
        """Start one, unless we are stopping."""
        with self._lock:
            if self._is_stopping.is_set():
                return None
            # The pipe is a tether: its end closes with this process, even if it is killed.
            self._process = subprocess.Popen(  # our own program
                [sys.executable, "-m", "academichub", "worker", "--tethered"],
                stdin=subprocess.PIPE,
            )
            return self._process


def _fill(hub: Hub, terminal: Terminal, *, with_sample: bool) -> None:
    """Put something on the shelves of a new hub.

    Raises:
        SampleRefused: Made-up papers were asked for where real ones are gathered.
    """
    if with_sample:
        if hub.has_sample():  # its days have moved on since; once is enough to look around
            return
        if hub.has_sources():
            raise SampleRefused(home=str(hub.settings.home))
        added = hub.shelve_sample()
        terminal.out.print(f"{added.new} made-up papers are on the shelf", markup=False)
        return
    if hub.has_sample():
        says = "these shelves hold made-up papers; for a hub of your own: academichub --home FOLDER up"
        terminal.out.print(says, style="yellow", markup=False)
    added_sources = hub.subscribe_starters(now=utc_now())
    if added_sources:
        terminal.out.print(f"subscribed {added_sources} starter sources", markup=False)


def _report_first_round(hub: Hub, terminal: Terminal) -> None:
    """Say, once the sources have been tried, which answered and when the others are tried again."""

    def watch() -> None:
        started_at = utc_now()
        deadline = time.monotonic() + FIRST_ROUND_SECONDS
        waiting = {
            row.key
            for row in hub.sources(now=started_at).sources
            if row.next_due_at is not None and row.next_due_at <= started_at
        }
        while waiting and time.monotonic() < deadline:
            time.sleep(0.5)
            for row in hub.sources(now=utc_now()).sources:
                if row.key in waiting and row.last_try_at is not None and row.last_try_at >= started_at:
                    waiting.discard(row.key)
                    _report(row, terminal)

    threading.Thread(target=watch, daemon=True).start()


def _report(row: SourceRow, terminal: Terminal) -> None:
    if row.error_code is None:
        terminal.out.print(f"{row.title}: {row.strip[-1].new} new", markup=False)
        return
    says = catalogue(language()).error(row.error_code, row.error_facts)
    again = f"{row.next_due_at.astimezone():%H:%M}" if row.next_due_at else "-"
    terminal.out.print(f"{row.title}: {says} ↻ {again}", markup=False, style="yellow")


def _serve(hub: Hub, listener: socket.socket, *, is_watched: bool) -> bool:
    """Serve the pages until asked to stop; tell whether the program has changed meanwhile."""
    hub.start_following()  # else the first search would find a stale index, or none
    app = create_app(hub, clock=local_now, version=__version__)
    server = uvicorn.Server(
        uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
        )
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # The server raises the signal again once it has stopped; by default that would end us here, with
    # the worker still running.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    has_changed = threading.Event()
    if is_watched:
        threading.Thread(target=_watch_program, args=(server, has_changed), daemon=True).start()
    server.run(sockets=[listener])
    return has_changed.is_set()


def _watch_program(server: uvicorn.Server, has_changed: threading.Event) -> None:
    folder = Path(__file__).resolve().parent.parent

    def stamp() -> float:
        return max(path.stat().st_mtime for path in folder.rglob("*") if path.is_file())

    first = stamp()
    while not server.should_exit:
        time.sleep(0.7)
        if stamp() > first:
            has_changed.set()
            server.should_exit = True


def _refuse_open_door(host: str) -> None:
    """Refuse anything but loopback: the hub has no password yet."""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if not is_loopback:
        raise AddressNotLoopback(host=host)


def _listen(host: str, port: int, *, may_move: bool) -> socket.socket:
    """Take the port; the next free one where nobody asked for a certain port."""
    last = port + (PORTS_TO_TRY if may_move and port else 0)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, last + 1):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        listener.set_inheritable(False)
        return listener
    raise PortTaken(host=host, port=port)


def _wait_for_end_of_input(done: threading.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    done.set()


def _log_plainly() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
