"""The demonstration's identity provider over HTTP: what clients ask as JSON, and two pages to say who one is."""

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from backend.demonstration.issuer import PATH, Answer, DemoIssuer
from backend.institution import Institution
from backend.web.layout import FormRefused, Layout, read_form

_ASKED = ("redirect_uri", "state", "nonce", "code_challenge")


def issuer_routes(issuer: DemoIssuer, institution: Institution, return_address: str) -> list[Route]:
    """``return_address``: the only one that a browser may be sent back to."""
    pages = IssuerPages(issuer, institution, return_address)
    look, press = ["GET", "HEAD"], ["POST"]
    return [
        Route(f"{PATH}/.well-known/openid-configuration", pages.document),
        Route(f"{PATH}/keys", pages.keys),
        Route(f"{PATH}/devicecode", pages.device_code, methods=press),
        Route(f"{PATH}/token", pages.token, methods=press),
        Route(f"{PATH}/device", pages.ask_device, methods=look),
        Route(f"{PATH}/device", pages.answer_device, methods=press),
        Route(f"{PATH}/authorize", pages.ask_browser, methods=look),
        Route(f"{PATH}/authorize", pages.answer_browser, methods=press),
    ]


class IssuerPages:
    """One method a route."""

    def __init__(self, issuer: DemoIssuer, institution: Institution, return_address: str) -> None:
        self._issuer, self._return_address = issuer, return_address
        self._layout = Layout(institution, "issuer")

    async def document(self, _: Request) -> Response:
        return JSONResponse(self._issuer.document())

    async def keys(self, _: Request) -> Response:
        return JSONResponse(self._issuer.keys())

    async def device_code(self, _: Request) -> Response:
        return _answered(self._issuer.new_device_code())

    async def token(self, request: Request) -> Response:
        try:
            return _answered(self._issuer.token(await read_form(request)))
        except FormRefused:
            return _answered((400, {"error": "invalid_request"}))

    async def ask_device(self, request: Request) -> Response:
        return self._page(request, "device", user_code=request.query_params.get("user_code", ""))

    async def answer_device(self, request: Request) -> Response:
        form = await self._form(request)
        user_code = form.get("user_code", "").strip().upper()
        if not self._issuer.answer_device(user_code, form.get("user") or None):
            return self._page(request, "device", HTTPStatus.UNPROCESSABLE_ENTITY, user_code=user_code, wrong=True)
        return self._page(request, "approved" if form.get("user") else "declined")

    async def ask_browser(self, request: Request) -> Response:
        if request.query_params.get("redirect_uri") != self._return_address:
            return self._page(request, "misdirected", HTTPStatus.BAD_REQUEST)
        return self._page(request, "browser", asked={name: request.query_params.get(name, "") for name in _ASKED})

    async def answer_browser(self, request: Request) -> Response:
        form = await self._form(request)
        if form.get("redirect_uri") != self._return_address:
            return self._page(request, "misdirected", HTTPStatus.BAD_REQUEST)
        return RedirectResponse(self._issuer.answer_browser(form, form.get("user") or None), HTTPStatus.SEE_OTHER)

    async def _form(self, request: Request) -> dict[str, str]:
        try:
            return await read_form(request)
        except FormRefused:
            return {}

    def _page(self, request: Request, said: str, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> Response:
        facts = {"asked": {}, "user_code": "", "wrong": False, "users": (), **more}
        if said in ("device", "browser"):
            facts["users"] = self._issuer.users.values()
        return self._layout.page("issuer.html", request, said, status, **facts)


def _answered(answer: Answer) -> Response:
    status, body = answer
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})
