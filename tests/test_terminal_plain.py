"""Line by line on a terminal that only has lines: coming, leaving, and changing to the full screen and back."""

import os
import signal
import termios
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.listening import LineWalk
from tests.traveller import MakeBackend
from tui.driver import EXIT_TERMINAL_GONE

GARBAGE = (
    bytes(byte for byte in range(256) if byte not in b"\r\n\t\x03\x04") * 3 + b"\x1b[200~\x1b]52;c;AAAA\x07\x1b[999"
)
"""Everything but the keys that mean something, and sequences that nobody ends."""

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow


def test_leaving_in_the_middle_asks_once_more(town: BackendProcess, tmp_path: Path) -> None:
    with LineWalk(town, "P012", home=tmp_path, lang="en") as person:
        person.asked("Login", "/help")
        person.hears("Press|Type|Enter")
        person.asked("Your choice", "")
        person.asked("Login", person.row["login"])
        person.asked("Provisional password", "")
        person.asked("Nothing was typed", "/quit")
        person.hears("Leave now")
        person.asked("Your choice", "1")
        assert person.end() == 0
        person.is_quiet()


def test_f3_there_and_back_keeps_what_was_typed(town: BackendProcess, tmp_path: Path) -> None:
    with LineWalk(town, "P013", home=tmp_path, options=("--plain",), environment={"TERM": "xterm-256color"}) as person:
        person.hears("Nom de connexion[^\n]*: ")
        person.sends(b"p000004")
        person.hears("p000004")
        assert b"\x1b" not in person.raw
        person.sends(b"\x1bOR")
        person.hears(r"\x1b\[\?1049h")
        person.hears("p000004")
        person.sends(b"99")
        person.sends(b"\x1bOR")
        person.hears(r"\x1b\[\?1049l")
        person.hears("Entrée garde p00000499")
        drawn = len(person.raw)
        person.types("/quitter")
        person.asked("Votre choix", "1")
        assert person.end() == 0
        assert b"\x1b" not in person.raw[drawn:]


def test_a_rough_visit_is_told_in_sentences(make_backend: MakeBackend, tmp_path: Path) -> None:
    """The service goes and comes back; keys of habit, another language, other windows, bytes that mean nothing."""
    shaky = make_backend()
    shaky.start()
    with LineWalk(shaky, "P016", home=tmp_path, environment={"TERM": "dumb"}) as person:
        person.hears("Nom de connexion[^\n]*: $")
        shaky.kill()
        person.hears("Connexion perdue")
        person.asked("Nom de connexion", person.row["login"])
        person.sends(b"\x03")
        person.hears("Pour quitter, tapez /quitter")
        person.types("/aide")
        person.asked("Fermer[^$]*Votre choix", "")
        assert "revenue" not in person.heard
        shaky.start()
        person.hears("La connexion est revenue")
        person.hears("Mot de passe provisoire[^\n]*: $")
        person.types("/langue")
        person.hears("Provisional password[^\n]*: $")
        for columns in (5, 200, 40, 20):
            person.resize(columns)
        person.sends(GARBAGE)
        person.sends(b"\x15")
        person.types("/repeat")
        person.hears("Hyphens and[^$]*Provisional password[^$]*: $")
        os.kill(person.pid, signal.SIGHUP)
        assert person.end(3) == EXIT_TERMINAL_GONE
        person.is_quiet()


@pytest.mark.parametrize("term", ["", "unknown"])
def test_row_34_a_terminal_that_cannot_place_text_is_told_lines(
    town: BackendProcess, tmp_path: Path, term: str
) -> None:
    with LineWalk(town, home=tmp_path, environment={"TERM": term}) as person:
        person.asked("Nom de connexion", "/écran")
        person.hears(f"TERM={term}")
        person.sends(b"\x04")
        person.asked("Votre choix", "1")
        assert person.end() == 0
        person.is_quiet()


def test_who_is_ended_from_outside_leaves_a_terminal_that_echoes(town: BackendProcess, tmp_path: Path) -> None:
    with LineWalk(town, "P014", home=tmp_path) as person:
        before = termios.tcgetattr(person.descriptor)[3]
        person.asked("Nom de connexion", person.row["login"])
        person.hears("caché[^\n]*: ")
        assert not termios.tcgetattr(person.descriptor)[3] & termios.ECHO
        os.kill(person.pid, signal.SIGTERM)
        assert person.end(3) == EXIT_TERMINAL_GONE
        assert termios.tcgetattr(person.descriptor)[3] == before
        person.is_quiet()
