"""HTTP/1.1 over asyncio's own streams, for httpx: h11 speaks the protocol, asyncio holds the sockets.

httpx's usual transport brings httpcore and anyio, which weigh more than all our screens (docs/architecture.md, « What a
session weighs »), for what one person at one screen never needs: proxies, HTTP/2, trio, the limits of a pool.
Every failure is raised as an exception of httpx, as its own transports do.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

import h11
import httpx

if TYPE_CHECKING:
    from ssl import SSLContext

CHUNK = 1 << 16
IDLE_SECONDS = 4.0
"""A server forgets an idle connection after five seconds or more (uvicorn: 5, nginx: 75): we are quicker."""
NEXT_ADDRESS_SECONDS = 0.25
"""Until a name's next address is tried beside the one that has not answered (RFC 8305, « Happy Eyeballs »)."""

Limits = dict[str, float | None]
"""Seconds for ``connect``, ``write`` and ``read``, as httpx hands them on with every request."""


class StreamTransport(httpx.AsyncBaseTransport):
    """Opens a connection where no idle one is left, and keeps it for the next request to the same origin.

    ``trust`` judges the certificates of servers: without it there is no https. ``options`` are set on every socket.
    """

    def __init__(self, trust: "SSLContext | None", options: Sequence[tuple[int, int, int]] = ()) -> None:
        self._trust, self._options = trust, options
        self._lines: set[Line] = set()
        self._idle: list[Line] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        limits: Limits = request.extensions.get("timeout", {})
        line = await self._idle_line(request.url) or await self._open(request.url, limits)
        try:
            await line.say(request, limits)
            head = await line.hear_head(limits)
        except BaseException:  # cancelled too: an answer may still be on its way
            self._cut(line)
            raise
        body = Body(line, limits, self._put_back)
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=body)

    async def aclose(self) -> None:
        """Give every socket back, whatever is being said."""
        lines = [*self._lines]
        for line in lines:
            self._cut(line)
        for line in lines:
            await line.wait_cut()

    async def _idle_line(self, url: httpx.URL) -> "Line | None":
        while self._idle:
            line = self._idle.pop()
            if line.leads_to(url) and await line.is_quiet():
                return line
            self._cut(line)
        return None

    async def _open(self, url: httpx.URL, limits: Limits) -> "Line":
        secure = url.scheme == "https"
        if url.scheme not in ("http", "https") or (secure and self._trust is None):
            raise httpx.UnsupportedProtocol(f"no {url.scheme} here")
        async with _failing_as(httpx.ConnectTimeout, httpx.ConnectError, limits.get("connect")):
            reader, writer = await asyncio.open_connection(
                url.raw_host.decode("ascii"),
                url.port or (443 if secure else 80),
                ssl=self._trust if secure else None,
                happy_eyeballs_delay=NEXT_ADDRESS_SECONDS,
            )
        for option in self._options:
            writer.get_extra_info("socket").setsockopt(*option)
        line = Line(url, reader, writer)
        self._lines.add(line)
        return line

    def _put_back(self, line: "Line") -> None:
        if line in self._lines and line.is_done():
            self._idle.append(line)
        else:
            self._cut(line)

    def _cut(self, line: "Line") -> None:
        self._lines.discard(line)
        line.cut()


class Line:
    """One connection: a request, its answer, and again."""

    def __init__(self, url: httpx.URL, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._origin = _origin(url)
        self._reader, self._writer = reader, writer
        self._protocol = h11.Connection(h11.CLIENT)
        self._idle_since = 0.0

    def leads_to(self, url: httpx.URL) -> bool:
        """Whether it is this URL's server that listens at the other end."""
        return _origin(url) == self._origin

    async def is_quiet(self) -> bool:
        """Whether, as far as we know, the other end still listens; anything said unasked spoils it."""
        if time.monotonic() - self._idle_since > IDLE_SECONDS:
            return False
        silence = asyncio.timeout(0)
        with suppress(OSError):
            async with silence:
                await self._reader.read(1)
        return silence.expired() and not self._reader.at_eof()

    def is_done(self) -> bool:
        """Whether the answer was heard to its end, nothing follows, and the server stays: it can be used again."""
        if self._protocol.states != {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE} or self._protocol.trailing_data[0]:
            return False
        self._protocol.start_next_cycle()
        self._idle_since = time.monotonic()
        return True

    async def say(self, request: httpx.Request, limits: Limits) -> None:
        """Send the whole request."""
        assert isinstance(request.stream, httpx.AsyncByteStream), "an AsyncClient makes no other"
        with _speaking_http():
            head = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
            said = self._protocol.send(head) or b""
            async for chunk in request.stream:
                said += self._protocol.send(h11.Data(data=chunk)) or b""
            said += self._protocol.send(h11.EndOfMessage()) or b""
        async with _failing_as(httpx.WriteTimeout, httpx.WriteError, limits.get("write")):
            self._writer.write(said)
            await self._writer.drain()

    async def hear_head(self, limits: Limits) -> h11.Response:
        """Status and headers; a 1xx on the way is passed over."""
        while not isinstance(event := await self._hear(limits), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError(f"{type(event).__name__} before the answer")
        return event

    async def hear_body(self, limits: Limits) -> AsyncIterator[bytes]:
        """The body piece by piece, as it comes."""
        while isinstance(event := await self._hear(limits), h11.Data):
            yield bytes(event.data)

    async def _hear(self, limits: Limits) -> object:
        """The next event of h11; it is PAUSED where something follows that was not asked for."""
        while (event := self._next_event()) is h11.NEED_DATA:
            async with _failing_as(httpx.ReadTimeout, httpx.ReadError, limits.get("read")):
                heard = await self._reader.read(CHUNK)
            with _speaking_http():
                self._protocol.receive_data(heard)
        return event

    def _next_event(self) -> object:
        with _speaking_http():
            return self._protocol.next_event()

    def cut(self) -> None:
        """Let go at once: whoever speaks or hears on it fails."""
        self._writer.transport.abort()

    async def wait_cut(self) -> None:
        """Until the socket is closed."""
        with suppress(OSError):
            await self._writer.wait_closed()


class Body(httpx.AsyncByteStream):
    """What comes after the headers; closed, the line is handed to ``then``."""

    def __init__(self, line: Line, limits: Limits, then: Callable[[Line], None]) -> None:
        self._line, self._limits, self._then = line, limits, then

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._line.hear_body(self._limits)

    async def aclose(self) -> None:
        self._then(self._line)


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


@asynccontextmanager
async def _failing_as(
    late: type[httpx.TimeoutException], broken: type[httpx.NetworkError], seconds: float | None
) -> AsyncIterator[None]:
    """Raise httpx's exceptions. A time limit of the kernel is no TimeoutError of ours: the connection is broken."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except (OSError, UnicodeError) as error:  # a TimeoutError is an OSError; a name too long for DNS a UnicodeError
        raise (late if limit.expired() else broken)(str(error)) from error


@contextmanager
def _speaking_http() -> Iterator[None]:
    try:
        yield
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from error
