"""The evaluation script must not rot: it runs on one record and says what it found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_evaluation_counts_formulas_and_what_stays_tex(tmp_path: Path) -> None:
    record = {"title": "On $k$", "abstract": r"We show $x^2$ and $k$; $\left(x & y$ cannot be read."}
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps(record) + "\n\n", encoding="utf-8")

    script = ROOT / "evaluation" / "formulas.py"
    done = subprocess.run(
        [sys.executable, script, records, "--json"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    figures = json.loads(done.stdout)

    assert (figures["formulas"], figures["distinct"], figures["raw"], figures["unsafe"]) == (4, 3, 1, 0)
    assert ["\\left", 1] in figures["commonest_in_raw"]
