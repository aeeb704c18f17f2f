"""Add to a request what only this hub knows: keys and addresses that servers ask for. Never logged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

from academichub.errors import SettingInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What goes with every request to one host.

    `headers` are sent along; `query` is added to the address on the wire only, so that no log, error or
    stored step ever holds it.
    """

    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    query: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def address(self, url: str) -> str:
        """Give the address as it is asked; what it asks for stays as it is written."""
        if not self.query:
            return url
        parts = urlsplit(url)
        query = "&".join(filter(None, (parts.query, urlencode(self.query))))
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def credentials(
    *,
    contact: str = "",
    openalex_key: str = "",
    semanticscholar_key: str = "",
    ncbi_key: str = "",
    openreview_token: str = "",
    core_key: str = "",
    zotero_key: str = "",
) -> dict[str, Credentials]:
    """Say what each host is given, from the settings that are filled in.

    Args:
        contact: As `manners.user_agent` takes it; NCBI and Unpaywall want an e-mail address with every
            request.
        openalex_key: Raises OpenAlex's daily allowance.
        semanticscholar_key: Leaves the crowded shared pool.
        ncbi_key: Ten requests a second instead of three.
        openreview_token: Without it OpenReview shows a challenge page.
        core_key: CORE answers little without one.
        zotero_key: Reads the library that it was made for.

    Returns:
        Credentials by host name.

    Raises:
        SettingInvalid: A key holds what no header can; a line copied too far, say.
    """
    secrets = {
        "openalex_key": openalex_key,
        "semanticscholar_key": semanticscholar_key,
        "ncbi_key": ncbi_key,
        "openreview_token": openreview_token,
        "core_key": core_key,
        "zotero_key": zotero_key,
    }
    for name, secret in secrets.items():
        if not (secret.isascii() and secret.isprintable()):
            raise SettingInvalid(name=name, where="fetch", value="***", wanted="printable ASCII in one line")
    words = re.split(r"[\s,;]+", contact)
    mail = next((word for word in words if "@" in word and "://" not in word), "").removeprefix("mailto:")
    known: dict[str, Credentials] = {}
    if openalex_key:
        known["api.openalex.org"] = Credentials(query={"api_key": openalex_key})
    if semanticscholar_key:
        known["api.semanticscholar.org"] = Credentials(headers={"x-api-key": semanticscholar_key})
    ncbi = {"tool": "academichub"} | ({"email": mail} if mail else {})
    known["eutils.ncbi.nlm.nih.gov"] = Credentials(query=ncbi | ({"api_key": ncbi_key} if ncbi_key else {}))
    if mail:
        known["api.unpaywall.org"] = Credentials(query={"email": mail})
    if zotero_key:
        known["api.zotero.org"] = Credentials(headers={"Zotero-API-Key": zotero_key})
    if openreview_token:
        known["api2.openreview.net"] = Credentials(headers={"Authorization": f"Bearer {openreview_token}"})
    if core_key:
        known["api.core.ac.uk"] = Credentials(headers={"Authorization": f"Bearer {core_key}"})
    return known
