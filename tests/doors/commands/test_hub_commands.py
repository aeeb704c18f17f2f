"""Commands about the hub in a fresh home: sources, fetching, settings, health, languages, the sample."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from academichub import __version__
from academichub.hub import open_hub
from academichub.settings import load_settings
from benchmarks.corpus import made_up_records, rss
from tests.fakes.terminal import TODAY, objects
from tests.fakes.web import FakeWeb, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]


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

    (vision,) = [one for one in known if one["key"] == "arxiv:cs.CV"]
    assert (vision["kind"], vision["title"], vision["field"]) == ("arxiv", "arXiv cs.CV", "computer-science")
    assert vision["url"] == "https://rss.arxiv.org/rss/cs.CV"
    assert len(for_people) == len(known) > 400


def test_the_catalogue_is_searched_by_name_issn_and_field(run: Run) -> None:
    by_name = objects(run("sources", "known", "nature", "--json"))
    by_issn = objects(run("sources", "known", "0028-0836", "--json"))
    in_law = objects(run("sources", "known", "--field", "law", "--json"))

    assert by_name[0]["key"] == by_issn[0]["key"] == "nature"
    assert {one["field"] for one in in_law} == {"law"}


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
    assert list(found) == [
        "python",
        "home",
        "database",
        "disk",
        "worker",
        "network",
        "contact",
        "meaning",
    ]
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
