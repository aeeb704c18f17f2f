"""What all pages share: who asks, how a page is printed, and what is said when something went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from academichub import errors
from academichub.errors import AcademicHubError, FormInvalid, PageUnknown
from academichub.web.address import check_parameters, read_parameters
from academichub.web.guard import SECURITY_HEADERS, read_headers
from academichub.web.i18n import catalogue
from academichub.web.press import Visit
from academichub.web.reader import read_reader
from academichub.web.views.desk import build_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.web.ports import HubPort
    from academichub.web.press import Press

_STATUS_BY_ERROR: Final[tuple[tuple[type[AcademicHubError], HTTPStatus], ...]] = (
    (errors.DateMalformed, HTTPStatus.BAD_REQUEST),
    (errors.FormInvalid, HTTPStatus.BAD_REQUEST),
    (errors.AddressMalformed, HTTPStatus.BAD_REQUEST),
    (errors.AddressForbidden, HTTPStatus.BAD_REQUEST),
    (errors.FormForeign, HTTPStatus.FORBIDDEN),
    (errors.PageUnknown, HTTPStatus.NOT_FOUND),
    (errors.WorkUnknown, HTTPStatus.NOT_FOUND),
    (errors.SourceUnknown, HTTPStatus.NOT_FOUND),
    (errors.CategoryUnknown, HTTPStatus.NOT_FOUND),
    (errors.RadarUnknown, HTTPStatus.NOT_FOUND),
    (errors.RadarInvalid, HTTPStatus.BAD_REQUEST),
    (errors.QueryInvalid, HTTPStatus.BAD_REQUEST),
    (errors.LibraryUnreadable, HTTPStatus.BAD_REQUEST),
    (errors.BriefingUnknown, HTTPStatus.NOT_FOUND),
    (errors.FormatUnknown, HTTPStatus.NOT_FOUND),
    (errors.BriefingInvalid, HTTPStatus.BAD_REQUEST),
    (errors.CollectionUnknown, HTTPStatus.NOT_FOUND),
    (errors.KeepingInvalid, HTTPStatus.BAD_REQUEST),
    (errors.PrintingImpossible, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.HostUnknown, HTTPStatus.MISDIRECTED_REQUEST),
    (errors.StoreUnreachable, HTTPStatus.SERVICE_UNAVAILABLE),
)
PAGE_HEADERS: Final = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Cookie"}
# See guard.SECURITY_HEADERS for why pages with forms differ.
FORM_PAGE_HEADERS: Final = {**PAGE_HEADERS, "Referrer-Policy": "same-origin"}


@dataclass(frozen=True, slots=True)
class Door:
    """What every handler works with."""

    hub: HubPort
    press: Press
    clock: Callable[[], datetime]
    version: str

    def visit(self, request: Request, *, is_checked: bool = True) -> Visit:
        """Read who asks for what. Unchecked, a bad address is as if it had no parameters."""
        try:
            parameters = read_parameters(request.scope["query_string"])
            check_parameters(parameters)
        except FormInvalid:
            if is_checked:
                raise
            parameters = {}
        headers = read_headers(request.scope)
        reader = read_reader(
            headers.get("cookie", ""),
            headers.get("accept-language", ""),
            parameters.get("lang", ""),
            default_language=self.hub.settings.language,
        )
        return Visit(request.scope["path"], parameters, reader, catalogue(reader.language))

    def page(
        self,
        template: str,
        view: object,
        visit: Visit,
        *,
        section: str,
        headers: Mapping[str, str] = PAGE_HEADERS,
        status: int = HTTPStatus.OK,
    ) -> Response:
        """Print a view as the answer."""
        text = self.press.print(template, view, visit, section=section)
        return HTMLResponse(text, status_code=status, headers=dict(headers))

    async def on_error(self, request: Request, error: Exception) -> Response:
        """Say in words what went wrong, with what to do about it."""
        if isinstance(error, HTTPException):
            named: AcademicHubError = PageUnknown(path=request.url.path[:200])
            status = HTTPStatus(error.status_code)
            extra = dict(error.headers or {})
        else:
            named = error if isinstance(error, AcademicHubError) else AcademicHubError()
            status = _status(named)
            extra = {}
        visit = self.visit(request, is_checked=False)
        view = build_error(named, status, visit)
        # The server's own failures pass outside the guard, so its headers are put on here too.
        headers = {**SECURITY_HEADERS, **PAGE_HEADERS, "Cache-Control": "no-store", **extra}
        return self.page("error.html", view, visit, section="", headers=headers, status=status)


def see(address: str) -> Response:
    """Lead from a form that was taken to the page that shows what it did."""
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _status(error: AcademicHubError) -> HTTPStatus:
    for kind, status in _STATUS_BY_ERROR:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR
