"""Every command in a fresh home: what it says, what it leaves, and how it fails."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from academichub import __version__
from academichub.cli.app import app
from academichub.hub import open_hub
from academichub.settings import load_settings
from benchmarks.corpus import made_up_records, rss
from tests.fakes.web import FakeWeb, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]

TODAY = date(2026, 6, 19)
ENTRY_KEYS = ["id", "title", "link", "published", "updated", "authors", "summary", "draft"]
DRAFT_KEYS = {
    "title",
    "abstract",
    "authors",
    "identifiers",
    "version",
    "announcement",
    "categories",
    "kind",
    "published",
    "precision",
    "links",
    "licence",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that does not exist yet, and an English terminal."""
    for name in [name for name in os.environ if name.startswith("ACADEMICHUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACADEMICHUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in this process, in the fresh home."""
    assert not home.exists()

    def command(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), catch_exceptions=False)

    return command


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(made_up_records(5), on=TODAY))
    return path


def objects(result: Result) -> list[dict[str, Any]]:
    """Read one JSON object a line."""
    return [json.loads(line) for line in result.stdout.splitlines()]


# -- ingest ------------------------------------------------------------------------------------------


def test_a_file_is_taken_in_and_known_the_second_time(run: Run, feed: Path) -> None:
    first = run("ingest", str(feed))
    second = run("ingest", str(feed))

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "received 5 = 5 new + 0 revised + 0 twin + 0 unchanged + 0 rejected" in first.stdout
    assert "5 unchanged" in second.stdout
    assert "taken in before" in second.stdout


def test_a_packed_file_is_the_same_as_its_content(run: Run, feed: Path, tmp_path: Path) -> None:
    packed = tmp_path / "feed.xml.gz"
    packed.write_bytes(gzip.compress(feed.read_bytes()))

    taken = objects(run("ingest", str(packed), "--json"))[0]
    again = objects(run("ingest", str(feed), "--json"))[0]

    assert taken["account"]["new"] == again["account"]["unchanged"] == 5
    assert (taken["was_known"], again["was_known"]) == (False, True)
    assert taken["format"] == "rss 2.0"


