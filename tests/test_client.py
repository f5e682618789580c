"""The client against a small backend that answers as the protocol says, and one that misbehaves on purpose."""

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api_client.client import Client, harmless
from api_client.connection import BODY_LIMIT
from api_client.contract import (
    BackupEmail,
    Begin,
    Enrolment,
    HandOver,
    Login,
    LoginAnswer,
    PhonePairing,
    Progress,
    ProvisionalPasswordAnswer,
    RailStep,
    Resume,
    Seated,
    TotpOffer,
    encode,
)
from api_client.demonstration import code_in, link_in, open_link
from api_client.demonstration_contract import DemoMail
from api_client.problems import Busy, Garbled, SeatLost, Unreachable
from api_client.secret import Secret

NOW = datetime(2026, 11, 4, 9, 30, tzinfo=UTC)


def enrolment(revision: int = 1, **changes: Any) -> Enrolment:
    fields: dict[str, Any] = {
        "id": "e1",
        "revision": revision,
        "journey": "activation-letter",
        "journey_title": "Activer mon compte informatique",
        "status": "active",
        "server_time": NOW,
        "expires_at": NOW,
        "locale": "fr",
        "seat": 1,
        "progress": Progress(position=1, total=2, steps=(RailStep(label="Connexion", state="current"),)),
        "can_go_back": False,
        "step": Login(title="Votre nom de connexion", label="Nom de connexion"),
    }
    return Enrolment(**(fields | changes))


class Scripted:
    """A backend that answers each request with the next of ``replies`` and remembers what it was asked."""

    def __init__(self) -> None:
        self.replies: list[Callable[[Request], Response] | Response] = []
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        anything = ["GET", "POST", "PUT", "DELETE"]
        self.app = Starlette(routes=[Route("/{path:path}", self.answer, methods=anything)])

    async def answer(self, request: Request) -> Response:
        self.asked.append((request.method, request.url.path, dict(request.headers), await request.body()))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return reply if isinstance(reply, Response) else reply(request)


