"""Bring identifiers to their one canonical form, or say that they are none. Never raises on any text."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from urllib.parse import unquote

# Characters. The longest registered DOIs have a few hundred; addresses carry a query besides. Anything
# longer is no identifier, and would cost time squared to undo its percent signs.
_MAX_LENGTH: Final = 1000

# -- DOI ------------------------------------------------------------------------------------------

_DOI_LABEL: Final = re.compile(
    r"(?:doi\s*[:：]|info:doi/|urn:doi:|doi\s+(?=10\.))\s*", re.IGNORECASE | re.ASCII
)
_DOI_RESOLVER: Final = re.compile(
    r"(?:https?://)?(?:(?:dx|www)\.)?doi\.org/(?:doi:)?", re.IGNORECASE | re.ASCII
)
# The registrant's number is 10 and four to nine digits; the rest may hold nearly anything. A DOI
# with control characters, surrogates or invisible characters in it is a damaged one.
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\ufeff\ufffd\ud800-\udfff]+")
_DOI_IN_TEXT: Final = re.compile(
    r"(?<![0-9.])10\.[0-9]{4,9}/"
    # A SICI, with its page between angle brackets: ...19:15<2001::AID-SIM916>3.0.CO;2-O
    r"(?:[!-~]{1,80}?<[0-9a-z]+::?[!-=?-~]{1,40}>[0-9]\.[0-9]\.[a-z]{2};2-[0-9a-z#]"
    # Anything else ends at white space, a quote, &, <, >, ?, Markdown's "](" or what is not ASCII.
    r"|(?:(?!\]\()[!#-%'-;=@-~]){1,1000})",
    re.IGNORECASE | re.ASCII,
)
# What publishers append to a DOI in the addresses of its pages and files.
_DOI_VIEW: Final = re.compile(
    r"(?:/(?:full|fulltext|abstract|abs|pdf|epdf|html|xml|meta|summary|references|citations|figures))+/?$"
    r"|\.(?:pdf|epub|html|xml|full|abstract)$",
    re.IGNORECASE | re.ASCII,
)
_CLOSING: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
# openRxiv's sites add the version and the view to the DOI in their addresses; it is not part of it.
_OPENRXIV_VERSION: Final = re.compile(r"(10\.(?:1101|64898)/[0-9]{4}\.[0-9]{2}\.[0-9]{2}\.[0-9]+)v[0-9].*")
# The characters of a DOI that would end or change an address.
_URL_ESCAPES: Final = str.maketrans(
    {character: f"%{ord(character):02X}" for character in "%\"#?<>[]{}|\\^` '&+"}
)


def normalize_doi(value: str) -> str | None:
    """Give the DOI in lower case, without resolver, label, percent signs and glued punctuation, or None.

    Parentheses of old SICI names stay: `10.1002/1097-0258(200008)19:15<2001::aid-sim>3.0.co;2-o`.
    """
    doi = value.strip()
    if not doi.startswith("10."):
        if label := _DOI_LABEL.match(doi):
            doi = doi[label.end() :]
        if resolver := _DOI_RESOLVER.match(doi):
            doi = doi[resolver.end() :].partition("?")[0].partition("#")[0]
    if len(doi) > _MAX_LENGTH:
        return None
    if "%" in doi:
        doi = _unquote_fully(doi)
    doi = _without_glued_punctuation(doi.lower().strip())
    if doi.startswith(("10.1101/", "10.64898/")):
        doi = _OPENRXIV_VERSION.sub(r"\1", doi)
    return doi if _DOI.fullmatch(doi) else None


def find_doi(text: str) -> str | None:
    """Give the first DOI that stands in a text or in an address, or None."""
    if "10." not in text:
        return None
    found = _DOI_IN_TEXT.search(text) or _DOI_IN_TEXT.search(text.replace("%2F", "/").replace("%2f", "/"))
    return normalize_doi(_DOI_VIEW.sub("", found.group())) if found else None


def is_news_doi(doi: str) -> bool:
    """Tell whether a DOI is one of Nature's magazine pieces (news, briefings, essays), not research."""
    return doi.lower().startswith("10.1038/d41586-")


def doi_url(doi: str) -> str:
    """Give the address that resolves a canonical DOI."""
    return "https://doi.org/" + doi.translate(_URL_ESCAPES)