def test_a_broken_file_does_not_stop_the_next_and_is_not_forgotten(
    run: Run, feed: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "[red]broken.xml"  # a name that a careless terminal would take for markup
    broken.write_bytes(b"<html><title>Log in</title></html>")

    result = run("ingest", str(broken), str(feed))

    assert result.exit_code == 1
    assert "5 new" in result.stdout
    assert str(broken) in result.stderr.replace("\n", "")
    assert "feed.is_web_page" in result.stderr
    assert len(objects(run("papers", "--json"))) == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing", None),
        ("cut.gz", gzip.compress(b"<rss/>" * 900, mtime=0)[:40]),
        ("bad.gz", b"\x1f\x8b none"),
    ],
    ids=["missing", "cut", "bad"],
)
def test_a_file_that_cannot_be_read_is_explained(
    run: Run, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    result = run("ingest", str(tmp_path / name))
    as_json = run("ingest", str(tmp_path / name), "--json")

    assert (result.exit_code, as_json.exit_code) == (1, 1)
    assert "file.unreadable" in result.stderr
    assert objects(as_json)[0]["error"]["code"] == "file.unreadable"


# -- parse -------------------------------------------------------------------------------------------


def test_parse_shows_each_entry_as_read_and_as_cleaned_and_stores_nothing(
    run: Run, feed: Path, home: Path
) -> None:
    result = run("parse", str(feed), "--json")

    entries = objects(result)
    assert [list(entry) for entry in entries] == [ENTRY_KEYS] * 5
    draft = entries[3]["draft"]
    assert set(draft) >= DRAFT_KEYS
    assert set(draft["title"]) == set(draft["abstract"]) == {"raw", "plain", "html"}
    assert entries[3]["summary"].startswith("arXiv:2605.10003v2 Announce Type: replace")
    assert not draft["abstract"]["raw"].startswith("arXiv:")
    assert "<math" in draft["abstract"]["html"]
    assert [set(author) for author in draft["authors"]] == [{"name", "orcid", "affiliations"}] * 4
    assert entries[3]["authors"] == [", ".join(author["name"] for author in draft["authors"])]
    assert draft["identifiers"]["arxiv"] == "2605.10003"
    assert {"doi", "arxiv", "pmid"} <= set(draft["identifiers"])
    assert (draft["version"], draft["announcement"], draft["kind"]) == (2, "replace", "preprint")
    assert (draft["published"], draft["precision"]) == ("2026-05", "month")
    assert draft["categories"] == made_up_records(4)[3]["categories"]
    assert draft["licence"] == "http://creativecommons.org/licenses/by/4.0/"
    assert {"href": "https://arxiv.org/abs/2605.10003", "role": "landing"}.items() <= draft["links"][
        0
    ].items()
    assert not home.exists()


def test_parse_names_what_it_would_reject_in_its_place(run: Run, feed: Path) -> None:
    title = made_up_records(2)[1]["title"]
    feed.write_text(feed.read_text(encoding="utf-8").replace(title, " "), encoding="utf-8")

    entries = objects(run("parse", str(feed), "--json"))
    for_people = run("parse", str(feed))

    assert [entry["draft"] is None for entry in entries] == [False, True, False, False, False]
    assert entries[1]["error"]["code"] == "record.untitled"
    assert "02. rejected: record.untitled" in for_people.stdout
    assert f"01. {made_up_records(1)[0]['title']}" in for_people.stdout
    assert (for_people.exit_code, len(entries)) == (0, 5)


def test_parse_explains_a_file_that_is_no_feed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"<!doctype html><title>A page</title>")

    result = run("parse", str(tmp_path / "page.html"), "--json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "feed.is_web_page" in result.stderr


# -- papers ------------------------------------------------------------------------------------------


@pytest.fixture
def filled(run: Run, feed: Path, tmp_path: Path) -> Run:
    older = tmp_path / "older.xml"
    older.write_bytes(rss(made_up_records(9)[5:], on=TODAY - timedelta(days=1)))
    assert run("ingest", str(feed), str(older)).exit_code == 0
    return run


def test_papers_of_the_latest_day_are_listed_with_their_numbers(filled: Run) -> None:
    for_people = filled("papers")
    cards = objects(filled("papers", "--json"))

    assert [card["number"] for card in cards] == [1, 2, 3, 4, 5]
    assert {card["listed_on"] for card in cards} == {"2026-06-19"}
    assert all(f"{card['number']:02d}. {card['title_plain']}" in for_people.stdout for card in cards)
    assert {"byline", "title_html", "identifiers", "links"} <= set(cards[0])
    assert "order_key" not in cards[0]


def test_papers_can_be_asked_for_by_day_and_category(filled: Run) -> None:
    wanted = made_up_records(9)[5:]
    category = wanted[0]["categories"][0]

    of_the_day = objects(filled("papers", "--date", "2026-06-18", "--json"))
    narrowed = objects(filled("papers", "--date", "2026-06-18", "--category", category.lower(), "--json"))

    assert {card["identifiers"]["arxiv"] for card in of_the_day} == {one["id"] for one in wanted}
    assert {card["identifiers"]["arxiv"] for card in narrowed} == {
        one["id"] for one in wanted if category in one["categories"]
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--date", "yesterday"), "date.malformed"),
        (("--date", "2026-6-1"), "date.malformed"),
        (("--date", "2026-02-30"), "date.malformed"),
        (("--date", "20260619"), "date.malformed"),
        (("--category", "cs.XX"), "category.unknown"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_in_words(
    run: Run, words: tuple[str, ...], code: str
) -> None:
    result = run("papers", "--json", *words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert code in result.stderr
    assert words[1] in result.stderr


def test_an_empty_hub_has_no_papers_and_says_nothing_else(run: Run) -> None:
    result = run("papers", "--json")

    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("words", [("papers", "--json"), ("papers",), ("sources", "known")])
def test_a_reader_of_a_pipe_may_leave_early(home: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    feed = tmp_path / "many.xml"
    feed.write_bytes(rss(made_up_records(400), on=TODAY))
    command = [sys.executable, "-m", "academichub"]
    subprocess.run([*command, "ingest", str(feed)], check=True, capture_output=True)

    with subprocess.Popen(
        [*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()

    assert said == b""
    assert process.returncode == 0
    assert home.is_dir()


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_a_reader_that_never_came_is_no_failure(feed: Path) -> None:
    command = [sys.executable, "-m", "academichub"]
    subprocess.run([*command, "ingest", str(feed)], check=True, capture_output=True)
    gone, writer = os.pipe()
    os.close(gone)

    # So little is written that it would only be noticed when the interpreter ends.
    done = subprocess.run([*command, "papers", "--json"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, b"")


# -- sources and fetch -------------------------------------------------------------------------------


def test_sources_are_added_listed_paused_resumed_and_removed(run: Run) -> None:
    added = run("sources", "add", "cs.CV", "nature", "https://letters.example/feed")
    keys = added.stdout.split()

    assert added.exit_code == 0
    assert keys[:2] == ["arxiv:cs.CV", "nature"]
    assert [one["key"] for one in objects(run("sources", "--json"))] == ["arxiv:cs.CV", keys[2], "nature"]
    assert all(key in run("sources", "list").stdout for key in keys)
    assert run("sources", "pause", "nature").exit_code == 0
    assert {one["key"]: one["health"] for one in objects(run("sources", "list", "--json"))}[
        "nature"
    ] == "paused"
    assert run("sources", "resume", "nature").exit_code == 0
    assert run("sources", "remove", "nature").exit_code == 0
    assert [one["key"] for one in objects(run("sources", "--json"))] == ["arxiv:cs.CV", keys[2]]


def test_one_source_that_cannot_be_added_does_not_stop_the_rest(run: Run) -> None:
    result = run("sources", "add", "cs.CVV", "http://127.0.0.1/feed", "cs.LG")

    assert (result.exit_code, result.stdout.split()) == (1, ["arxiv:cs.LG"])
    assert "category.unknown" in result.stderr
    assert "cs.CV" in result.stderr
    assert "address.forbidden" in result.stderr


@pytest.mark.parametrize("verb", ["remove", "pause", "resume"])
def test_a_source_that_is_not_there_is_explained(run: Run, verb: str) -> None:
    run("sources", "add", "nature")

    result = run("sources", verb, "natrue")

    assert result.exit_code == 1
    assert "source.unknown" in result.stderr
    assert "natrue" in result.stderr


def test_what_can_be_subscribed_by_name_is_listed(run: Run) -> None:
    known = objects(run("sources", "known", "--json"))
    for_people = run("sources", "known").stdout.splitlines()

    assert {
        "key": "arxiv:cs.CV",
        "kind": "arxiv",
        "title": "arXiv cs.CV",
        "url": "https://rss.arxiv.org/rss/cs.CV",
    } in known
    assert len(for_people) == len(known) > 140
    assert for_people[-1].startswith("nature\t")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWeb]:
    with FakeWeb() as opened:
        monkeypatch.setenv("ACADEMICHUB_FETCH_REPLAY", opened.url(""))
        yield opened


def test_fetch_brings_papers_and_says_how_many(run: Run, web: FakeWeb) -> None:
    web.put("//rss.arxiv.org/rss/cs.LG", Page(rss(made_up_records(7), on=TODAY)))
    web.put("//www.nature.com/nature.rss", Page(b"", status=503))
    run("sources", "add", "cs.LG", "nature")

    result = run("fetch")

    assert result.exit_code == 1  # one of them failed
    assert "arxiv:cs.LG: ok, received 7, new 7, revised 0, rejected 0" in result.stdout
    assert "nature: failed" in result.stdout
    assert "source.unreachable" in result.stderr
    assert "next try" in result.stderr
    assert len(objects(run("papers", "--json"))) == 7


def test_fetch_of_one_source_leaves_the_others_alone(run: Run, web: FakeWeb) -> None:
    web.put("//www.nature.com/nature.rss", Page(b"", status=429, headers={"Retry-After": "60"}))
    run("sources", "add", "cs.LG", "nature")

    (outcome,) = objects(result := run("fetch", "nature", "--json"))

    assert result.exit_code == 1
    assert (outcome["key"], outcome["status"]) == ("nature", "failed")
    assert outcome["error"]["code"] == "source.throttled"
    assert outcome["error"]["facts"]["retry_after_seconds"] == 60
    assert {visit.host for visit in web.visits} == {"www.nature.com"}


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize("key", ["natrue", "file"])
def test_fetch_of_what_is_no_source_is_explained(run: Run, feed: Path, key: str) -> None:
    run("ingest", str(feed))

    result = run("fetch", key)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "source.unknown" in result.stderr


# -- config, doctor, migrate, version ----------------------------------------------------------------


def test_config_shows_values_with_their_origins_and_no_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACADEMICHUB_DATABASE", "postgresql://hub:s3cret@db.example/hub")
    monkeypatch.setenv("ACADEMICHUB_CONTACT", "ada@example.org")

    lines = {line["name"]: line for line in json.loads(run("config", "--json").stdout)}
    for_people = run("config")

    assert lines["contact"] == {
        "name": "contact",
        "value": "ada@example.org",
        "origin": "ACADEMICHUB_CONTACT",
    }
    assert lines["port"]["origin"] == "default"
    assert lines["database"]["value"] == "postgresql://hub:***@db.example/hub"
    assert "s3cret" not in for_people.stdout
    assert "ACADEMICHUB_CONTACT" in for_people.stdout


def test_a_setting_that_cannot_be_used_stops_every_command_with_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACADEMICHUB_PROT", "80")

    for words in (("config",), ("papers",), ("doctor",), ("migrate",), ("sources",), ("fetch",)):
        result = run(*words)

        assert result.exit_code == 1, words
        assert "settings.unknown" in result.stderr
        assert "port" in result.stderr


def test_doctor_looks_at_everything_and_fails_only_where_nothing_can_work(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", _no_names)

    result = run("doctor", "--json")

    found = {finding["check"]: finding for finding in json.loads(result.stdout)}
    assert result.exit_code == 0
    assert list(found) == ["python", "home", "database", "disk", "worker", "network", "contact"]
    assert {name for name, finding in found.items() if not finding["is_fine"]} == {
        "worker",
        "network",
        "contact",
    }
    assert "0 works" in found["database"]["says"]
    assert "revision" in found["database"]["says"]


def test_doctor_goes_on_after_a_home_that_cannot_be_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("ACADEMICHUB_HOME", str(tmp_path / "a file" / "home"))
    monkeypatch.setattr("socket.getaddrinfo", _no_names)

    result = run("doctor")

    assert result.exit_code == 1
    assert result.stdout.count("look") >= 4
    assert "contact" in result.stdout


def test_doctor_says_it_of_a_database_that_is_none(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "hub.sqlite").write_bytes(b"this is no database at all" * 100)
    monkeypatch.setattr("socket.getaddrinfo", _no_names)

    result = run("doctor", "--json")

    found = {finding["check"]: finding for finding in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert not found["database"]["is_fine"]
    assert "not a database" in found["database"]["says"]


def _no_names(*_: object) -> None:
    raise OSError


def test_migrate_makes_the_database_and_says_from_what_to_what(run: Run, home: Path) -> None:
    first = run("migrate")
    second = run("migrate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.startswith("empty -> ")
    head = first.stdout.split()[-1]
    assert second.stdout == f"{head} -> {head}\n"
    assert (home / "hub.sqlite").is_file()


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"academichub {__version__}\n"


def test_the_home_can_be_named_before_any_command(run: Run, tmp_path: Path, feed: Path, home: Path) -> None:
    assert run("--home", str(tmp_path / "other"), "ingest", str(feed)).exit_code == 0

    assert (tmp_path / "other" / "hub.sqlite").is_file()
    assert not home.exists()


# -- languages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "is_chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8", "ACADEMICHUB_LANGUAGE": "zh"}, True),
        ({"LANG": "zh_CN.UTF-8", "ACADEMICHUB_LANGUAGE": "en"}, False),
    ],
)
def test_errors_speak_the_language_of_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, is_chinese: bool
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    result = run("papers", "--date", "soon")

    assert result.exit_code == 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in result.stderr) is is_chinese
    assert "date.malformed" in result.stderr


def test_the_language_of_the_configuration_file_counts_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "academichub.toml").write_text('language = "zh"', encoding="utf-8")

    assert "日" in run("papers", "--date", "soon").stderr


# -- the sample --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_made_up_papers_are_not_mixed_into_a_hub_with_sources(run: Run, home: Path) -> None:
    run("sources", "add", "nature")

    result = subprocess.run(
        [sys.executable, "-m", "academichub", "up", "--sample", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert "sample.hub_in_use" in result.stderr
    assert str(home) in result.stderr.replace("\n", "")
    assert run("papers", "--json").stdout == ""


def test_a_hub_knows_whether_it_has_the_sample(run: Run, feed: Path) -> None:
    run("ingest", str(feed))
    with open_hub(load_settings()[0]) as hub:
        before = hub.has_sample(), hub.has_sources()
        hub.shelve_sample()
        after = hub.has_sample(), hub.has_sources()
        hub.add_source("nature", now=datetime.now(UTC))
        at_last = hub.has_sample(), hub.has_sources()

    assert (before, after, at_last) == ((False, False), (True, False), (True, True))
