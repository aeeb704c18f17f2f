"""Reading saved answers: what counts as one, what each holds, and what is a fault. All data is made up."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from academichub.model.papers import Author, Identifiers, Moment, Precision
from evaluation.answers import check_catalogue, faults_of, measure
from evaluation.saved import Saved, saved_in, visible, why_no_answer
from tests.fakes.drafts import journal_draft

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.model.papers import Draft

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORK = {"DOI": "10.5555/lamps", "title": ["Lamps"], "type": "journal-article"}
CROSSREF = {"status": "ok", "message-type": "work-list", "message": {"items": [WORK, {"DOI": "10.5555/x"}]}}
RSS = (
    '<rss version="2.0"><channel><title>Journal of Lamps</title><link>https://lamps.example/</link>'
    "<!-- <item> --><item><title>Lamps</title><link>https://lamps.example/1</link></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title><id>http://arxiv.org/api/x</id><entry>'
    "<id>http://arxiv.org/abs/2606.00001v1</id><title>More lamps</title></entry></feed>"
)
CASSETTE = f"""
interactions:
- request: {{uri: 'https://api.crossref.org/works'}}
  response: {{status: {{code: 200}}, body: {{string: '{json.dumps(CROSSREF)}'}}}}
- request: {{uri: 'https://api.crossref.org/works/10.5555/none'}}
  response: {{status: {{code: 404}}, body: {{string: Resource not found.}}}}
