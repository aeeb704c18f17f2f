from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from evaluation.replay.script import (
    Answer,
    Question,
    Script,
    canonical,
    fields_of,
    http_date,
    load_captures,
    read_capture,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 5, 4, 4, 20, tzinfo=UTC)


def ask(url: str, **headers: str) -> Question:
    host, _, rest = url.removeprefix("https://").partition("/")
    path, _, query = f"/{rest}".partition("?")
    kept = {name.replace("_", "-"): value for name, value in headers.items()}
    return Question(host, path, fields_of(query), f"/{rest}", NOW, headers=kept)


def said(script: Script, url: str) -> bytes | None:
    answer = script.answer(ask(url))
    return answer.body if answer else None


def test_an_address_is_found_whatever_the_order_of_its_query_and_whoever_asks() -> None:
    script = Script()
    script.put("https://api.example/works?rows=2&query=deep%20sea&cursor=%2A", b"{}")

    found = said(script, "https://api.example/works?mailto=a@b.example&cursor=*&query=deep+sea&rows=2")

    assert found == b"{}"
    assert said(script, "https://api.example/works?query=shallow") is None


def test_an_address_without_a_query_answers_every_question_that_has_no_answer_of_its_own() -> None:
    script = Script()
    script.put("http://api.example/works", b"[1]")
    script.put("http://api.example/works?page=2", b"[2]")

    assert [said(script, f"https://api.example/works?page={page}") for page in (1, 2)] == [b"[1]", b"[2]"]


def test_a_pattern_answers_a_family_of_paths_after_those_that_are_named() -> None:
    script = Script()
    script.put("https://api.example/works/*", b"[]")
    script.put("https://api.example/works/10.5555%2Fx", b"{}")

    assert said(script, "https://api.example/works/10.5555/y") == b"[]"
    assert said(script, "https://api.example/works/10.5555/x") == b"{}"
    assert script.hosts() == ("api.example",)


def test_players_of_a_host_are_asked_in_turn_until_one_knows() -> None:
    script = Script()
    script.play("API.example", lambda _: None)
    script.play("api.example", lambda question: Answer(question.path.encode()))
    script.play_at("https://api.example/here", lambda question: Answer(question.query["q"].encode()))

    assert said(script, "https://api.example/there") == b"/there"
    assert said(script, "https://api.example/here?q=1") == b"1"
    assert said(script, "https://other.example/") is None


def test_percent_signs_make_no_difference_to_a_path() -> None:
    assert canonical("/a b/ü", "x=1&y=") == "/a%20b/%C3%BC?x=1"


def test_a_visitor_holds_an_answer_by_its_tag_or_else_by_its_date() -> None:
    date = http_date(NOW)
    answer = Answer(b"x", etag='"1"', last_modified=date)

    assert answer.is_held_by(ask("https://a.example/", if_none_match='W/"0", W/"1"'))
    assert answer.is_held_by(ask("https://a.example/", if_none_match="*"))
    assert answer.is_held_by(ask("https://a.example/", if_modified_since=date))
    assert not answer.is_held_by(ask("https://a.example/", if_none_match='"2"', if_modified_since=date))
    assert not answer.is_held_by(ask("https://a.example/"))
    assert not Answer(b"x", 410, etag='"1"').is_held_by(ask("https://a.example/", if_none_match='"1"'))


# -- captures ---------------------------------------------------------------------------------------


