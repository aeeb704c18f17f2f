"""Say how much a feed may cost. Every reader of this room keeps to these caps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one answer; all are inclusive.

    Source: measured on 198 real feeds (largest 4 MB, 1,500 entries, depth 40) and on hostile input
    (ingest reference 1.5). arXiv's own feeds stop at 2,000 entries.
    """

    body_bytes: int = 16 * MIB
    api_bytes: int = 64 * MIB  # a page of an API or of OAI-PMH
    entries: int = 5_000
    depth: int = 256  # libxml2 itself refuses more than this
    attributes: int = 256  # of one element
    tags: int = 1_000_000  # start and end tags; a tree of so many takes up to 150 MB
    title_characters: int = 20_000
    text_characters: int = 4 * MIB  # one summary or content
    json_values: int = 500_000  # objects and arrays of a JSON answer
    tolerant_bytes: int = 4 * MIB
    tolerant_cpu_seconds: int = 5
    tolerant_memory_bytes: int = 1 * GIB


DEFAULT_LIMITS: Final = Limits()
