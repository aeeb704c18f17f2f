"""How an interest is written down, what cannot be kept, and the key that a name gives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from academichub.errors import RadarInvalid
from academichub.model.radar import DEFAULT_THRESHOLD, Follow, FollowKind, Interest, RuleRole
from academichub.store.log import storable
from academichub.text.labels import slugs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_NAME: Final = 200  # characters
RESERVED: Final = frozenset({"new", "preview", "import", "export"})  # words that addresses need
LISTS: Final = ("include_fields", "exclude_fields", "include_sources", "exclude_sources", "exclude_terms")


def written(interest: Interest) -> dict[str, Any]:
    """Write an interest as JSON values, all but its name.

    Raises:
        RadarInvalid: It could not be ranked, or not be found again.
    """
    _check(interest)
    return {
        "rule": storable(interest.rule),
        "rule_role": interest.rule_role.value,
        "text": storable(interest.text),
        "follows": [[one.kind.value, storable(one.name), one.orcid] for one in interest.follows],
        **{name: [storable(one) for one in getattr(interest, name)] for name in LISTS},
        "threshold": interest.threshold,
        "quota": interest.quota,
    }


def read(kept: Mapping[str, Any], name: str) -> Interest:
    """Read an interest back; what an older program did not write takes its usual value."""
    return Interest(
        name=name,
        rule=kept.get("rule", ""),
        rule_role=RuleRole(kept.get("rule_role", RuleRole.PART)),
        text=kept.get("text", ""),
        follows=tuple(
            Follow(FollowKind(kind), followed, orcid) for kind, followed, orcid in kept.get("follows", ())
        ),
        **{each: tuple(kept.get(each, ())) for each in LISTS},
        threshold=kept.get("threshold", DEFAULT_THRESHOLD),
        quota=kept.get("quota", 0),
    )


def clean_name(name: str) -> str:
    """Give a radar's name as it is kept: one line, no spaces around it.

    Raises:
        RadarInvalid: Nothing is left, or it is too long.
    """
    one_line = " ".join(storable(name).split())
    if not one_line:
        raise RadarInvalid(field="name", reason="it is empty")
    if len(one_line) > LONGEST_NAME:
        raise RadarInvalid(field="name", reason=f"it is longer than {LONGEST_NAME} characters")
    return one_line


def keys_for(name: str) -> Iterator[str]:
    """Propose keys for a name, best first, without end; never a number: radars are also found by number."""
    return slugs(name, word="radar", reserved=RESERVED)


def _check(interest: Interest) -> None:
    if not (math.isfinite(interest.threshold) and 0 <= interest.threshold <= 1):
        raise RadarInvalid(field="threshold", reason="it is not between 0 and 1")
    if interest.quota < 0:
        raise RadarInvalid(field="quota", reason="it is below 0")
    if any(not one.name.strip() for one in interest.follows):
        raise RadarInvalid(field="follows", reason="a name is empty")
