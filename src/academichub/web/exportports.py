"""What files of lists ask of the hub, beside what all pages ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from academichub.web.findingports import AuthorsPort
from academichub.web.ports import HubPort
from academichub.web.readerports import KeepingPort, SearchPort

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class FilesPort(Protocol):
    """Files and feeds of lists, as `flows.exporting.ListDesk` writes them."""

    def list_file(
        self,
        work_ids: Sequence[int],
        file_format: str,
        *,
        title: str,
        address: str,
        now: datetime,
        file_address: str = "",
        next_address: str = "",
        language: str = "",
    ) -> tuple[bytes, str]:
        """Write works as a file or feed; give it with its media type. Raises FormatUnknown."""

    def collection_file(
        self, key: str, file_format: str, *, title: str, size: int
    ) -> tuple[bytes, str, bool]:
        """Write a collection with the entries that are no works; the last value tells that there was more.

        Raises CollectionUnknown, FormatUnknown.
        """


class ExportPort(HubPort, KeepingPort, SearchPort, AuthorsPort, FilesPort, Protocol):
    """The hub, as far as files of lists need it."""