def _unquote_fully(text: str) -> str:
    """Undo percent encoding, however often it was done; '' where the bytes are not UTF-8."""
    while True:
        try:
            decoded = unquote(text, errors="strict")
        except UnicodeDecodeError:
            return ""
        if decoded == text:
            return text
        text = decoded


def _without_glued_punctuation(doi: str) -> str:
    """Cut the full stop or bracket of the sentence around it off the end of a DOI."""
    while doi:
        last = doi[-1]
        opening = _CLOSING.get(last)
        if last not in ".,;" and (opening is None or doi.count(last) <= doi.count(opening)):
            break
        doi = doi[:-1].rstrip()
    return doi


# -- arXiv ----------------------------------------------------------------------------------------

# Archives that gave identifiers before April 2007, when numbers took over (arXiv's help page
# "Understanding the arXiv identifier").
_OLD_ARCHIVE: Final = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat"
    "|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th"
    "|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_ARXIV: Final = re.compile(
    r"(?:(?:https?://)?(?:[a-z0-9-]+\.)*arxiv\.org/(?:abs|pdf|html|ps|src|e-print|format)/"
    r"|oai:arxiv\.org:"
    r"|(?:(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|doi:\s*|info:doi/)?10\.48550/arxiv\."
    r"|arxiv(?:\s*:\s*|\s+))?"
    r"(?:([0-9]{2})(0[1-9]|1[0-2])\.([0-9]{4,5})"
    rf"|({_OLD_ARCHIVE})(?:\.[a-z-]{{2,9}})?/([0-9]{{2}})(0[1-9]|1[0-2])([0-9]{{3}}))"
    r"(?:v([1-9][0-9]{0,3}))?"
    r"(?:\.pdf|\.html)?/?(?:[?#].*)?(?:\s*\[[a-z.-]+\])?[.,;:)]*",
    re.IGNORECASE | re.ASCII,
)
_FIRST_NUMBERED: Final = date(2007, 4, 1)  # identifiers are YYMM.NNNN from here on
_FIRST_FIVE_DIGITS: Final = date(2015, 1, 1)  # and YYMM.NNNNN from here on
_FIRST_YEAR: Final = 91  # arXiv opened in 1991


def normalize_arxiv(value: str) -> tuple[str, int | None] | None:
    """Give an arXiv identifier without its version, and the version if there is one; or None.

    Accepts bare identifiers, "arXiv:...", OAI names, DOIs 10.48550/arXiv.* and addresses of the
    abstract, PDF or HTML page. Old identifiers lose their subject class, as in arXiv's own
    canonical form: "math.GT/0309136v2" gives ("math/0309136", 2).
    """
    if len(value) > _MAX_LENGTH:
        return None
    match = _ARXIV.fullmatch(_unquote_fully(value).strip() if "%" in value else value.strip())
    if match is None or _month(match) is None:
        return None
    year, month, number, archive, old_year, old_month, old_number, version = match.groups()
    base = f"{archive.lower()}/{old_year}{old_month}{old_number}" if archive else f"{year}{month}.{number}"
    return base, int(version) if version else None


def arxiv_from_doi(doi: str) -> tuple[str, int | None] | None:
    """Give the arXiv identifier and version that a DOI stands for, or None for any other DOI."""
    return normalize_arxiv(doi) if "10.48550/arxiv." in doi.lower() else None


def arxiv_month(base_id: str) -> date | None:
    """Give the first day of the month in which an arXiv identifier was handed out.

    None where arXiv cannot have handed it out: an unknown archive, a month that is none, the
    wrong number of digits for its year, the number zero.
    """
    match = _ARXIV.fullmatch(base_id)
    return _month(match) if match else None


def _month(match: re.Match[str]) -> date | None:
    """Give the month of an identifier that looks right, or None where it cannot be right."""
    year, month, number, archive, old_year, old_month, old_number, _ = match.groups()
    if archive:
        century = 1900 if int(old_year) >= _FIRST_YEAR else 2000
        when = date(century + int(old_year), int(old_month), 1)
        return when if when < _FIRST_NUMBERED and int(old_number) else None
    when = date(2000 + int(year), int(month), 1)
    digits = 5 if when >= _FIRST_FIVE_DIGITS else 4
    return when if when >= _FIRST_NUMBERED and len(number) == digits and int(number) else None


