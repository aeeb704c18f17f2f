"""Name what has one name in every language: identifiers, and the servers that papers come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.papers import Identifiers

RESOLVERS: Final[Mapping[str, tuple[str, str]]] = {
    "doi": ("DOI", "https://doi.org/{}"),
    "arxiv": ("arXiv", "https://arxiv.org/abs/{}"),
    "pmid": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "pmcid": ("PMC", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    "openalex": ("OpenAlex", "https://openalex.org/{}"),
    "s2": ("Semantic Scholar", "https://www.semanticscholar.org/paper/{}"),
}
_PROVIDERS: Final[Mapping[str, str]] = {
    "arxiv": "arXiv",
    "arxivapi": "arXiv",
    "oai": "OAI-PMH",
    "crossref": "Crossref",
    "openalex": "OpenAlex",
    "europepmc": "Europe PMC",
    "pubmed": "PubMed",
    "pmc": "PubMed Central",
    "semanticscholar": "Semantic Scholar",
    "biorxiv": "bioRxiv",
    "chemrxiv": "ChemRxiv",
    "hfdaily": "HF Daily Papers",
    "openreview": "OpenReview",
    "dblp": "dblp",
    "doaj": "DOAJ",
    "datacite": "DataCite",
    "plos": "PLOS",
    "elife": "eLife",
    "core": "CORE",
    "hal": "HAL",
    "zenodo": "Zenodo",
    "openaire": "OpenAIRE",
    "unpaywall": "Unpaywall",
    "xueshu": "百度学术",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A labelled value, with a link where it has one."""

    label: str
    value: str
    href: str | None = None


def provider_name(key: str) -> str:
    """Give a provider's own name; the key itself of one that another version knew."""
    return _PROVIDERS.get(key, key)


def scheme_name(scheme: str) -> str:
    """Give an identifier scheme's own name."""
    return RESOLVERS[scheme][0] if scheme in RESOLVERS else scheme


def resolve(scheme: str, value: str) -> str | None:
    """Say where an identifier leads; None for a scheme that leads nowhere."""
    found = RESOLVERS.get(scheme)
    return found[1].format(quote(value, safe="/:().;-")) if found else None


def name_identifiers(identifiers: Identifiers) -> tuple[Named, ...]:
    """Write a work's identifiers, each with its link."""
    return tuple(
        Named(scheme_name(scheme), value, resolve(scheme, value)) for scheme, value in identifiers.pairs()
    )
