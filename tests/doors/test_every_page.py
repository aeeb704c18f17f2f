"""What holds for every page, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import html5lib
import pytest

from tests.fakes.hub import FakeHub

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

PAGES = (
    "/",
    "/?per=25",
    "/?density=compact",
    "/?density=titles",
    "/?date=2026-06-18",
    "/?date=2026-06-14",
    "/?date=2026-06-16",
    "/?date=2026-06-20",
    "/?date=2026-06-19&cat=cs.LG&kind=preprint&venue=arXiv",
    "/?cat=no.such&venue=Nowhere&kind=dataset",
    "/p/1",
    "/p/2",
    "/p/3",
    "/p/5",
    "/p/9",
    "/p/10",
    "/p/11",
    "/p/12",
    "/p/15",
    "/p/2?done=undone&count=3",
    "/sources",
    "/sources?done=asked&count=3",
    "/sources?done=removed",
    "/sources/nature",
    "/sources/arxiv:cs.CV",
    "/sources/delta-review",
    "/sources/gone-notes",
    "/sources/biorxiv-ecology",
    "/sources/service:crossref",
    "/sources/file",
    "/sources/add",
    "/sources/add?done=added",
    "/sources/add?q=arxiv&field=computer-science&access=feed",
    "/sources/add?q=no+such+journal",
    "/sources/add?access=carrier-pigeon&n=99999",
    "/?sort=match",
    "/?sort=match&per=25&cat=cs.LG",
    "/?radar=空间推理&density=titles",
    "/?radar=quantum-attention&date=2026-06-14",
    "/radars",
    "/radars?done=radar-removed",
    "/radars/new",
    "/radars/new?start=federated",
    "/radars/new?start=none",
    "/radars/空间推理",
    "/radars/空间推理?done=more&count=2",
    "/radars/空间推理/2026-06-17?done=created",
    "/radars/空间推理/2026-06-14",
    "/radars/空间推理/edit",
    "/radars/空间推理/edit?done=unseeded",
    "/radars/quantum-attention/edit",
    "/radars/quantum-attention/why/1",
    "/radars/空间推理/why/1?date=2026-06-19",
    "/radars/rivers",
    "/radars/rivers/remove",
    "/b",
    "/b?done=briefing-removed",
    "/b/2026-06-19",
    "/b/2026-06-19?done=ordered",
    "/b/2026-06-19/remove",
    "/b/2026-06-18",
    "/b/2026-06-17",
    "/b/2026-06-16",
    "/b/2026-06-15",
    "/b/2026-06-10",
    "/review",
    "/review?done=same&count=2",
    "/review?done=two",
    "/review?done=undone&count=x",
    "/kept/starred",
    "/kept/later?done=later-on&count=5",
    "/kept/read",
    "/kept/hidden",
    "/kept/noted",
    "/tags",
    "/tags/量子注意力",
    "/tags/to cite",
    "/tags/nothing",
    "/c",
    "/c?done=collection-removed",
    "/c/new",
    "/c/spatial",
    "/c/thesis",
    "/c/thesis/remove",
    "/go",
    "/?done=day-read&count=9",
    "/p/2?done=noted",
    "/settings?done=saved",
    "/about",
)
FAILURES = (
    ("/nowhere", 404),
    ("/p/999999", 404),
    ("/p/99999999999999999999999999", 404),
    ("/p/doi/10.1/none", 404),
    ("/sources/none", 404),
    ("/static/style.old.css", 404),
    ("/radars/none", 404),
    ("/radars/none/edit", 404),
    ("/radars/none/remove", 404),
    ("/radars/%00", 404),
    ("/radars/rivers/why/1", 404),
    ("/radars/空间推理/why/999999", 404),
    ("/radars/空间推理/why/99999999999999999999999999", 404),
    ("/radars/空间推理/why/1?date=x", 400),
    ("/radars/空间推理/2026-02-30", 400),
    ("/radars/空间推理/yesterday", 400),
    ("/kept/loved", 404),
    ("/c/none", 404),
    ("/c/none/remove", 404),
    ("/c/%00", 404),
    ("/tags/%00", 404),
    ("/kept/starred?after=x", 400),
    ("/b/none", 404),
    ("/b/%00", 404),
    ("/b/none/remove", 404),
    ("/b/none/events", 404),
    ("/b/none.md", 404),
    ("/b/2026-06-19.docx", 404),
    ("/?radar=none", 404),
    ("/?sort=luck", 400),
    ("/?sort=match&after=2.5:1", 400),
    ("/?sort=match&after=0.5", 400),
    ("/?date=2026-02-30", 400),
    ("/?date=20260619", 400),
    ("/?kind=poem", 400),
    ("/?per=26", 400),
    ("/?density=airy", 400),
    ("/?after=x&n=-1", 400),
    ("/?lang=tlh", 400),
    ("/?cat=%00", 400),
)
LANGUAGES = (("zh", "zh-CN"), ("en", "en"))


def check(html: str) -> None:
    """Hold a page to strict HTML, and to loading nothing from elsewhere and saying nothing inline."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(html)
    loaders = (
        "link",
        "script",
        "img",
        "use",
        "image",
        "iframe",
        "source",
        "video",
        "audio",
        "object",
        "embed",
    )
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}, (
            element.attrib
        )
        if element.tag.rpartition("}")[2] in loaders:
            for name in ("src", "href", "data", "srcset"):
                assert element.get(name, "/").startswith("/"), element.attrib
                assert not element.get(name, "/").startswith("//"), element.attrib
        assert element.tag != "style"
        assert element.tag != "script" or not (element.text or "").strip()
    ids = [
        element.get("id") for element in document.iter() if isinstance(element.tag, str) and element.get("id")
    ]
    assert len(ids) == len(set(ids)), "an id is used twice"
    assert len(list(document.iter("h1"))) == 1
    assert len(list(document.iter("main"))) == 1


