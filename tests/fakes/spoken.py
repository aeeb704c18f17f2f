"""Turn frozen shapes into JSON values for golden files, leaving out what is empty."""

from __future__ import annotations

import dataclasses
from typing import Any

from academichub.errors import AcademicHubError


def spoken(value: object) -> Any:
    """Give a dataclass, mapping or tuple as JSON values."""
    if isinstance(value, AcademicHubError):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {each.name: spoken(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return {name: said for name, said in told.items() if said not in ("", [], {}, None)}
    if isinstance(value, dict):
        return {name: spoken(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [spoken(each) for each in value]
    return value
