r"""Read the groups that JabRef keeps in comments.

Up to version 3 a group lists its entries (`1 ExplicitGroup:Nets\;0\;key1\;key2\;;`); later ones name only
the groups, and each entry says in its field `groups` where it belongs. A line is broken after 70 characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_TREE: Final = re.compile(r"\s*jabref-meta:\s*(?:groupstree|grouping):(.*)", re.DOTALL | re.IGNORECASE)
_GROUP: Final = re.compile(r"\s*\d+ ExplicitGroup:(.*)", re.DOTALL | re.ASCII)
_END: Final = re.compile(r"(?<!\\);")
_BETWEEN: Final = "\\;"


def groups_by_key(comments: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """List the groups of each key that a group names itself."""
    found: dict[str, dict[str, None]] = {}
    for comment in comments:
        tree = _TREE.match(comment)
        if tree is None:
            continue
        for written in _END.split(tree[1].replace("\n", "")):
            group = _GROUP.fullmatch(written)
            name, *rest = group[1].split(_BETWEEN) if group else ("",)
            for key in filter(None, rest[1:]):  # behind the name stands how the group combines with others
                found.setdefault(key, {})[name] = None
    return {key: tuple(names) for key, names in found.items()}
