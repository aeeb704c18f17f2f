"""Serve the few static files under addresses that change with their content."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from academichub.errors import PageUnknown

if TYPE_CHECKING:
    from starlette.requests import Request

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class _Asset:
    body: bytes
    media_type: str


class Assets:
    """The static files, read once when the door opens."""

    def __init__(self) -> None:
        self._address_by_file: dict[str, str] = {}
        self._asset_by_name: dict[str, _Asset] = {}
        for path in sorted((Path(__file__).parent / "static").iterdir()):
            if path.suffix not in _TYPES:
                continue
            body = path.read_bytes()
            name = f"{path.stem}.{blake2b(body, digest_size=6).hexdigest()}{path.suffix}"
            self._address_by_file[path.name] = f"/static/{name}"
            self._asset_by_name[name] = _Asset(body, _TYPES[path.suffix])

    def address(self, file: str) -> str:
        """Give the address of a file, with its content's hash."""
        return self._address_by_file[file]

    async def serve(self, request: Request) -> Response:
        """Answer with a file; an address with an old hash is unknown, like any other."""
        asset = self._asset_by_name.get(request.path_params["name"])
        if asset is None:
            raise PageUnknown(path=request.url.path)
        return Response(
            asset.body,
            media_type=asset.media_type,
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )
