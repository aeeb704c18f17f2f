"""The made-up sample: files that people look at first, so they are held to their promises here."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

import pytest
from lxml import etree

DAY = date(2026, 6, 19)
PLACEHOLDER = re.compile(r"\{\{([a-z]+)-(\d+)\}\}")
ASCII_BESIDE_HAN = re.compile(r"[\u4e00-\u9fff][,:;?!]|[,:;?!][\u4e00-\u9fff]")
LARGEST_BYTES = 120_000
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
TEST_DOI_PREFIX = "10.5555/"  # reserved for tests: it leads to no real paper


@dataclass(frozen=True, slots=True)
class Entry:
    """What this test needs of an entry, whatever its format."""

    name: str
    external_id: str
    title: str
    text: str
    xml: str


def fill(text: str) -> str:
    """Put calendar days into the placeholders; an unknown one raises KeyError."""

    def value(match: re.Match[str]) -> str:
        on = DAY - timedelta(days=int(match[2]))
        return {
            "day": on.isoformat(),
            "rfc": f"{on:%a, %d %b %Y} 00:00:00 -0400",
            "iso": f"{on.isoformat()}T00:00:00-04:00",
            "yymm": f"{on:%y%m}",
            "dd": f"{on:%d}",
        }[match[1]]

    return PLACEHOLDER.sub(value, text)


def sample() -> dict[str, str]:
    """Read every feed file of the sample, by name."""
    folder = files("academichub.flows") / "sample"
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith((".xml", ".json"))
    }


def entries_of(name: str, text: str) -> list[Entry]:
    """List the entries of one filled file; raises where it is not well-formed."""
    if name.endswith(".json"):
        return [
            Entry(name, post["id"], post["title"], post["content_text"], json.dumps(post))
            for post in json.loads(text)["items"]
        ]
    root = etree.fromstring(text.encode())
    return [
        Entry(
            name,
            child(node, "guid") or child(node, "id") or str(node.get(RDF_ABOUT)),
            child(node, "title"),
            child(node, "description") or child(node, "summary") or child(node, "encoded"),
            etree.tostring(node, encoding="unicode"),
        )
        for node in root.iter("{*}item", "{*}entry")
    ]


def child(node: etree._Element, name: str) -> str:
    """Give the text of the first child with this local name, or ''."""
    found = node.find(f"{{*}}{name}")
    return "" if found is None else found.text or ""


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry for name, text in sample().items() for entry in entries_of(name, fill(text))]


def is_chinese(text: str) -> bool:
    return len(re.findall(r"[\u4e00-\u9fff]", text)) > len(text) / 2


def test_every_file_is_small_and_has_only_known_placeholders() -> None:
    texts = sample()

    assert len(texts) >= 5
    for name, text in texts.items():
        assert len(text.encode()) < LARGEST_BYTES, name
        assert "{{" not in fill(text), name


def test_the_sample_is_large_enough_for_a_look_around_and_in_both_languages(entries: list[Entry]) -> None:
    chinese = [entry for entry in entries if is_chinese(entry.title)]

    assert 78 <= len(entries) <= 90
    assert len(chinese) >= 20
    assert all(is_chinese(entry.text) for entry in chinese)


def test_chinese_texts_are_set_with_chinese_punctuation(entries: list[Entry]) -> None:
    chinese = [entry for entry in entries if is_chinese(entry.title)]

    assert [entry.title for entry in chinese if ASCII_BESIDE_HAN.search(entry.title + entry.text)] == []


def test_no_entry_is_there_twice_and_none_is_empty(entries: list[Entry]) -> None:
    seen = Counter(entry.external_id for entry in entries)

    assert [key for key, count in seen.items() if count > 1] == []
    assert all(entry.external_id and entry.title.strip() and len(entry.text) > 60 for entry in entries)


def test_nothing_in_it_can_be_taken_for_a_real_paper(entries: list[Entry]) -> None:
    dois = [doi for entry in entries for doi in re.findall(r"\b10\.\d{4,9}/", entry.xml)]
    arxiv = [number for entry in entries for number in re.findall(r"\b\d{4}\.(\d{5})v\d", entry.external_id)]
    hosts = {host for entry in entries for host in re.findall(r'(?<!=")https?://([^/"\s<\\}]+)', entry.xml)}

    assert set(dois) == {TEST_DOI_PREFIX}
    assert len(arxiv) >= 40
    assert all(number.startswith("9") for number in arxiv)  # arXiv does not reach 90,000 in a month
    assert {host for host in hosts if not host.endswith("example.org")} <= {
        "arxiv.org",
        "doi.org",
        "creativecommons.org",
    }


def test_a_replacement_is_of_a_paper_that_was_announced_the_day_before(entries: list[Entry]) -> None:
    versions: dict[str, set[int]] = {}
    for entry in entries:
        if match := re.search(r"(\d{4}\.\d{5})v(\d)$", entry.external_id):
            versions.setdefault(match[1], set()).add(int(match[2]))

    assert sum(numbers == {1, 2} for numbers in versions.values()) >= 4
