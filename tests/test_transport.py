"""Our way of carrying httpx over asyncio's streams, against servers on real sockets that say what each test wants."""

import asyncio
import ssl
import subprocess
import sys
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api_client import transport
from api_client.connection import told
from api_client.problems import Unreachable
from api_client.transport import StreamTransport

Talk = Callable[[Reader, Writer], Awaitable[None]]

YES = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noui"
LIMITS = httpx.Timeout(2, read=0.5, connect=0.5)


class Server:
    """Counts its connections; on each, ``talk`` says what it does."""

    def __init__(self, talk: Talk) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self.hung_up = asyncio.Event()
        self._talk = talk
        self._people: set[asyncio.Task[None] | None] = set()
        self.url = ""

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        self.connections += 1
        self._people.add(asyncio.current_task())
        try:
            await self._talk(reader, writer)
            await reader.read()
            self.hung_up.set()
        except ConnectionError:
            self.hung_up.set()
        finally:
            writer.transport.abort()


@asynccontextmanager
async def serving(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(talk)
    listening = await asyncio.start_server(server, "127.0.0.1", 0, ssl=tls)
    server.url = f"http{'s' if tls else ''}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for task in server._people:
            if task is not None:
                task.cancel()
        await asyncio.sleep(0)


def saying(*answers: bytes) -> Talk:
    """Each request is answered with the next of ``answers``."""

    async def talk(reader: Reader, writer: Writer) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)

    return talk


def browser(trust: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=StreamTransport(trust), timeout=LIMITS, trust_env=False)


async def test_a_connection_is_kept_for_the_next_request() -> None:
    async with serving(saying(YES, YES, YES)) as server, browser() as http:
        for _ in range(3):
            assert (await http.get(server.url)).text == "oui"
        assert server.connections == 1


async def test_two_at_once_have_a_connection_each() -> None:
    together = asyncio.Barrier(2)

    async def talk(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await together.wait()
        writer.write(YES)

    async with serving(talk) as server, browser() as http:
        await asyncio.gather(http.get(server.url), http.get(server.url))
        assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\noui",
        b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\noui",
        YES + b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["closing", "old", "more than was asked"],
)
async def test_a_connection_that_is_spent_is_not_used_again(answer: bytes) -> None:
    async with serving(saying(answer)) as server, browser() as http:
        for _ in range(2):
            assert (await http.get(server.url)).text == "oui"
        assert server.connections == 2


@pytest.mark.parametrize("parting", [b"", b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"])
async def test_a_server_that_parted_meanwhile_is_called_anew(parting: bytes) -> None:
    parted = asyncio.Event()

    async def talk(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(YES)
        await asyncio.sleep(0.05)
        writer.write(parting)
        writer.close()
        parted.set()

    async with serving(talk) as server, browser() as http:
        assert (await http.get(server.url)).text == "oui"
        await parted.wait()
        await asyncio.sleep(0.05)
        assert (await http.get(server.url)).text == "oui"
        assert server.connections == 2


async def test_an_old_connection_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "IDLE_SECONDS", -1)
    async with serving(saying(YES)) as server, browser() as http:
        for _ in range(2):
            assert (await http.get(server.url)).text == "oui"
        assert server.connections == 2


async def test_another_server_gets_another_connection() -> None:
    async with serving(saying(YES)) as one, serving(saying(YES.replace(b"oui", b"non"))) as other, browser() as http:
        assert (await http.get(one.url)).text == "oui"
        assert (await http.get(other.url)).text == "non"


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nou\r\n1\r\ni\r\n0\r\n\r\n", 200, "oui"),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", 304, ""),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + YES, 200, "oui"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
    ],
    ids=["in chunks", "not modified", "hints before", "empty"],
)
async def test_every_form_of_answer_is_understood(answer: bytes, status: int, text: str) -> None:
    async with serving(saying(answer, YES)) as server, browser() as http:
        response = await http.get(server.url)
        assert (response.status_code, response.text) == (status, text)
        assert (await http.get(server.url)).text == "oui"
        assert server.connections == 1


