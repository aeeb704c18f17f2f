"""Fixtures that every kind of test shares."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

# By hand, every run draws new examples; in CI the same change must give the same answer twice.
# Nowhere is one example's time judged: a busy machine may set a process aside for a second.
settings.register_profile("drawn anew", deadline=None)
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady" if os.environ.get("CI") else "drawn anew")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data() -> Callable[[str], Path]:
    """Find a real capture outside the repository, or skip the test where it is not there."""
    folder = Path(os.environ.get("ACADEMICHUB_DATA") or ROOT.parent / "shared" / "data")

    def find(name: str) -> Path:
        path = folder / name
        if not path.exists():
            pytest.skip(f"real data not here: {name} (set ACADEMICHUB_DATA)")
        return path

    return find