def test_kept_answers_go_to_the_addresses_they_came_from(tmp_path: Path) -> None:
    kept = {"url": "https://export.arxiv.org/api/query?start=0", "status_code": 400, "body": "<feed/>"}
    (tmp_path / "kept.json").write_text(json.dumps(kept))
    (tmp_path / "other.json").write_text('{"body": 1}')
    cassette = f"""
interactions:
- request: {{method: GET, uri: "https://api.crossref.org/works?query=x", body: ""}}
  response:
    body: {{string: !!binary {json.dumps(_base64(gzip.compress(b'{"ok": 1}')))}}}
    headers: {{Content-Type: [application/json], X-Api-Pool: [polite], Set-Cookie: [a=1]}}
    status: {{code: 200, message: OK}}
- request: {{method: GET, uri: "https://api.crossref.org/works?query=x", body: ""}}
  response: {{content: "later", headers: {{}}, status_code: 429}}
"""
    (tmp_path / "tape.yaml").write_text(cassette)
    script = Script()

    loaded = load_captures(script, tmp_path)

    wrapped = script.answer(ask("https://export.arxiv.org/api/query?start=0"))
    taped = script.answer(ask("https://api.crossref.org/works?query=x"))
    assert (loaded.addresses, loaded.unreadable) == (2, [])
    assert wrapped == Answer(b"<feed/>", 400, "application/xml")
    assert taped == Answer(b'{"ok": 1}', 200, "application/json", headers=(("x-api-pool", "polite"),))


def test_files_that_cannot_be_read_are_named_and_the_others_kept(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "tape.yaml").write_text("interactions: [{request: {method: GET}}]")
    (tmp_path / "torn.yaml").write_text("interactions: [")
    (tmp_path / "good.json").write_text('{"url": "https://a.example/", "body": "<x/>"}')

    loaded = load_captures(Script(), tmp_path)

    assert loaded.addresses == 1
    assert [line.partition(":")[0] for line in loaded.unreadable] == ["broken.json", "tape.yaml", "torn.yaml"]


def test_an_index_puts_any_file_at_any_address(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"<html>no</html>")
    (tmp_path / "replay.toml").write_text(
        '[[answer]]\nurl = "https://a.example/x"\nfile = "page.html"\nstatus = 403\nheaders = {X-A = "1"}\n'
    )
    script = Script()

    load_captures(script, tmp_path)

    answer = script.answer(ask("https://a.example/x"))
    assert answer == Answer(b"<html>no</html>", 403, "text/html; charset=utf-8", headers=(("X-A", "1"),))


@pytest.mark.parametrize(
    "table",
    [
        'url = "https://a.example/"',
        'url = "https://a.example/"\nfile = "gone.xml"',
        'url = "https://a.example/"\nfile = "../outside.xml"',
        'url = "https://a.example/"\nfile = "replay.toml"\ncolour = "red"',
    ],
)
def test_an_index_that_cannot_be_used_is_refused(tmp_path: Path, table: str) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    (tmp_path / "outside.xml").write_text("<x/>")
    (folder / "replay.toml").write_text(f"[[answer]]\n{table}\n")

    with pytest.raises(ValueError, match="answer 1"):
        load_captures(Script(), folder)


def test_the_shared_captures_all_find_their_addresses(data: Callable[[str], Path]) -> None:
    script = Script()

    loaded = load_captures(script, data("captures"))

    assert loaded.unreadable == []
    assert loaded.addresses > 60
    for url in (
        "https://api.crossref.org/works?query=widget&cursor=%2A",
        "https://api.openalex.org/works?search=x",
        "https://export.arxiv.org/api/query?id_list=0000.0000&start=0&max_results=100",
        "https://api.biorxiv.org/details/biorxiv/2024-01-01/2024-01-02/0/json",
        "https://www.nature.com/nature.rss",
    ):
        answer = script.answer(ask(url))
        assert answer is not None
        assert answer.status == 200


def test_what_a_file_is_shows_in_its_first_letters(tmp_path: Path) -> None:
    kinds = {
        b"\xef\xbb\xbf <?xml?>": "application/xml",
        b" [1]": "application/json",
        b"<!DOCTYPE HTML>": "text/html; charset=utf-8",
        b"@article": "text/plain; charset=utf-8",
    }

    found = {}
    for number, body in enumerate(kinds):
        path = tmp_path / str(number)
        path.write_bytes(body)
        found[body] = read_capture(path).content_type

    assert found == kinds


def _base64(packed: bytes) -> str:
    import base64

    return base64.b64encode(packed).decode()
