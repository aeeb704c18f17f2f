"""Tell whether two names of a journal or conference mean the same one: "VLDB J.", "The VLDB Journal"."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from academichub.intake.matchwords import words as words_in
from academichub.text.titles import bare

LONGEST_NAME: Final = 300  # characters that are looked at
_CACHE: Final = 4096  # names; a day's sources have some hundred


class VenueKind(StrEnum):
    """What sort of place a paper appears in."""

    CONFERENCE = "conference"
    JOURNAL = "journal"
    MAGAZINE = "magazine"
    PREPRINT = "preprint"
    UNSAID = "unsaid"


class Tie(StrEnum):
    """How two names of venues stand to each other."""

    SAME = "same"
    LIKE = "like"  # one name could be part of the other, or an acronym nobody spelled out
    UNLIKE = "unlike"  # two places of one kind, or of kinds not said
    UNLIKE_KIND = "unlike-kind"  # a conference and a journal
    UNSAID = "unsaid"  # one of them is missing, or names no place


class Venue(NamedTuple):
    """A name taken apart. `known` is the short name of one in the table, "" for any other."""

    known: str
    kind: VenueKind
    words: tuple[str, ...]  # those that tell venues apart, abbreviations as written
    every: tuple[str, ...]  # all words, for acronyms
    acronyms: frozenset[str]  # written in parentheses, or the whole name


# Well-known series whose acronym cannot be worked out of the name, or whose name cannot be told from
# another's by its words alone. "short|kind|other names": a name that holds one of them is that series.
_KNOWN: Final = (
    "sigmod|conference|management of data",
    "sigmod record|magazine|sigmod rec",
    "vldb|conference|very large data bases|very large databases|pvldb|vldb endowment",
    "vldb journal|journal|vldb j|journal on very large data bases|very large data bases journal",
    "pods|conference|principles of database systems",
    "edbt|conference|extending database technology",
    "icde|conference|conference on data engineering|conf on data engineering|conf data engineering",
    "sigkdd explorations|magazine|kdd explorations|sigkdd explor",
    "kdd|conference|sigkdd|knowledge discovery and data mining|knowledge discovery data mining",
    "cacm|magazine|communications of the acm|commun acm|comm acm|communications acm",
    "jacm|journal|journal of the acm|j acm|journal acm",
    "csur|journal|acm computing surveys|acm comput surv|computing surveys|acm comp surv",
    "sigir forum|magazine",
    "sigir|conference|research and development in information retrieval",
    "neurips|conference|nips|neural information processing systems|neural inf process syst",
    "icml|conference|conference on machine learning|conf on machine learning|conf machine learning",
    "iclr|conference|conference on learning representations",
    "aaai|conference|conference on artificial intelligence|natl conf on artificial intelligence",
    "ijcai|conference|joint conference on artificial intelligence",
    "acl|conference|meeting of the association for computational linguistics",
    "tacl|journal|transactions of the association for computational linguistics",
    "emnlp|conference|empirical methods in natural language processing",
    "naacl|conference|north american chapter of the association for computational linguistics",
    "cvpr|conference|computer vision and pattern recognition",
    "iccv|conference|conference on computer vision",
    "eccv|conference|european conference on computer vision",
    "tpami|journal|pami",
    "www|conference|world wide web conference|conference on world wide web|the web conference",
    "chi|conference|human factors in computing systems",
    "stoc|conference|theory of computing|symposium on the theory of computing",
    "focs|conference|foundations of computer science",
    "soda|conference|symposium on discrete algorithms",
    "interspeech|conference",
    "icassp|conference|acoustics speech and signal processing",
    "pnas|journal|proceedings of the national academy of sciences|proc natl acad sci",
    "proceedings of the ieee|journal|proc ieee",
    "nejm|journal|new england journal of medicine|n engl j med",
    "jama|journal|journal of the american medical association",
    "bmj|journal|british medical journal",
    "jacs|journal|journal of the american chemical society|j am chem soc",
    "apj|journal|astrophysical journal|astrophys j",
    "apjl|journal|astrophysical journal letters|astrophys j lett",
    "mnras|journal|monthly notices of the royal astronomical society|mon not r astron soc",
    "astron astrophys|journal|astronomy and astrophysics|astronomy astrophysics",
    "jhep|journal|journal of high energy physics|j high energy phys",
    "plos one|journal",
)
_PREPRINTS: Final = re.compile(
    r"\b(?:arxiv|corr|(?:bio|med|chem|psy|soc|earth|engr|tech)rxiv|(?:psy|soc|earth|engr|ea)arxiv|ssrn"
    r"|research square|preprints?|authorea|computing research repository|social science research network"
    r"|eprints?|e prints?)\b"
)
# Who sells, hosts or lists papers is not where they appeared.
_NO_PLACE: Final = re.compile(
    r"(?:null|none|nan|na|n a|unknown|sciencedirect|elsevier|springer(?: link| nature)?|springerlink|wiley"
    r"|wiley online library|ieee|ieee xplore|acm|acm digital library|pubmed|europe pmc|semantic scholar"
    r"|google scholar|crossref|openalex|dblp|citeseer|citeseerx|core|hal|doaj|openaire|openreview|zenodo"
    r"|datacite|unpaywall|hugging face|pubmed central|百度学术|ieee press|acm press|springer verlag"
    r"|lecture notes in computer science|lncs|(?:[a-z0-9]+ )*(?:com|org|net|edu|io|html?|www)(?: [a-z]{2})?"
    r"|[0-9 ]*)"
)
_KIND_WORDS: Final = {
    VenueKind.CONFERENCE: words_in(
        "conference conf symposium symp sympos workshop workshops wkshp wksp congress colloquium meeting",
        "conferences proceedings proc konferenz tagung",
    ),
    VenueKind.JOURNAL: words_in(
        "journal journals j jour transactions trans letters lett letts annals archives acta quarterly review",
        "reviews rev advances communications commun zeitschrift revue revista surveys",
    ),
    VenueKind.MAGAZINE: words_in(
        "magazine mag record rec newsletter bulletin bull spectrum forum notices explorations",
    ),
}
# Learned societies print journals that are called proceedings.
_PRINTED: Final = re.compile(
    r"\bproc(?:eedings)?\b.*\b(?:academy|acad|royal|society|soc|institution|endowment|acm on)\b"
)
_PERIODICAL: Final = words_in("journal j transactions trans letters lett magazine bulletin record review")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_HAN_KINDS: Final = (
    (VenueKind.JOURNAL, re.compile("学报|杂志|期刊|通报|通讯|研究|进展|评论")),
    (VenueKind.CONFERENCE, re.compile("会议|大会|论文集|研讨会")),
)
# Words that most names share, or that come and go with the year.
_LOOSE: Final = words_in(
    "a an and at by de der des di die for fur in la le of on or part ser series the und y",
    "acm ieee aaai usenix siam ifip annual annu ann international intl int intern proceedings proc",
    "conference conf conferences symposium symp sympos workshop workshops wkshp vol volume no issue pp",
    "special online",
)
_ORDINAL: Final = re.compile(
    r"[0-9]+(?:st|nd|rd|th)?|(?:twenty|thirty|forty|fifty)?(?:first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|eleventh|twelfth|[a-z]{3,6}teenth|[a-z]{3,5}tieth)"
)
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = str.maketrans("", "", "'’")
_BRACKET: Final = re.compile(r"[(\[（]\s*([a-z][a-z0-9 -]{1,14}?)\s*[0-9]*\s*[)\]）]")
_CUT: Final = ("…", "...")
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 2, 10  # letters
_UNCLEAR: Final = 5  # letters; a word so short, alone, is an acronym rather than a name
_SHARED_ENOUGH: Final = 0.5  # of the shorter name's words, for names that may be one


def tie(one: str, other: str) -> Tie:
    """Say how two names of venues stand to each other; "" is a venue that is not said."""
    if not one or not other:
        return Tie.UNSAID
    return _tie(one[:LONGEST_NAME], other[:LONGEST_NAME])


def is_preprint_server(name: str) -> bool:
    """Tell a preprint server from a journal, by its name."""
    return bool(name) and read_venue(name[:LONGEST_NAME]).kind is VenueKind.PREPRINT


def words_of(name: str) -> tuple[str, ...]:
    """Give all words of a venue's name."""
    return read_venue(name[:LONGEST_NAME]).every if name else ()


