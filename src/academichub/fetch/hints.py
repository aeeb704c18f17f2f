"""Read what a server says about when to come back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Longer requests to wait are taken as a day: the scheduler asks again then, and is told again.
LONGEST_WAIT_SECONDS = 24 * 3600.0

_SECONDS = re.compile(r"\d{1,10}")
_MAX_AGE = re.compile(r'(?:^|,)\s*max-age\s*=\s*"?(\d{1,10})"?\s*(?=,|$)', re.IGNORECASE)


def retry_after_seconds(value: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3).

    Returns:
        Seconds from now, in [0, 86400]; None where the header is missing or cannot be read.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_WAIT_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:  # "-0000", and the old asctime form: both mean UTC
        at = at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT_SECONDS)


def max_age_seconds(cache_control: str | None, age: str | None = None) -> int | None:
    """Say for how long an answer stays fresh: max-age less the time it sat in caches (RFC 9111, 4.2).

    Returns:
        Seconds, >= 0; None where the server does not say.
    """
    found = _MAX_AGE.search(cache_control or "")
    if not found:
        return None
    old = (age or "").strip()
    spent = int(old) if _SECONDS.fullmatch(old) else 0
    return max(int(found[1]) - spent, 0)
