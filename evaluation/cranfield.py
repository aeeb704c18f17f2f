"""Put the Cranfield collection into the folder format of `academichub evaluate search`.

`python -m evaluation.cranfield ../shared/data/search/cranfield FOLDER` reads cran.all.1400, cran.qry and
cranqrel, and writes docs.jsonl, queries.jsonl and qrels.tsv. Questions are numbered by their order, as the
judgements do.
Cleverdon's codes run from 1 (a complete answer) to 4 (of minimum interest); a gain is 5 less the code, and
what is judged of no interest (-1) gains nothing. Where a pair is judged twice the last word holds.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBER: Final = re.compile(r"^\.I (\d+)[ \t]*\n", re.MULTILINE)
FIELD: Final = re.compile(r"\.([TABW])[ \t]*")
WORST: Final = 5  # one more than the lowest code of what is of interest


def documents(text: str) -> Iterator[dict[str, str]]:
    """Read the papers: number, title, authors and abstract; a field named again is part of the text."""
    parts = NUMBER.split(text)[1:]
    for number, body in zip(parts[::2], parts[1::2], strict=True):
        fields: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in body.splitlines():
            match = FIELD.fullmatch(line)
            if match is not None and match[1] not in fields:
                lines = fields[match[1]] = []
            else:
                lines.append(line)
        said = {name: " ".join(" ".join(part).split()) for name, part in fields.items()}
        yield {
            "id": number,
            "title": said.get("T", ""),
            "text": said.get("W", ""),
            "authors": said.get("A", ""),
        }


def questions(text: str) -> Iterator[dict[str, str]]:
    """Read the questions, numbered by their order."""
    for order, body in enumerate(NUMBER.split(text)[2::2], start=1):
        yield {"id": str(order), "text": " ".join(body.partition(".W")[2].split())}


def judgements(text: str) -> Iterator[tuple[str, str, int]]:
    """Read the judgements as gains."""
    codes: dict[tuple[str, str], int] = {}
    for line in text.splitlines():
        question, document, code, *_ = (*line.split(), "", "", "")
        if code:
            codes[question, document] = int(code)
    for (question, document), said in codes.items():
        yield question, document, max(0, WORST - said) if said > 0 else 0


def convert(source: Path, folder: Path) -> None:
    """Write the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "docs.jsonl", documents((source / "cran.all.1400").read_text(encoding="utf-8")))
    _write(folder / "queries.jsonl", questions((source / "cran.qry").read_text(encoding="utf-8")))
    rows = judgements((source / "cranqrel").read_text(encoding="utf-8"))
    lines = ("query-id\tcorpus-id\tscore\n", *(f"{one}\t{other}\t{gain}\n" for one, other, gain in rows))
    (folder / "qrels.tsv").write_text("".join(lines), encoding="utf-8")


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    convert(options.source, options.folder)


if __name__ == "__main__":
    main()
