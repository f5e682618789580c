"""Rows 19, 20 and 31 of the hardening table (docs/security.md): typed in one burst, by a hand, a scanner or a manager
of passwords, everything lands where it was meant; and what was taken away does not come back.

Row 20 on a pty is test_terminal_typing.py.
"""

from pathlib import Path

import pytest
from textual.widgets import Input

from api_client.contract import (
    AssistanceMessage,
    Charter,
    Login,
    LoginAnswer,
    ProvisionalPassword,
    ProvisionalPasswordAnswer,
    Resume,
)
from api_client.secret import Secret
from screens.messages import ResumeAsked
from screens.provisional_password import ProvisionalPasswordScreen
from screens.resume import ResumeScreen
from screens.widgets.long_field import Lines
from tests.scripted_backend import LOGIN, PASSWORD, Play, ScriptedBackend, at, shown, step_of, text_of, until
from tests.teletype import Teletype, speaking_to

pytest_plugins = ["tests.wizard_fixtures"]
pytestmark = pytest.mark.slow


async def test_row_19_a_tab_in_a_burst_leads_to_the_next_field(backend: ScriptedBackend, tmp_path: Path) -> None:
    """As bytes through the driver: what is behind Tab must not be written before Tab is obeyed."""
    wizard = speaking_to(backend, tmp_path)
    async with Teletype.showing(wizard) as teletype:
        await until(lambda: wizard.catalogue() is not None)
        wizard.post_message(ResumeAsked())
        await until(lambda: isinstance(wizard.screen, ResumeScreen) and wizard.screen.whole)
        await teletype.redraws()
        backend.replies = [at(step_of(Charter), 4)]
        teletype.type(f"ABCDEFGHJKMN\t{LOGIN}\r".encode())
        await until(lambda: backend.said)
    said = next(said for said in backend.said if isinstance(said, Resume))
    assert (said.code, said.known) == (Secret("ABCDEFGHJKMN"), LOGIN)


@pytest.mark.parametrize("pasted", [False, True], ids=["typed", "pasted"])
async def test_row_20_a_password_behind_enter_is_for_the_next_screen(
    backend: ScriptedBackend, tmp_path: Path, pasted: bool
) -> None:
    """Textual does not count a paste among what is typed, and hands it to the field that shows."""
    wizard = speaking_to(backend, tmp_path, journey="activation-letter")
    backend.replies = [at(step_of(Login), 1)]
    async with Teletype.showing(wizard) as teletype:
        await until(lambda: backend.listeners)
        await teletype.redraws()
        backend.slow = 0.2
        backend.replies = [at(step_of(ProvisionalPassword), 2), at(step_of(Charter), 3)]
        password = f"\x1b[200~{PASSWORD}\x1b[201~" if pasted else PASSWORD
        teletype.type(f"{LOGIN}\r{password}\r".encode())
        await until(lambda: len(backend.said) == 3)
        assert backend.said[1:] == [LoginAnswer(login=LOGIN), ProvisionalPasswordAnswer(password=Secret(PASSWORD))]
        assert PASSWORD not in teletype.written


async def test_row_31_a_password_that_was_taken_away_does_not_come_back(
    at_login: Play, backend: ScriptedBackend
) -> None:
    async with at_login() as pilot:
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 7))
        page = await shown(pilot, ProvisionalPasswordScreen)
        await pilot.press(*PASSWORD)
        page.query_one(Input).clear()
        await pilot.press("f4", "ctrl+z", "ctrl+shift+z", "ctrl+y", "up")
        await pilot.pause()
        assert not page.query_one(Input).value
        assert PASSWORD not in text_of(pilot)


async def test_row_31_nor_do_lines_that_were_taken_away(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.news.put_nowait(at(step_of(AssistanceMessage), 7))
        await until(lambda: "Décrire le problème" in text_of(pilot))
        lines = pilot.app.screen.query_one(Lines)
        await pilot.press(*"secret")
        lines.text = ""
        await pilot.press("ctrl+z", "ctrl+y")
        await pilot.pause()
        assert not lines.text
