from __future__ import annotations

import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from academichub.errors import (
    FeedError,
    FeedTooDeep,
    FeedTooLarge,
    FeedTooManyEntries,
    FeedUnreadable,
    ParserStopped,
)
from academichub.sources import tolerant
from academichub.sources.limits import Limits
from academichub.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CPU_SECONDS = 6
MEMORY_BYTES = 400 * 1024 * 1024
MANY = 200_000
ENTRY = "<item><title>neighbour</title><guid>1</guid></item>"


def rss(inside: str, before: str = "") -> bytes:
    return f'{before}<rss version="2.0"><channel><title>t</title>{inside}</channel></rss>'.encode()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    subset = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{entities}]>'
    return rss(f"<item><title>&l9;</title></item>{ENTRY}", before=subset)


def quadratic() -> bytes:
    subset = f'<!DOCTYPE rss [<!ENTITY a "{"B" * 100_000}">]>'
    return rss(f"<item><title>{'&a;' * 20_000}</title></item>{ENTRY}", before=subset)


def attributes(value: str = "x", quote: str = '"') -> str:
    return "<item " + " ".join(f"a{i}={quote}{value}{quote}" for i in range(MANY)) + "/>"


def namespaces() -> bytes:
    declared = " ".join(f'xmlns:a{i}="u{i}"' for i in range(20_000))
    return f'<rss version="2.0" {declared}><channel>{ENTRY}</channel></rss>'.encode()


def long_base() -> bytes:
    entries = "<item><link>y</link><guid>z</guid></item>" * 4_000
    return (
        f'<rss version="2.0" xml:base="http://a/{"x/" * 100_000}"><channel>{entries}</channel></rss>'.encode()
    )