def arxiv_abs_url(base_id: str, *, version: int | None = None) -> str:
    """Give the address of the abstract page; of the latest version unless one is named."""
    return f"https://arxiv.org/abs/{base_id}{_suffix(version)}"


def arxiv_pdf_url(base_id: str, *, version: int | None = None) -> str:
    """Give the address of the PDF; of the latest version unless one is named."""
    return f"https://arxiv.org/pdf/{base_id}{_suffix(version)}"


def _suffix(version: int | None) -> str:
    """Write a version as arXiv does, or nothing."""
    return f"v{version}" if version else ""


# -- other registries -----------------------------------------------------------------------------

_PMID: Final = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed"
    r"|europepmc\.org/(?:article|abstract)/med)/|(?:info:)?pmid\s*[:/]?\s*|(?:urn:)?pubmed\s*:\s*)?"
    r"0*([1-9][0-9]{0,8})/?(?:[?#].*)?",
    re.IGNORECASE | re.ASCII,
)
_PMCID: Final = re.compile(
    r"(?:(?:https?://)?(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/"
    r"|(?:https?://)?(?:www\.)?europepmc\.org/(?:articles?|abstract)/(?:pmc/)?|(?:pmcid|pmc)\s*:\s*)?"
    r"pmc\s*0*([1-9][0-9]{0,8})(?:\.[0-9]+)?/?(?:(?:pdf|bin)(?:/.*)?)?(?:[?#].*)?",
    re.IGNORECASE | re.ASCII,
)
_ISSN: Final = re.compile(
    r"(?:(?:https?://)?portal\.issn\.org/resource/issn/|urn:issn:|[ep]?-?issn(?:-?l)?\s*[:：]?\s*)?"
    r"([0-9]{4})-?([0-9]{3})([0-9x])(?:\s*\([a-z ]+\))?",
    re.IGNORECASE | re.ASCII,
)
_ORCID: Final = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/|(?:info:|urn:)?orcid(?:\s*id)?\s*[:/]?\s*)?"
    r"([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9x])/?",
    re.IGNORECASE | re.ASCII,
)
_OPENALEX: Final = re.compile(
    r"(?:(?:https?://)?(?:api\.|www\.|explore\.)?openalex\.org/(?:works/)?|openalex\s*:\s*)?"
    r"w([1-9][0-9]{0,11})/?(?:[?#].*)?",
    re.IGNORECASE | re.ASCII,
)


def normalize_pmid(value: str) -> str | None:
    """Give a PubMed number as digits without leading zeros, or None."""
    match = _PMID.fullmatch(value.strip())
    return match[1] if match else None


def normalize_pmcid(value: str) -> str | None:
    """Give a PubMed Central number with its prefix and without version ("PMC123"), or None."""
    match = _PMCID.fullmatch(value.strip())
    return f"PMC{match[1]}" if match else None


def normalize_issn(value: str) -> str | None:
    """Give an ISSN with its hyphen ("0028-0836"), or None where the check digit is wrong."""
    match = _ISSN.fullmatch(value.strip())
    if match is None:
        return None
    first, second, check = match[1], match[2], match[3].upper()
    # ISO 3297: weights 8 down to 2, modulus 11, X stands for ten.
    total = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), first + second, strict=True))
    return f"{first}-{second}{check}" if check == "0123456789X"[-total % 11] else None


def normalize_orcid(value: str) -> str | None:
    """Give an ORCID with its hyphens ("0000-0002-1825-0097"), or None where the check digit is wrong."""
    match = _ORCID.fullmatch(value.strip())
    if match is None:
        return None
    digits = "".join(match.groups()).upper()
    # ISO 7064 MOD 11-2; info.orcid.org, "Structure of the ORCID identifier".
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2 % 11
    if digits[15] != "0123456789X"[(12 - total) % 11]:
        return None
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}"


def normalize_openalex(value: str) -> str | None:
    """Give the OpenAlex number of a work ("W2741809807"), or None for anything else of theirs."""
    match = _OPENALEX.fullmatch(value.strip())
    return f"W{match[1]}" if match else None