def reply(message: Any, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(encode(message), status, named, media_type="application/json")


def trouble(kind: type[httpx.TransportError]) -> Callable[[Request], Response]:
    def fail(_request: Request) -> Response:
        raise kind("boum")

    return fail


@pytest.fixture
def backend() -> Scripted:
    return Scripted()


@pytest.fixture
async def client(backend: Scripted) -> AsyncIterator[Client]:
    client = Client("http://backend", transport=httpx.ASGITransport(backend.app), patience=1)
    yield client
    await client.close()


async def test_a_seat_is_taken_and_its_token_goes_in_the_header_only(client: Client, backend: Scripted) -> None:
    backend.replies = [
        reply(Seated(enrolment=enrolment(), token=Secret("jeton-1")), 201),
        reply(enrolment(2)),
    ]
    seated = await client.begin(Begin(journey="activation-letter"))
    assert (await client.answer(seated, LoginAnswer(login="p00000400013"))).revision == 2

    (_, path, headers, body) = backend.asked[1]
    assert path == "/v1/enrolments/e1/answers"
    assert headers["authorization"] == "Bearer jeton-1"
    assert headers["if-match"] == '"1"'
    assert body == b'{"kind":"login","login":"p00000400013"}'
    assert all("jeton" not in path for _, path, _, _ in backend.asked)


async def test_the_seat_is_given_up_on_leaving(client: Client, backend: Scripted) -> None:
    backend.replies = [reply(Seated(enrolment=enrolment(), token=Secret("jeton-1")), 201), Response(status_code=204)]
    await client.leave(await client.begin(Begin(journey="activation-letter")), 0.3)
    (method, path, headers, _) = backend.asked[1]
    assert (method, path, headers["authorization"]) == ("DELETE", "/v1/enrolments/e1/seat", "Bearer jeton-1")


@pytest.mark.parametrize("hinders", [Response(status_code=405), trouble(httpx.ConnectError), trouble(httpx.ReadError)])
async def test_nothing_that_hinders_a_farewell_keeps_anybody(
    client: Client, backend: Scripted, hinders: Response | Callable[[Request], Response]
) -> None:
    backend.replies = [hinders]
    begun = time.monotonic()
    await client.leave(enrolment(), 0.3)
    assert time.monotonic() - begun < 0.5


async def test_a_new_token_is_used_from_then_on(client: Client, backend: Scripted) -> None:
    backend.replies = [
        reply(Seated(enrolment=enrolment(), token=Secret("jeton-1")), 201),
        reply(enrolment(2), Perron_Seat="jeton-2"),
        reply(enrolment(2)),
    ]
    seated = await client.begin(Begin(journey="activation-letter"))
    await client.answer(seated, ProvisionalPasswordAnswer(password=Secret("g9cf-9hqy-atc2")))
    await client.current(seated)
    assert [headers.get("authorization") for _, _, headers, _ in backend.asked] == [
        None,
        "Bearer jeton-1",
        "Bearer jeton-2",
    ]


async def test_a_change_is_awaited_with_the_revision_known(client: Client, backend: Scripted) -> None:
    backend.replies = [Response(status_code=304), reply(enrolment(5))]
    assert await client.await_change(enrolment(4), seconds=25) is None
    (_, _, headers, _) = backend.asked[0]
    assert (headers["if-none-match"], headers["prefer"]) == ('"4"', "wait=25")
    changed = await client.await_change(enrolment(4))
    assert changed is not None
    assert changed.revision == 5


async def test_the_language_is_told_and_switched(client: Client, backend: Scripted) -> None:
    backend.replies = [reply(enrolment(locale="en"))]
    assert (await client.switch_locale(enrolment(), "en")).locale == "en"
    assert client.locale == "en"
    (method, path, headers, body) = backend.asked[0]
    assert (method, path, body) == ("PUT", "/v1/enrolments/e1/locale", b'{"locale":"en"}')
    assert headers["accept-language"] == "en"


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_an_answer_is_repeated_until_it_arrives(
    kind: type[httpx.TransportError], client: Client, backend: Scripted
) -> None:
    backend.replies = [trouble(kind), trouble(kind), reply(enrolment(2))]
    assert (await client.answer(enrolment(), LoginAnswer(login="p00000400013"))).revision == 2
    assert len({body for _, _, _, body in backend.asked}) == 1
    assert {headers["if-match"] for _, _, headers, _ in backend.asked} == {'"1"'}


async def test_what_is_not_safe_is_repeated_only_when_it_cannot_have_arrived(client: Client, backend: Scripted) -> None:
    granted = reply(HandOver(code=Secret("ABCD-EFGH-JKMN"), expires_at=NOW, known_label="votre nom de connexion"))
    backend.replies = [trouble(httpx.ConnectError), granted]
    assert (await client.hand_over(enrolment())).code == Secret("ABCD-EFGH-JKMN")

    backend.replies = [trouble(httpx.ReadError), granted]
    with pytest.raises(Unreachable) as told:
        await client.resume(Resume(code=Secret("ABCD-EFGH-JKMN"), known="p00000400013"))
    assert told.value.sent


async def test_patience_ends(client: Client, backend: Scripted) -> None:
    backend.replies = [trouble(httpx.ConnectError)]
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        await client.catalogue()
    assert time.monotonic() - begun < 2
    assert 2 <= len(backend.asked) < 50, "some back-off between two tries"


async def test_a_busy_backend_is_given_the_time_it_asks_for(client: Client, backend: Scripted) -> None:
    backend.replies = [Response(status_code=503, headers={"Retry-After": "0"}), reply(enrolment(3))]
    assert (await client.current(enrolment())).revision == 3

    backend.replies = [Response(status_code=429, headers={"Retry-After": "60"})]
    with pytest.raises(Busy) as told:
        await client.current(enrolment())
    assert told.value.retry_after == 60
    assert len(backend.asked) == 3, "not asked again before its time"


async def test_an_unknown_seat_is_told(client: Client, backend: Scripted) -> None:
    problem = b'{"type":"seat-unknown","title":"Non","status":401}'
    backend.replies = [Response(problem, 401, media_type="application/problem+json")]
    with pytest.raises(SeatLost):
        await client.current(enrolment())


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Portail</html>", b"{}", b'{"id":"e1","surprise":1}', b"x" * (BODY_LIMIT + 1)],
    ids=["empty", "portal", "nothing", "another version", "too long"],
)
async def test_what_is_not_the_contract_is_garbled(body: bytes, client: Client, backend: Scripted) -> None:
    backend.replies = [Response(body, media_type="application/json")]
    with pytest.raises(Garbled):
        await client.current(enrolment())