async def test_a_body_is_sent_whole() -> None:
    got: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()

    async def talk(reader: Reader, writer: Writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        got.set_result((head, await reader.readexactly(300_000)))
        writer.write(YES)

    async with serving(talk) as server, browser() as http:
        await http.post(f"{server.url}/v1/answers?x=é", content=b"b" * 300_000, headers={"If-Match": '"1"'})
    head, body = await got
    assert head.startswith(b"POST /v1/answers?x=%C3%A9 HTTP/1.1\r\n")
    assert b'If-Match: "1"\r\n' in head
    assert body == b"b" * 300_000


async def hang_up_rudely(reader: Reader, writer: Writer) -> None:
    await reader.readuntil(b"\r\n\r\n")
    connected = writer.get_extra_info("socket")
    connected.setsockopt(1, 13, b"\x01\0\0\0\0\0\0\0")  # SOL_SOCKET, SO_LINGER: closing sends RST
    writer.transport.abort()


@pytest.mark.parametrize(
    ("talk", "kind"),
    [
        (saying(b""), httpx.ReadTimeout),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\noui"), httpx.ReadTimeout),
        (saying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), httpx.RemoteProtocolError),
        (saying(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), httpx.RemoteProtocolError),
        (saying(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000), httpx.RemoteProtocolError),
        (hang_up_rudely, httpx.ReadError),
    ],
    ids=["silence", "half a body", "another protocol", "an upgrade", "endless headers", "reset"],
)
async def test_what_goes_wrong_is_told_as_httpx_tells_it(talk: Talk, kind: type[httpx.TransportError]) -> None:
    async with serving(talk) as server, browser() as http:
        with pytest.raises(httpx.TransportError) as raised:
            await http.get(server.url)
        assert type(raised.value) is kind
        assert not http._transport._lines  # type: ignore[attr-defined]


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\noui"])
async def test_an_end_too_early_is_no_answer(said: bytes) -> None:
    async def talk(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.write_eof()

    async with serving(talk) as server, browser() as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(server.url)


async def test_what_may_not_be_sent_is_not_sent() -> None:
    async with serving(saying(YES)) as server, browser() as http:
        with pytest.raises(httpx.LocalProtocolError):
            await http.get(server.url, headers={"X": "a\r\nEvil: b"})
        with pytest.raises(httpx.UnsupportedProtocol):
            await http.get("ftp://127.0.0.1/")


async def reason_of(url: str, trust: ssl.SSLContext | None = None) -> str:
    async with browser(trust) as http:
        with pytest.raises((httpx.ConnectError, httpx.ConnectTimeout)) as raised:
            await http.get(url)
    meant = told(raised.value)
    assert isinstance(meant, Unreachable)
    assert not meant.sent
    return meant.reason


async def test_no_connection_says_why() -> None:
    assert await reason_of("http://127.0.0.1:1") == "refused"
    assert await reason_of("http://nobody.invalid") == "name"
    assert await reason_of(f"http://{'a' * 70}.example") == "refused"


async def test_a_server_that_only_accepts_is_not_waited_for() -> None:
    trust = ssl.create_default_context()
    async with serving(saying()) as mute:
        assert await reason_of(mute.url.replace("http:", "https:"), trust) == "timeout"


async def test_a_request_given_up_leaves_no_connection() -> None:
    asked = asyncio.Event()

    async def talk(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()

    async with serving(talk) as server, browser() as http:
        waiting = asyncio.create_task(http.get(server.url))
        await asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.wait_for(server.hung_up.wait(), 1)


async def test_an_answer_left_in_the_middle_leaves_no_connection() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\noui"
    async with serving(saying(half)) as server, browser() as http:
        async with http.stream("GET", server.url) as response:
            assert response.status_code == 200
        await asyncio.wait_for(server.hung_up.wait(), 1)


async def test_leaving_ends_what_is_waited_for() -> None:
    asked = asyncio.Event()

    async def talk(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()

    async with serving(talk) as server:
        http = browser()
        waiting = asyncio.create_task(http.get(server.url, timeout=30))
        await asked.wait()
        await http.aclose()
        with pytest.raises(httpx.TransportError):
            await asyncio.wait_for(waiting, 1)
        await asyncio.wait_for(server.hung_up.wait(), 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For 127.0.0.1, signed by nobody but itself; the key stands in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "activation.example.org")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    file.write_bytes(signed.public_bytes(pem) + secret)
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_over_tls_a_connection_is_kept_too(tls: ssl.SSLContext, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    async with serving(saying(YES, YES), tls) as server, browser(trust) as http:
        for _ in range(2):
            assert (await http.get(server.url)).text == "oui"
        assert server.connections == 1


async def test_a_stranger_is_not_spoken_to(tls: ssl.SSLContext, certificate: Path) -> None:
    async with serving(saying(YES), tls) as server:
        assert await reason_of(server.url, ssl.create_default_context()) == "tls"
        known = ssl.create_default_context(cafile=str(certificate))
        assert await reason_of(server.url.replace("127.0.0.1", "localhost"), known) == "tls"


async def test_without_trust_there_is_no_tls(tls: ssl.SSLContext) -> None:
    async with serving(saying(YES), tls) as server, browser() as http:
        with pytest.raises(httpx.UnsupportedProtocol):
            await http.get(server.url)
        assert server.connections == 0


@pytest.mark.parametrize("heavy", ["httpcore", "anyio", "certifi", "rich", "pygments", "click"])
def test_a_session_does_not_carry(heavy: str) -> None:
    program = f"""if True:
        import asyncio, sys
        from tui.service import _import_client
        async def call():
            await _import_client()("http://127.0.0.1:1").close()
        asyncio.run(call())
        sys.exit({heavy!r} in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
