"""Whole journeys line by line on a terminal that only has lines: 0 escape sequences, no secret on it, a clean end."""

import os
import re
import signal
import termios
from pathlib import Path

import pytest

from tests.backend_process import DATA, BackendProcess
from tests.listening import LineWalk
from tests.registering import JOURNEY, Registrant
from tests.traveller import MakeBackend, one_time_code
from tui.driver import EXIT_TERMINAL_GONE

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

FURNITURE = re.compile("[─│┌┐└┘━┃╭╮╰╯█▀▄░▒▓●○•›✓✗]")
"""What draws, and says nothing."""


def is_quiet(person: LineWalk) -> None:
    """Nothing was sent but words and the ends of lines."""
    assert b"\x1b" not in person.raw
    assert not set(person.raw) & (set(range(0x20)) - set(b"\r\n\b")), "no control character"
    assert not FURNITURE.search(person.heard)
    assert person.password not in person.heard
    lines = [line for line in person.heard.splitlines() if line.strip()]
    assert all(re.search(r"\w", line) for line in lines)


def test_a_letter_from_the_first_line_to_the_last(town: BackendProcess, tmp_path: Path) -> None:
    with LineWalk(town, "P011", home=tmp_path) as person:
        before = termios.tcgetattr(person.descriptor)
        login, provisional = person.row["login"], person.row["mdp_provisoire_test"]
        person.hears("Nom de connexion")
        person.types(f"{login}\t{provisional}")  # in one burst: the second is not echoed
        person.asked("Adresse mail de secours", person.backup)
        person.asked("Confirm", person.backup)
        number = person.hears(r"sur la page : (\d\d)").group(1)
        person.hears("Code ")
        town.open_link(town.newest_mail(person.backup).link, number)
        while not re.search("oui ou non", person.heard):
            person.hears("lire la suite|oui ou non")
            if "oui ou non" not in person.heard:
                person.types("0")
        person.types("")  # not accepted
        person.hears("Vous devez accepter la charte")
        person.asked("oui ou non", "oui")
        person.asked("annuaire public[^$]*oui ou non", "")
        person.asked("Une boîte mail va être[^$]*Votre choix", "")
        person.asked("oui ou non", "")
        person.hears("12 caractères")
        person.asked("Nouveau mot de passe", "Montagne-42")
        person.asked("Confirm", "Montagne-42")
        person.hears("Il manque : 12 caractères")
        person.asked("Nouveau mot de passe", person.password)
        person.asked("Confirm", person.password)
        key = person.hears(r"((?:[A-Z2-7]{4}\s){7}[A-Z2-7]{4})").group(1)
        person.asked("six chiffres", one_time_code("".join(key.split())))
        person.hears(r"10\. ([0-9A-Z]{4}-){2}[0-9A-Z]{5}")
        person.asked("oui ou non", "oui")
        person.hears("Votre compte est activé")
        person.asked("Votre choix", "")
        assert person.end() == 0
        assert provisional not in person.heard
        is_quiet(person)
        after = termios.tcgetattr(person.descriptor)
        assert after[3] == before[3], "it echoes again"
    assert town.show(login)["status"] == "active"


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
        is_quiet(person)


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


@pytest.mark.parametrize("term", ["", "unknown"])
def test_a_terminal_that_cannot_place_text_is_told_lines(town: BackendProcess, tmp_path: Path, term: str) -> None:
    with LineWalk(town, home=tmp_path, environment={"TERM": term}) as person:
        person.asked("Nom de connexion", "/écran")
        person.hears(f"TERM={term}")
        person.sends(b"\x04")
        person.asked("Votre choix", "1")
        assert person.end() == 0
        is_quiet(person)


def test_a_registration_on_the_portal(make_backend: MakeBackend, tmp_path: Path) -> None:
    files = ("--companies", str(DATA / "establishments.csv"), "--contacts", str(DATA / "known_contacts.csv"))
    portal = make_backend(*files)
    portal.start()
    who = Registrant.of_scenario("R01")
    with LineWalk(portal, home=tmp_path, journey=JOURNEY) as person:
        person.asked("J’agis[^$]*Numéro", "")
        person.asked("Civilité[^$]*Numéro", "1")
        person.asked(r"\* Nom", who.last_name)
        person.asked(r"\* Prénom", who.first_name)
        person.asked("Sans prénom[^$]*oui ou non", "")
        person.asked("e-mail", who.email)
        while person.hears("lire la suite|J’accepte[^$]*oui ou non").group() == "lire la suite":
            person.types("0")
        person.types("non")
        number = person.hears(r"sur la page : (\d\d)").group(1)
        person.hears("Code ")
        portal.open_link(portal.newest_mail(who.email).link, number)
        person.asked("thématiques[^$]*Numéros", "1 3")
        person.asked("Je suis rattaché[^$]*Numéro", "1")
        person.asked("SIRET", who.number)
        person.asked("Numéro adhérent", who.member_number)
        person.asked("Merci pour votre inscription[^$]*Votre choix", "")
        person.asked("mot de passe", person.password)
        person.asked("Confirm", person.password)
        person.hears("Votre compte est créé")
        person.asked("Votre choix", "")
        assert person.end() == 0
        is_quiet(person)
    assert portal.show(who.email)["status"] == "active"


def test_who_is_ended_from_outside_leaves_a_terminal_that_echoes(town: BackendProcess, tmp_path: Path) -> None:
    with LineWalk(town, "P014", home=tmp_path) as person:
        before = termios.tcgetattr(person.descriptor)[3]
        person.asked("Nom de connexion", person.row["login"])
        person.hears("caché[^\n]*: ")
        assert not termios.tcgetattr(person.descriptor)[3] & termios.ECHO
        os.kill(person.pid, signal.SIGTERM)
        assert person.end(3) == EXIT_TERMINAL_GONE
        assert termios.tcgetattr(person.descriptor)[3] == before
        is_quiet(person)


def test_a_request_for_assistance_of_several_lines(town: BackendProcess, tmp_path: Path) -> None:
    with LineWalk(town, "P015", home=tmp_path, journey="assistance") as person:
        person.asked("Votre choix", "")
        person.asked("Numéro", "1")
        person.asked("Numéro", "2")
        person.asked("institutionnelle", person.row["mail_institutionnel"])
        person.asked("personnelle", person.backup)
        person.asked("téléphone", "04 65 71 00 12")
        person.asked("Ligne", "Mon compte est bloqué")
        person.asked("Ligne", "depuis ce matin.")
        person.asked("Ligne", "")
        person.hears("naissance[^\n]*: $")
        is_quiet(person)