REFUSED: dict[str, tuple[Callable[[], bytes], type[FeedError]]] = {
    "a title of 50 MB": (lambda: rss(f"<item><title>{'x' * 50_000_000}</title></item>"), FeedTooLarge),
    "a title of 12 MB": (lambda: rss(f"<item><title>{'x' * 12_000_000}</title></item>"), FeedTooLarge),
    "deep": (lambda: rss("<a>" * MANY + "</a>" * MANY), FeedTooDeep),
    "deep and never closed": (lambda: rss("<a>" * MANY), FeedTooDeep),
    "deep and broken": (lambda: rss("<x></y>" + "<a>" * MANY), FeedTooDeep),
    "attributes": (lambda: rss(attributes()), FeedTooDeep),
    "attributes in single quotes": (lambda: rss(attributes(quote="'")), FeedTooDeep),
    "attributes without quotes": (lambda: rss(attributes(quote="")), FeedTooDeep),
    "attributes of an extension": (
        lambda: rss(attributes(value=">").replace("<item ", '<item><q:a xmlns:q="q" ') + "</item>"),
        FeedTooDeep,
    ),
    "attributes in broken XML": (lambda: rss("<x></y>" + attributes(value=">")), FeedTooDeep),
    "namespaces": (namespaces, FeedTooDeep),
    "entries": (lambda: rss("<item><title>x</title></item>" * 500_000), FeedTooManyEntries),
    "entries in broken XML": (lambda: rss("<x></y>" + "<item><b></item>" * MANY), FeedTooManyEntries),
    "small elements": (lambda: rss("<a/>" * 3_900_000), FeedTooDeep),
    "quotes without an end": (lambda: rss("<x></y>" + '<a "' * 900_000), ParserStopped),
    "a DOCTYPE without an end": (lambda: b"<!DOCTYPE x [" + b"<!-- '" * 1_000_000, FeedUnreadable),
    "a long broken body": (lambda: rss("<x></y>" + "z" * 5_000_000), FeedUnreadable),
    "ampersands": (lambda: rss("&" * 16_000_000), FeedUnreadable),
    "deep JSON": (lambda: b'{"items":' + b"[" * 8_000_000, FeedTooDeep),
    "deep JSON below the cap": (lambda: b'{"items":' + b"[" * 100_000, FeedTooDeep),
    "JSON objects": (lambda: b'{"items":[' + b"{}," * 5_000_000 + b"{}]}", FeedTooDeep),
    "a JSON number of many digits": (lambda: b'{"items":[' + b"9" * 5_000_000 + b"]}", FeedUnreadable),
}
READ: dict[str, Callable[[], bytes]] = {
    "billion laughs": laughs,
    "quadratic blow-up": quadratic,
    "a base of 200 kB": long_base,
    "Latin-1 throughout": lambda: rss(ENTRY).replace(b"neighbour", b"\xe9" * 2_000_000),
    "mended ampersands": lambda: rss(f"{ENTRY}<item><description>{'& ' * 1_000_000}</description></item>"),
    "unclosed comments": lambda: rss(f"{ENTRY}<x></y>{'<!--' * 400_000}"),
    "unclosed CDATA": lambda: rss(f"{ENTRY}<x></y>{'<![CDATA[' * 200_000}"),
}
# Run alone, so that the memory measured is its own; prints CPU seconds and peak bytes.
MEASURE = """
import importlib.util, resource, sys, time
from academichub.errors import FeedError
from academichub.sources.reading import read
spec = importlib.util.spec_from_file_location("hostile", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
body = module.READ[sys.argv[2]]() if sys.argv[2] in module.READ else module.REFUSED[sys.argv[2]][0]()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
try:
    read(body)
except FeedError:
    pass
child = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.process_time() - started + child.ru_utime + child.ru_stime
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(seconds, (grown + child.ru_maxrss) * 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("case", [*REFUSED, *READ])
def test_no_feed_costs_more_than_seconds_and_a_few_hundred_megabytes(case: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, __file__, case],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    seconds, peak_bytes = map(float, answer.stdout.split())
    assert seconds < CPU_SECONDS
    assert peak_bytes < MEMORY_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_feed_is_refused_by_the_name_of_what_it_did(case: str) -> None:
    make, error = REFUSED[case]

    with pytest.raises(error):
        read(make())


@pytest.mark.slow
@pytest.mark.parametrize("case", READ)
def test_a_costly_feed_that_can_be_read_is_read(case: str) -> None:
    feed = read(READ[case]())

    assert feed.format == "rss 2.0"


def test_entities_of_a_document_are_never_expanded() -> None:
    feed = read(laughs())

    assert [record.title.value for record in feed.records] == ["&l9;", "neighbour"]


@pytest.mark.parametrize(
    "subset",
    [
        '<!DOCTYPE rss [<!ENTITY leak SYSTEM "{uri}">]>',
        '<!DOCTYPE rss SYSTEM "{uri}">',
        '<!DOCTYPE rss SYSTEM "{uri}" [<!ENTITY leak "x">]>',
        '<!DOCTYPE rss PUBLIC "-//X//Y" "{uri}">',
        '<!DOCTYPE rss [<!ENTITY % outside SYSTEM "{uri}"> %outside;]>',
        '<?xml version="1.0"?><!-- a --><!DOCTYPE rss [<!-- ]> --><!ENTITY leak SYSTEM "{uri}">]>',
        '<!doctype rss [<!ENTITY leak SYSTEM "{uri}">]>',
    ],
)
@pytest.mark.parametrize("broken", ["", "<item><title>broken <b>x</i></title></item>"])
def test_no_local_file_leaks_into_a_feed(tmp_path: Path, subset: str, broken: str) -> None:
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY leak "TOP-SECRET">TOP-SECRET', encoding="utf-8")
    body = rss(
        f"<item><title>a &leak; b</title></item>{broken}", before=subset.replace("{uri}", secret.as_uri())
    )

    told = repr(read(body))

    assert "TOP-SECRET" not in told
    assert "a &leak; b" in told or "a &amp;leak; b" in told


def test_a_parser_that_outlives_its_time_on_the_wall_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tolerant, "WALL_SECONDS_PER_CPU_SECOND", 0.001)

    with pytest.raises(ParserStopped) as caught:
        read(rss("<x></y>"))

    assert caught.value.facts["reason"] == "time"


def test_a_parser_without_memory_is_ended_by_name() -> None:
    limits = Limits(tolerant_memory_bytes=48 * 1024 * 1024)

    with pytest.raises(ParserStopped) as caught:
        read(rss("<x></y>" + f"<item><title>{'x' * 3_000_000}</title></item>"), limits=limits)

    assert caught.value.facts == {"reason": "memory", "limit": limits.tolerant_memory_bytes}


def test_the_tolerant_parser_never_sees_our_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy"
    spy.write_text(f'#!/bin/sh\nenv > {tmp_path / "seen"}\nexec {sys.executable} "$@"\n', encoding="utf-8")
    spy.chmod(0o700)
    monkeypatch.setenv("ACADEMICHUB_SECRET", "do-not-tell")
    monkeypatch.setattr(sys, "executable", str(spy))

    read(rss(f"{ENTRY}<x></y>"))

    assert "do-not-tell" not in (tmp_path / "seen").read_text(encoding="utf-8")


def test_standard_hostile_documents_are_refused_quickly(data: Callable[[str], Path]) -> None:
    started = time.process_time()
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime  # children of the tests before this one
    folder = data("feeds/hostile-xml/xmltestdata")

    for path in sorted(folder.iterdir()):
        with pytest.raises(FeedError):
            read(path.read_bytes())

    assert time.process_time() - started < 1
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - others < 60
