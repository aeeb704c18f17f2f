"""One query asked of one paper: what is found, and where."""

from __future__ import annotations

from datetime import date

import pytest

from academichub.model.query import Field, Paper
from academichub.text import query
from academichub.text.querymatch import Hits, matches, prepare

PAPER = Paper(
    id=1,
    title="Pre-training a U-Net for 量子纠错",
    abstract="Self-attention networks correct quantum errors; see “surface codes”.",
    authors=("Yann LeCun", "J. P. Serre", "Xiao-Ming Wang", "王 小明", "Malcolm X"),
    categories=("cs.CL", "math-ph", "Cell Biology"),
    sources=("arxiv", "nature-physics"),
    venue="Nature Physics",
    dois=("10.1038/S41567-026",),
    listed_on=date(2026, 5, 18),
)


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "pretraining",
            "pre-training",
            '"pre training"',
            "unet",
            "U-Net",
            "self-attention",
            '"self attention"',
        ),
        *(
            "selfattention",
            "量子",
            "纠",
            "子纠",
            "量子纠错",
            '"surface codes"',
            "quant*",
            '"self atten*"',
            "self-att*",
        ),
        *(
            "ti:unet",
            "abs:networks",
            "venue:physics",
            '"a unet for 量子"',
            "networks -graph",
            "nothing OR quantum",
        ),
        *(
            "au:lecun",
            'au:"LeCun Yann"',
            'au:"Y LeCun"',
            'au:"Jean Serre"',
            'au:"Serre P"',
            'au:"Xiaoming Wang"',
        ),
        *(
            "au:王",
            "au:小明",
            "au:王小明",
            "au:lec*",
            'au:"Yann LeC*"',
            "au:x",
            'au:"Xiao-Ming Wa*"',
            'au:"X Wang"',
        ),
        *("cat:cs", "cat:cs.*", "cat:cs.cl", "cat:CS.C*", "cat:math.MP", 'cat:"cell biology"', "cat:math-ph"),
        *("src:arxiv", "src:nature*", "doi:10.1038/s41567-026", "doi:10.1038/*", "doi:10.1038"),
        *(
            "date:2026-05",
            "date:2026-05-18",
            "date:>=2026-05-18",
            "date:<=2026-05-18",
            "date:2026-05-01..2026-06",
        ),
    ],
)
def test_what_is_there_is_found(asked: str) -> None:
    assert matches(query.parse(asked), PAPER) is not None


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "trainings",
            "network",
            "attent",
            "子错",
            "错量",
            '"codes surface"',
            "abs:unet",
        ),
        *(
            "ti:networks",
            "venue:unet",
            "quantum -errors",
            "quantum graph",
            '"quantum for"',
            "lecun",
            '"unet see"',
        ),
        *(
            'au:"Yann Serre"',
            'au:"Z LeCun"',
            'au:"Yann Yann LeCun"',
            "au:明小",
            "au:l",
            'au:"Y L"',
            "au:serr",
            'au:"L* Zed"',
        ),
        *(
            'au:"Yves LeC*"',
            "au:zed*",
            "au:李",
            'au:"J J Serre"',
            'au:"王小明 Li"',
            'au:"Jean Jacques Serre"',
        ),
        *(
            "cat:c",
            "cat:cs.C",
            "cat:math",
            "cat:cell",
            "src:nature",
            "src:arx",
            "doi:10.1038/s41567",
            "doi:10.1039/*",
        ),
        *("date:2026-06", "date:<2026-05-18", "date:>2026-05-18", "NOT quantum"),
    ],
)
def test_what_is_not_there_is_not_found(asked: str) -> None:
    assert matches(query.parse(asked), PAPER) is None


def test_a_paper_without_a_day_is_in_no_range() -> None:
    assert matches(query.parse("date:2000.."), Paper(1)) is None
    assert matches(query.parse("NOT date:2000.."), Paper(1)) is not None


def test_hits_name_every_term_that_is_there_and_its_field() -> None:
    found = matches(
        query.parse("(quantum OR 量子 OR nothing) date:2026 self-attention -graph quantum"), PAPER
    )

    assert found is not None
    named = [(getattr(hit.term, "text", "date"), hit.field) for hit in found.hits]
    assert named == [
        ("quantum", Field.ABSTRACT),
        ("量子", Field.TITLE),
        ("date", Field.DATE),
        ("self-attention", Field.ABSTRACT),
    ]


def test_a_word_in_title_and_abstract_hits_twice() -> None:
    found = matches(query.parse("codes"), Paper(1, title="Codes", abstract="codes"))

    assert found is not None
    assert [hit.field for hit in found.hits] == [Field.TITLE, Field.ABSTRACT]


def test_a_query_that_only_forbids_matches_without_a_hit() -> None:
    assert matches(query.parse("-graph"), prepare(PAPER)) == Hits(())
