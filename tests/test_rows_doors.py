"""Row 10 of the hardening table (docs/security.md) on a real terminal, in every kind of step: hostile texts pasted into
each of its fields, and the texts of a backend that cleaned nothing. ``make soak`` pastes all of them into each field,
the usual run every seventh: a field what its neighbour was spared.

With a real backend, the letter's and the link's journeys are walked field by field in test_terminal_hostile.py.
"""

import itertools
import os
import re
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import pytest
from msgspec import structs

from api_client import contract
from api_client.secret import Secret
from tests.payloads import PAYLOADS, strays
from tests.screens_gallery import CATALOGUE, STEPS, enrolment_of
from tests.test_rows_text import Rotation, poisoned
from tests.walking import PERRON, Walk

pytestmark = pytest.mark.slow

FURTHER = {"identity": 5, "assistance_contact": 2, "backup_email": 1, "establishment": 1, "new_password": 1}
"""How many Tabs it is to the last field of those that have several."""
SPARING = 1 if "PERRON_RUNS" in os.environ else 7
_REVISION = re.compile(r'"(\d+)"')


class _Talking(BaseHTTPRequestHandler):
    """A backend that shows what its ``server`` has at hand."""

    server: "_Backend"

    def do_GET(self) -> None:
        if self.path.startswith("/v1/catalogue"):
            self._say(self.server.doors)
        else:
            seen = _REVISION.search(self.headers.get("If-None-Match", ""))
            self._say(self.server.next_to(int(seen.group(1)) if seen else 0))

    def do_POST(self) -> None:
        if self.path == "/v1/enrolments":
            self._say(contract.Seated(enrolment=self.server.next_to(0), token=Secret("t" * 43)), 201)
        else:
            self._say(self.server.next_to(0))

    def _say(self, message: contract.Catalogue | contract.Enrolment | contract.Seated, status: int = 200) -> None:
        body = contract.encode(message)
        with suppress(BrokenPipeError):  # a wizard that leaves does not wait for what it asked
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class _Backend(ThreadingHTTPServer):
    """One at a port of its own, until the end of the context."""

    daemon_threads = True
    doors = CATALOGUE
    revision = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talking)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def command(self) -> list[str]:
        """The wizard's, for this backend."""
        url = f"http://127.0.0.1:{self.server_port}"
        return [PERRON, "--backend", url, "--journey", "activation-letter", "--lang", "fr"]

    def next_to(self, seen: int) -> contract.Enrolment:
        """What to show to whoever has ``seen`` this revision."""
        raise NotImplementedError


class _Careless(_Backend):
    """Cleans nothing, and answers every question at once with another kind of step."""

    doors = structs.replace(poisoned(CATALOGUE, Rotation(0)), journeys=CATALOGUE.journeys)

    def next_to(self, seen: int) -> contract.Enrolment:
        self.revision += 1
        usual = enrolment_of(list(STEPS.values())[self.revision % len(STEPS)])
        bound = {"revision": self.revision, "journey": usual.journey, "status": usual.status, "locale": usual.locale}
        enrolment: contract.Enrolment = structs.replace(poisoned(usual, Rotation(self.revision)), **bound)
        return enrolment


class _Guided(_Backend):
    """Shows one kind of step until another is to be ``shown``, under a title that tells its turn."""

    def __init__(self) -> None:
        super().__init__()
        self._turned = threading.Condition()
        self._enrolment = enrolment_of(STEPS["login"])

    def show(self, step: contract.AnyStep) -> str:
        """The title to look for."""
        with self._turned:
            self.revision += 1
            title = f"Tour {self.revision}."
            self._enrolment = structs.replace(
                enrolment_of(structs.replace(step, title=title)), revision=self.revision, status="active"
            )
            self._turned.notify_all()
        return title

    def next_to(self, seen: int) -> contract.Enrolment:
        with self._turned:
            self._turned.wait_for(lambda: self.revision != seen, timeout=60)
            return self._enrolment


def test_row_10_every_field_of_every_kind_of_step(tmp_path: Path) -> None:
    """Of all that is written on the terminal, nothing comes from what is pasted."""
    turns = itertools.count()
    with _Guided() as backend, Walk(backend.command, home=tmp_path) as person:
        for kind, step in STEPS.items():
            person.see(re.escape(backend.show(step)), 30)
            for field in range(FURTHER.get(kind, 0) + 1):
                if field:
                    person.press("tab")
                for payload in list(PAYLOADS.values())[next(turns) % SPARING :: SPARING]:
                    person.paste(payload)
                    if payload.isprintable():  # what is not, is refused by a sentence
                        person.press("ctrl+u")
            person.press("f1").see("Échap Fermer", 30)
            person.press("escape").see_no_more("Échap Fermer")
        assert not strays(person.raw.decode())


def test_row_08_09_10_a_backend_that_cleans_nothing(tmp_path: Path) -> None:
    with _Careless() as careless, Walk(careless.command, home=tmp_path, environment={"LANG": "C.UTF-8"}) as person:
        person.see("F10")
        while careless.revision <= len(STEPS) // 2:  # each of them: test_rows_text.py
            person.see("F10", 30)
        person.press("f1").see("Échap Fermer", 20)
    assert not strays(person.raw.decode(errors="replace"))
