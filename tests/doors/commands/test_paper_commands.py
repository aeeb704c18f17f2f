"""Commands about papers in a fresh home: what they say, what they leave, and how they fail."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from benchmarks.corpus import made_up_records, rss
from tests.fakes.terminal import TODAY, objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]

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
