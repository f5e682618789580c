"""The terminal's way of speaking to the backend; docs/architecture.md tells the protocol.

Every failure comes out as one of ``api_client.problems``; every text that comes in has been made harmless.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Struct, structs

from api_client.connection import Connection
from api_client.contract import (
    Answer,
    Begin,
    Catalogue,
    Enrolment,
    HandOver,
    Locale,
    Resume,
    Seated,
    SwitchLocale,
    decode,
    encode,
)
from api_client.problems import Garbled, PerronError
from api_client.wording import clean

if TYPE_CHECKING:
    import httpx

_T = TypeVar("_T")


class Client:
    """What one screen may ask of the backend: a catalogue, a seat in an enrolment, and the way through it.

    Reading, answering and going back (which name the revision they are about) are safe to repeat, and repeated when the
    connection fails; beginning, resuming and handing over only when the request cannot have arrived.
    """

    def __init__(
        self,
        backend: str,
        *,
        locale: Locale = "fr",
        patience: float = 2.5,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self._connection = Connection(backend, locale=locale, patience=patience, transport=transport)

    async def close(self) -> None:
        """Give the connection back and forget the seat."""
        await self._connection.close()

    @property
    def locale(self) -> Locale:
        """The language of the catalogue, of problems, and of what is begun next."""
        return self._connection.locale

    @locale.setter
    def locale(self, locale: Locale) -> None:
        self._connection.locale = locale

    async def catalogue(self) -> Catalogue:
        """The institution and its journeys, in the client's language."""
        return await self.fetch(f"/v1/catalogue?locale={self._connection.locale}", Catalogue)

    async def begin(self, begin: Begin) -> Enrolment:
        """Take a seat in a new enrolment."""
        return self._sit(await self._tell("POST", "/v1/enrolments", Seated, begin))

    async def resume(self, resume: Resume) -> Enrolment:
        """Take the seat that a hand-over code carries."""
        return self._sit(await self._tell("POST", "/v1/resumptions", Seated, resume))

    async def answer(self, enrolment: Enrolment, answer: Answer) -> Enrolment:
        """Say what the person said on this revision; what comes back is the step to show now."""
        return await self._move(enrolment, "answers", answer)

    async def back(self, enrolment: Enrolment) -> Enrolment:
        """Go back one step from this revision."""
        return await self._move(enrolment, "back")

    async def switch_locale(self, enrolment: Enrolment, locale: Locale) -> Enrolment:
        """The same step in another language; later answers and problems are in it too."""
        self._connection.locale = locale
        return await self._tell("PUT", f"{_path(enrolment)}/locale", Enrolment, SwitchLocale(locale=locale), again=True)

    async def hand_over(self, enrolment: Enrolment) -> HandOver:
        """A code that carries the enrolment to another screen."""
        return await self._tell("POST", f"{_path(enrolment)}/hand-over", HandOver)

    async def leave(self, enrolment: Enrolment, seconds: float) -> None:
        """Give the seat up, so that nothing goes on which needs this screen. A farewell: said for so long, or not."""
        with suppress(PerronError, TimeoutError):
            async with asyncio.timeout(seconds):
                await self._connection.ask("DELETE", f"{_path(enrolment)}/seat")

    async def current(self, enrolment: Enrolment) -> Enrolment:
        """The enrolment as it stands now."""
        return await self.fetch(_path(enrolment), Enrolment)

    async def await_change(self, enrolment: Enrolment, seconds: float = 25) -> Enrolment | None:
        """The enrolment as soon as it differs from this one; ``None`` when it did not within ``seconds``."""
        asked = {"If-None-Match": f'"{enrolment.revision}"', "Prefer": f"wait={seconds:g}"}
        body = await self._connection.ask("GET", _path(enrolment), headers=asked, waiting=seconds)
        return _read(body, Enrolment) if body else None

    async def fetch(self, path: str, wanted: type[_T]) -> _T:
        """GET ``path`` as ``wanted``."""
        return _read(await self._connection.ask("GET", path), wanted)

    async def tell(self, path: str, body: Struct, wanted: type[_T]) -> _T:
        """POST ``body`` to ``path``; what is answered, as ``wanted``."""
        return await self._tell("POST", path, wanted, body)

    async def page(self, path: str, form: dict[str, str] | None = None) -> str:
        """The page that a mail's link opens, or what comes of sending its ``form``."""
        kind = {"Accept": "text/html"}
        if form is None:
            return (await self._connection.ask("GET", path, headers=kind)).decode(errors="replace")
        kind["Content-Type"] = "application/x-www-form-urlencoded"
        sent = await self._connection.ask("POST", path, headers=kind, content=urlencode(form).encode(), again=False)
        return sent.decode(errors="replace")

    def _sit(self, seated: Seated) -> Enrolment:
        self._connection.token = seated.token
        return seated.enrolment

    async def _tell(
        self, method: str, path: str, wanted: type[_T], body: Struct | None = None, *, again: bool = False
    ) -> _T:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        content = encode(body) if body is not None else b""
        return _read(await self._connection.ask(method, path, headers=headers, content=content, again=again), wanted)

    async def _move(self, enrolment: Enrolment, move: str, body: Struct | None = None) -> Enrolment:
        headers = {"If-Match": f'"{enrolment.revision}"', "Content-Type": "application/json"}
        content = encode(body) if body is not None else b""
        answered = await self._connection.ask("POST", f"{_path(enrolment)}/{move}", headers=headers, content=content)
        return _read(answered, Enrolment)


def harmless(value: Any) -> Any:
    """The same message with every text of it cleaned, however deep; secrets are left as they came."""
    if isinstance(value, str):
        return clean(value, lines=True)
    if isinstance(value, tuple | list):
        return type(value)(harmless(part) for part in value)
    if isinstance(value, dict):
        return {harmless(name): harmless(part) for name, part in value.items()}
    if isinstance(value, Struct):
        return structs.replace(value, **{name: harmless(getattr(value, name)) for name in value.__struct_fields__})
    return value


def _read(body: bytes, wanted: type[_T]) -> _T:
    try:
        return harmless(decode(body, wanted))  # type: ignore[no-any-return]
    except msgspec.MsgspecError:
        raise Garbled(f"no {getattr(wanted, '__name__', wanted)}") from None


def _path(enrolment: Enrolment) -> str:
    return f"/v1/enrolments/{enrolment.id}"
