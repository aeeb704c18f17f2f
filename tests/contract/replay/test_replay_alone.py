from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
RECORD = {
    "id": "2605.00001",
    "title": "On Things",
    "abstract": "We study things.",
    "authors": ["Ada Field"],
    "categories": ["cs.CV"],
    "seen": "2026-05-04",
}


def run(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "evaluation.replay", "--at", "2026-05-04T04:20Z", *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def fetch(place: str, host: str, path: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection(place, timeout=10)
    try:
        line.request("GET", path, headers={"Host": host})
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


@pytest.mark.slow
def test_it_runs_alone_tells_its_address_first_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_text(json.dumps(RECORD))
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "kept.json").write_text('{"url": "https://a.example/x", "body": "<x/>"}')
    (tmp_path / "captures" / "broken.json").write_text("{")
    (tmp_path / "faults.toml").write_text('[[fault]]\nkind = "status"\nhost = "rss.arxiv.org"\ntimes = 1\n')
    program = run(
        f"--records={tmp_path}/records.jsonl",
        f"--captures={tmp_path}/captures",
        f"--faults={tmp_path}/faults.toml",
        "--journals=3",
    )
    try:
        assert program.stdout is not None
        place = program.stdout.readline().strip().removeprefix("http://")

        answers = [
            fetch(place, "rss.arxiv.org", "/rss/cs.CV"),
            fetch(place, "rss.arxiv.org", "/rss/cs.CV"),
            fetch(place, "a.example", "/x"),
            fetch(place, "journal.press0002.example", "/feed.xml"),
            fetch(place, place, "/-/clock"),
        ]
    finally:
        program.send_signal(signal.SIGTERM)
        _, errors = program.communicate(timeout=10)

    assert [status for status, _ in answers] == [503, 200, 200, 200, 200]
    assert b"oai:arXiv.org:2605.00001v1" in answers[1][1]
    assert b'"now": "2026-05-04T04:20:00+00:00"' in answers[4][1]
    assert program.returncode == 0
    assert errors.startswith("replay: not read: broken.json: ")


@pytest.mark.slow
def test_it_ends_by_itself_after_its_lifetime(tmp_path: Path) -> None:
    started = time.monotonic()

    program = run("--lifetime=0.2", f"--records={tmp_path}/none", f"--captures={tmp_path}/none")
    program.communicate(timeout=20)

    assert program.returncode == 0
    assert time.monotonic() - started < 20


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["--faults={folder}/gone.toml", "--speed=-1", "--at=yesterday"])
def test_options_that_cannot_be_used_are_refused_with_a_reason(tmp_path: Path, wrong: str) -> None:
    program = run(f"--records={tmp_path}/none", f"--captures={tmp_path}/none", wrong.format(folder=tmp_path))
    _, errors = program.communicate(timeout=20)

    assert program.returncode == 2
    assert errors.startswith("replay: ")
