"""What each format's types of entries are in CSL's terms (CSL 1.0.2, appendix III)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER: Final = "document"
PREPRINT: Final = "article"


def _by_name(pairs: Mapping[str, str]) -> Mapping[str, str]:
    return {name: csl for csl, names in pairs.items() for name in names.split()}


BIBTEX: Final = _by_name(
    {
        "article-journal": "article periodical suppperiodical",
        "book": "book mvbook collection mvcollection proceedings mvproceedings reference mvreference",
        "chapter": "inbook incollection bookinbook suppbook suppcollection",
        "paper-conference": "inproceedings conference",
        "entry-encyclopedia": "inreference",
        "thesis": "thesis phdthesis mastersthesis",
        "report": "report techreport manual",
        "webpage": "online electronic www",
        "manuscript": "unpublished",
        "article": "preprint",
        "pamphlet": "booklet",
        "software": "software",
        "dataset": "dataset",
        "patent": "patent",
        "standard": "standard",
        "legal_case": "jurisdiction",
        "legislation": "legislation legal",
        "personal_communication": "letter",
        "motion_picture": "movie video",
        "song": "audio music",
        "graphic": "artwork image",
        "performance": "performance",
        "review": "review",
    }
)
RIS: Final = _by_name(
    {
        "article-journal": "JOUR EJOUR JFULL ABST",
        "article-magazine": "MGZN",
        "article-newspaper": "NEWS",
        "article": "INPR UNPB",
        "book": "BOOK EBOOK EDBOOK SER CONF CLSWK",
        "chapter": "CHAP ECHAP",
        "paper-conference": "CPAPER",
        "thesis": "THES",
        "report": "RPRT GOVDOC",
        "webpage": "ELEC WEB",
        "post-weblog": "BLOG",
        "entry-encyclopedia": "ENCYC",
        "entry-dictionary": "DICT",
        "dataset": "DATA AGGR DBASE",
        "software": "COMP",
        "patent": "PAT",
        "standard": "STAND",
        "legal_case": "CASE",
        "legislation": "STAT LEGAL",
        "bill": "BILL UNBILL",
        "hearing": "HEAR",
        "map": "MAP",
        "pamphlet": "PAMP",
        "personal_communication": "PCOMM ICOMM",
        "motion_picture": "MPCT VIDEO ADVS",
        "song": "SOUND MUSIC",
        "graphic": "ART FIGURE",
        "manuscript": "MANSCPT",
        "speech": "SLIDE",
    }
)
# Some programs write the type in words, and Web of Science and PubMed always do.
IN_WORDS: Final[Mapping[str, str]] = {
    "journal article": "article-journal",
    "article": "article-journal",
    "review": "article-journal",
    "letter": "article-journal",
    "editorial": "article-journal",
    "j": "article-journal",
    "book": "book",
    "b": "book",
    "s": "book",
    "book section": "chapter",
    "book chapter": "chapter",
    "conference proceedings": "paper-conference",
    "conference paper": "paper-conference",
    "proceedings paper": "paper-conference",
    "thesis": "thesis",
    "report": "report",
    "preprint": "article",
    "p": "patent",
    "patent": "patent",
    "web page": "webpage",
    "dataset": "dataset",
}
ZOTERO: Final[Mapping[str, str]] = {
    "artwork": "graphic",
    "audioRecording": "song",
    "bill": "bill",
    "blogPost": "post-weblog",
    "book": "book",
    "bookSection": "chapter",
    "case": "legal_case",
    "computerProgram": "software",
    "conferencePaper": "paper-conference",
    "dataset": "dataset",
    "dictionaryEntry": "entry-dictionary",
    "document": "document",
    "email": "personal_communication",
    "encyclopediaArticle": "entry-encyclopedia",
    "film": "motion_picture",
    "forumPost": "post",
    "hearing": "hearing",
    "instantMessage": "personal_communication",
    "interview": "interview",
    "journalArticle": "article-journal",
    "letter": "personal_communication",
    "magazineArticle": "article-magazine",
    "manuscript": "manuscript",
    "map": "map",
    "newspaperArticle": "article-newspaper",
    "patent": "patent",
    "podcast": "broadcast",
    "preprint": "article",
    "presentation": "speech",
    "radioBroadcast": "broadcast",
    "report": "report",
    "standard": "standard",
    "statute": "legislation",
    "thesis": "thesis",
    "tvBroadcast": "broadcast",
    "videoRecording": "motion_picture",
    "webpage": "webpage",
}
CSL: Final = frozenset(
    {
        *ZOTERO.values(),
        *BIBTEX.values(),
        *RIS.values(),
        *("classic", "collection", "event", "figure", "musical_score", "periodical", "regulation", "treaty"),
        *("review-book", "post"),
    }
)


def kind_in_words(written: str, *, otherwise: str = OTHER) -> str:
    """Give the type that a word or two name."""
    return IN_WORDS.get(" ".join(written.lower().split()), otherwise)


def with_preprints(kind: str, *, arxiv: str | None, venue: str) -> str:
    """Give the type, or that of a preprint where an arXiv identifier says so.

    BibTeX has no type for preprints; Google Scholar and Zotero make journal articles of them.
    """
    is_vague = kind in {OTHER, "manuscript", "webpage", "report"}
    is_arxiv = not venue or venue.lower().startswith(("arxiv", "corr"))
    return PREPRINT if arxiv and (is_vague or (kind == "article-journal" and is_arxiv)) else kind
