"""Say what of a work the search index holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from academichub.model.papers import Kind, LinkRole
from academichub.model.query import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.store.indexing import Shelved

# Where programs and data are kept, with the names that begin a path there; "" is any path but the first page.
_CODE_PLACES: Final = (
    ("github.com", ""),
    ("gitlab.com", ""),
    ("bitbucket.org", ""),
    ("codeberg.org", ""),
    ("sourceforge.net", ""),
    ("gitee.com", ""),
    ("codeocean.com", ""),
    ("huggingface.co", "spaces/"),
)
_DATA_PLACES: Final = (
    ("zenodo.org", ""),
    ("figshare.com", ""),
    ("datadryad.org", ""),
    ("osf.io", ""),
    ("dataverse.harvard.edu", ""),
    ("kaggle.com", "datasets/"),
    ("data.mendeley.com", ""),
    ("doi.pangaea.de", ""),
    ("openneuro.org", ""),
    ("physionet.org", ""),
    ("openml.org", ""),
    ("huggingface.co", "datasets/"),
)
_HOSTS: Final = tuple(dict.fromkeys(host for host, _ in (*_CODE_PLACES, *_DATA_PLACES)))
_ADDRESS: Final = re.compile(
    r"(?:https?://|\b(?=(?:www\.)?[a-z0-9-]+\.(?:com|org|io|net|co)/))[^\s<>\"'(){}\[\]，。；、]{4,300}",
    re.IGNORECASE,
)
_MOST_ADDRESSES: Final = 50  # of one text


def document_of(work: Shelved) -> Document:
    """Make what the index holds of a work."""
    return Document(
        work_id=work.work_id,
        title=work.title,
        abstract=work.abstract,
        authors=work.byline,
        orcids=work.orcids,
        identifiers=work.identifiers,
        categories=work.categories,
        venue=work.venue,
        sources=work.sources,
        kind=str(work.kind),
        listed_on=work.listed_on,
        features=features_of(work),
    )


def features_of(work: Shelved) -> tuple[str, ...]:
    """Tell what a work has, by the names that `has:` knows.

    Code and data are known by links of that kind, and by addresses in the abstract and in the authors'
    comment that lead to where programs and data are kept.
    """
    links = [line.split(" ", 1) for line in work.links]
    roles = {role for role, _ in links}
    places = _places([href for _, href in links], f"{work.abstract}\n{work.comment}")
    has = {
        "code": LinkRole.CODE in roles or any(_is_at(one, _CODE_PLACES) for one in places),
        "data": work.kind is Kind.DATASET or any(_is_at(one, _DATA_PLACES) for one in places),
        "abstract": bool(work.abstract) and not work.is_teaser,
        "doi": any(one.startswith("doi:") for one in work.identifiers),
        "pdf": LinkRole.PDF in roles,
    }
    return tuple(name for name, is_there in has.items() if is_there)


def _places(links: Sequence[str], text: str) -> list[tuple[str, str]]:
    """Give the hosts and paths of addresses; none where no host that counts is named at all, as mostly."""
    named = "\n".join((*links, text)).lower()
    if not any(host in named for host in _HOSTS):
        return []
    addresses = [found[0] for found in _ADDRESS.finditer(text)][:_MOST_ADDRESSES]
    return [_place_of(one) for one in (*links, *addresses)]


def _place_of(address: str) -> tuple[str, str]:
    """Give the host and the path of an address as it stands in a text; ("", "") where it is none."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        return (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:  # an IPv6 address that is not closed, say
        return "", ""


def _is_at(place: tuple[str, str], places: tuple[tuple[str, str], ...]) -> bool:
    host, path = place[0], place[1].lstrip("/")
    return bool(path) and any(host == known and path.startswith(start) for known, start in places)