@lru_cache(_CACHE)
def read_venue(name: str) -> Venue:
    """Take a venue's name apart.

    Args:
        name: At most `LONGEST_NAME` characters, as its source writes it.

    Returns:
        The venue; without words where the name names no place.
    """
    text = bare(name).translate(_APOSTROPHES)
    every = tuple(_WORD.findall(text))
    flat = " ".join(every)
    if _PREPRINTS.search(flat) and not flat.startswith("journal"):
        return Venue("", VenueKind.PREPRINT, every, every, frozenset())
    if _NO_PLACE.fullmatch(flat):
        return Venue("", VenueKind.UNSAID, (), (), frozenset())
    known, kind = _known(every)
    words = tuple(word for word in _WORD.findall(_BRACKET.sub(" ", text)) if not _is_loose(word))
    acronyms = {said.replace(" ", "") for said in _BRACKET.findall(text)}
    if len(words) == 1 and words[0].isascii():
        acronyms.add(words[0])
    short = frozenset(word for word in acronyms if _SHORTEST_ACRONYM <= len(word) <= _LONGEST_ACRONYM)
    return Venue(known, kind or _kind_said(flat, every), words or every, every, short)


def _is_loose(word: str) -> bool:
    return word in _LOOSE or bool(_ORDINAL.fullmatch(word))


