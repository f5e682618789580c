"""What a mail's link opens: a page that says what will be confirmed, with a button. Looking changes nothing.

Mail scanners fetch every link (domain.md §3.2), so only the button's POST proves an address. It opens no session: the
page sets no cookie, runs no script and asks nobody else for anything. A link that is unknown, past or revoked has one
and the same page, so that nothing is learned by guessing.
"""

import re
import tomllib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api_client.contract import Locale
from api_client.contrast import readable
from api_client.wording import clean
from backend.database.store import StoreUnavailable
from backend.deadlines import in_words
from backend.institution import Institution
from backend.proofs import LinkView, Proofs
from backend.provisioning import DirectoryUnavailable

MAX_BODY = 4096
_TEMPLATES = Path(__file__).parent / "templates"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_TWO_DIGITS = re.compile(r"[0-9]{2}")
_FORM_TYPE = "application/x-www-form-urlencoded"
_LIGHT_GROUND, _DARK_CARD = "#f3f4f6", "#1d2126"
"""Of link.css: in each scheme, the ground on which the accent is hardest to read."""

TooManyUnknown = Callable[[str], Awaitable[bool]]
"""Counts one unknown link asked for from this source; whether there were too many."""


class FormRefused(Exception):
    """What was posted is no form of ours; ``status`` says how."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


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
        self._words = {locale: tomllib.loads(_read(f"words.{locale}.toml")) for locale in get_args(Locale)}
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=lambda value: value if isinstance(value, Markup) else clean(str(value)),
            trim_blocks=True,
        )
        self._template = environment.get_template("link.html")
        accents = {
            "accent_on_light": readable(institution.accent, _LIGHT_GROUND),
            "accent_on_dark": readable(institution.accent, _DARK_CARD),
        }
        self._style = Markup(environment.get_template("link.css").render(accents))  # noqa: S704 - our own style sheet
        self._headers = _headers(self._style)

    async def look(self, request: Request) -> Response:
        try:
            link = await self._find(request)
        except StoreUnavailable:
            return self._busy(request)
        return await self._standing(request, link)

    async def press(self, request: Request) -> Response:
        try:
            form = await _read_form(request)
        except FormRefused as refusal:
            return self._page(request, "misunderstood", refusal.status)
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
                return self._page(request, "disowned", locale=after.locale)
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
        without_screen = link.purpose == "activation" and not link.asks_number
        said = "proved_without_screen" if link.standing == "proved" and without_screen else link.standing
        return self._page(request, said, locale=link.locale)

    def _busy(self, request: Request) -> Response:
        page = self._page(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
        page.headers["Retry-After"] = "5"
        return page

    def _question(self, request: Request, link: LinkView, *, error: str) -> Response:
        locale = _asked_locale(request) or link.locale
        return self._page(
            request,
            link.purpose,
            HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            locale=link.locale,
            link=link,
            deadline=in_words(link.deadline, locale, self._institution.zone),
            error=self._words[locale][error].format(tries=link.tries_left) if error else "",
        )

    def _page(
        self,
        request: Request,
        said: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        locale: Locale | None = None,
        link: LinkView | None = None,
        **more: Any,
    ) -> Response:
        """The page ``said`` in the language asked for, else ``locale``, else the browser's."""
        locale = _asked_locale(request) or locale or _browser_locale(request)
        words = self._words[locale]
        names = self._institution.names()
        html = self._template.render(
            locale=locale,
            other_locale="fr" if locale == "en" else "en",
            institution=self._institution,
            style=self._style,
            words=words,
            title=words[said]["title"],
            body=[paragraph.format_map(names) for paragraph in words[said]["body"]],
            button=words[said].get("button", ""),
            link=link,
            **more,
        )
        return HTMLResponse(html, status, headers=self._headers)


def _headers(style: str) -> dict[str, str]:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
    }


async def _read_form(request: Request) -> dict[str, str]:
    """The fields, each given once. Raises FormRefused."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise FormRefused(HTTPStatus.BAD_REQUEST)
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY:
                raise FormRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=8)
    except (ValueError, ClientDisconnect) as error:
        raise FormRefused(HTTPStatus.BAD_REQUEST) from error
    if any(len(values) > 1 for values in fields.values()) or fields.get("choice") not in (["confirm"], ["disown"]):
        raise FormRefused(HTTPStatus.BAD_REQUEST)
    return {name: values[0] for name, values in fields.items()}


def _asked_locale(request: Request) -> Locale | None:
    asked = request.query_params.get("lang")
    return next((locale for locale in get_args(Locale) if locale == asked), None)


def _browser_locale(request: Request) -> Locale:
    """The first of ours in Accept-Language by weight (RFC 9110 §12.5.4), else French."""
    wishes = [part.strip().partition(";q=") for part in request.headers.get("accept-language", "")[:200].split(",")]
    weights = {tag.lower().partition("-")[0]: _weight(weight) for tag, _, weight in reversed(wishes)}
    locales: tuple[Locale, ...] = get_args(Locale)
    return max(locales, key=lambda locale: weights.get(locale, 0.0))


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.[0-9]{1,3})?", text) else 1.0


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
