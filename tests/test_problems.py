"""Every way a request can fail comes out as one of ours, and none of them repeats what was sent."""

import socket
import ssl

import httpx
import pytest

from api_client.connection import refused, told
from api_client.contract import Problem, encode
from api_client.problems import Busy, Garbled, Gone, PerronError, Refusal, SeatLost, Unreachable

HTTPX_ERRORS = sorted(
    (
        error
        for error in vars(httpx).values()
        if isinstance(error, type) and issubclass(error, Exception) and error is not httpx.HTTPStatusError
    ),
    key=lambda error: error.__name__,
)


def _raised(kind: type[Exception]) -> Exception:
    try:
        return kind("boum")
    except TypeError:
        return kind()


@pytest.mark.parametrize("kind", HTTPX_ERRORS, ids=lambda kind: kind.__name__)
def test_every_exception_of_httpx_has_a_meaning(kind: type[Exception]) -> None:
    meant = told(_raised(kind))
    assert isinstance(meant, Garbled if not issubclass(kind, _NOBODY_ANSWERED) else Unreachable)


_NOBODY_ANSWERED = (httpx.TransportError, httpx.InvalidURL)


def test_httpx_still_has_the_exceptions_we_know() -> None:
    assert len(HTTPX_ERRORS) == 27, "httpx changed its tree: look at api_client.connection._MEANINGS"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (ssl.SSLCertVerificationError("expired"), "tls"),
        (socket.gaierror("no such name"), "name"),
        (ConnectionRefusedError("refused"), "refused"),
    ],
)
def test_no_connection_says_why(cause: Exception, reason: str) -> None:
    error = httpx.ConnectError("boum")
    error.__cause__ = cause
    meant = told(error)
    assert isinstance(meant, Unreachable)
    assert (meant.reason, meant.sent) == (reason, False)


@pytest.mark.parametrize("kind", [httpx.ReadTimeout, httpx.WriteError, httpx.RemoteProtocolError])
def test_what_may_have_arrived_is_told_from_what_cannot(kind: type[httpx.TransportError]) -> None:
    meant = told(kind("boum"))
    assert isinstance(meant, Unreachable)
    assert meant.sent


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refusal), (401, SeatLost), (404, Gone), (410, Gone), (413, Refusal), (422, Refusal), (500, Refusal)],
)
def test_problems_keep_their_words(status: int, kind: type[Refusal]) -> None:
    problem = Problem(type="seat-unknown", title="Non", status=status, detail="Parce que", reference="AB12")
    meant = refused(status, "", encode(problem))
    assert type(meant) is kind
    assert isinstance(meant, Refusal)
    assert meant.problem == problem


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("", 1.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 1.0)])
@pytest.mark.parametrize("status", [429, 503])
def test_busy_says_when_to_come_back(status: int, header: str, seconds: float) -> None:
    meant = refused(status, header, b"")
    assert isinstance(meant, Busy)
    assert meant.retry_after == seconds


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_without_its_backend_is_nobody(status: int) -> None:
    assert isinstance(refused(status, "", b"<html>Bad gateway</html>"), Unreachable)


@pytest.mark.parametrize("body", [b"<html>Please sign in</html>", b"", b"[]", b'{"type": 3}', b"\xff"])
def test_what_is_not_ours_is_garbled(body: bytes) -> None:
    assert isinstance(refused(400, "", body), Garbled)


def test_the_tree_is_the_one_drawn() -> None:
    assert {kind.__name__ for kind in PerronError.__subclasses__()} == {"Unreachable", "Busy", "Refusal", "Garbled"}
    ours = {kind.__name__ for kind in Refusal.__subclasses__() if kind.__module__ == Refusal.__module__}
    assert ours == {"SeatLost", "Gone"}
