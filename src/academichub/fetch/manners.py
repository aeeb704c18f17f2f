"""How we behave at each server: how often we call, over how many connections, under what name."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from academichub.errors import SettingInvalid

ARXIV_GATE = "arxiv.org"
# arXiv's terms of use: one request every three seconds and one connection at a time, over all
# machines and all of its services together (RSS, OAI-PMH and API).
ARXIV_INTERVAL_SECONDS = 3.0
# Ours: slow enough that no publisher notices us, fast enough for a hundred feeds in two minutes.
INTERVAL_SECONDS = 1.0

# One question at a time, at half the pace that each allows or less.
SERVICE_INTERVAL_SECONDS = {
    "api.crossref.org": 0.2,  # polite pool: ten a second
    "api.openalex.org": 0.2,
    "www.ebi.ac.uk": 0.5,
    "eutils.ncbi.nlm.nih.gov": 0.4,  # three a second without a key
    "api.semanticscholar.org": 1.1,  # one a second with a key
    "api.datacite.org": 0.6,  # 500 in five minutes
    "doaj.org": 1.0,
    "dblp.org": 3.0,
    "api.biorxiv.org": 1.0,
    "connect.biorxiv.org": 1.0,
    "connect.medrxiv.org": 1.0,
    "api.zotero.org": 0.2,  # none is published; what Backoff and Retry-After say is honoured
}

# Labels that make a two-letter ending a registry of its own: ox.ac.uk, pku.edu.cn, jst.go.jp.
_REGISTRY_LABELS = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org", "res"})
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_PAGE = re.compile(r"https?://[A-Za-z0-9./:?=&%_~#@+-]+")


@dataclass(frozen=True, slots=True)
class Manner:
    """How to call at one host."""

    name: str  # of the gate that this host shares with its neighbours
    interval_seconds: float  # between the end of one request and the start of the next
    hangs_up: bool = False  # close the connection before leaving the gate


def gate_for(host: str) -> Manner:
    """Say which gate leads to a host, and how to behave there.

    Hosts of one owner share a gate. The owner is guessed from the name without a public suffix
    list: the last two labels, or three under endings such as ac.uk. A wrong guess only makes two
    strangers wait for each other.

    Args:
        host: A name or address as it stands in a URL, in ASCII.
    """
    name = host.lower().rstrip(".")
    owner = _owner(name)
    if owner == ARXIV_GATE:
        return Manner(ARXIV_GATE, ARXIV_INTERVAL_SECONDS, hangs_up=True)
    # Services for programs have gates of their own: a harvest must not hold up a neighbour's feed, and
    # each says how often it may be asked (ingest reference, section 2.7).
    if name in SERVICE_INTERVAL_SECONDS:
        return Manner(name, SERVICE_INTERVAL_SECONDS[name])
    return Manner(owner, INTERVAL_SECONDS)


def _owner(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        labels = host.split(".")
    is_registry = len(labels) > 1 and len(labels[-1]) == len("uk") and labels[-2] in _REGISTRY_LABELS
    return ".".join(labels[-3:] if is_registry else labels[-2:])


def user_agent(version: str, contact: str) -> str:
    """Write the name we call under, with a way to reach whoever runs this hub.

    Args:
        version: Of AcademicHub, such as "0.1.0".
        contact: An e-mail address, the address of a page about this hub, or both with a blank,
            comma or semicolon between them; "" where nobody gave one, and then we say so.

    Raises:
        SettingInvalid: The contact is something else. It would be useless, or break the header.
    """
    parts = [_contact_part(word) for word in re.split(r"[\s,;]+", contact) if word]
    said = "; ".join(parts) or "self-hosted; no contact set"
    return f"AcademicHub/{version} ({said})"


def _contact_part(word: str) -> str:
    if _MAIL.fullmatch(word.removeprefix("mailto:")):
        return f"mailto:{word.removeprefix('mailto:')}"
    if _PAGE.fullmatch(word):
        return f"+{word}"
    raise SettingInvalid(name="contact", where="fetch", value=word, wanted="an e-mail or http(s) address")
