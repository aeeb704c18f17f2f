"""Made-up works that make every rule of the language matter, and questions about them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from academichub.model.query import Document

WORDS: Final = (
    *("graph", "graphs", "pre-training", "pretraining", "training", "trained", "U-Net", "unet", "net"),
    *("network", "networks", "multi-agent", "multi-agents", "agents", "Schrödinger", "C++", "TCP/IP"),
    *("learning", "learned", "learns", "the", "of", "a", "in", "量子", "量子纠错", "纠错", "子纠", "AI模型"),
)
NAMES: Final = (
    *(
        "Yann LeCun",
        "Y. LeCun",
        "LeCun",
        "Li Li",
        "Li Wei",
        "L. Wei",
        "王小明",
        "王 小明",
        "小明",
        "X",
        "Li 王",
    ),
    *("Jean-Pierre Li", "Xiao-Ming Wang", "J. P. Serre", "A B C D E F G H I J K Li", "Network Jones", ""),
)
CATEGORIES: Final = ("cs.CL", "cs.CV", "cs", "math-ph", "math.MP", "hep-th", "Cell Biology")
SOURCES: Final = ("arxiv", "nature", "nature-physics")
IDENTIFIERS: Final = ("doi:10.1038/a1", "doi:10.1016/b(1)c", "arxiv:2605.00001", "pmid:7")
ORCIDS: Final = ("0000-0002-1825-0097", "0000-0001-5109-3700")
STATES: Final = ("is:read", "is:starred", "is:noted", "tag:to read", "in:k1")
START: Final = date(2026, 5, 1)

# Values that stand for themselves, of all fields but those of words.
VALUES: Final = (
    *("is:read", "is:unread", "is:starred", "is:noted", "has:note", "is:hidden", 'tag:"To  Read"', "in:k1"),
    *("tag:none", "has:code", "has:doi", "kind:article", "kind:news", f"orcid:{ORCIDS[0]}", "id:2605.00001"),
    *("arxiv:2605.00001", "id:10.1038/A1", "pmid:7", "id:(7 OR 2605.00001v2)", "doi:10.1038"),
    *("doi:10.1016/b(1)c", "cat:cs", "cat:math.MP", "cat:cs.c*", 'cat:"cell biology"', "src:nature*"),
    *("src:arxiv", "date:2026", "date:..2026-06", "date:>=2026-12", "date:2027-01..2027-02"),
    *("au:lecun", 'au:"Y LeCun"', 'au:"Yann LeCun"', 'au:"Wei L"', 'au:"Li Li"', 'au:"L Li"', "au:王"),
    *("au:小明", "au:王小明", 'au:"Li 王"', "au:le*", 'au:"Yann Le*"', 'au:"Xiao-Ming Wang"', "au:xiao-mi*"),
    *('au:"Xiaoming Wang"', 'au:"X Wang"', 'au:"J P Serre"', 'au:"Jean Serre"', 'au:"A Li"', 'au:"K L"'),
    *("au:x", 'au:"jean-pierre"', 'au:"王 Li"', "au:li*"),
)


def works(count: int, *, seed: int = 1) -> list[Document]:
    """Make up works, numbered from 1."""
    draw = random.Random(seed)  # noqa: S311  a draw, not a secret
    return [_work(draw, number) for number in range(1, count + 1)]


def keepings(count: int, *, seed: int = 2) -> dict[str, frozenset[int]]:
    """Make up what a reader keeps of the works; of a third to a half of them each."""
    draw = random.Random(seed)  # noqa: S311  as above
    sizes = zip(STATES, (2, 5, 9, 3, 4), strict=True)
    return {name: frozenset(draw.sample(range(1, count + 1), count // share)) for name, share in sizes}


def _work(draw: random.Random, number: int) -> Document:
    def text(most: int) -> str:
        return " ".join(draw.choices(WORDS, k=draw.randint(0, most)))

    def some(values: tuple[str, ...], most: int) -> tuple[str, ...]:
        return tuple(draw.sample(values, draw.randint(0, most)))

    return Document(
        number,
        title=text(5),
        abstract=text(12),
        authors=some(NAMES, 3),
        orcids=some(ORCIDS, 1),
        identifiers=some(IDENTIFIERS, 2),
        categories=some(CATEGORIES, 2),
        venue=text(3),
        sources=some(SOURCES, 2),
        kind=draw.choice(("article", "preprint", "")),
        listed_on=draw.choice((None, START + timedelta(days=draw.randint(0, 400)))),
        features=some(("code", "data", "doi"), 2),
    )


_FIELDS: Final = st.sampled_from(("", "", "ti:", "abs:", "venue:"))
_word = st.sampled_from(WORDS)
_phrase = st.lists(_word, min_size=1, max_size=3).map(" ".join)
_begun = st.sampled_from(
    ("gra", "pretrain", "pre-tra", "net", "netw", "multi-ag", "schr", "learn", "量子", "tc", "th")
)
_terms = st.one_of(
    st.sampled_from(VALUES),
    st.tuples(_FIELDS, _word).map("".join),
    st.tuples(_FIELDS, _phrase).map(lambda pair: f'{pair[0]}"{pair[1]}"'),
    st.tuples(_FIELDS, _begun).map(lambda pair: f"{pair[0]}{pair[1]}*"),
    st.tuples(_FIELDS, _word, _begun).map(lambda row: f'{row[0]}"{row[1]} {row[2]}*"'),
)
questions: Final[st.SearchStrategy[str]] = st.recursive(
    _terms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        inner.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=6,
)
