"""Measure the text renderer on a file of records: formulas left as TeX, unsafe output, time.

    python evaluation/formulas.py FILE [--json] [--limit N]

FILE holds one JSON object a line (gzip or not) with "title" and "abstract". Named for what it measures;
not `math.py`, which would hide Python's own `math` from every script in this folder.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from html5lib import HTMLParser
from html5lib.html5parser import ParseError

from academichub.model.papers import Form
from academichub.text import markup, math, prose

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMAND = re.compile(r"\\(?:[a-zA-Z]+|.)", re.DOTALL)
_TEX_LEFT = re.compile(r"\\[a-zA-Z]|\$[^$]*[\\^_{}][^$]*\$|&[a-z]+;|</?[a-z]+>")
_UNSAFE = re.compile(
    r"<(?!/?(?:p|br|b|i|em|strong|sub|sup|a|span|code|m[a-z]+)\b)|<[^>]*\s(?:on\w+|style)\s*=", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run found. Times are CPU microseconds."""

    records: int
    formulas: int
    distinct: int
    raw: int
    raw_percent: float
    unsafe: int
    tex_left_in_plain: int
    formula_first_us: float
    plain_text_median_us: float
    tex_text_median_us: float
    tex_text_p95_us: float
    commonest_in_raw: list[tuple[str, int]]
    raw_examples: list[str]


def read(path: Path) -> Iterator[dict[str, object]]:
    """Give the records of a JSON-lines file, gzip or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def measure(path: Path, *, limit: int = 0) -> Figures:
    """Render every title and abstract of a file and count."""
    texts: list[str] = []
    records = 0
    for record in read(path):
        texts += [str(record.get("title") or ""), str(record.get("abstract") or "")]
        records += 1
        if limit and records >= limit:
            break
    seen: Counter[tuple[str, bool]] = Counter()
    for text in texts:
        if "$" in text or "\\" in text:
            seen.update((p.source, p.is_display) for p in math.split(text) if not isinstance(p, str))
    raw = []
    start = time.process_time()
    for source, is_display in seen:
        if math.render(source, is_display=is_display).is_raw:
            raw.append(source)
    first_us = (time.process_time() - start) / max(1, len(seen)) * 1e6
    unsafe, left, plain_us, tex_us = _render_all(texts[1::2])
    return Figures(
        records=records,
        formulas=seen.total(),
        distinct=len(seen),
        raw=len(raw),
        raw_percent=round(100 * len(raw) / max(1, len(seen)), 3),
        unsafe=unsafe,
        tex_left_in_plain=left,
        formula_first_us=round(first_us, 1),
        plain_text_median_us=round(_median(plain_us), 1),
        tex_text_median_us=round(_median(tex_us), 1),
        tex_text_p95_us=round(statistics.quantiles(tex_us, n=20)[-1], 1) if len(tex_us) > 1 else 0.0,
        commonest_in_raw=Counter(c for source in raw for c in set(_COMMAND.findall(source))).most_common(15),
        raw_examples=[source[:160] for source in raw[:20]],
    )


def _render_all(texts: list[str]) -> tuple[int, int, list[float], list[float]]:
    unsafe = left = 0
    plain_us: list[float] = []
    tex_us: list[float] = []
    for text in texts:
        prose.render(
            text, Form.PLAIN
        )  # the second time is measured: formulas come from the cache, as at night
        start = time.process_time_ns()
        rendered = prose.render(text, Form.PLAIN)
        (tex_us if "$" in text or "\\" in text else plain_us).append((time.process_time_ns() - start) / 1e3)
        if "<" in rendered.html.replace("<p>", "").replace("</p>", "") and not _is_safe(rendered.html):
            unsafe += 1
        left += bool(_TEX_LEFT.search(rendered.plain))
    return unsafe, left, plain_us, tex_us


def _is_safe(html: str) -> bool:
    if _UNSAFE.search(html) or markup.clean(html) != html:
        return False
    try:
        HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)
    except ParseError:
        return False
    return True


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else 0.0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--limit", type=int, default=0, help="records to read; 0 reads all")
    arguments = parser.parse_args()
    figures = asdict(measure(arguments.file, limit=arguments.limit))
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    for name, value in figures.items():
        if isinstance(value, list):
            print(f"{name}:", *value, sep="\n    ")
        else:
            print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
