"""Quotations that authors opened with the wrong key."""

from __future__ import annotations

import pytest

from academichub.text import prose


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("The \"L-shape'' of lamps", "The “L-shape” of lamps"),
        ("counted ''by hand'' twice", "counted “by hand” twice"),
        ("基于 \"新''、\"旧'' 信息", "基于 “新”、“旧” 信息"),
        ("the ''$\\sigma$-maximum'' of it", "the “σ-maximum” of it"),
        ("seen within 0.3'' and 0.5''", "seen within 0.3'' and 0.5''"),
        ("where f'' + g'' is small", "where f'' + g'' is small"),
        ("a 5\" disk and a 6'' one", "a 5\" disk and a 6'' one"),
        ("it said '' nothing ''", "it said '' nothing ''"),
    ],
)
def test_both_ends_of_a_quotation_are_quotation_marks(raw: str, plain: str) -> None:
    assert prose.render(raw).plain == plain
    assert prose.render_title(raw).plain == plain
