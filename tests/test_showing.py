"""What is shown when several things happen at once: nothing old, nothing twice, nothing half made, nobody stuck."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from api_client.contract import (
    Answer,
    Begin,
    Catalogue,
    Enrolment,
    LoginAnswer,
    Mailbox,
    ProvisionalPassword,
    RecoveryCodes,
)
from api_client.problems import Refusal
from screens.help import HelpScreen
from screens.leaving import LeavingScreen
from screens.provisional_password import ProvisionalPasswordScreen
from screens.recovery_codes import RecoveryCodesScreen
from screens.unreachable import UnreachableScreen
from tests.screens_gallery import CATALOGUE
from tests.scripted_backend import (
    LOGIN,
    PROBLEM,
    Play,
    ScriptedBackend,
    at,
    burst,
    shown,
    step_of,
    text_of,
    until,
    wizard_of,
)

pytest_plugins = ["tests.wizard_fixtures"]
pytestmark = pytest.mark.slow


def in_english(step: Any, revision: int) -> Enrolment:
    return replace(at(step, revision), locale="en")


async def test_news_under_help_is_not_shown_once_it_is_old(at_login: Play) -> None:
    """Help is closed, and before the page below has caught up the next news is there."""
    async with at_login() as pilot:
        wizard = wizard_of(pilot)
        await pilot.press("f1")
        over = await shown(pilot, HelpScreen)
        await wizard.show(at(step_of(Mailbox), 2))
        over.dismiss(False)
        await wizard.show(at(step_of(ProvisionalPassword), 3))
        for _ in range(5):
            await pilot.pause()
        assert isinstance(wizard.page, ProvisionalPasswordScreen)


async def test_what_comes_late_changes_nothing(at_login: Play) -> None:
    async with at_login() as pilot:
        wizard = wizard_of(pilot)
        await wizard.show(at(step_of(ProvisionalPassword), 3))
        await wizard.show(at(step_of(Mailbox), 2))
        assert isinstance(wizard.page, ProvisionalPasswordScreen)


async def test_what_is_shown_once_is_shown_though_the_same_step_came_again_meanwhile(at_login: Play) -> None:
    async with at_login() as pilot:
        wizard, step = wizard_of(pilot), step_of(RecoveryCodes)
        await pilot.press("f1")
        over = await shown(pilot, HelpScreen)
        await wizard.show(at(step, 2))
        await wizard.show(at(step, 3, codes=None))
        over.dismiss(False)
        page = await shown(pilot, RecoveryCodesScreen)
        await until(lambda: page.enrolment.revision == 3)
        assert step.codes[0].reveal() in text_of(pilot)


async def test_a_screen_goes_once_and_from_under_another_when_that_is_gone(at_login: Play) -> None:
    """Textual takes away whatever lies on top, as often as it is asked to."""
    async with at_login() as pilot:
        wizard = wizard_of(pilot)
        await pilot.press("f1")
        over = await shown(pilot, HelpScreen)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        over.dismiss(False)
        over.dismiss(False)
        await pilot.pause()
        assert isinstance(wizard.screen, LeavingScreen)
        await pilot.press("escape")
        await until(lambda: wizard.screen is wizard.page)


async def test_nobody_waits_for_a_screen_that_is_gone(at_login: Play) -> None:
    async with at_login() as pilot:
        wizard = wizard_of(pilot)
        gone = wizard.page
        await wizard.show(at(step_of(ProvisionalPassword), 2))
        await asyncio.wait_for(gone.retell(CATALOGUE), 5)


@pytest.mark.parametrize("met", ["refused", "failed"])
async def test_what_meets_a_page_half_made_waits_until_it_is_whole(
    at_login: Play, monkeypatch: pytest.MonkeyPatch, met: str
) -> None:
    async with at_login() as pilot:
        wizard = wizard_of(pilot)
        if met == "failed":
            await wizard.turn_to(UnreachableScreen(CATALOGUE, "Pas de réseau.", 60))
        page = wizard.page
        make_anew, emptied = page.recompose, asyncio.Event()

        async def slowly() -> None:
            page.whole = False
            await page.query("*").remove()
            emptied.set()
            await asyncio.sleep(0.05)
            await make_anew()

        monkeypatch.setattr(page, "recompose", slowly)
        retelling = asyncio.create_task(page.retell(CATALOGUE))
        await emptied.wait()
        if met == "refused":
            await wizard.refused(Refusal(PROBLEM))
        elif isinstance(page, UnreachableScreen):
            page.failed(30, "Trop long.")
        await retelling
        said = ("Essayez plus court.",) if met == "refused" else ("Trop long.", "Nouvel essai dans")
        await until(lambda: all(words in text_of(pilot) for words in said))


async def test_an_answer_waits_for_a_translation_under_way(
    at_login: Play, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would be about an old step, which the backend just shows again."""
    async with at_login() as pilot:
        backend.slow = 0.2
        about, give = [], backend.answer

        async def answer(enrolment: Enrolment, answer: Answer) -> Enrolment:
            about.append(enrolment.revision)
            return await give(enrolment, answer)

        monkeypatch.setattr(backend, "answer", answer)
        backend.replies = [in_english(pilot.app.page.step, 2), in_english(step_of(ProvisionalPassword), 3)]
        await pilot.press("f2", *LOGIN, "enter")
        await shown(pilot, ProvisionalPasswordScreen)
        assert [type(one) for one in backend.said] == [Begin, str, LoginAnswer]
        assert about == [2]


async def test_a_translation_that_an_answer_overtook_is_made_up_for(
    at_login: Play, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_login() as pilot:

        async def catalogue() -> Catalogue:
            await asyncio.sleep(0.2)
            return CATALOGUE

        monkeypatch.setattr(backend, "catalogue", catalogue)
        backend.replies = [at(step_of(ProvisionalPassword), 2), in_english(step_of(ProvisionalPassword), 3)]
        burst(pilot, "f2", *LOGIN, "enter")
        page = await shown(pilot, ProvisionalPasswordScreen)
        await until(lambda: page.enrolment.locale == "en")
        assert backend.said[1:] == [LoginAnswer(login=LOGIN), "en"]


async def test_f2_over_a_page_that_waits_takes_no_answer_away(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.slow = 0.3
        backend.replies = [at(step_of(ProvisionalPassword), 2), in_english(step_of(ProvisionalPassword), 3)]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: len(backend.said) == 2)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        await pilot.press("f2", "escape")
        page = await shown(pilot, ProvisionalPasswordScreen)
        await until(lambda: page.enrolment.locale == "en")
        await until(lambda: any(field.has_focus for field in page.query(Input)))
        assert backend.said[1:] == [LoginAnswer(login=LOGIN), "en"]


async def test_a_screen_that_goes_on_by_itself_still_does_after_a_fault(
    at_login: Play, backend: ScriptedBackend
) -> None:
    async with at_login() as pilot:
        backend.news.put_nowait(Refusal(PROBLEM))
        await until(lambda: 0.0 in backend.polls)
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 2))
        await shown(pilot, ProvisionalPasswordScreen)
