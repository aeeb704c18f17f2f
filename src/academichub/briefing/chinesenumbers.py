"""Read Chinese numerals: "三百二十", "两万五千", "九十五点二"."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_DIGITS: Final = {digit: at for at, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS: Final = {"十": 10, "百": 100, "千": 1000}
_GROUPS: Final = {"万": 10**4, "亿": 10**8}


def chinese_value(numeral: str) -> Decimal:
    """Read a number in Chinese numerals, or in digits. Signs that are neither count nothing."""
    if numeral.isascii():
        return Decimal(numeral)
    whole, _, fraction = numeral.partition("点")
    total = _whole(whole)
    for place, digit in enumerate(fraction, 1):
        total += Decimal(_DIGITS.get(digit, 0)).scaleb(-place)
    return total


def _whole(numeral: str) -> Decimal:
    total = group = digit = 0
    is_row = not any(sign in _STEPS or sign in _GROUPS for sign in numeral)  # "二〇二六"
    for sign in numeral:
        if sign in _GROUPS:
            total = (total + group + digit or 1) * _GROUPS[sign]
            group = digit = 0
        elif sign in _STEPS:
            group += (digit or 1) * _STEPS[sign]
            digit = 0
        else:
            digit = digit * (10 if is_row else 0) + _DIGITS.get(sign, 0)
    return Decimal(total + group + digit)
