"""One request to the backend and the bytes that come back: time limits, retries, every failure given a name of ours.

The only module that knows httpx, so ``api_client.client`` is imported after the first picture is on the screen.
"""

import logging
import os
import random
import socket
import ssl
import time
from asyncio import sleep
from pathlib import Path

import httpx
import msgspec

from api_client.contract import Locale, Problem, decode
from api_client.problems import Busy, Garbled, Gone, PerronError, Reason, Refusal, SeatLost, Unreachable
from api_client.secret import Secret

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
BODY_LIMIT = 1 << 20
"""Bytes of one response: a charter in a step is the longest thing we know, at a tenth of this."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0

# A peer that vanished without a word (a pulled cable, a dropped route) is told by the kernel within about four
# seconds, on an idle long poll too, and without waking this process up.
_KEEP_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (
            ("TCP_KEEPIDLE", 2),
            ("TCP_KEEPINTVL", 1),
            ("TCP_KEEPCNT", 2),
            ("TCP_USER_TIMEOUT", 4000),
            ("TCP_NODELAY", 1),
        )
        if hasattr(socket, name)
    ),
]

# At INFO these print the URL of every request.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Connection:
    """To one backend, for one screen. It keeps the seat's token and shows it to nobody else.

    What is safe to repeat is repeated with exponential back-off and full jitter, for ``patience`` seconds in all; what
    is not is repeated only when it cannot have arrived. Then ``Unreachable`` or ``Busy`` tells the caller.
    """

    def __init__(
        self, backend: str, *, locale: Locale, patience: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.locale: Locale = locale
        self.token: Secret | None = None
        self._patience = patience
        self._http = httpx.AsyncClient(
            base_url=backend,
            transport=transport or httpx.AsyncHTTPTransport(verify=_trust(backend), socket_options=_KEEP_ALIVE),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "perron"},
            trust_env=False,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Give the sockets back and forget the seat."""
        self.token = None
        await self._http.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        content: bytes = b"",
        waiting: float = 0,
        again: bool = True,
    ) -> bytes:
        """The body of a good answer, empty for 304; retried while patience lasts."""
        until, tries = time.monotonic() + self._patience, 0
        while True:
            try:
                return await self._attempt(method, path, headers or {}, content, waiting)
            except (Unreachable, Busy) as trouble:
                pause = random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**tries))  # noqa: S311 - spreads load only
                if isinstance(trouble, Busy):
                    pause += trouble.retry_after
                elif not again and trouble.sent:
                    raise
                if time.monotonic() + pause > until:
                    raise
            tries += 1
            await sleep(pause)

    async def _attempt(self, method: str, path: str, headers: dict[str, str], content: bytes, waiting: float) -> bytes:
        said = {"Accept-Language": self.locale, **headers}
        if self.token is not None:
            said["Authorization"] = f"Bearer {self.token.reveal()}"
        patience = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, read=waiting + 5 if waiting else READ_SECONDS)
        try:
            async with self._http.stream(method, path, headers=said, content=content, timeout=patience) as response:
                body = b""
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > BODY_LIMIT:
                        raise Garbled(f"more than {BODY_LIMIT} bytes")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict) as error:
            raise told(error) from None
        if response.is_success or response.status_code == httpx.codes.NOT_MODIFIED:
            if seat := response.headers.get("Perron-Seat"):
                self.token = Secret(seat)
            return body
        raise refused(response.status_code, response.headers.get("Retry-After", ""), body)


def told(error: Exception) -> PerronError:
    """What an exception of httpx means for us. The cause is not chained: it holds the request, and so its secrets."""
    for kind in type(error).__mro__:
        if kind in _MEANINGS:
            reason, sent = _MEANINGS[kind]
            return Unreachable(_why_no_connection(error) if reason == "refused" else reason, sent=sent)
    return Garbled(type(error).__name__)


_MEANINGS: dict[type, tuple[Reason, bool]] = {
    httpx.ConnectTimeout: ("timeout", False),
    httpx.PoolTimeout: ("timeout", False),
    httpx.TimeoutException: ("timeout", True),
    httpx.ConnectError: ("refused", False),
    httpx.ProxyError: ("refused", False),
    httpx.TransportError: ("dropped", True),
    httpx.UnsupportedProtocol: ("address", False),
    httpx.InvalidURL: ("address", False),
}
_GATEWAY_FAILED = {httpx.codes.BAD_GATEWAY, httpx.codes.GATEWAY_TIMEOUT}


def _why_no_connection(error: BaseException | None) -> Reason:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return "tls"
        if isinstance(error, socket.gaierror):
            return "name"
        error = error.__cause__ or error.__context__
    return "refused"


def refused(status: int, retry_after: str, body: bytes) -> PerronError:
    """What a response that is no success means. ``retry_after`` is the header, in seconds."""
    if status in _GATEWAY_FAILED:
        return Unreachable("dropped")
    try:
        problem: Problem | None = decode(body, Problem)
    except msgspec.MsgspecError:
        problem = None
    if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        return Busy(float(retry_after) if retry_after.isdecimal() else 1.0, problem)
    if problem is None:
        return Garbled(f"status {status}")
    if status == httpx.codes.UNAUTHORIZED:
        return SeatLost(problem)
    return (Gone if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE) else Refusal)(problem)


def _trust(backend: str) -> ssl.SSLContext:
    """The system's authorities, by directory where there is one (0.02 ms instead of 44), and none over plain HTTP.

    Built by hand because ``ssl.create_default_context`` obeys ``SSLKEYLOGFILE``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if backend.startswith("https:"):
        directory = ssl.get_default_verify_paths().capath
        if "SSL_CERT_FILE" not in os.environ and directory and any(Path(directory).glob("*.0")):
            context.load_verify_locations(capath=directory)
        else:
            context.set_default_verify_paths()
    return context
