"""Hold the house to its size limits: files of at most 500 lines, functions of at most 60."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

FILE_LINES = 500
FUNCTION_LINES = 60
FILE_BYTES = 400_000
LISTS = {"src/academichub/errors.py"}  # one long list of classes of two lines: parting it hides the tree
ROOT = Path(__file__).resolve().parent.parent


def complaints() -> list[str]:
    """List every file and function that is too long, and every file that is too large."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        name = path.relative_to(ROOT)
        if lines > FILE_LINES and "migrations" not in path.parts and str(name) not in LISTS:
            found.append(f"{name}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "migrations" not in path.parts:
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(f"{name}:{node.lineno}: {node.name} has {length} lines")
    for folder in ("src", "docs", "tests", "benchmarks", "evaluation"):
        found += [
            f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes"
            for path in sorted((ROOT / folder).rglob("*"))
            if path.is_file() and path.stat().st_size > FILE_BYTES and "__pycache__" not in path.parts
        ]
    return found


if __name__ == "__main__":
    too_large = complaints()
    sys.stderr.writelines(f"too long: {one}\n" for one in too_large)
    sys.exit(1 if too_large else 0)
