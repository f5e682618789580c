"""A newcomer walks every journey to its end with F9 alone: on the Linux console, and where there are few signs, no
colours and little room. Whatever is drawn on the way is what such a terminal can draw.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from api_client.client import Client
from api_client.contract import Locale
from bench.tour import Tour
from screens.looks import LookName, wear, worn
from screens.spelling import Spelling, of_ascii, of_console
from tests.backend_process import BackendProcess
from tests.sent import colours_of_more, colours_sent, signs_sent
from tests.teletype import Teletype
from tui.settings import Settings
from tui.wizard import Wizard

pytestmark = pytest.mark.slow


class Look(NamedTuple):
    """How somebody looks at it. ``term`` and ``no_color``: what the environment says of their terminal."""

    name: LookName
    lang: Locale
    size: tuple[int, int]
    spelling: Spelling
    term: str
    no_color: str


CONSOLE = Look("linux", "fr", (80, 24), of_console(), "linux", "")
BARE = Look("ascii", "en", (40, 15), of_ascii(), "xterm-256color", "1")

CHOSEN = "charter public_directory mailbox redirection new_password phone_pairing recovery_codes done"
LETTER, LINK = f"login provisional_password backup_email link_sent {CHOSEN}", f"activation_code {CHOSEN}"
PORTAL, NEW = "identity consent link_sent", "notice new_password done"
PAIRING = "sign_in phone_pairing device_confirmation (pending )?done"
OWN = "login current_password (second_factor )?charter menu done"
FORM = "notice assistance_subject assistance_contact assistance_message assistance_identity done"
WAYS = {
    ("activation-link", CONSOLE, "P004"): LINK,
    ("activation-link", BARE, "P007"): LINK,
    ("activation-letter", CONSOLE, "P001"): LETTER,
    ("activation-letter", BARE, "P002"): LETTER,
    ("portal-registration", CONSOLE, "R12"): f"{PORTAL} topics establishment pending idcc {NEW}",
    ("portal-registration", BARE, "R13"): f"{PORTAL} {NEW}",
    ("phone-pairing", CONSOLE, "O01"): PAIRING,
    ("phone-pairing", BARE, "O02"): PAIRING,
    ("my-account", CONSOLE, "P019"): OWN,
    ("my-account", BARE, "P012"): OWN,
    ("recovery", CONSOLE, "P009"): "activation_code new_password done",
    ("recovery", BARE, "P003"): "activation_code new_password done",
    ("assistance", CONSOLE, "P042"): FORM,
    ("assistance", BARE, "P053"): FORM,
}
"""By journey, look and person: the kinds of the screens on the way; a phone may answer before one sees the wait.

First those whose mail came with the letters: the panel lists the last mails alone.
"""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    """One for all, of whom nobody is met twice."""
    backend = BackendProcess(tmp_path_factory.mktemp("demonstration") / "data", "--demonstration")
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def wardrobe() -> Iterator[None]:
    """A process has one look: whoever comes next finds it as it was."""
    before = worn()
    yield
    wear(before)


@asynccontextmanager
async def toured(backend: BackendProcess, look: Look, logs: Path) -> AsyncIterator[tuple[Tour, Teletype]]:
    """A wizard of that look, just started."""

    async def reach() -> Client:
        return Client(backend.url)

    wizard = Wizard(reach, Settings(look.lang, True, logs, logs, look.name))
    async with Teletype.showing(wizard, look.size) as teletype:
        with wizard._context():
            yield Tour(wizard, Pilot(wizard)), teletype


@pytest.mark.usefixtures("wardrobe")
@pytest.mark.parametrize(("journey", "look", "person"), WAYS, ids=lambda one: getattr(one, "name", one))
async def test_a_journey_is_walked_to_its_end(
    demonstration: BackendProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    journey: str,
    look: Look,
    person: str,
) -> None:
    # Many an environment has COLORTERM, which tells more than TERM does.
    for name, value in {"TERM": look.term, "NO_COLOR": look.no_color, "COLORTERM": ""}.items():
        monkeypatch.setenv(name, value)
    async with toured(demonstration, look, tmp_path) as (tour, teletype):
        await tour.begin(journey)
        assert re.fullmatch(WAYS[journey, look, person], " ".join(await tour.end(person)))
        if journey == "assistance":
            await tour.choose(person)
            await tour.read_mail()
    written = teletype.written.encode()
    assert not {sign for sign in signs_sent(written) if not look.spelling.has(sign)}
    asked_for = colours_sent(written)
    assert bool(asked_for) is (look is CONSOLE)
    assert not colours_of_more(asked_for)
