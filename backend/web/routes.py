"""The routes: HTTP in, the engine's word out. docs/api.md and the generated docs/openapi.json describe them."""

import re
from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import TypeVar

import msgspec
import structlog
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api_client import contract
from api_client.languages import languages
from api_client.secret import Secret
from backend.database.store import StoreUnavailable
from backend.engine import (
    Elsewhere,
    Engine,
    NothingProved,
    ResumptionRefused,
    TooMany,
    UnknownJourney,
    UnknownSeat,
    Visit,
)
from backend.hashing import Overloaded
from backend.house import House
from backend.progression import UnknownEnrolment
from backend.provisioning import DirectoryUnavailable
from backend.web.catalogue import catalogue

BODY_LIMIT = 16 * 1024
LONGEST_WAIT = 25.0
_WAIT = re.compile(r"\bwait=(\d{1,4})\b")
_PATH = re.compile(r" - at `(\$[^`]*)`$")
_JSON = "application/json"
_log = structlog.get_logger()
_T = TypeVar("_T")


class Refusal(Exception):
    """A problem to be sent as it is (RFC 9457)."""

    def __init__(
        self, word: str, title: str, status: int, detail: str = "", retry_after: int = 0, reference: str = ""
    ) -> None:
        super().__init__(word)
        self.problem = contract.Problem(type=word, title=title, status=status, detail=detail, reference=reference)
        self.retry_after = retry_after


Endpoint = Callable[[Request], Awaitable[Response]]


class Routes:
    """One method a route."""

    def __init__(self, house: House, engine: Engine, *, demonstration: bool) -> None:
        self._house, self._engine, self._demonstration = house, engine, demonstration

    def routes(self) -> list[Route]:
        one = "/v1/enrolments/{id}"
        return [
            Route("/v1/catalogue", guarded(self.catalogue)),
            Route("/v1/enrolments", guarded(self.begin), methods=["POST"]),
            Route("/v1/resumptions", guarded(self.resume), methods=["POST"]),
            Route(one, guarded(self.current)),
            Route(f"{one}/answers", guarded(self.answer), methods=["POST"]),
            Route(f"{one}/back", guarded(self.back), methods=["POST"]),
            Route(f"{one}/locale", guarded(self.switch_locale), methods=["PUT"]),
            Route(f"{one}/hand-over", guarded(self.hand_over), methods=["POST"]),
            Route(f"{one}/seat", guarded(self.leave), methods=["DELETE"]),
            Route("/v1/health", guarded(self.health)),
        ]

    async def catalogue(self, request: Request) -> Response:
        locale = request.query_params.get("locale", "fr")
        return _sent(catalogue(self._house.library, locale, demonstration=self._demonstration))

    async def begin(self, request: Request) -> Response:
        return _sent(await self._engine.begin(await read_body(request, contract.Begin), _source(request)), 201)

    async def resume(self, request: Request) -> Response:
        return _sent(await self._engine.resume(await read_body(request, contract.Resume), _source(request)), 201)

    async def answer(self, request: Request) -> Response:
        answer: contract.Answer = await read_body(request, contract.AnyAnswer)  # type: ignore[arg-type]
        return _visited(await self._engine.answer(_token(request), _id(request), _revision(request), answer))

    async def back(self, request: Request) -> Response:
        return _visited(await self._engine.back(_token(request), _id(request), _revision(request)))

    async def switch_locale(self, request: Request) -> Response:
        wish = await read_body(request, contract.SwitchLocale)
        return _visited(await self._engine.switch_locale(_token(request), _id(request), wish.locale))

    async def hand_over(self, request: Request) -> Response:
        return _sent(await self._engine.hand_over(_token(request), _id(request)), 201)

    async def leave(self, request: Request) -> Response:
        await self._engine.leave(_token(request), _id(request))
        return Response(status_code=204)

    async def current(self, request: Request) -> Response:
        known = _etag(request.headers.get("if-none-match", ""))
        found = _WAIT.search(request.headers.get("prefer", ""))
        wait = min(float(found[1]), LONGEST_WAIT) if found else 0.0
        visit = await self._engine.current(_token(request), _id(request), known, wait)
        return _visited(visit) if visit else Response(status_code=304)

    async def health(self, request: Request) -> Response:
        async with self._house.store.read() as connection:
            await connection.exec_driver_sql("SELECT 1")
        return Response(b'{"status":"ok"}', media_type=_JSON)


