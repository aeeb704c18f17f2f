"""Let a browser install the hub and read it without a connection: the manifest, the icons, the worker."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from academichub.errors import PageUnknown
from academichub.web.emblem import draw_emblem
from academichub.web.i18n import HTML_LANG, LANGUAGES
from academichub.web.views.offline import build_offline, plan_pages

if TYPE_CHECKING:
    from starlette.requests import Request

    from academichub.web.assets import Assets
    from academichub.web.door import Door

_STATIC: Final = Path(__file__).parent / "static"
_KEPT_ENDINGS: Final = (".css", ".js", ".svg")
WORKER: Final = "sw.js"
# Name in addresses: pixels, and whether the edges may be cut off.
_ICONS: Final = {
    "180.png": (180, False),
    "192.png": (192, False),
    "512.png": (512, False),
    "maskable-512.png": (512, True),
}
_FRESH: Final = {"Cache-Control": "no-cache"}
_PRIVATE: Final = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Cookie"}
_ICON_HEADERS: Final = {"Cache-Control": "public, max-age=604800"}


class OfflinePages:
    """Handlers of what browsers ask for by themselves."""

    def __init__(self, door: Door, *, assets: Assets) -> None:
        self._door = door
        self._worker = write_worker(assets, program=door.version)

    def routes(self) -> list[Route]:
        """List the addresses of these files. The worker stands at the root, for it serves all pages."""
        return [
            Route("/manifest.webmanifest", self.manifest),
            Route("/icons/{name}", self.icon),
            Route(f"/{WORKER}", self.worker),
            Route("/offline", self.offline),
            Route("/offline.json", self.plan),
        ]

    async def manifest(self, request: Request) -> Response:
        """Say what the hub is called and looks like when it is installed."""
        visit = self._door.visit(request)
        words = visit.words
        said = {
            "id": "/",
            "name": "AcademicHub",
            "short_name": "AcademicHub",
            "description": words.text("The day's literature, gathered and numbered"),
            "lang": HTML_LANG[words.language],
            "dir": "ltr",
            "start_url": f"/{visit.suffix}" if visit.suffix else "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbfaf6",
            "theme_color": "#fbfaf6",
            "icons": [
                {
                    "src": f"/icons/{name}",
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "maskable" if is_maskable else "any",
                }
                for name, (size, is_maskable) in _ICONS.items()
            ],
            "shortcuts": [
                {"name": words.text(name), "url": f"{path}{visit.suffix}"}
                for path, name in (("/search", "Search"), ("/radars", "Radars"), ("/b", "Briefings"))
            ],
        }
        return Response(
            json.dumps(said, ensure_ascii=False), media_type="application/manifest+json", headers=_PRIVATE
        )

    async def icon(self, request: Request) -> Response:
        """Draw an icon."""
        found = _ICONS.get(request.path_params["name"])
        if found is None:
            raise PageUnknown(path=request.url.path[:200])
        size, is_maskable = found
        body = await run_in_threadpool(draw_emblem, size, is_maskable=is_maskable)
        return Response(body, media_type="image/png", headers=_ICON_HEADERS)

    async def worker(self, _request: Request) -> Response:
        """Give the worker that keeps pages; its bytes change with any file it keeps."""
        return Response(self._worker, media_type="text/javascript", headers=_FRESH)

    async def offline(self, request: Request) -> Response:
        """Show the page that stands in for one that is not kept."""
        visit = self._door.visit(request)
        return self._door.page("offline.html", build_offline(visit), visit, section="")

    async def plan(self, request: Request) -> Response:
        """List what to keep for reading offline."""
        visit = self._door.visit(request)
        today = self._door.clock().date()
        pages = await run_in_threadpool(plan_pages, self._door.hub, visit, today=today)
        return JSONResponse({"pages": pages}, headers=_PRIVATE)


def write_worker(assets: Assets, *, program: str) -> str:
    """Write the worker with the files it keeps and their version in front of it."""
    files = [
        assets.address(path.name)
        for path in sorted(_STATIC.iterdir())
        if path.suffix in _KEPT_ENDINGS and path.name != WORKER
    ]
    body = (_STATIC / WORKER).read_text("utf-8")
    version = blake2b("\n".join([program, *files, body]).encode(), digest_size=6).hexdigest()
    known = {"version": version, "files": files, "languages": LANGUAGES}
    return f"const KNOWN = {json.dumps(known)};\n{body}"
