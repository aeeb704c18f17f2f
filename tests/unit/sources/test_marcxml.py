from __future__ import annotations

import pytest
from lxml import etree

from academichub.errors import RecordBroken
from academichub.model.papers import Form, Record
from academichub.sources.marcxml import read


def field(tag: str, *, second: str = " ", **parts: str) -> str:
    """Write a data field; a subfield with a digit for its code is named with an underscore before it."""
    inside = "".join(f"<subfield code='{code.strip('_')}'>{text}</subfield>" for code, text in parts.items())
    return f"<datafield tag='{tag}' ind1=' ' ind2='{second}'>{inside}</datafield>"


def marc(*fields: str, **controls: str) -> Record:
    said = "".join(
        f"<controlfield tag='{tag.strip('_')}'>{text}</controlfield>" for tag, text in controls.items()
    )
    return read(etree.fromstring(f"<record>{said}{''.join(fields)}</record>"), "", 0)


def test_a_record_without_data_fields_is_refused() -> None:
    with pytest.raises(RecordBroken):
        marc(_001="7")


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ((field("245", a="Waves :", b="a study /", c="by A."),), "Waves: a study"),
        ((field("245", a="Waves", n="2", p="Seas"),), "Waves. 2 Seas"),
        ((field("245", b=" /"), field("246", a="Other")), "Other"),
        ((field("520", a="x"),), ""),
    ],
)
def test_the_title_is_without_the_cataloguers_marks(fields: tuple[str, ...], title: str) -> None:
    assert marc(*fields).title.value == title


def test_tex_is_plain_text() -> None:
    record = marc(field("245", a="At $\\sqrt{s}$"), field("520", a="x"), field("520", a="A longer one."))

    assert (record.title.form, record.summary.form) == (Form.PLAIN, Form.UNSAID)
    assert record.summary.value == "A longer one."


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (
            (field("100", a="Lovelace, Ada,", e="author"), field("700", a="Turing, Alan")),
            ["Ada Lovelace", "Alan Turing"],
        ),
        ((field("100", a="Lovelace, Ada"), field("700", a="Lovelace, Ada")), ["Ada Lovelace"]),
        ((field("700", a="Itor, Ed", e="ed."), field("700", a="Trans, L.", _4="trl")), []),
        (
            (field("110", a="The WAVE collaboration"), field("710", g="WAVE Collaboration")),
            ["The WAVE collaboration"],
        ),
        ((field("710", a="Library."),), ["Library"]),
        ((field("100", a="A"), field("710", a="Library.")), ["A"]),
    ],
)
def test_people_come_first_and_bodies_once(fields: tuple[str, ...], names: list[str]) -> None:
    assert [one.name for one in marc(*fields).authors] == names


@pytest.mark.parametrize(
    ("said", "uri"),
    [
        ("ORCID:0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("(orcid)0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("(DE-588)123", ""),
        ("ORCID:none", ""),
    ],
)
def test_an_orcid_hides_among_other_numbers(said: str, uri: str) -> None:
    assert marc(field("100", a="A", _0=said)).authors[0].uri == uri


@pytest.mark.parametrize(
    ("fields", "arxiv"),
    [
        ((field("037", a="hep-ex/0101001", _9="arXiv"),), "hep-ex/0101001"),
        ((field("037", a="arXiv:2601.00001v2"),), "2601.00001v2"),
        ((field("024", a="2601.00001", _2="arxiv"),), "2601.00001"),
        ((field("037", a="LAB-TH-71-1"),), ""),
    ],
)
def test_the_arxiv_name_may_be_a_report_number(fields: tuple[str, ...], arxiv: str) -> None:
    assert marc(*fields).first("hub:arxiv") == arxiv


@pytest.mark.parametrize(
    ("fields", "controls", "published"),
    [
        ((field("260", c="2021"), field("269", c="4 Mar 2021")), {}, "2021-03-04"),
        ((field("264", c="[c2010]"),), {}, "2010"),
        ((field("245", a="x"),), {"_008": "200102s2010    xx            00| | ger^^"}, "2010"),
        ((field("245", a="x"),), {}, ""),
    ],
)
def test_the_preprints_date_comes_before_the_imprints(
    fields: tuple[str, ...], controls: dict[str, str], published: str
) -> None:
    record = marc(*fields, **controls)

    assert record.published == published
    assert record.language == ("ger" if controls else "")


@pytest.mark.parametrize(("stamp", "updated"), [("20210304050607.0", "2021-03-04"), ("yesterday", "")])
def test_the_last_change_has_a_day(stamp: str, updated: str) -> None:
    assert marc(field("245", a="x"), _005=stamp).updated == updated


@pytest.mark.parametrize(
    ("fields", "controls", "link"),
    [
        (
            (field("856", u="http://cds.cern.ch/record/7/files/a.pdf"),),
            {"_001": "7", "_003": "SzGeCERN"},
            "https://cds.cern.ch/record/7",
        ),
        ((field("856", u="https://a.example.org/7", second="0"),), {}, "https://a.example.org/7"),
        (
            (
                field("856", u="https://a.example.org/related", second="2"),
                field("024", a="10.5555/1", _2="doi"),
            ),
            {},
            "https://doi.org/10.5555/1",
        ),
        ((field("024", a="2601.00001", _2="arXiv"),), {}, "https://arxiv.org/abs/2601.00001"),
        ((field("856", u="ftp://a.example.org/"),), {}, ""),
    ],
)
def test_the_link_is_the_records_own_page(
    fields: tuple[str, ...], controls: dict[str, str], link: str
) -> None:
    assert marc(*fields, **controls).link == link


@pytest.mark.parametrize(
    ("journal", "reference"),
    [
        (field("773", p="Ann. Seas", v="71", c="11-19", y="2001"), "Ann. Seas 71 (2001) 11-19"),
        (field("773", p="Ann. Seas"), "Ann. Seas"),
        (field("773", t="Annals", g="12 (2026)"), "12 (2026)"),
    ],
)
def test_the_journal_reference_is_put_together(journal: str, reference: str) -> None:
    assert marc(journal).first("hub:journal-ref") == reference
