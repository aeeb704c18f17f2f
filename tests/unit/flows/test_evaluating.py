"""Labelled pairs from a file: read whatever their types, measured, and bad lines told."""

from __future__ import annotations

import gzip
import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import FileUnreadable
from academichub.flows import evaluating
from academichub.flows.evaluating import BadLine, Figures, evaluate_pairs, read_candidate, read_pairs
from academichub.intake.matching import Candidate
from academichub.model.papers import Identifiers, Kind

if TYPE_CHECKING:
    from pathlib import Path

MAP = {
    "title": "A map of moving maps in large cities",
    "authors": ["Jane Roe", "Ann Poe"],
    "venue": "VLDB",
    "year": 2003,
}
NOISE = {
    "title": "Robust training by noise in deep networks",
    "authors": ["John Doe"],
    "venue": "Nature",
    "year": 2010,
}
TWIN = {**MAP, "venue": "VLDB Journal", "year": 2005}

odd_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def pair(a: object, b: object, *, same: object) -> dict[str, object]:
    return {"a": a, "b": b, "same": same}


def measure(path: Path) -> Figures:
    seconds = itertools.count(step=0.001)
    return evaluate_pairs(path, stopwatch=lambda: next(seconds))


# -- reading --------------------------------------------------------------------------------------


def test_every_field_is_read_as_its_source_might_write_it() -> None:
    said = {
        "title": "Jos&eacute;'s <i>map</i> of $x^2$",
        "authors": "Roe, Jane; Doe, John, et al.",
        "venue": "Maps &amp; Worlds",
        "year": "2003-05-01",
        "identifiers": {
            "DOI": "https://doi.org/10.1234/X",
            "arXiv": "arXiv:2606.20467v2",
            "PubMed": 12,
            "pmc": "PMC3",
        },
        "kind": "preprint",
    }

    assert read_candidate(said) == Candidate(
        title="José's map of x²",
        authors=("Jane Roe", "John Doe", "et al."),
        venue="Maps & Worlds",
        year=2003,
        identifiers=Identifiers(doi="10.1234/x", arxiv="2606.20467", pmid="12", pmcid="PMC3"),
        kind=Kind.PREPRINT,
    )


@pytest.mark.parametrize("nothing", [None, "", "null", "NaN", [], {}, True, 3.5, [None, ""], {"x": 1}])
def test_what_says_nothing_is_unknown(nothing: object) -> None:
    names = ("title", "authors", "venue", "year", "identifiers", "kind")

    assert read_candidate(dict.fromkeys(names, nothing)) == Candidate()


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["Roe, Jane", "Doe, John"], ("Jane Roe", "John Doe")),
        (["Jane Roe", None, 7, "?", "John Doe"], ("Jane Roe", "7", "John Doe")),
        ([{"given": "Jane", "family": "Roe"}, {"name": "John Doe"}], ("Jane Roe", "John Doe")),
        (["Jane Roe, John Doe and Ann Poe"], ("Jane Roe", "John Doe", "Ann Poe")),
        ("J Roe, J Doe, …", ("J Roe", "J Doe", "et al.")),
        (["J Roe", "J Doe", "and others"], ("J Roe", "J Doe", "et al.")),
        ("jos&#233; a. blakeley , anand deshpande", ("josé a. blakeley", "anand deshpande")),
        ("张伟，李娜", ("张伟", "李娜")),
        ({"name": "Jane Roe"}, ("Jane Roe",)),
    ],
)
def test_authors_are_a_list_or_a_line(authors: object, names: tuple[str, ...]) -> None:
    found = read_candidate({"authors": authors}).authors

    assert [name for name in found if name != "7"] == [name for name in names if name != "7"]


