"""Name a licence as people do, from the address that sources give."""

from __future__ import annotations

import re
from typing import Final

_CREATIVE_COMMONS: Final = re.compile(
    r"^https?://(?:www\.)?creativecommons\.org/licenses/(?P<terms>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>\d\.\d)\b",
    re.IGNORECASE,
)
_PUBLIC_DOMAIN: Final = re.compile(
    r"^https?://(?:www\.)?creativecommons\.org/publicdomain/(?P<tool>zero|mark)/(?P<version>\d\.\d)\b",
    re.IGNORECASE,
)
_ARXIV: Final = re.compile(r"^https?://arxiv\.org/licenses/nonexclusive-distrib/(?P<version>\d\.\d)\b")


def licence_name(address: str) -> str:
    """Give the short name ("CC BY-NC 4.0", "CC0 1.0", "arXiv 1.0"), or the address without its scheme."""
    if found := _CREATIVE_COMMONS.match(address):
        return f"CC {found['terms'].upper()} {found['version']}"
    if found := _PUBLIC_DOMAIN.match(address):
        return f"{'CC0' if found['tool'].lower() == 'zero' else 'Public Domain'} {found['version']}"
    if found := _ARXIV.match(address):
        return f"arXiv {found['version']}"
    return address.split("://", 1)[-1].rstrip("/")
