"""Keep something in step with the shelves from a thread of its own, for as long as a process lives."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from academichub.errors import AcademicHubError, IndexBusy

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 60.0  # between two tries where following fails
_END_SECONDS: Final = 30.0  # for the batch that is being written

log = logging.getLogger(__name__)


class Following:
    """A thread that looks every half second whether there is anything to follow, and follows.

    What fails is tried again, later and later: a full disk does not fill the log as well. It is started by
    whoever needs it first; starting it again is nothing.
    """

    def __init__(
        self, step: Callable[[Callable[[], bool]], None], *, every_seconds: float = EVERY_SECONDS
    ) -> None:
        """Make it; nothing runs yet.

        Args:
            step: Looks and follows once. It is given what says that the process is to end.
            every_seconds: Between two looks.
        """
        self._step = step
        self._every_seconds = every_seconds
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, where it has not begun, or has died."""
        with self._lock:
            if self._is_over.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="following", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    def stop(self) -> None:
        """End, after the batch that is being written. Nothing starts it again."""
        self._is_over.set()
        self._woken.set()
        with self._lock:
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_END_SECONDS)

    def _run(self) -> None:
        pause = self._every_seconds
        while not self._is_over.is_set():
            try:
                self._step(self._is_over.is_set)
                pause = self._every_seconds
            except IndexBusy:  # another process does it
                pause = self._every_seconds
            except AcademicHubError as error:
                log.warning("%s %s", error.code, error.facts)
                pause = min(2 * pause, LONGEST_SECONDS)
            self._woken.wait(pause)
            self._woken.clear()
