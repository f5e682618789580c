"""Row 10 of the hardening table (docs/security.md) on a real terminal, at every door: hostile texts pasted into the
first screen of each journey, and the texts of a backend that cleaned nothing.

The letter's and the link's journeys are walked field by field in test_terminal_hostile.py.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec import structs

from api_client import contract
from api_client.secret import Secret
from tests.backend_process import DATA, BackendProcess
from tests.payloads import PAYLOADS, strays
from tests.screens_gallery import CATALOGUE, STEPS, enrolment_of
from tests.test_rows_text import Rotation, poisoned
from tests.walking import KEYS, PERRON, Walk

pytestmark = pytest.mark.slow

JOURNEYS = ("portal-registration", "phone-pairing", "my-account", "recovery", "assistance")


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    """With every door open."""
    backend = BackendProcess(
        tmp_path_factory.mktemp("doors") / "data", "--demonstration", "--companies", str(DATA / "establishments.csv")
    )
    backend.start()
    yield backend
    backend.stop()


@pytest.mark.parametrize("journey", JOURNEYS)
def test_row_10_the_first_screen_of_every_journey(backend: BackendProcess, tmp_path: Path, journey: str) -> None:
    command = [PERRON, "--backend", backend.url, "--journey", journey, "--lang", "fr"]
    with Walk(command, home=tmp_path) as person:
        person.see("Étape|étape|Avant de déposer|connexion|Connexion", 30)
        for payload in PAYLOADS.values():
            person.paste(payload).type(KEYS["ctrl+u"])
        person.press("f1").see("Échap Fermer")
        person.press("escape").see_no_more("Échap Fermer")
        assert not strays(person.raw.decode())
        person.press("f10")
    assert not strays(person.raw.decode())


class _Careless(BaseHTTPRequestHandler):
    """A backend that sends what it was given as it is."""

    def do_GET(self) -> None:
        if self.path.startswith("/v1/catalogue"):
            doors = structs.replace(poisoned(CATALOGUE, Rotation(0)), journeys=CATALOGUE.journeys)
            self._say(doors)
        else:
            self._say(self._step())

    def do_POST(self) -> None:
        if self.path == "/v1/enrolments":
            self._say(contract.Seated(enrolment=self._step(), token=Secret("t" * 43)), 201)
        else:
            self._say(self._step())

    def _step(self) -> contract.Enrolment:
        server = self.server
        assert isinstance(server, _CarelessServer)
        server.revision += 1
        usual = enrolment_of(list(STEPS.values())[server.revision % len(STEPS)])
        bound = {"revision": server.revision, "journey": usual.journey, "status": usual.status, "locale": usual.locale}
        enrolment: contract.Enrolment = structs.replace(poisoned(usual, Rotation(server.revision)), **bound)
        return enrolment

    def _say(self, message: contract.Catalogue | contract.Enrolment | contract.Seated, status: int = 200) -> None:
        body = contract.encode(message)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class _CarelessServer(ThreadingHTTPServer):
    revision = 0


@pytest.fixture
def careless() -> Iterator[_CarelessServer]:
    with _CarelessServer(("127.0.0.1", 0), _Careless) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


def test_row_08_09_10_a_backend_that_cleans_nothing(careless: _CarelessServer, tmp_path: Path) -> None:
    """It answers every question at once with another kind of step, so that many of them are shown within seconds."""
    url = f"http://127.0.0.1:{careless.server_port}"
    command = [PERRON, "--backend", url, "--journey", "activation-letter", "--lang", "fr"]
    with Walk(command, home=tmp_path, environment={"LANG": "C.UTF-8"}) as person:
        person.see("F10")
        while careless.revision <= len(STEPS) // 2:  # each of them: test_rows_text.py
            person.see("F10", 30)
        person.press("f1").see("Échap Fermer", 20)
    assert not strays(person.raw.decode(errors="replace"))
