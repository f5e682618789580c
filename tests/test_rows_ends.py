"""Rows 26 to 28 of the hardening table (docs/security.md), however the wizard is shown: it is gone within three seconds
with its child, the terminal can be used, and the journey goes on where it was.

The full screen's ends are test_terminal_leaving.py, a kiosk's test_kiosk_process.py; here are plain mode's, and what
becomes of the journey in all three.
"""

import os
import signal
import termios
import time
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess, is_running
from tests.public_terminal import PublicTerminal
from tests.test_walking import children_of
from tests.traveller import Traveller
from tests.walking import PERRON, Walk
from tui.driver import EXIT_TERMINAL_GONE

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

GONE_WITHIN = 3.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, since people are imported at the first start only."""
    return tmp_path_factory.mktemp("home")


def assert_gone(*pids: int) -> None:
    limit = time.monotonic() + GONE_WITHIN
    while any(map(is_running, pids)):
        assert time.monotonic() < limit, "something runs on"
        time.sleep(0.01)


@pytest.mark.parametrize(
    "how", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, None], ids=["SIGTERM", "SIGHUP", "SIGKILL", "hung up"]
)
def test_row_26_27_28_plain_mode_is_gone_with_its_child(home: Path, how: signal.Signals | None) -> None:
    """In the middle of a password that is not echoed, with a backend of its own."""
    command = [PERRON, "--plain", "--lang", "fr", "--journey", "activation-letter"]
    with Walk(command, home=home, environment={"TERM": "dumb"}) as walk:
        before = termios.tcgetattr(walk.descriptor)
        walk.see("Nom de connexion[^:]*:", 60)
        walk.type("p00000400013\r").see("caché")
        (child,) = children_of(walk.pid)
        if how is None:
            walk.hang_up()
        else:
            walk.signal(how)
            status = walk.end(GONE_WITHIN)
            assert status == (-how if how is signal.SIGKILL else EXIT_TERMINAL_GONE)
        assert_gone(walk.pid, child)
        if how in (signal.SIGTERM, signal.SIGHUP):
            assert termios.tcgetattr(walk.descriptor) == before, "it echoes again"
        assert b"\x1b" not in walk.raw


def _goes_on(town: BackendProcess, person: str, home: Path) -> None:
    """Whoever comes back is led, with the letter in hand, to the step where they were."""
    with Traveller(town, person, home=home) as again:
        again.at("login")
        again.fill(again.row["login"]).at("provisional_password")
        again.fill(again.row["mdp_provisoire_test"])
        if again._awaited({"take_over", "charter"}) == "take_over":
            again.press("enter").at("charter")


def test_row_28_a_journey_goes_on_after_the_full_screen_was_killed(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P001", home=tmp_path) as person:
        person.arrive("charter")
        person.signal(signal.SIGKILL)
        person.end()
    _goes_on(town, "P001", tmp_path)


def test_row_27_a_journey_goes_on_after_the_terminal_of_plain_mode_was_lost(
    town: BackendProcess, tmp_path: Path
) -> None:
    with Traveller(town, "P002", home=tmp_path) as person:
        person.arrive("charter")
        person.press("f3").see("oui ou non|lire la suite")
        person.hang_up()
        assert_gone(person.pid)
    _goes_on(town, "P002", tmp_path)


@pytest.mark.parametrize("how", ["wizard killed", "supervisor ended"])
def test_row_26_28_a_journey_goes_on_after_a_kiosk(town: BackendProcess, tmp_path: Path, how: str) -> None:
    name = {"wizard killed": "P011", "supervisor ended": "P017"}[how]
    with PublicTerminal(town, name, home=tmp_path) as kiosk:
        kiosk.attract()
        kiosk.scan(kiosk.row["login"]).at("provisional_password")
        kiosk.arrive("charter")
        wizard = kiosk.wizard
        if how == "wizard killed":
            os.kill(wizard, signal.SIGKILL)
            assert kiosk.attract() != wizard
        else:
            kiosk.signal(signal.SIGTERM)
            assert kiosk.end(GONE_WITHIN) == 0
        assert_gone(wizard)
    _goes_on(town, name, tmp_path)
