"""Resolve the addresses of a feed; those already absolute stay as they were written."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def resolved(address: str, base: str) -> str:
    """Resolve a relative address against a base; nonsense is given back as it came."""
    if not base or not address or ABSOLUTE.match(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address
