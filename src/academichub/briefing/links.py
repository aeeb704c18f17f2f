"""Find the links to code and data that authors put into an abstract. Only safe ones are given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

MOST_LINKS: Final = 8
LONGEST_LINK: Final = 300  # characters

_KIND_BY_HOST: Final = {
    "github.com": "code",
    "gitlab.com": "code",
    "bitbucket.org": "code",
    "codeberg.org": "code",
    "gitee.com": "code",
    "sourceforge.net": "code",
    "pypi.org": "code",
    "archive.softwareheritage.org": "code",
    "github.io": "page",
    "gitlab.io": "page",
    "huggingface.co": "model",
    "modelscope.cn": "model",
    "zenodo.org": "data",
    "figshare.com": "data",
    "osf.io": "data",
    "kaggle.com": "data",
    "datadryad.org": "data",
    "dataverse.org": "data",
    "dataverse.harvard.edu": "data",
    "data.mendeley.com": "data",
    "physionet.org": "data",
    "openml.org": "data",
    "synapse.org": "data",
    "4open.science": "code",
}
_DATA_PREFIXES: Final = ("10.5281/", "10.6084/", "10.17605/", "10.5061/", "10.7910/", "10.17632/")
_HOSTS: Final = "|".join(re.escape(host) for host in _KIND_BY_HOST)
_ADDRESS: Final = re.compile(
    rf"https?://[!#-;=?-\[\]-~]{{4,{LONGEST_LINK}}}"
    rf"|(?<![\w.@/-])(?:[a-z0-9-]{{1,60}}\.)?(?:{_HOSTS})/[!#-;=?-\[\]-~]{{1,{LONGEST_LINK}}}",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}")
_TRAILING: Final = ".,;:!?'\"*)]}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to what belongs to a paper."""

    url: str  # http or https, no user, no port
    kind: str  # "code", "data", "model", "page"


def links(text: str) -> tuple[Link, ...]:
    """Find links to known places for code, data, models and project pages, each once, in order.

    An address without a scheme ("github.com/a/b") gets https. Anything with a user name, a port or a host
    that is not plain ASCII is left out.
    """
    found: dict[str, Link] = {}
    for address in addresses(text):
        link = _link(address)
        if link is not None:
            found.setdefault(link.url.casefold(), link)
    return tuple(found.values())[:MOST_LINKS]


def addresses(text: str) -> tuple[str, ...]:
    """List every web address in a text, as written but for the punctuation behind it."""
    return tuple(_trimmed(found[0]) for found in _ADDRESS.finditer(text))


def _trimmed(address: str) -> str:
    """Take off what belongs to the sentence; a bracket stays if the address opens it."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _link(address: str) -> Link | None:
    url = address if "://" in address else f"https://{address}"
    try:
        parts = urlsplit(url)
        is_plain = parts.port is None and parts.username is None
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if not is_plain or not _HOST.fullmatch(host) or len(parts.path) < 2:  # noqa: PLR2004  # "/" leads nowhere
        is_page = is_plain and host.endswith((".github.io", ".gitlab.io"))
        return Link(url, "page") if is_page and _HOST.fullmatch(host) else None
    if host in {"doi.org", "dx.doi.org"}:
        return Link(url, "data") if parts.path[1:].startswith(_DATA_PREFIXES) else None
    kind = _kind(host)
    if kind == "model" and parts.path.startswith("/datasets/"):
        kind = "data"
    return None if kind is None else Link(url, kind)


def _kind(host: str) -> str | None:
    """Give the kind of a host or of the host that it is below."""
    names = host.split(".")
    below = (".".join(names[at:]) for at in range(len(names) - 1))
    return next((_KIND_BY_HOST[name] for name in below if name in _KIND_BY_HOST), None)
