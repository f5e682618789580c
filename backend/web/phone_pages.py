"""The pages that a phone opens: what will be paired, a button, a sign-in elsewhere, and one last question.

``GET /p/CODE`` changes nothing, since whatever scans a QR code may fetch its address first. The button claims the code
for this browser, which a cookie then stands for; where it goes next is a page with a link rather than a redirection,
which browsers would hold against ``form-action``.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from api_client.secret import Secret
from backend.database.store import StoreUnavailable
from backend.house import House
from backend.pairing.devices import find_device, revoke_device
from backend.pairing.phones import Claimed, Phones, TooManyDigits
from backend.pairing.revocations import read_revocation
from backend.sign_in.wire import IssuerDistrusted, IssuerUnavailable
from backend.web.layout import Desk, FormRefused, Layout, read_form
from backend.web.pages import TooManyUnknown
from backend.web.phone_client import HINTS, phone_of

_COOKIE_SECONDS = 1800
_SOON = {"signed_in": 2}
"""Seconds after which a page looks again by itself."""

Endpoint = Callable[[Request], Awaitable[Response]]


def phone_routes(house: House, phones: Phones, too_many_unknown: TooManyUnknown) -> list[Route]:
    """``/p`` and what is below it. A QR code in upper case asks for ``/P``."""
    pages = PhonePages(house, phones, too_many_unknown)
    look, press = ["GET", "HEAD"], ["POST"]
    return [
        Route("/p", pages.guarded(pages.ask_digits), methods=look),
        Route("/p", pages.guarded(pages.claim_digits), methods=press),
        Route("/p/signed-in", pages.guarded(pages.come_back)),
        Route("/p/here", pages.guarded(pages.stand), methods=look),
        Route("/p/here", pages.guarded(pages.answer), methods=press),
        Route("/p/revoke/{revocation}", pages.guarded(pages.ask_revocation), methods=look),
        Route("/p/revoke/{revocation}", pages.guarded(pages.revoke), methods=press),
        Route("/p/{code}", pages.guarded(pages.look), methods=look, name="phone"),
        Route("/p/{code}", pages.guarded(pages.claim), methods=press),
        Route("/P/{code}", pages.guarded(pages.look), methods=look),
        Route("/P/{code}", pages.guarded(pages.claim), methods=press),
    ]


class PhonePages:
    """One method a page; what is busy or misunderstood has a page too."""

    def __init__(self, house: House, phones: Phones, too_many_unknown: TooManyUnknown) -> None:
        self._house, self._phones, self._too_many_unknown = house, phones, too_many_unknown
        application = house.institution.application
        desk = Desk(application.host, application.support_email, application.support_phone) if application else None
        self._layout = Layout(house.institution, "phone", desk)
        # A browser keeps a __Host- cookie from every other host and path, and takes one over https alone.
        self._secure = house.pairings.return_address.startswith("https:")
        self._cookie = "__Host-perron-phone" if self._secure else "perron-phone"

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        async def endpoint_guarded(request: Request) -> Response:
            try:
                response = await endpoint(request)
            except FormRefused as refusal:
                response = self._page(request, "misunderstood", refusal.status)
            except (StoreUnavailable, IssuerUnavailable):
                response = self._page(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
                response.headers["Retry-After"] = "5"
            except IssuerDistrusted:
                response = self._page(request, "failed", HTTPStatus.BAD_GATEWAY)
            response.headers["Accept-CH"] = HINTS
            return response

        return endpoint_guarded

    # ---------------------------------------------------------------------------------------------- bringing the code

    async def look(self, request: Request) -> Response:
        if await self._phones.is_open(request.path_params["code"]):
            return self._page(request, "open")
        return await self._gone(request)

    async def claim(self, request: Request) -> Response:
        claimed = await self._phones.claim(request.path_params["code"], phone_of(request.headers))
        return self._sent_to_sign_in(request, claimed) if claimed else await self._gone(request)

    async def ask_digits(self, request: Request) -> Response:
        return self._page(request, "digits", error="")

    async def claim_digits(self, request: Request) -> Response:
        typed, source = (await read_form(request)).get("digits", ""), request.client.host if request.client else ""
        try:
            claimed = await self._phones.claim_by_digits(typed, phone_of(request.headers), source)
        except TooManyDigits:
            return self._page(request, "too_many", HTTPStatus.TOO_MANY_REQUESTS)
        if claimed is None:
            return self._page(request, "digits", HTTPStatus.UNPROCESSABLE_ENTITY, error="digits_wrong")
        return self._sent_to_sign_in(request, claimed)

    def _sent_to_sign_in(self, request: Request, claimed: Claimed) -> Response:
        response = self._page(request, "claimed", next_url=claimed.sign_in_address, refresh=1)
        response.set_cookie(
            self._cookie,
            claimed.token.reveal(),
            max_age=_COOKIE_SECONDS,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        return response

    # --------------------------------------------------------------------------------------------------- and then

    async def come_back(self, request: Request) -> Response:
        token = self._token(request)
        if token is None or not await self._phones.return_from_issuer(token, dict(request.query_params)):
            return await self._gone(request)
        return RedirectResponse("here", HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})

    async def stand(self, request: Request) -> Response:
        token = self._token(request)
        standing = await self._phones.standing(token) if token else None
        if token is None or standing is None or standing == "shown":
            return await self._gone(request)
        if standing == "claimed":
            return self._page(request, standing, next_url=await self._phones.sign_in_address(token), refresh=None)
        return self._page(request, standing, refresh=_SOON.get(standing))

    async def answer(self, request: Request) -> Response:
        choice, token = (await read_form(request)).get("choice"), self._token(request)
        if choice not in ("accept", "skip"):
            return self._page(request, "misunderstood", HTTPStatus.BAD_REQUEST)
        if token is None:
            return await self._gone(request)
        await self._phones.answer(token, biometric=choice == "accept")
        return RedirectResponse("here", HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})

    # ------------------------------------------------------------------------------------------------- not me

    async def ask_revocation(self, request: Request) -> Response:
        device_id = read_revocation(self._house.keys, request.path_params["revocation"])
        async with self._house.store.read() as connection:
            device = await find_device(connection, device_id) if device_id else None
        if device is None:
            return await self._gone(request)
        return self._page(request, "revocation", device=device)

    async def revoke(self, request: Request) -> Response:
        device_id = read_revocation(self._house.keys, request.path_params["revocation"])
        async with self._house.store.write() as tx:
            device = await find_device(tx.connection, device_id) if device_id else None
            if device:
                await revoke_device(self._house, tx, device.account_id, device.id, "web")
        return self._page(request, "revoked_device") if device else await self._gone(request)

    # ----------------------------------------------------------------------------------------------------- both

    def _token(self, request: Request) -> Secret | None:
        cookie = request.cookies.get(self._cookie)
        return Secret(cookie) if cookie else None

    async def _gone(self, request: Request) -> Response:
        """One and the same page for every code that pairs nothing, so that nothing is learned by guessing."""
        if await self._too_many_unknown(request.client.host if request.client else ""):
            return self._page(request, "too_many", HTTPStatus.TOO_MANY_REQUESTS)
        return self._page(request, "gone", HTTPStatus.NOT_FOUND)

    def _page(self, request: Request, said: str, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> Response:
        facts = {"refresh": None, "next_url": "", "error": "", "device": None, **more}
        return self._layout.page("phone.html", request, said, status, **facts)
