"""Show a new reader around: some eighty made-up papers, led through the same path as real ones."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from academichub.flows.ingesting import ingest_bytes
from academichub.model.shelf import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from academichub.db.engine import Database

ADDRESS = "sample/"  # what the log calls the sample's files
PLACEHOLDER = re.compile(r"\{\{(?P<form>day|rfc|iso|yymm|dd)-(?P<back>\d+)\}\}")


def shelve_sample(database: Database, *, clock: Callable[[], datetime]) -> Account:
    """Take in the sample feeds, dated so that the newest is of today."""
    total = Account()
    for name, body in sample_feeds(clock().date()):
        total += ingest_bytes(database, body, name=f"{ADDRESS}{name}", clock=clock).account
    return total


def sample_feeds(today: date) -> Iterator[tuple[str, bytes]]:
    """Give the sample feeds by name, with their days filled in."""
    folder = files("academichub.flows") / "sample"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith((".xml", ".json")):
            yield file.name, fill(file.read_text(encoding="utf-8"), today).encode()


def fill(text: str, today: date) -> str:
    """Replace `{{form-N}}` by the day N days before today, in the form that the feed writes."""
    return PLACEHOLDER.sub(lambda found: _written(found["form"], today - timedelta(int(found["back"]))), text)


def _written(form: str, on: date) -> str:
    midnight = datetime.combine(on, time())
    return {
        "day": f"{on:%Y-%m-%d}",
        "rfc": f"{midnight:%a, %d %b %Y} 00:00:00 -0400",
        "iso": f"{on:%Y-%m-%d}T00:00:00-04:00",
        "yymm": f"{on:%y%m}",
        "dd": f"{on:%d}",
    }[form]