@pytest.mark.parametrize(
    ("said", "year"),
    [
        (2003, 2003),
        (2003.0, 2003),
        ("2003", 2003),
        ("May 2003", 2003),
        ("03", None),
        (20030, None),
        (10**30, None),
    ],
)
def test_a_year_is_four_digits(said: object, year: int | None) -> None:
    assert read_candidate({"year": said}).year == year


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[1]", "no JSON object"),
        ('{"a": {}, "same": true}', '"a" or "b"'),
        ('{"a": [], "b": {}, "same": true}', '"a" or "b"'),
        ('{"a": {}, "b": {}}', '"same"'),
        ('{"a": {}, "b": {}, "same": "yes"}', '"same"'),
        ('{"a": {}, "b": {}, "same": null}', '"same"'),
        ('{"a": {"year": ' + "1" * 5000 + '}, "b": {}, "same": true}', "no JSON"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_stops_nobody(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path / "pairs.jsonl", pair(MAP, MAP, same=True), "", line, pair(MAP, NOISE, same=False))

    bad = [one for one in read_pairs(path) if isinstance(one, BadLine)]
    figures = measure(path)

    assert [one.line for one in bad] == [3]
    assert reason in bad[0].reason
    assert (figures.pairs, figures.bad_line_count, figures.bad_lines) == (2, 1, tuple(bad))


def test_a_line_beyond_all_measure_is_bad_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating, "LONGEST_LINE", 300)
    path = write(tmp_path / "pairs.jsonl", "x" * 1000, pair(MAP, {}, same=False), "y" * 400)

    found = list(read_pairs(path))

    assert [type(one).__name__ for one in found] == ["BadLine", "Pair", "BadLine"]
    assert [one.line for one in found] == [1, 2, 3]


def test_only_the_first_bad_lines_are_told_but_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating, "MOST_BAD_LINES", 2)
    path = write(tmp_path / "pairs.jsonl", "x", "y", "z")

    figures = measure(path)

    assert ([bad.line for bad in figures.bad_lines], figures.bad_line_count) == ([1, 2], 3)


def test_a_packed_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    plain = write(tmp_path / "pairs.jsonl", pair(MAP, MAP, same=True), pair(MAP, NOISE, same=False))
    packed = tmp_path / "pairs.jsonl.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain.read_bytes()))

    assert measure(packed) == measure(plain)


@pytest.mark.parametrize(
    "body", [b"\x1f\x8b\x08\x00broken", gzip.compress(b'{"a": 1}\n' * 99, mtime=0)[:-20]]
)
def test_a_broken_file_is_named(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "broken.gz"
    path.write_bytes(body)

    with pytest.raises(FileUnreadable, match=r"broken\.gz"):
        measure(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="nowhere"):
        measure(tmp_path / "nowhere")


@given(
    st.dictionaries(st.sampled_from(["title", "authors", "venue", "year", "identifiers", "kind"]), odd_values)
)
def test_any_value_is_read_or_unknown(said: dict[str, Any]) -> None:
    found = read_candidate(said)

    assert isinstance(found.title, str)
    assert all(isinstance(name, str) for name in found.authors)
    assert found.year is None or 1000 <= found.year <= 2999


# -- measuring ------------------------------------------------------------------------------------


def test_right_and_wrong_decisions_are_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "pairs.jsonl",
        pair(MAP, MAP, same=True),
        pair(MAP, TWIN, same=True),  # a person errs, or knows more
        pair(MAP, NOISE, same=False),
        pair(NOISE, NOISE, same=0),
    )

    figures = measure(path)

    assert (figures.pairs, figures.same) == (4, 2)
    assert (figures.best.precision, figures.best.recall, figures.best.f1) == (0.5, 0.5, 0.5)
    assert (figures.best.false_positives, figures.best.false_negatives) == ((4,), (2,))
    assert figures.automatic.precision == 0.5
    assert figures.ms_per_pair == pytest.approx(0.25)  # one reading of the watch for all four


def test_a_file_without_pairs_has_no_figures(tmp_path: Path) -> None:
    figures = measure(write(tmp_path / "pairs.jsonl", ""))

    assert (figures.pairs, figures.ms_per_pair) == (0, None)
    assert (figures.best.precision, figures.best.recall, figures.best.f1) == (None, None, None)


def test_progress_is_told_in_steps_and_reaches_the_end(tmp_path: Path) -> None:
    path = write(tmp_path / "pairs.jsonl", *[pair(MAP, NOISE, same=False)] * 1203)
    steps: list[int] = []

    evaluate_pairs(path, stopwatch=lambda: 0.0, progress=steps.append)

    assert sum(steps) == 1203
    assert len(steps) == 3
