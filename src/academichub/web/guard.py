"""Keep other sites out: host names, foreign forms, and the headers that tell browsers what a page may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders

from academichub.errors import FormForeign, HostUnknown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from academichub.web.ports import HubSettings

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    # Pages with forms say "same-origin" instead: under no-referrer browsers send "Origin: null" with a form,
    # and on plain http there is no Sec-Fetch-Site to tell our own form from a foreign one.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - recognised here, not bound
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def allowed_hosts(settings: HubSettings) -> frozenset[str]:
    """List the host names the hub answers to: loopback, the bound address, the public one."""
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    bound = {settings.host.lower()} - _EVERYWHERE
    return _LOOPBACK_NAMES | bound | ({public} if public else set())


def host_name(header: str) -> str:
    """Take the name out of a Host header: no port, no brackets, lower case; '' where there is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def read_headers(scope: Scope) -> dict[str, str]:
    """Read a request's headers; of one that comes twice, the last, here as in the page cache."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


class Guard:
    """Refuse foreign hosts and forms, and put the security headers on every answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: HubSettings,
        refuse: Callable[[Request, Exception], Awaitable[Response]],
    ) -> None:
        self._app = app
        self._hosts = allowed_hosts(settings)
        public = urlsplit(settings.public_url)
        self._public_origin = f"{public.scheme}://{public.netloc}".lower() if settings.public_url else None
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        error = self._objection(scope)
        if error is None:
            await self._app(scope, receive, send_guarded)
            return
        from starlette.requests import Request

        response = await self._refuse(Request(scope, receive), error)
        await response(scope, receive, send_guarded)

    def _objection(self, scope: Scope) -> FormForeign | HostUnknown | None:
        headers = read_headers(scope)
        host = headers.get("host", "")
        if host_name(host) not in self._hosts:
            return HostUnknown(host=host[:80])
        if scope["method"] in _SAFE_METHODS or self._is_our_form(headers, scope["scheme"], host):
            return None
        return FormForeign(origin=headers.get("origin", "")[:80])

    def _is_our_form(self, headers: Mapping[str, str], scheme: str, host: str) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        origin = headers.get("origin", "").lower()
        return bool(origin) and origin in {f"{scheme}://{host}".lower(), self._public_origin}
