"""The process that reads and cleans pages for a harvest; `python -m academichub.flows.ahead_child`.

Pickled jobs come in, pickled words go out. It ends when the process that started it does.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from typing import TYPE_CHECKING

from academichub.flows.pagework import LENGTH, packed, words_on

if TYPE_CHECKING:
    from typing import BinaryIO

    from academichub.flows.pagework import Job


def serve(jobs: BinaryIO, words: BinaryIO) -> None:
    """Answer job after job until there are no more, or nobody listens."""
    try:
        while True:
            job: Job = pickle.load(jobs)  # noqa: S301  # from the process that started us
            for word in words_on(job):
                message = packed(word)
                words.write(LENGTH.pack(len(message)))
                words.write(message)
                words.flush()
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started us decides when to end
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # see cli.memory
    serve(sys.stdin.buffer, sys.stdout.buffer)
