"""Rows 1 to 7 of the hardening table (docs/security.md): no key and no mouse leads out, stops, pictures or copies.

On a pty, before a field that shows and a field that hides; test_kiosk_people.py presses the rest of the keyboard.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.login import LoginScreen
from tests.backend_process import BackendProcess
from tests.scripted_backend import Play, ScriptedBackend
from tests.traveller import Traveller
from tui.hardened import ALLOWED_ACTIONS

pytest_plugins = ["tests.terminal_fixtures", "tests.wizard_fixtures"]
pytestmark = pytest.mark.slow

CLIPBOARD = b"\x1b]52"
HOME_SELECTING, RIGHT_SELECTING = b"\x1b[1;2H", b"\x1b[1;2C"
TYPED, PASSWORD = "canari-visible", "Canari-7-Cache"


@pytest.fixture(scope="module")
def person(town: BackendProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traveller]:
    """Somebody at their login, who has begun to type it."""
    with Traveller(town, "P001", home=tmp_path_factory.mktemp("home")) as person:
        person.at("login")
        person.type(TYPED).see(TYPED)
        yield person


def assert_goes_on(person: Traveller) -> None:
    """The help opens and closes, and what was typed is still there: nothing ended, stopped or lay over the page."""
    person.press("f1").see("Échap Fermer")
    person.press("escape").see_no_more("Échap Fermer")
    person.see(TYPED)
    state = Path(f"/proc/{person.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    assert state in "SR"


def test_row_01_ctrl_p_opens_no_palette(person: Traveller) -> None:
    person.press("ctrl+p").send(b"\x1b[112;5u")  # in the protocol of kitty too
    assert_goes_on(person)
    assert not re.search(r"Quit\b|Screenshot|Keys", person.text)


def test_row_02_no_key_takes_a_picture(person: Traveller, tmp_path_factory: pytest.TempPathFactory) -> None:
    person.press("ctrl+s").send(b"\x1b[24~\x1b[57;5u")
    assert_goes_on(person)
    assert not list(tmp_path_factory.getbasetemp().rglob("*.svg"))


async def test_row_02_no_action_takes_one_either(
    at_login: Play, backend: ScriptedBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with at_login() as pilot:
        await pilot.app.run_action(f"screenshot('stolen.svg', '{tmp_path}')")
        assert not pilot.app.save_screenshot("stolen.svg", str(tmp_path))
        pilot.app.deliver_screenshot("stolen.svg", str(tmp_path))
        await pilot.pause()
    assert not list(tmp_path.rglob("*.svg"))


def test_row_03_ctrl_q_does_not_leave(person: Traveller) -> None:
    person.press("ctrl+q").send(b"\x1b[113;5u")
    assert_goes_on(person)


def test_row_04_ctrl_c_tells_the_way_out_and_copies_nothing(person: Traveller) -> None:
    person.send(HOME_SELECTING).press("ctrl+c").see("F10 pour quitter")
    person.press("end")
    assert_goes_on(person)
    assert CLIPBOARD not in person.raw


def test_row_05_ctrl_z_and_ctrl_backslash_stop_nothing(person: Traveller) -> None:
    person.press("ctrl+z").send(b"\x1c\x1b[122;5u\x1b[92;5u")
    assert_goes_on(person)


def test_row_06_nothing_that_a_mouse_selects_is_copied(person: Traveller) -> None:
    person.send(b"\x1b[<0;3;4M\x1b[<32;60;8M\x1b[<32;70;9M\x1b[<0;70;9m").press("ctrl+c").see("F10 pour quitter")
    assert CLIPBOARD not in person.raw
    person.send(b"\x1b[<0;5;9M\x1b[<0;5;9m" * 3).press("ctrl+c")  # a word, then a line, in most programs
    assert CLIPBOARD not in person.raw


def test_row_07_a_password_is_neither_copied_nor_cut_nor_pasted_elsewhere(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P003", home=tmp_path) as person:
        person.at("login")
        person.fill(person.row["login"]).at("provisional_password")
        person.type(PASSWORD).see("•" * len(PASSWORD))
        for key in ("ctrl+c", "ctrl+x", "ctrl+insert"):
            person.send(HOME_SELECTING)
            if key == "ctrl+insert":
                person.send(b"\x1b[2;5~\x1b[3;2~")  # what some terminals send for copying and cutting
            else:
                person.press(key)
            person.press("end").see("•" * len(PASSWORD))
        person.press("escape").at("login")
        person.press("ctrl+u", "ctrl+v").send(b"\x1b[2;2~")
        person.press("f1").see("Échap Fermer")
        person.press("escape").see_no_more("Échap Fermer")
        assert PASSWORD not in person.text
        assert CLIPBOARD not in person.raw
        assert PASSWORD.encode() not in person.raw


async def test_row_08_only_these_actions_can_be_asked_for(at_login: Play, backend: ScriptedBackend) -> None:
    """A list that grows is looked at again: whatever is on it, a link in a text could ask for."""
    harmful = {"quit", "screenshot", "suspend_process", "simulate_key", "toggle_dark", "pop_screen", "command_palette"}
    async with at_login() as pilot:
        login = pilot.app.screen
        for action in harmful | {"app.quit", "app.bell", "screen.dismiss", "app.switch_screen('x')"}:
            await pilot.app.run_action(action, default_namespace=login)
        await pilot.pause()
        assert pilot.app.is_running
        assert isinstance(pilot.app.screen, LoginScreen)
    assert not harmful & (ALLOWED_ACTIONS | LoginScreen.ACTIONS)