def guarded(endpoint: Endpoint) -> Endpoint:
    """Every outcome is an answer: what the engine refuses, what is busy, and what is our fault."""

    async def endpoint_guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Elsewhere as lost:
            return _sent(lost.enrolment(_spoken(request)))
        except Refusal as refusal:
            return _refused(refusal)
        except tuple(_REFUSALS) as refused:
            return _refused(_REFUSALS[type(refused)](refused))
        except Exception as fault:  # noqa: BLE001 - the last resort: told by its reference, and logged under it
            reference = token_hex(4)
            _log.error("unexpected", reference=reference, route=_route(request), exc_info=fault)
            return _refused(Refusal("unexpected", "Our fault.", 500, reference=reference))

    return endpoint_guarded


async def astray(_: Request, error: Exception) -> Response:
    """What Starlette refuses by itself, an unknown address or a wrong method, is a problem like the others."""
    if not isinstance(error, HTTPException) or error.status_code != 405:
        return _refused(Refusal("not-found", "There is nothing here.", 404))
    response = _refused(Refusal("wrong-method", "Not with this method.", 405))
    response.headers.update(error.headers or {})
    return response


def _unknown_seat(_: Exception) -> Refusal:
    return Refusal("unknown-seat", "This screen holds no enrolment.", 401)


def _not_resumed(error: Exception) -> Refusal:
    if isinstance(error, ResumptionRefused) and error.retry_after:
        return Refusal("too-many-tries", "Too many codes were tried.", 429, retry_after=error.retry_after)
    return Refusal("resumption-refused", "That is not right.", 422)


def _too_many(error: Exception) -> Refusal:
    wait = error.retry_after if isinstance(error, TooMany) else 1
    return Refusal("too-many", "Too many enrolments were begun here.", 429, retry_after=wait)


def _busy(error: Exception) -> Refusal:
    wait = error.retry_after if isinstance(error, Overloaded) else 1
    return Refusal("busy", "Too many at once.", 503, retry_after=wait)


_REFUSALS: dict[type[Exception], Callable[[Exception], Refusal]] = {
    UnknownSeat: _unknown_seat,
    UnknownEnrolment: _unknown_seat,
    UnknownJourney: lambda _: Refusal("unknown-journey", "There is no such journey.", 404),
    NothingProved: lambda _: Refusal("nothing-proved", "Nothing was proved yet.", 409),
    ResumptionRefused: _not_resumed,
    TooMany: _too_many,
    Overloaded: _busy,
    StoreUnavailable: lambda _: Refusal("unavailable", "The database does not answer.", 503, retry_after=1),
    DirectoryUnavailable: lambda _: Refusal("unavailable", "The directory does not answer.", 503, retry_after=1),
}


def _route(request: Request) -> str:
    """What was asked for, without anybody's id."""
    return re.sub(r"[0-9a-f]{32}", "{id}", request.url.path)


def _sent(message: Struct, status: int = 200) -> Response:
    headers = {"cache-control": "no-store"}
    if isinstance(message, contract.Enrolment):
        headers["etag"] = f'"{message.revision}"'
    return Response(contract.encode(message), status, headers, _JSON)


def _visited(visit: Visit) -> Response:
    response = _sent(visit.enrolment)
    if visit.token:
        response.headers["perron-seat"] = visit.token.reveal()
    return response


def _refused(refusal: Refusal) -> Response:
    headers = {"cache-control": "no-store"}
    if refusal.problem.status == 401:  # RFC 9110 §15.5.2
        headers["www-authenticate"] = "Bearer"
    if refusal.retry_after:
        headers["retry-after"] = str(refusal.retry_after)
    body = contract.encode(refusal.problem)
    return Response(body, refusal.problem.status, headers, "application/problem+json")


async def read_body(request: Request, wanted: type[_T]) -> _T:
    """The body as ``wanted``. What is wrong is named by its path, never by its value, which may be a secret."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise Refusal("too-large", f"A body has at most {BODY_LIMIT} bytes.", 413)
    try:
        return contract.decode(bytes(body), wanted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        found = _PATH.search(str(error))
        where = found[1] if found else ""
        raise Refusal("not-understood", "The body is not what is expected here.", 400, where) from None


def _token(request: Request) -> Secret:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise UnknownSeat
    return Secret(token)


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _spoken(request: Request) -> contract.Locale | None:
    """The language of the screen that asks, as ours says it; browsers do not come here."""
    asked = request.headers.get("accept-language", "")
    return asked if asked in languages() else None


def _revision(request: Request) -> int:
    revision = _etag(request.headers.get("if-match", ""))
    if revision is None:
        raise Refusal("no-revision", 'Say the revision that is answered: If-Match: "3".', 428)
    return revision


def _etag(text: str) -> int | None:
    digits = text.strip().removeprefix("W/").strip('"')
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _source(request: Request) -> str:
    return request.client.host if request.client else ""
