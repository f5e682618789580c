"""A newcomer walks every journey to its end with F9 alone; some again in English, on a small screen."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from api_client.client import Client
from api_client.contract import Locale
from bench.tour import Tour
from tests.backend_process import BackendProcess
from tui.settings import Settings
from tui.wizard import Wizard

pytestmark = pytest.mark.slow


class Look(NamedTuple):
    """How somebody looks at it."""

    lang: Locale
    size: tuple[int, int]


LOOKS = LARGE, SMALL = Look("fr", (80, 24)), Look("en", (40, 15))

TAIL = "charter public_directory mailbox redirection new_password phone_pairing recovery_codes done"
PORTAL, END = "identity consent link_sent", "notice new_password done"
FORM = "notice assistance_subject assistance_contact assistance_message assistance_identity done"
WAYS = {
    (LARGE, "activation-link", "P045"): f"activation_code {TAIL}",
    (LARGE, "portal-registration", "R12"): f"{PORTAL} topics establishment pending idcc {END}",
    (LARGE, "phone-pairing", "O01"): "sign_in phone_pairing device_confirmation (pending )?done",
    (LARGE, "my-account", "P019"): "login current_password second_factor charter menu done",
    (LARGE, "recovery", "P009"): "activation_code new_password done",
    (SMALL, "assistance", "P053"): FORM,
}
"""By look, journey and person: the kinds of the screens on the way; a phone may answer before one sees the wait."""


@pytest.fixture(scope="module")
def demonstrations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Look, BackendProcess]]:
    """One for each look, so that nobody is met twice."""
    found = {look: BackendProcess(tmp_path_factory.mktemp(look.lang) / "data", "--demonstration") for look in LOOKS}
    for backend in found.values():
        backend.start()
    yield found
    for backend in found.values():
        backend.stop()


@asynccontextmanager
async def toured(backend: BackendProcess, look: Look, logs: Path) -> AsyncIterator[Tour]:
    """A wizard of that look, just started."""

    async def reach() -> Client:
        return Client(backend.url)

    wizard = Wizard(reach, Settings(look.lang, True, logs, logs))
    async with wizard.run_test(size=look.size) as pilot:
        yield Tour(wizard, pilot)


@pytest.mark.parametrize(("look", "journey", "person"), WAYS, ids=lambda one: one if isinstance(one, str) else one.lang)
async def test_a_journey_is_walked_to_its_end(
    demonstrations: dict[Look, BackendProcess], tmp_path: Path, look: Look, journey: str, person: str
) -> None:
    async with toured(demonstrations[look], look, tmp_path) as tour:
        await tour.begin(journey)
        assert re.fullmatch(WAYS[look, journey, person], " ".join(await tour.end(person)))
        if journey == "assistance":
            await tour.choose(person)
            await tour.read_mail()
