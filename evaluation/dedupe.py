"""Measure the matching of works on DBLP-ACM: the labelled pairs, and both tables end to end.

    python evaluation/dedupe.py [FOLDER] [--split NAME...] [--json] [--write FOLDER]
    python evaluation/dedupe.py --apart FILE

FOLDER holds `pairs/{train,valid,test}.txt` as Ditto writes them ("COL title VAL ...", tab, the other side,
tab, 0 or 1) and `tables/{DBLP2,ACM,DBLP-ACM_perfectMapping}.csv`. The pairs are put into the form that
`academichub evaluate dedupe` reads and given to the installed command. End to end, every record of one
table is compared with those of the other that share a block with it; it may match any number of them.

With --apart, FILE holds arXiv records of distinct identifiers, one JSON object a line, gzip or not. They are
compared without their identifiers: what is joined is listed, for nearly all of it must be wrong.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from academichub.flows.evaluating import read_candidate
from academichub.intake.blocking import blocks
from academichub.intake.matching import Sameness, compare, prepare
from academichub.intake.matchweights import BEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from academichub.intake.matching import Prepared

ROOT: Final = Path(__file__).resolve().parent.parent
SPLITS: Final = ("train", "valid", "test")
COLUMN: Final = re.compile(r"COL (title|authors|venue|year) VAL ")


def sides(line: str) -> tuple[dict[str, str], dict[str, str], bool]:
    """Read a line of Ditto's form."""
    one, other, label = line.rstrip("\n").split("\t")
    return _side(one), _side(other), label == "1"


def _side(text: str) -> dict[str, str]:
    pieces = COLUMN.split(text.strip())
    return {name: value.strip() for name, value in zip(pieces[1::2], pieces[2::2], strict=True)}


def convert(source: Path, target: Path) -> None:
    """Write labelled pairs in the form that the command reads."""
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as pairs:
        for line in lines:
            a, b, same = sides(line)
            pairs.write(json.dumps({"a": a, "b": b, "same": same}, ensure_ascii=False) + "\n")


def measure_pairs(path: Path) -> dict[str, Any]:
    """Run the installed command on a file of pairs."""
    command = [str(Path(sys.executable).with_name("academichub")), "evaluate", "dedupe", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure_tables(folder: Path) -> dict[str, Any]:
    """Find the records of one table in the other, with nothing but their text."""
    start = time.process_time()
    dblp, acm = (_prepared(folder / name) for name in ("DBLP2.csv", "ACM.csv"))
    read_in = time.process_time() - start
    rows = csv.reader(_lines(folder / "DBLP-ACM_perfectMapping.csv"))
    wanted = {(row[0], row[1]) for row in rows if row[0] != "idDBLP"}
    start = time.process_time()
    candidates = set(_sharing_blocks(dblp, acm))
    blocked_in = time.process_time() - start
    start = time.process_time()
    matches = {(one, other): compare(dblp[one], acm[other]) for one, other in candidates}
    compared_in = time.process_time() - start
    records = len(dblp) + len(acm)
    return {
        "records": records,
        "true_pairs": len(wanted),
        "candidates": len(candidates),
        "candidates_per_record": round(2 * len(candidates) / records, 2),
        "blocking_recall": round(len(wanted & candidates) / len(wanted), 4),
        "best": _rates((pair for pair, match in matches.items() if match.score >= BEST), wanted),
        "automatic": _rates(
            (pair for pair, match in matches.items() if match.verdict is Sameness.SAME), wanted
        ),
        "read_and_prepare_us": round(read_in / records * 1e6, 1),
        "blocks_and_pairs_us": round(blocked_in / records * 1e6, 1),
        "compare_us": round(compared_in / max(1, len(candidates)) * 1e6, 1),
    }


def measure_apart(path: Path) -> dict[str, Any]:
    """Compare arXiv's records with each other as if nothing but their text were known."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    works = {record["id"]: prepare(read_candidate({**record, "kind": "preprint"})) for record in records}
    start = time.process_time()
    pairs = {tuple(sorted(pair)) for pair in _sharing_blocks(works, works) if pair[0] != pair[1]}
    blocked_in = time.process_time() - start
    verdicts: Counter[str] = Counter()
    joined = []
    for one, other in sorted(pairs):
        match = compare(works[one], works[other])
        last = match.reasons[-1]
        verdicts[f"{match.verdict} ({last.value})" if last.name == "held back" else match.verdict] += 1
        if match.verdict is Sameness.SAME:
            joined.append(f"{one} {works[one].title.text} = {other} {works[other].title.text}")
    return {
        "records": len(works),
        "pairs": len(pairs),
        "candidates_per_record": round(2 * len(pairs) / max(1, len(works)), 2),
        "verdicts": dict(verdicts.most_common()),
        "joined": joined,
        "blocks_and_pairs_us": round(blocked_in / max(1, len(works)) * 1e6, 1),
    }


def _prepared(path: Path) -> dict[str, Prepared]:
    return {row["id"]: prepare(read_candidate(row)) for row in csv.DictReader(_lines(path))}


def _lines(path: Path) -> list[str]:
    """Read a table, which some copies hold in Latin-1."""
    body = path.read_bytes()
    try:
        return body.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return body.decode("latin-1").splitlines()


def _sharing_blocks(
    ours: Mapping[str, Prepared], theirs: Mapping[str, Prepared]
) -> Iterator[tuple[str, str]]:
    by_key: dict[int, list[str]] = defaultdict(list)
    for name, work in theirs.items():
        for key in blocks(work):
            by_key[key].append(name)
    for name, work in ours.items():
        for key in blocks(work):
            yield from ((name, other) for other in by_key[key])


def _rates(said: Iterable[tuple[str, str]], wanted: set[tuple[str, str]]) -> dict[str, float]:
    found = set(said)
    right = len(found & wanted)
    precision, recall = right / max(1, len(found)), right / max(1, len(wanted))
    f1 = 2 * right / max(1, len(found) + len(wanted))
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    data = Path(os.environ.get("ACADEMICHUB_DATA") or ROOT.parent / "shared" / "data")
    parser.add_argument("folder", type=Path, nargs="?", default=data / "dedupe" / "DBLP-ACM")
    parser.add_argument(
        "--split", action="append", choices=SPLITS, help="measure only these pairs, no tables"
    )
    parser.add_argument(
        "--write", type=Path, metavar="FOLDER", help="only write the pairs as JSON lines there"
    )
    parser.add_argument(
        "--apart", type=Path, metavar="FILE", help="only compare arXiv's records, all distinct"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    options = parser.parse_args()
    if options.apart is not None:
        print(json.dumps(measure_apart(options.apart), indent=2, ensure_ascii=False))
        return
    with tempfile.TemporaryDirectory() as scratch:
        target = options.write or Path(scratch)
        target.mkdir(parents=True, exist_ok=True)
        shown: dict[str, Any] = {}
        for split in options.split or SPLITS:
            convert(options.folder / "pairs" / f"{split}.txt", target / f"{split}.jsonl")
            if options.write is None:
                shown[split] = measure_pairs(target / f"{split}.jsonl")
    if options.write is None and not options.split:
        shown["tables"] = measure_tables(options.folder / "tables")
    if options.json:
        print(json.dumps(shown, indent=2))
        return
    for name, figures in shown.items():
        said = {key: value for key, value in figures.items() if key not in {"wrong_lines", "bad_lines"}}
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in said.items()))


if __name__ == "__main__":
    main()
