"""One busy field does not crowd out the rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from academichub.radar.quota import within_quota


def test_what_is_over_the_quota_goes_behind_the_rest_in_its_order() -> None:
    fields = ("cs", "cs", "math", "cs", "math", "bio")

    assert within_quota(range(6), fields, quota=1) == [0, 2, 5, 1, 3, 4]
    assert within_quota((5, 3, 1), fields, quota=1) == [5, 3, 1]
    assert within_quota(range(6), fields, quota=0) == list(range(6))


@given(st.lists(st.sampled_from("abc")), st.integers(0, 4))
def test_nothing_is_lost(fields: list[str], quota: int) -> None:
    assert sorted(within_quota(range(len(fields)), fields, quota=quota)) == list(range(len(fields)))