async def test_every_text_that_comes_in_is_made_harmless(client: Client, backend: Scripted) -> None:
    hostile = "Mar\x1b]0;x\x07tin\x1b[2J"
    backend.replies = [
        reply(
            enrolment(
                journey_title=hostile,
                progress=Progress(position=1, total=1, steps=(RailStep(label=hostile, state="current"),)),
                step=BackupEmail(title="a\nb", label="", confirmation_label="", errors={"address": hostile}),
            )
        )
    ]
    shown = await client.current(enrolment())
    assert isinstance(shown.step, BackupEmail)
    assert shown.journey_title == shown.progress.steps[0].label == shown.step.errors["address"] == "Martin"
    assert shown.step.title == "a\nb"


def test_secrets_are_left_as_they_came() -> None:
    offer = TotpOffer(uri=Secret("otpauth://totp/x\x07"), key=Secret("K\x1b[2J"))
    step = harmless(PhonePairing(title="\x07t", label="", offer=offer))
    assert (step.title, step.offer) == ("t", offer)


async def test_nothing_sent_is_in_a_log_or_an_exception(
    client: Client, backend: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    backend.replies = [trouble(httpx.ReadError)]
    with pytest.raises(Unreachable) as told:
        await client.answer(enrolment(), ProvisionalPasswordAnswer(password=Secret("g9cf-9hqy-atc2")))
    assert told.value.__cause__ is None
    assert "g9cf" not in caplog.text + repr(told.value)
    assert "/v1/" not in caplog.text


async def test_row_36_no_proxy_of_the_environment_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        asked: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.set_result((await reader.readuntil(b"\r\n")).decode())
            writer.close()

        server = await asyncio.start_server(serve, sock=listening)
        client = Client(f"http://127.0.0.1:{listening.getsockname()[1]}", patience=0)
        with pytest.raises(Unreachable):
            await client.catalogue()
        assert (await asked).startswith("GET /v1/catalogue?locale=fr ")
        await client.close()
        server.close()


async def test_plain_http_loads_no_authority_and_https_trusts_no_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("authorities were loaded for a loopback address")

    with monkeypatch.context() as watched:
        watched.setattr(ssl.SSLContext, "load_verify_locations", refuse)
        watched.setattr(ssl.SSLContext, "set_default_verify_paths", refuse)
        await Client("http://127.0.0.1:1").close()
    nobody = Client("http://127.0.0.1:1", patience=0)
    with pytest.raises(Unreachable) as told:
        await nobody.catalogue()
    assert told.value.reason == "refused"
    await nobody.close()


PAGE = """<!doctype html><html><body><h1>Confirmer</h1>
<form method="post" action=""><input type="hidden" name="sujet" value="secours">
<label>Numéro <input name="number" inputmode="numeric"></label><button name="go" value="1">Confirmer</button>
<button name="go" value="0" formnovalidate>Ce n’est pas moi</button></form>
</body></html>"""


async def test_a_link_is_opened_as_a_browser_does(client: Client, backend: Scripted) -> None:
    mail = DemoMail(
        id="m1",
        at=NOW,
        to="lefevre.01@example.com",
        subject="Confirmez",
        text="Ouvrez http://127.0.0.1:8000/l/" + "A" * 43 + "\nou tapez ABCD-EFGH-JKMN dans le terminal.",
    )
    assert code_in(mail) == "ABCD-EFGH-JKMN"
    backend.replies = [Response(PAGE, media_type="text/html"), Response("Merci", media_type="text/html")]
    await open_link(client, link_in(mail), 47)
    (got, sent) = backend.asked
    assert (got[0], got[1]) == ("GET", "/l/" + "A" * 43)
    assert (sent[0], sent[1], sent[3]) == ("POST", "/l/" + "A" * 43, b"sujet=secours&go=1&number=47")


async def test_a_page_without_a_button_is_only_looked_at(client: Client, backend: Scripted) -> None:
    backend.replies = [Response("<p>Déjà confirmé</p>", media_type="text/html")]
    await open_link(client, "/l/x", 47)
    assert [method for method, *_ in backend.asked] == ["GET"]
