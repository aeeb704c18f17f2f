from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.fetch.hints import max_age_seconds, retry_after_seconds
from tests.fakes.network import NOW


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("999999999", 86_400.0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120.0),
        ("Sunday, 22-Nov-26 12:02:00 GMT", 120.0),
        ("Sun Nov 22 12:02:00 2026", 120.0),
        ("Sun, 22 Nov 2026 07:02:00 -0500", 120.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2099 12:00:00 GMT", 86_400.0),
        ("soon", None),
        ("-5", None),
        ("1e3", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, now=NOW) == seconds


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)))
def test_a_date_to_come_back_on_is_never_before_now_nor_after_a_day(ahead: timedelta) -> None:
    date = format_datetime(NOW + ahead, usegmt=True)

    wait = retry_after_seconds(date, now=NOW)

    assert wait == pytest.approx(min(max(ahead.total_seconds(), 0), 86_400), abs=1)


@given(st.text())
def test_any_header_is_read_or_passed_over(value: str) -> None:
    wait = retry_after_seconds(value, now=NOW)
    age = max_age_seconds(value, value)

    assert wait is None or 0 <= wait <= 86_400
    assert age is None or age >= 0


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("max-age=3600", None, 3600),
        ("public, Max-Age=60, must-revalidate", None, 60),
        ('max-age="60"', None, 60),
        ("s-maxage=10", None, None),
        ("x-max-age=10", None, None),
        ("no-store", None, None),
        ("max-age=-1", None, None),
        ("max-age=soon", None, None),
        ("max-age=3600", "600", 3000),
        ("max-age=60", "600", 0),
        ("max-age=60", "old", 60),
        (None, "600", None),
    ],
)
def test_freshness_is_max_age_less_the_age_in_caches(
    cache_control: str | None, age: str | None, seconds: int | None
) -> None:
    assert max_age_seconds(cache_control, age) == seconds