@pytest.mark.parametrize(("language", "html_lang"), LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_strict_html_that_loads_nothing_from_elsewhere(
    reader: TestClient, path: str, language: str, html_lang: str
) -> None:
    answer = reader.get(path, headers={"accept-language": language})

    assert answer.status_code == 200
    assert f'<html lang="{html_lang}"' in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    is_kept = answer.headers["cache-control"] != "no-store"  # what is being written is not
    varies = {"Accept-Language", "Cookie", *(("Accept-Encoding",) if is_kept else ())}
    assert varies <= set(answer.headers["vary"].split(", "))
    check(answer.text)


@pytest.mark.parametrize(("language", "html_lang"), LANGUAGES)
@pytest.mark.parametrize(("path", "status"), FAILURES)
def test_every_failure_is_a_page_that_says_what_to_do(
    reader: TestClient, path: str, status: int, language: str, html_lang: str
) -> None:
    answer = reader.get(path, headers={"accept-language": language})

    assert answer.status_code == status
    assert f'<html lang="{html_lang}"' in answer.text
    assert 'class="button"' in answer.text  # the one thing to do
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    check(answer.text)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?sort=match",
        "/radars",
        "/radars/new",
        "/b",
        "/sources",
        "/sources/add",
        "/review",
        "/settings",
        "/about",
    ],
)
def test_a_hub_without_anything_still_has_every_page(
    visit: Callable[..., TestClient], path: str, language: str
) -> None:
    answer = visit(FakeHub(is_empty=True), language).get(path)

    assert answer.status_code == 200
    check(answer.text)


def test_an_empty_hub_leads_to_adding_a_source(visit: Callable[..., TestClient]) -> None:
    page = visit(FakeHub(is_empty=True)).get("/").text

    assert "There are no sources yet" in page
    assert 'href="/sources/add"' in page


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_ours_leads_somewhere(reader: TestClient, path: str) -> None:
    page = reader.get(path).text
    links = {match.replace("&amp;", "&") for match in re.findall(r'href="(/[^"]*)"', page)}

    assert links
    for link in sorted(links)[:60]:
        assert reader.get(link.partition("#")[0]).status_code == 200, link


@pytest.mark.parametrize("path", PAGES)
def test_every_fragment_a_page_links_to_is_on_the_page_it_leads_to(reader: TestClient, path: str) -> None:
    page = reader.get(path).text
    links = {match.replace("&amp;", "&") for match in re.findall(r'href="(/?[^":]*#[^"]+)"', page)}

    for link in sorted(one for one in links if not one.startswith("/static/")):
        address, _, fragment = link.partition("#")
        target = reader.get(address).text if address else page
        assert f'id="{fragment}"' in target, link


def test_a_title_with_markup_from_a_feed_is_shown_and_names_of_sources_are_escaped(
    hub: FakeHub, visit: Callable[..., TestClient]
) -> None:
    hub.add_source("https://example.org/feed", now=hub.now)
    hub.rows[-1] = replace(
        hub.rows[-1], title='<script>alert("1")</script>', url="https://example.org/?a=1&b='\"><b>"
    )

    for path in ("/", "/sources", "/sources/feed:example.org"):
        page = visit(hub).get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(" in page
        check(page)


def test_the_masthead_has_both_lines_in_both_languages(reader: TestClient) -> None:
    for language in ("zh", "en"):
        page = reader.get("/", headers={"accept-language": language}).text
        assert "探索全球前沿学术脉络" in page
        assert "Academic Intelligence · Curated Daily" in page


def test_the_language_is_the_addresss_then_the_cookies_then_the_browsers_then_chinese(
    client: TestClient,
) -> None:
    def language(path: str = "/about", **headers: str) -> str:
        answer = client.get(path, headers={"accept-language": "", **headers}).text
        return answer.partition('<html lang="')[2].partition('"')[0]

    assert language() == "zh-CN"
    assert language(**{"accept-language": "fr, en;q=0.8, zh;q=0.2"}) == "en"
    assert language(**{"accept-language": "en", "cookie": "hub_lang=zh"}) == "zh-CN"
    assert language("/about?lang=en", cookie="hub_lang=zh") == "en"
    assert language(cookie="hub_lang=tlh; other=1; ; =") == "zh-CN"


def test_a_language_in_the_address_goes_along_and_the_switch_keeps_the_rest_of_the_address(
    client: TestClient,
) -> None:
    page = client.get("/?date=2026-06-18&cat=cs.LG&lang=en", headers={"accept-language": "zh"}).text

    assert 'href="/sources?lang=en"' in page
    assert 'hreflang="zh-CN" href="/?date=2026-06-18&amp;cat=cs.LG&amp;lang=zh"' in page
    assert not re.search(r'<h2 [^>]*><a href="/p/\d+"', page)


def test_a_title_and_an_abstract_are_marked_with_their_own_language(reader: TestClient) -> None:
    page = reader.get("/?per=25").text

    assert re.search(r'<h2 id="w\d+" lang="zh">', page)
    assert re.search(r'<div class="abs" lang="zh">', page)
    assert re.search(r'<h2 id="w\d+" lang="en">', page)


def test_a_page_that_breaks_says_so_politely_and_keeps_its_guard(
    hub: FakeHub, visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object, **__: object) -> None:
        msg = "a bug"
        raise ZeroDivisionError(msg)

    door = visit(hub)
    door._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # as a real server would
    monkeypatch.setattr(hub, "feed", explode)
    answer = door.get("/")

    assert answer.status_code == 500
    assert "Something went wrong inside the hub" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    check(answer.text)
