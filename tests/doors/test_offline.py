"""Reading without a connection: what is installed, and which pages a browser may keep."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from academichub.web.assets import Assets
from academichub.web.emblem import draw_emblem
from academichub.web.i18n import LANGUAGES
from academichub.web.offline import write_worker
from academichub.web.views.offline import MOST_PAPERS
from tests.doors.test_every_page import check
from tests.fakes.hub import FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient


def pixels(image: bytes) -> tuple[int, int, bytes]:
    """Read width, height and the lines of a PNG of 8-bit colours, each with its filter's number before it."""
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", image[16:24])
    start = image.index(b"IDAT")
    (length,) = struct.unpack(">I", image[start - 4 : start])
    (told,) = struct.unpack(">I", image[start + 4 + length : start + 8 + length])
    assert zlib.crc32(image[start : start + 4 + length]) == told
    return width, height, zlib.decompress(image[start + 4 : start + 4 + length])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_that_stands_in_for_a_missing_one_is_strict_in_both_languages(
    reader: TestClient, language: str
) -> None:
    answer = reader.get("/offline", headers={"accept-language": language})

    assert answer.status_code == 200
    assert "data-stored" in answer.text
    check(answer.text)


def test_the_manifest_is_in_the_language_that_the_page_asks_in(reader: TestClient) -> None:
    said = reader.get("/manifest.webmanifest?lang=zh")

    assert said.headers["content-type"] == "application/manifest+json"
    manifest = json.loads(said.text)
    assert manifest["lang"] == "zh-CN"
    assert manifest["start_url"] == "/?lang=zh"
    assert manifest["shortcuts"][0] == {"name": "检索", "url": "/search?lang=zh"}
    for icon in manifest["icons"]:
        image = reader.get(icon["src"])
        assert image.headers["content-type"] == "image/png"
        width, height, _ = pixels(image.content)
        assert f"{width}x{height}" == icon["sizes"]
    for shortcut in manifest["shortcuts"]:
        assert reader.get(shortcut["url"]).status_code == 200


def test_every_page_names_the_manifest_and_the_worker(reader: TestClient) -> None:
    for path in ("/", "/search", "/settings", "/p/2"):
        page = reader.get(path).text
        assert '<link rel="manifest" href="/manifest.webmanifest?lang=en">' in page
        assert 'data-worker="/sw.js"' in page


def test_icons_are_the_sign_in_its_colours_and_small() -> None:
    width, height, lines = pixels(draw_emblem(192))
    colours = {lines[row * (3 * width + 1) + 1 :][:3] for row in range(height)}
    middle = lines[(height // 2) * (3 * width + 1) + 1 :][: 3 * width]
    on_the_way = {middle[place : place + 3] for place in range(0, 3 * width, 3)}

    assert len(draw_emblem(512)) < 40_000
    assert colours == {bytes((0xFB, 0xFA, 0xF6))}
    assert bytes((0xA8, 0x32, 0x1F)) in on_the_way
    assert draw_emblem(192) == draw_emblem(192)


def test_a_maskable_icon_keeps_clear_of_what_may_be_cut_off() -> None:
    width, height, lines = pixels(draw_emblem(512, is_maskable=True))
    paper = bytes((0xFB, 0xFA, 0xF6))

    for row in range(height):
        for column in range(0, width, 7):
            distance = ((row - 255.5) ** 2 + (column - 255.5) ** 2) ** 0.5
            if distance > 0.4 * width:
                start = row * (3 * width + 1) + 1 + 3 * column
                assert lines[start : start + 3] == paper


def test_an_icon_of_another_name_is_unknown(reader: TestClient) -> None:
    assert reader.get("/icons/1000000.png").status_code == 404


def test_the_worker_knows_every_file_and_another_version_of_any_makes_it_another(reader: TestClient) -> None:
    answer = reader.get("/sw.js")
    known = json.loads(answer.text.partition("const KNOWN = ")[2].partition(";\n")[0])

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert len(known["files"]) > 8
    for file in known["files"]:
        assert reader.get(file).status_code == 200
    assert known["languages"] == list(LANGUAGES)
    assert known["version"] not in write_worker(Assets(), program="another")


def test_what_is_kept_is_the_last_days_and_their_papers_and_all_of_it_is_there(reader: TestClient) -> None:
    pages = reader.get("/offline.json").json()["pages"]
    days = [address for address in pages if address.startswith("/?date=") and "after" not in address]

    assert days == [
        "/?date=2026-06-19",
        "/?date=2026-06-18",
        "/?date=2026-06-17",
        "/?date=2026-06-16",
        "/?date=2026-06-15",
        "/?date=2026-06-12",
        "/?date=2026-06-11",
    ]
    assert next(iter(pages)) == "/"
    assert pages["/p/1"]
    assert not pages["/"]
    for address in pages:
        assert reader.get(address).status_code == 200


def test_what_is_kept_has_a_bound_and_carries_the_language_of_the_address(
    visit: Callable[..., TestClient],
) -> None:
    pages = visit(FakeHub(newest=900)).get("/offline.json?lang=en").json()["pages"]
    papers = [address for address in pages if address.startswith("/p/")]

    assert len(papers) <= MOST_PAPERS
    assert len(pages) < MOST_PAPERS + 30
    assert all(address.endswith("lang=en") for address in pages)


def test_an_empty_hub_keeps_its_first_page(visit: Callable[..., TestClient]) -> None:
    assert visit(FakeHub(is_empty=True)).get("/offline.json").json() == {"pages": {"/": ""}}


def test_a_paper_that_changed_has_another_tag(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = visit(hub).get("/offline.json").json()["pages"]
    changed = tuple(card._replace(change=card.change + (card.work_id == 1)) for card in hub._cards)
    monkeypatch.setitem(hub.__dict__, "_cards", changed)
    after = visit(hub).get("/offline.json").json()["pages"]

    assert {address for address in before if before[address] != after[address]} == {"/p/1"}
