from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from academichub.errors import SourceGone
from academichub.fetch.client import Ask
from tests.fakes import web as fake
from tests.fakes.network import NOW, a_fetcher

if TYPE_CHECKING:
    from pathlib import Path


def test_a_fake_web_in_its_own_process_plays_pages_and_reports_visits(tmp_path: Path) -> None:
    script = tmp_path / "pages.json"
    pages = {"/feed": {"text": "<rss>论文</rss>", "gzip": True}, "/gone": {"status": 410}}
    script.write_text(json.dumps(pages), encoding="utf-8")

    command = [sys.executable, fake.__file__, "0", str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        place = process.stdout.readline().strip()
        with a_fetcher(allow=frozenset({place})) as fetcher:
            reply = fetcher.get(Ask(f"http://{place}/feed"), now=NOW)
            with pytest.raises(SourceGone):
                fetcher.get(Ask(f"http://{place}/gone"), now=NOW)
        visits = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.terminate()

    assert reply.body.decode() == "<rss>论文</rss>"
    assert [visit["path"] for visit in visits] == ["/feed", "/gone"]