- request: {{uri: 'https://lamps.example/rss'}}
  response: {{body: {{base64_string: {base64.b64encode(gzip.compress(RSS.encode())).decode()}}}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four answers that can be read, three that are refused, and five files that are none."""
    (tmp_path / "deep").mkdir()
    for name, text in {
        "deep/tape.yaml": CASSETTE,
        "deep/wrapped.json": json.dumps({"url": "https://export.arxiv.org/api/query", "body": ATOM}),
        "deep/sets.xml": '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListSets/></OAI-PMH>',
        "broken.xml": "<crossref_result><query>",
        "LICENSE": "Do as you like.",
        "page.html": "<!DOCTYPE html><html><title>Search</title></html>",
        "expected.json": '[{"titles": 1}]',
        "report.xml": "<testsuites/>",
        "notes.yaml": "interactions: [1, 2]",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "feed.rss.gz").write_bytes(gzip.compress(RSS.encode()))
    return tmp_path


# -- what is an answer ----------------------------------------------------------------------------


def test_every_body_is_found_and_unpacked(folder: Path) -> None:
    found = {one.name: one for one in saved_in(folder)}

    assert [name for name in found if name.startswith("deep/tape")] == [
        f"deep/tape.yaml#{n}" for n in range(3)
    ]
    assert found["deep/tape.yaml#2"].body == found["feed.rss.gz"].body == RSS.encode()
    assert (found["deep/wrapped.json"].url, found["deep/wrapped.json"].body) == (
        "https://export.arxiv.org/api/query",
        ATOM.encode(),
    )
    assert len(found) == 12


def test_a_single_file_will_do(folder: Path) -> None:
    assert [one.name for one in saved_in(folder / "feed.rss.gz")] == ["feed.rss.gz"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Do as you like.", "text that is neither XML nor JSON"),
        (b" \n\0", "nothing but white space or zeros"),
        (b"<HTML><body>", "a web page"),
        (b"<testsuites/>", "XML <testsuites>, which nobody here reads"),
        (b'{"a": 1}', "JSON (dict) of a kind that nobody here reads"),
        (b"{", None),  # broken: refused for that
        (b'{"version": "https://jsonfeed.org/version/1.1"}', None),
        (RSS.encode(), None),
        (json.dumps(CROSSREF).encode(), None),
        (b"\xef\xbb\xbf\n" + ATOM.encode(), None),
    ],
)
def test_a_file_is_an_answer_where_a_reader_knows_its_kind(
    tmp_path: Path, body: bytes, reason: str | None
) -> None:
    assert why_no_answer(Saved(tmp_path, "x", body)) == reason
    assert why_no_answer(Saved(tmp_path, "x", body, url="https://server.example/")) is None


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (json.dumps(CROSSREF), 2),
        ('[{"a": 1}, null]', 1),
        ('{"doi": "10.5555/x"}', 1),
        ('{"hits": {"hits": []}}', 0),
        ('{"esearchresult": {"idlist": ["1"]}}', 0),
        (RSS, 1),
        ("<rss><channel><item/><item/></channel></rss>", 2),
        ('<OAI-PMH><header/><header status="deleted"><x/></header></OAI-PMH>', 1),
        ("<PubmedArticleSet><PubmedArticle><PubmedData/></PubmedArticle></PubmedArticleSet>", 1),
        ("<m:searchRetrieveResponse><m:recordData/></m:searchRetrieveResponse>", 1),
        ("<mystery/>", None),
        ("no markup", None),
    ],
)
def test_entries_are_counted_without_reading_them(body: str, count: int | None) -> None:
    assert visible(body.encode()) == count


# -- nothing is silent ----------------------------------------------------------------------------


def test_every_file_is_read_refused_or_listed(folder: Path) -> None:
    found = measure([folder], now=NOW)

    figures = found.figures()["families"]
    assert figures["crossref"] == {
        "files": 1,
        "answers": 2,
        "records": 2,
        "drafts": 1,
        "rejected": {"record.untitled": 1},
        "refused": {"feed.unreadable": 1},
        "faults": [],
    }
    assert {name: one["drafts"] for name, one in figures.items()} == {
        "crossref": 1,
        "feed export.arxiv.org": 1,
        "feed lamps.example": 2,
        "in .": 0,
        "in deep": 0,
    }
    assert figures["in ."]["refused"] == {"feed.unreadable": 1}
    assert figures["in deep"]["refused"] == {"answer.unknown": 1}
    assert [line.partition(":")[0] for line in found.no_answers] == [
        *("LICENSE", "expected.json", "notes.yaml", "page.html", "report.xml")
    ]
    assert len(found.refusals) == 3
    assert found.faults == []


def test_an_entry_that_is_lost_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "odd.xml").write_text(RSS.replace("<title>Journal", "<item-count/><title>Journal"))
    (tmp_path / "lost.xml").write_text(
        RSS.replace("</channel></rss>", "</channel><x:item xmlns:x='y:z'/></rss>")
    )

    assert measure([tmp_path], now=NOW).faults == [
        "feed lamps.example: lost.xml: 2 entries in the answer, 1 read"
    ]


# -- what no reader should see --------------------------------------------------------------------


def a_draft(title: str = "On lamps", abstract: str | None = None, **parts: Any) -> Draft:
    return replace(journal_draft(title=title, abstract=abstract), **parts)


def dated(year: int) -> Moment:
    return Moment(datetime(year, 1, 1, tzinfo=UTC), date(year, 1, 1), Precision.YEAR)


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        (a_draft("[ASAP-like label] On lamps"), "a label before the title"),
        (a_draft("[95] 灯"), "a label before the title"),
        (a_draft("On made-up lamps On made-up lamps"), "a doubled title"),
        (a_draft("—?"), "a title without a letter"),
        (a_draft("On &amp;amp; lamps"), "an entity"),
        (a_draft(authors=(Author(" "),)), "an author without a name"),
        (a_draft(authors=(Author("Ada Field, Bo Park, Cy Lake"),)), "a list in one name"),
        (a_draft(authors=(Author("ada@lamps.example"),)), "no name"),
        (a_draft(abstract="Abstract: we see lamps."), "a prefix before the abstract"),
        (a_draft(abstract="We see lamps.We see lamps."), "a doubled abstract"),
        (a_draft(abstract="<jats:p>We see lamps.</jats:p>"), "a tag"),
        (a_draft(abstract=r"We see \textit{lamps}."), "raw TeX"),
        (a_draft(abstract="We see \"lamps'' there."), "raw TeX"),
        (a_draft(abstract="O_ST_ABSAimsC_ST_ABSWe see lamps."), "a mark"),
        (a_draft(identifiers=Identifiers(doi="10.5555/A")), "a DOI that is not canonical"),
        (a_draft(published=dated(2030)), "a date in the future"),
    ],
)
def test_what_no_reader_should_see_is_a_fault(draft: Draft, fault: str) -> None:
    found = list(faults_of(draft, now=NOW))

    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    "draft",
    [
        a_draft("[60]Fullerene lamps [sic] of 10$ and 20$"),
        a_draft("Correction: On lamps", authors=(Author("The L3 Collaboration"), Author("Ludwig van Ström"))),
        a_draft(
            abstract="Abstract interpretation of lamps costs $229 per lamp ($184 used), within 0.3'' of f''."
        ),
        a_draft("灯的研究", published=dated(2026)),
    ],
)
def test_what_only_looks_odd_is_none(draft: Draft) -> None:
    assert list(faults_of(draft, now=NOW)) == []


@pytest.mark.slow
def test_the_whole_catalogue_comes_through_opml_as_it_was(tmp_path: Path) -> None:
    told = check_catalogue(tmp_path, now=NOW)

    assert told["faults"] == []
    assert told["entries"] == told["imported"] == told["equal"] > 300
