"""What impatient hands, other keyboards, two screens, small windows and bad networks do: one effect, nothing lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from screens.spelling import of_console
from tests.backend_process import NO_TLS, BackendProcess
from tests.sent import colours_of_more, colours_sent, signs_sent
from tests.traveller import Traveller
from tests.unsteady import Relay
from tests.walking import KEYS, PERRON

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

ENTER, CLEAR, ERASE = KEYS["enter"], KEYS["ctrl+u"], KEYS["backspace"]

IN_KITTY = {
    "enter": b"\x1b[13u",
    "tab": b"\x1b[9u",
    "shift+tab": b"\x1b[9;2u",
    "escape": b"\x1b[27u",
    "ctrl+a": b"\x1b[97;5u",
    "ctrl+u": b"\x1b[117;5u",
}
MOUSE_ON = re.compile(rb"\x1b\[\?(?:9|100[0-356]|101[56])h")
"""Every way that xterm knows to ask for it; 1004 asks for the focus."""


def test_row_20_a_login_and_a_password_typed_ahead_in_one_burst(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P001", home=tmp_path) as person:
        person.at("login")
        person.type(f"{person.row['login']}{ENTER}{person.row['mdp_provisoire_test']}{ENTER}").at("backup_email")
        assert person.row["mdp_provisoire_test"].encode() not in person.raw


def test_what_is_typed_behind_a_key_that_deletes_stays(town: BackendProcess, tmp_path: Path) -> None:
    """Textual writes letters at once and obeys other keys later, by which time it would delete those."""
    with Traveller(town, "P001", home=tmp_path) as person:
        person.at("login")
        most, last = person.row["login"][:-1], person.row["login"][-1:]
        person.type(f"autre{CLEAR}{most}x{ERASE}{last}").see(person.row["login"])
        person.see_no_more("autre")
        person.type(ENTER).at("provisional_password")


def in_kitty(text: str) -> bytes:
    """As a terminal sends it that was asked to say every key with its text."""
    return b"".join(b"\x1b[%d;;%du" % (ord(letter), ord(letter)) for letter in text)


def test_a_keyboard_that_speaks_kitty_s_protocol_beside_no_mouse(town: BackendProcess, tmp_path: Path) -> None:
    """On a console, over SSH: an answer about the keyboard that nobody asked for is not typed, and a mouse that nobody
    asked for does no harm."""
    over_ssh = {"TERM": "linux", "SSH_CONNECTION": "192.0.2.1 40000 192.0.2.2 22"}
    with Traveller(town, "P040", home=tmp_path, environment=over_ssh) as person:
        person.at("login")
        person.send(b"\x1b[?0u\x1b[233u\x1b[?1u").see("é")
        person.send(in_kitty("b") + IN_KITTY["ctrl+a"] + in_kitty("à")).see("àéb")
        person.send(b"".join(b"\x1b[<0;2;%dM\x1b[<0;2;%dm" % (row, row) for row in range(2, 23)))
        person.press("f1").see("Échap Fermer")
        person.send(IN_KITTY["escape"]).see_no_more("Échap Fermer")
        person.see("àéb")
        person.press("end").send(IN_KITTY["ctrl+u"] + in_kitty(person.row["login"])).see(person.row["login"])
        person.see_no_more("àéb")
        person.send(IN_KITTY["shift+tab"] + in_kitty("z") + IN_KITTY["tab"] + IN_KITTY["enter"])
        person.at("provisional_password")
        person.send(IN_KITTY["escape"]).at("login")
        person.press("f10", "f10")
        assert person.end() == 0
    assert not MOUSE_ON.search(person.raw)
    assert re.findall(rb"\x1b\[[<>][0-9]*u", person.raw) == [b"\x1b[>25u", b"\x1b[<u"], "as it was before"
    assert not {sign for sign in signs_sent(person.raw) if not of_console().has(sign)}
    assert not colours_of_more(colours_sent(person.raw))


def test_enter_twice_and_ten_times_is_once(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P002", home=tmp_path) as person:
        person.at("login")
        person.type(person.row["login"] + 2 * ENTER).at("provisional_password")
        assert "Remplissez" not in person.text
        person.type(person.row["mdp_provisoire_test"] + 2 * ENTER).at("backup_email")
        person.type(f"{person.backup}\t{person.backup}" + 10 * ENTER).at("link_sent")
        person.mail()
        person.prove()
        person.at("charter")
        assert len([mail for mail in town.mails() if mail.to == person.backup]) == 1
        person.type(" " + 10 * ENTER).at("public_directory")
        person.press("escape").at("charter")


def test_back_from_everywhere_keeps_what_was_given(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P008", home=tmp_path) as person:
        person.arrive("backup_email")
        person.press("escape").see("Retour|Adresse mail de secours")
        person.arrive("charter")
        person.press("space", "enter").at("public_directory")
        person.press("space", "enter").at("mailbox")
        person.press("enter").at("redirection")
        for kind in ("mailbox", "public_directory", "charter"):
            person.press("alt+left" if kind == "charter" else "escape").at(kind)
        person.see(r"\[x\]")
        person.press("enter").at("public_directory")
        person.see(r"\[x\]")
        person.press("enter").at("mailbox")
        person.press("enter").at("redirection")
        person.press("enter").at("new_password")


def test_two_screens_for_one_person(town: BackendProcess, tmp_path: Path) -> None:
    with (
        Traveller(town, "P011", home=tmp_path / "1") as first,
        Traveller(town, "P011", home=tmp_path / "2") as second,
        Traveller(town, "P011", home=tmp_path / "3") as third,
    ):
        first.arrive("charter")
        for other in (second, third):
            other.at("login")
            other.fill(other.row["login"]).at("provisional_password")
            other.fill(other.row["mdp_provisoire_test"]).at("take_over")
        third.choose("Laisser sur l’autre écran").see("continuez sur l’autre écran")
        first.at("charter")
        second.press("enter").at("charter")
        first.at("handed_over")
        second.press("space", "enter").at("public_directory")
        first.press("enter")
        assert first.end() == 0


def test_the_same_link_opened_by_two_at_once(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P015", home=tmp_path) as person:
        person.arrive("link_sent")
        number, mail = person.number(), person.mail()
        form = {"choice": "confirm", "number": number}
        with httpx.Client(trust_env=False, verify=NO_TLS) as one, httpx.Client(trust_env=False, verify=NO_TLS) as two:
            assert "<form" in one.get(mail.link).text
            assert "<form" in two.get(mail.link).text
            pages = [browser.post(mail.link, data=form, headers={"Origin": town.url}).text for browser in (one, two)]
        assert "C’est confirmé" in pages[0]
        assert pages[0] != pages[1]
        assert "<form" not in pages[1]
        person.at("charter")


def test_a_journey_carried_to_another_terminal(town: BackendProcess, tmp_path: Path) -> None:
    command = [PERRON, "--backend", town.url, "--lang", "en"]
    with (
        Traveller(town, "P016", home=tmp_path / "1") as here,
        Traveller(town, "P016", home=tmp_path / "2", lang="en", command=command) as there,
    ):
        here.arrive("link_sent")
        here.choose("Continuer ailleurs")
        code = here.see(r"\b([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\b").group(1)
        there.at("welcome")
        there.choose("I have a code to go on").see("Go on with what")
        there.fill(code.lower(), there.row["login"]).at("link_sent")
        here.at("handed_over")
        there.prove()
        there.at("charter")


def test_a_window_resized_in_the_middle_of_typing(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P017", home=tmp_path) as person:
        person.arrive("backup_email")
        typed = ""
        for piece, cols, rows in (("luk", 40, 15), ("asz@cour", 120, 40), ("riel.e", 20, 5), ("xample", 80, 24)):
            person.type(piece)
            typed += piece
            person.resize(cols, rows)
            person.see("Agrandissez cette" if cols < 40 else re.escape(typed))
        person.press("tab").type(typed).press("enter").at("link_sent")
        assert person.mail(typed).link


@pytest.fixture
def relay(town: BackendProcess) -> Iterator[Relay]:
    with Relay(town.port) as relay:
        yield relay


def test_a_slow_a_mute_and_a_cut_network(town: BackendProcess, relay: Relay, tmp_path: Path) -> None:
    command = [PERRON, "--backend", relay.url, "--journey", "activation-letter", "--lang", "fr"]
    with Traveller(town, "P020", home=tmp_path, command=command) as person:
        person.at("login")
        relay.delay = 1.0  # in each direction
        person.fill(person.row["login"]).see("Un instant…")
        person.at("provisional_password")
        relay.delay = 0.0
        person.fill(person.row["mdp_provisoire_test"]).at("backup_email")
        person.type(person.backup).see(re.escape(person.backup))
        relay.drop()
        person.press("tab").type(person.backup).press("enter").at("link_sent")
        number = person.number()
        relay.mute = True  # half open: TCP lives, nobody answers
        person.type("ABCD-EFGH").press("enter").see("Un instant…")
        person.see("Connexion perdue", seconds=25)
        person.see(number)
        relay.mute = False
        relay.drop()
        person.see_no_more("Connexion perdue", seconds=40)
        person.see("ABCD-EFGH")
        person.prove()
        person.at("charter")
    assert len([mail for mail in town.mails() if mail.to == person.backup]) == 1
