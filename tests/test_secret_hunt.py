"""The secret hunt through the program: a whole journey whose secrets are then looked for wherever they must not be.

On the terminal, in the arguments and environments of both processes, in every log and every file of both, with each
debugging variable set that somebody might set; and after a crash provoked by a backend that lies.
"""

import re
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from api_client import contract
from api_client.secret import Secret
from tests.backend_process import BackendProcess
from tests.hunting import ESCAPES, TALKATIVE, Quarry, found_in_files, told_to_everybody
from tests.traveller import MakeBackend, Traveller, one_time_code
from tests.walking import PERRON, USUALLY_ON, Walk, modes_on

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

CANARY = "Canari-9-Perchoir-Mauve"


@pytest.fixture
def backend(make_backend: MakeBackend, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackendProcess]:
    """A backend that was asked to say everything."""
    backend = make_backend()
    with monkeypatch.context() as patch:
        for name, value in TALKATIVE.items():
            patch.setenv(name, value)
        backend.start()
    yield backend
    backend.stop()


def test_a_whole_journey_leaves_no_secret_behind(backend: BackendProcess, tmp_path: Path) -> None:
    listening = {"TEXTUAL_LOG": str(tmp_path / "textual.log"), "SSLKEYLOGFILE": str(tmp_path / "wizard.keys")}
    home = tmp_path / "home"
    home.mkdir()
    provisional = backend.letter("p00000400013")
    with Traveller(backend, "P001", home=home, environment=TALKATIVE | listening) as person:
        person.row = person.row | {"mdp_provisoire_test": provisional}
        person.password = CANARY
        person.arrive("link_sent")
        mail = person.mail()
        person.arrive("new_password", redirect="ailleurs@courriel.example")
        before_key = len(person.raw)
        person.fill(CANARY, CANARY)
        key = person.key()
        code = one_time_code(key)
        everybody = told_to_everybody(person.pid, backend.pid)
        person.fill(code).at("recovery_codes")
        recovery = person.recovery_codes()
        before_done = len(person.raw)
        person.press("space", "enter").at("done")
        after = person.raw[before_done:]
        everybody += told_to_everybody(person.pid, backend.pid)
        person.press("enter")
        assert person.end() == 0
    other = backend.newest_mail("ailleurs@courriel.example")
    never = [Quarry("the provisional password", provisional), Quarry("the new password", CANARY)]
    mailed = [Quarry("a code", one.code) for one in (mail, other)]
    mailed += [Quarry("a token", one.link.rpartition("/")[2]) for one in (mail, other)]
    first_line = key[:28]
    shown = [Quarry("the pairing key", first_line), *(Quarry("a recovery code", one) for one in recovery)]
    assert len(shown) == 11

    on_screen = ESCAPES.sub(b"", person.raw)
    assert not [quarry.name for quarry in (*never, *mailed) if quarry.is_in(on_screen) or quarry.is_in(person.raw)]
    their_own = ESCAPES.sub(b"", person.raw[before_key:before_done])
    assert all(quarry.is_in(their_own) for quarry in shown), "the hunt would find them"
    for part in (person.raw[:before_key], after):  # on their own screens alone, and gone with them
        written = ESCAPES.sub(b"", part)
        assert not [quarry.name for quarry in shown if quarry.is_in(written)]
    assert b"otpauth" not in person.raw

    every = [*never, *mailed, *shown, Quarry("the whole key", key)]
    assert not [quarry.name for quarry in every if quarry.is_in(everybody)]
    backend.stop()
    outbox = backend.data / "outbox"
    elsewhere = [path for path in backend.data.iterdir() if path != outbox]
    assert {"perron.sqlite", "dbos.sqlite"} <= {path.name for path in elsewhere}
    assert not found_in_files(every, *elsewhere, backend.log, tmp_path)
    assert not list(tmp_path.rglob("*.keys"))
    assert not found_in_files([*never, *shown], outbox)
    for one in (mail, other):
        theirs = [sent for sent in backend.mails() if sent.code and sent.code != one.code]
        own = Quarry("its code", one.code), Quarry("its token", one.link.rpartition("/")[2])
        assert not [quarry.name for quarry in own for sent in theirs if quarry.is_in(sent.text.encode())]


CRASHING_KEY = "CANARICANARICANARICANARICANARI23"


class _Liar(BaseHTTPRequestHandler):
    """A backend that sends a moment of nowhere, which no clock can be compared with, and the secrets with it."""

    def do_GET(self) -> None:
        offer = contract.JourneyOffer(id="activation-letter", title="Activer", summary="")
        self._say(contract.Catalogue(institution="UE", acronym="UE", accent="#0b5c8a", support="", journeys=(offer,)))

    def do_POST(self) -> None:
        uri, now = f"otpauth://totp/UE:p00000400013?secret={CRASHING_KEY}", datetime.now(UTC)
        step = contract.PhonePairing(
            title="Appairer",
            label="Code",
            offer=contract.TotpOffer(uri=Secret(uri), key=Secret(CRASHING_KEY)),
            expires_at=now.replace(tzinfo=None),
        )
        enrolment = contract.Enrolment(
            id="0" * 32,
            revision=1,
            journey="activation-letter",
            journey_title="Activer",
            status="active",
            server_time=now,
            expires_at=now + timedelta(minutes=30),
            locale="fr",
            seat=1,
            progress=contract.Progress(position=1, total=1, steps=()),
            can_go_back=False,
            step=step,
        )
        self._say(contract.Seated(enrolment=enrolment, token=Secret(CANARY)), 201)

    def _say(self, message: contract.Catalogue | contract.Seated, status: int = 200) -> None:
        body = contract.encode(message)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def liar() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Liar) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_row_21_a_crash_says_one_sentence_and_no_secret(liar: str, tmp_path: Path) -> None:
    command = [PERRON, "--lang", "fr", "--backend", liar, "--journey", "activation-letter"]
    with Walk(command, home=tmp_path, environment=TALKATIVE) as walk:
        assert walk.end(20) == 1
        said = walk.text
        left = modes_on(walk.raw)
    reference = re.search(r"Référence : ?([0-9a-f ]{8,9})", said)
    assert reference, said
    assert "perron.log" in "".join(said.split())
    assert "Traceback" not in said
    assert left == USUALLY_ON
    quarries = [Quarry("the key", CRASHING_KEY), Quarry("the seat's token", CANARY)]
    assert not [quarry.name for quarry in quarries if quarry.is_in(ESCAPES.sub(b"", walk.raw))]
    log = tmp_path / "perron" / "logs" / "perron.log"
    assert reference[1].replace(" ", "") in log.read_text(encoding="utf-8")
    assert not found_in_files(quarries, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT], ids=["SIGSEGV", "SIGABRT"])
def test_a_program_that_is_shot_tells_no_secret(town: BackendProcess, tmp_path: Path, number: signal.Signals) -> None:
    with Traveller(town, "P002", home=tmp_path, environment=TALKATIVE) as person:
        person.at("login")
        person.fill(person.row["login"]).at("provisional_password")
        person.type(person.row["mdp_provisoire_test"]).see("•" * 14)
        person.signal(number)
        assert person.end() == -number
    quarry = Quarry("the provisional password", person.row["mdp_provisoire_test"])
    assert not quarry.is_in(ESCAPES.sub(b"", person.raw))
    assert not found_in_files([quarry], tmp_path)