def _known(every: tuple[str, ...]) -> tuple[str, VenueKind | None]:
    """Find the longest name of the table that stands in a name, and what it stands for."""
    padded = f" {' '.join(every)} "
    found = max((alias for alias in _ALIASES if alias in padded), key=len, default=None)
    if found is None:
        return "", None
    short, kind = _ALIASES[found]
    if kind is VenueKind.CONFERENCE and not _PERIODICAL.isdisjoint(every):
        # The name of a journal may hold a conference's.
        longer = f"{short} journal"
        return (longer, VenueKind.JOURNAL) if f" {longer} " in _ALIASES else ("", None)
    return short, kind


def _aliases() -> dict[str, tuple[str, VenueKind]]:
    table: dict[str, tuple[str, VenueKind]] = {}
    for line in _KNOWN:
        short, kind, *names = line.split("|")
        table.update((f" {name} ", (short, VenueKind(kind))) for name in (short, *names))
    return table


_ALIASES: Final = _aliases()


def _kind_said(flat: str, every: tuple[str, ...]) -> VenueKind:
    """Tell the kind from the words."""
    said = {kind for kind, words in _KIND_WORDS.items() if not words.isdisjoint(every)}
    if VenueKind.CONFERENCE in said and _PRINTED.search(flat):
        return VenueKind.JOURNAL
    if said:
        return next(kind for kind in _KIND_WORDS if kind in said)
    if _HAN.search(flat):
        return next((kind for kind, pattern in _HAN_KINDS if pattern.search(flat)), VenueKind.UNSAID)
    return VenueKind.UNSAID


# -- two names ------------------------------------------------------------------------------------


@lru_cache(_CACHE)
def _tie(one: str, other: str) -> Tie:
    a, b = read_venue(one), read_venue(other)
    if not a.words or not b.words:
        return Tie.UNSAID
    if a.known and a.known == b.known:
        return Tie.SAME
    kinds = {a.kind, b.kind}
    if kinds == {VenueKind.CONFERENCE, VenueKind.JOURNAL}:
        return Tie.UNLIKE_KIND
    if kinds == {VenueKind.CONFERENCE, VenueKind.MAGAZINE} or (a.known and b.known):
        return Tie.UNLIKE  # societies print proceedings as issues of their newsletters
    if _are_one_name(a.words, b.words) or _is_acronym(a, b) or _is_acronym(b, a):
        return Tie.SAME
    is_cut = any(name.rstrip().endswith(_CUT) for name in (one, other))
    # A Chinese journal may have an English name.
    is_translated = bool(_HAN.search(one)) != bool(_HAN.search(other))
    return Tie.LIKE if is_cut or is_translated or _could_be_one(a, b) else Tie.UNLIKE


def _are_one_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two names are word for word the same or each other's abbreviations."""
    return len(one) == len(other) and all(map(_are_one_word, one, other))


def _are_one_word(one: str, other: str) -> bool:
    """True for a word and its abbreviation: "rev" and "review", "natl" and "national", "j" and "journal"."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if long.startswith(short):
        return True
    if short[0] != long[0] or len(short) == len(long):
        return False
    letters = iter(long)  # each search goes on where the last one ended
    return all(letter in letters for letter in short)


def _is_acronym(one: Venue, other: Venue) -> bool:
    """Tell whether an acronym of the one spells the other."""
    if not one.acronyms.isdisjoint(other.acronyms):
        return True
    return any(spells(acronym, other.every) for acronym in one.acronyms)


def spells(acronym: str, words: tuple[str, ...]) -> bool:
    """Tell whether letters from the front of the words, in their order, make up an acronym.

    Societies, "Proceedings of the", "International Conference on" and the small words may be left out,
    every other word gives at least its first letter: "tods" for "ACM Transactions on Database Systems",
    "neurips" for "Neural Information Processing Systems".
    """
    reached = {0}  # how many letters the words so far can make up
    for word in words:
        # The acronym itself may stand among the words: "Machine Learning (ML)".
        further = set(reached) if _is_loose(word) or word == acronym else set()
        for start in reached:
            end = start
            while end < len(acronym) and end - start < len(word) and acronym[end] == word[end - start]:
                end += 1
                further.add(end)
        reached = further
    return len(acronym) in reached


def _could_be_one(a: Venue, b: Venue) -> bool:
    """True where a name may be short for the other, so that nothing follows from the difference."""
    if any(not venue.known and _is_lone_acronym(venue) for venue in (a, b)):
        return True
    few, many = sorted((a.words, b.words), key=lambda words: (len(words), words))
    shared = sum(any(_are_one_word(word, other) for other in many) for word in few)
    return shared > _SHARED_ENOUGH * len(few)


def _is_lone_acronym(venue: Venue) -> bool:
    return len(venue.every) == 1 and len(venue.every[0]) <= _UNCLEAR and venue.every[0].isascii()
