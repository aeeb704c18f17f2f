"""Say how a query is written: one table, by example. A test reads every example as the index would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from academichub.web.i18n import Catalogue

# Examples, and the key of what they find. They are the same for readers of any language.
EXAMPLES: Final = (
    (("quantum error", "量子纠错"), "words"),
    (('"error correction"',), "phrase"),
    (("quantum OR photonic", "quantum | photonic"), "either"),
    (("quantum -survey", "quantum NOT survey"), "without"),
    (("(lattice OR surface) code",), "group"),
    (("transform*",), "begin"),
    (("ti:attention", "abs:attention"), "place"),
    (('au:"Yann LeCun"', "au:王小明", "orcid:0000-0002-1825-0097"), "author"),
    (("cat:cs.CL", "cat:quant-ph", "cat:cs"), "category"),
    (("src:nature*", 'venue:"nature physics"', "kind:review"), "origin"),
    (("date:2026-05", "date:2026-05-01..2026-06", "date:>=2026-05-01"), "day"),
    (("doi:10.1038/*", "arxiv:2606.01234"), "identifier"),
    (("is:unread", "is:starred", "is:later", "is:hidden"), "marks"),
    (("tag:thesis", "in:reading-list", "has:note"), "kept"),
    (("has:code", "has:data", "has:pdf", "has:abstract"), "features"),
)


class HelpLine(NamedTuple):
    """A way to write a query, and what it finds."""

    examples: tuple[str, ...]
    finds: str


def build_help(words: Catalogue) -> tuple[HelpLine, ...]:
    """List the ways to write a query."""
    return tuple(HelpLine(examples, words.text(f"find:{finds}")) for examples, finds in EXAMPLES)
