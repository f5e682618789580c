"""What every page of ours is made of: one layout and style sheet, every language, and headers that allow nothing.

No page runs a script, asks anybody else for anything, or is kept by a cache or shown in a frame.
"""

import re
import tomllib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse

from api_client.contract import Locale
from api_client.contrast import readable
from api_client.languages import languages, nearest, own_name, translated
from api_client.wording import clean
from backend.institution import Institution

MAX_BODY = 4096
Words = dict[str, Any]
"""What the pages of one subject say in one language; a page is a table with a ``title`` and a ``body``."""

_TEMPLATES = Path(__file__).parent / "templates"
_FORM_TYPE = "application/x-www-form-urlencoded"
_LIGHT_GROUND, _DARK_CARD = "#f3f4f6", "#1d2126"
"""Of layout.css: in each scheme, the ground on which the accent is hardest to read."""


class FormRefused(Exception):
    """What was posted is no form of ours; ``status`` says how."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True)
class Desk:
    """Who holds a page, and where those who help with it are reached."""

    name: str
    contact: str
    """An e-mail address, or the address of a page."""
    phone: str = ""

    @property
    def link(self) -> str:
        """What a browser opens to reach them."""
        return self.contact if "://" in self.contact else f"mailto:{self.contact}"

    @property
    def told(self) -> str:
        """As a sentence names whom to tell; an e-mail address says itself whose it is."""
        return f"{self.name} ({self.contact})" if "://" in self.contact else self.contact


class Layout:
    """Renders templates that extend ``layout.html``, in the words of one subject."""

    def __init__(self, institution: Institution, subject: str, desk: Desk | None = None) -> None:
        """``subject``: of the words, as in ``templates/link.fr.toml``. ``desk``: where it is not the institution's."""
        self.institution = institution
        self._desk = desk or Desk(institution.name, institution.support_email, institution.support_phone)
        self.words = {locale: _words("layout", locale) | _words(subject, locale) for locale in languages()}
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=lambda value: value if isinstance(value, Markup) else clean(str(value)),
            trim_blocks=True,
        )
        accents = {
            "accent_on_light": readable(institution.accent, _LIGHT_GROUND),
            "accent_on_dark": readable(institution.accent, _DARK_CARD),
        }
        style = self._environment.get_template("layout.css").render(accents)
        self._style = Markup(style)  # noqa: S704 - our own style sheet
        self._headers = _headers(style)

    def page(
        self,
        template: str,
        request: Request,
        said: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        locale: Locale | None = None,
        desk: Desk | None = None,
        **more: Any,
    ) -> HTMLResponse:
        """The page ``said``, in the language asked for, else in ``locale``, else in the browser's. ``desk``: of this
        page, where it is not the subject's; texts call it ``{contact}``."""
        locale, desk = spoken(request, locale), desk or self._desk
        words, names = self.words[locale], {**self.institution.names(), "contact": desk.told}
        html = self._environment.get_template(template).render(
            locale=locale,
            languages={other: own_name(other) for other in self.words if other != locale},
            desk=desk,
            style=self._style,
            words=words,
            said=said,
            title=words[said]["title"].format_map(names),
            body=[paragraph.format_map(names) for paragraph in words[said]["body"]],
            button=words[said].get("button", "").format_map(names),
            **more,
        )
        return HTMLResponse(html, status, headers=self._headers)


def spoken(request: Request, locale: Locale | None = None) -> Locale:
    """The language of a page."""
    asked = request.query_params.get("lang")
    if asked in languages():
        return asked
    return nearest(locale) if locale else _browser_locale(request)


async def read_form(request: Request) -> dict[str, str]:
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
    if any(len(values) > 1 for values in fields.values()):
        raise FormRefused(HTTPStatus.BAD_REQUEST)
    return {name: values[0] for name, values in fields.items()}


def _headers(style: str) -> Mapping[str, str]:
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


def _words(subject: str, locale: Locale) -> Words:
    """French and English are files; another language is what its translator says for the English one."""
    file = _TEMPLATES / f"{subject}.{locale}.toml"
    if file.exists():
        return tomllib.loads(file.read_text(encoding="utf-8"))
    return {key: _translated(value, locale) for key, value in _words(subject, "en").items()}


def _translated(words: Any, locale: Locale) -> Any:
    if isinstance(words, str):
        return translated(words, locale)
    if isinstance(words, list):
        return [_translated(word, locale) for word in words]
    return {key: _translated(word, locale) for key, word in words.items()}


def _browser_locale(request: Request) -> Locale:
    """The first of ours in Accept-Language by weight (RFC 9110 §12.5.4), else French."""
    wishes = [part.strip().partition(";q=") for part in request.headers.get("accept-language", "")[:200].split(",")]
    weights = {tag.lower().partition("-")[0]: _weight(weight) for tag, _, weight in reversed(wishes)}
    return max(languages(), key=lambda locale: weights.get(locale, 0.0))


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.[0-9]{1,3})?", text) else 1.0
