"""What every server is owed, whatever it is asked: when to come back, and when not to."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

OK: Final = 200
TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 529})
KEY_REFUSED: Final = frozenset({401, 403})
FIRST_PAUSE_SECONDS: Final = 1.0  # then twice as long each time


def retry_after_seconds(value: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3). None: it says nothing."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max((at - now).total_seconds(), 0.0)
