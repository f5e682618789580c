"""What a mail's link opens: a page that says what will be confirmed, with a button. Looking changes nothing.

Mail scanners fetch every link (domain.md §3.2), so only the button's POST proves an address. It opens no session: the
page sets no cookie, runs no script and asks nobody else for anything. A link that is unknown, past or revoked has one
and the same page, so that nothing is learned by guessing.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.database.store import StoreUnavailable
from backend.dates import in_words
from backend.institution import Institution
from backend.proofs import LinkView, Proofs
from backend.provisioning import DirectoryUnavailable
from backend.web.layout import Desk, FormRefused, Layout, read_form, spoken

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_TWO_DIGITS = re.compile(r"[0-9]{2}")

TooManyUnknown = Callable[[str], Awaitable[bool]]
"""Counts one unknown link asked for from this source; whether there were too many."""


def routes(proofs: Proofs, institution: Institution, too_many_unknown: TooManyUnknown) -> list[Route]:
    """``GET``, ``HEAD`` and ``POST /l/{token}``."""
    pages = Pages(proofs, institution, too_many_unknown)
    return [
        Route("/l/{token}", pages.look, methods=["GET", "HEAD"], name="link"),
        Route("/l/{token}", pages.press, methods=["POST"]),
    ]


class Pages:
    """Draws the page of each standing of a link."""

    def __init__(self, proofs: Proofs, institution: Institution, too_many_unknown: TooManyUnknown) -> None:
        self._proofs, self._institution, self._too_many_unknown = proofs, institution, too_many_unknown
        self._layout = Layout(institution, "link")
        operator = institution.operator
        self._portal = Desk(operator.name, operator.contact_url) if operator else None

    async def look(self, request: Request) -> Response:
        try:
            link = await self._find(request)
        except StoreUnavailable:
            return self._busy(request)
        return await self._standing(request, link)

    async def press(self, request: Request) -> Response:
        try:
            form = await read_form(request)
        except FormRefused as refusal:
            return self._page(request, "misunderstood", refusal.status)
        if form.get("choice") not in ("confirm", "disown"):
            return self._page(request, "misunderstood", HTTPStatus.BAD_REQUEST)
        try:
            return await self._act(request, form)
        except (StoreUnavailable, DirectoryUnavailable):
            return self._busy(request)

    async def _act(self, request: Request, form: Mapping[str, str]) -> Response:
        link = await self._find(request)
        token = request.path_params["token"]
        if link is None or link.standing != "open":
            return await self._standing(request, link)
        if form.get("choice") == "disown":
            after = await self._proofs.disown(token)
            if after is not None and after.standing == "revoked":
                return self._page(request, "disowned", of=after)
            return await self._standing(request, after)
        number = form.get("number", "").strip()
        if link.asks_number and not _TWO_DIGITS.fullmatch(number):
            return self._question(request, link, error="number_missing")
        after = await self._proofs.confirm(token, int(number) if link.asks_number else None)
        return await self._standing(request, after)

    async def _find(self, request: Request) -> LinkView | None:
        token = request.path_params["token"]
        return await self._proofs.look(token) if _TOKEN.fullmatch(token) else None

    async def _standing(self, request: Request, link: LinkView | None) -> Response:
        if link is None:
            source = request.client.host if request.client else ""
            try:
                if await self._too_many_unknown(source):
                    return self._page(request, "too_many", HTTPStatus.TOO_MANY_REQUESTS)
            except StoreUnavailable:
                return self._busy(request)
        if link is None or link.standing in ("expired", "revoked"):
            return self._page(request, "gone", HTTPStatus.NOT_FOUND)
        if link.standing in ("open", "wrong_number"):
            return self._question(request, link, error="wrong_number" if link.standing == "wrong_number" else "")
        no_screen_waits = link.standing == "proved" and not link.asks_number
        said = "proved_without_screen" if no_screen_waits else link.standing
        return self._page(request, said, of=link)

    def _busy(self, request: Request) -> Response:
        page = self._page(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
        page.headers["Retry-After"] = "5"
        return page

    def _question(self, request: Request, link: LinkView, *, error: str) -> Response:
        locale = spoken(request, link.locale)
        return self._page(
            request,
            link.purpose,
            HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            of=link,
            link=link,
            deadline=in_words(link.deadline, locale, self._institution.zone),
            error=self._layout.words[locale][error].format(tries=link.tries_left) if error else "",
        )

    def _page(
        self,
        request: Request,
        said: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        of: LinkView | None = None,
        link: LinkView | None = None,
        **more: Any,
    ) -> Response:
        """``of``: whose language it has, and who holds it. ``link``: what its button is about."""
        locale = of.locale if of else None
        desk = self._portal if of and of.realm == "portal" else None
        return self._layout.page("link.html", request, said, status, locale=locale, desk=desk, link=link, **more)
