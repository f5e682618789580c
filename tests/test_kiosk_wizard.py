"""The wizard of a kiosk between its clocks, its person and a scripted backend."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from api_client.contract import Begin, Done, LinkSent, Login, LoginAnswer, ProvisionalPassword
from api_client.problems import Refusal
from screens.attract import AttractScreen
from screens.cover import MOST_TRIES, CoverScreen
from screens.done import DoneScreen
from screens.leaving import LeavingScreen
from screens.link_sent import LinkSentScreen
from screens.login import LoginScreen
from screens.provisional_password import ProvisionalPasswordScreen
from screens.welcome import WelcomeScreen
from tests.screens_gallery import CATALOGUE, rows_of
from tests.scripted_backend import LOGIN, PROBLEM, ScriptedBackend, at, shown, step_of, text_of, until, wizard_of
from tui import kiosk_wizard
from tui.kiosk_rules import KioskRules
from tui.kiosk_wizard import KioskWizard
from tui.settings import Settings

pytest_plugins = ["tests.wizard_fixtures"]
pytestmark = pytest.mark.slow  # clocks have to run

QUICK = KioskRules(cover_after=1.2, end_after=3.0)
"""Warned 0.4 and 1 second before."""
SLOW = KioskRules()

Attend = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


@pytest.fixture
def attend(backend: ScriptedBackend, tmp_path: Path) -> Attend:
    @asynccontextmanager
    async def run(rules: KioskRules = SLOW, journey: str = "") -> AsyncIterator[Pilot[None]]:
        async def reach() -> Any:
            return backend

        wizard = KioskWizard(reach, Settings("fr", True, tmp_path, tmp_path / "logs"), rules, journey=journey)
        async with wizard.run_test(size=(80, 24), notifications=True) as pilot:
            attract = await shown(pilot, AttractScreen)
            await until(lambda: attract.catalogue is not None)
            yield pilot

    return run


async def known(pilot: Pilot[None], backend: ScriptedBackend, step: Any = None) -> Any:
    """Somebody who has scanned their letter, at ``step``, the provisional password unless another is named."""
    shown_next = step or at(step_of(ProvisionalPassword), 2)
    backend.replies = [at(step_of(Login), 1), shown_next]
    await pilot.press(*LOGIN, "enter")
    await until(lambda: len(backend.said) >= 2)
    return shown_next


def waiting(revision: int = 2) -> Any:
    return msgspec.structs.replace(at(step_of(LinkSent), revision), status="waiting")


async def test_nobody_is_there_until_a_key_comes(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend() as pilot:
        assert "Appuyez sur une touche" in text_of(pilot)
        assert CATALOGUE.journeys[0].title in text_of(pilot)
        await pilot.press("f10")
        await shown(pilot, AttractScreen)
        await pilot.press("down")
        await shown(pilot, WelcomeScreen)
        assert not backend.said, "nobody has begun anything"
        assert wizard_of(pilot).drawing.kiosk


async def test_f2_changes_the_language_of_nobody_s_screen(attend: Attend) -> None:
    async with attend() as pilot:
        await pilot.press("f2")
        await until(lambda: "Press any key to begin." in text_of(pilot))
        await shown(pilot, AttractScreen)


async def test_a_kiosk_of_one_journey_begins_it(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(journey="activation-letter") as pilot:
        backend.replies = [at(step_of(Login), 1)]
        await pilot.press("enter")
        await shown(pilot, LoginScreen)
        begin = backend.said[0]
        assert isinstance(begin, Begin)
        assert begin.drawing.kiosk


async def test_a_scan_begins_fills_in_and_sends(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend() as pilot:
        await known(pilot, backend)
        await shown(pilot, ProvisionalPasswordScreen)
        begin, answer = backend.said
        assert begin.journey == CATALOGUE.journeys[0].id
        assert answer == LoginAnswer(login=LOGIN)


async def test_a_scan_for_which_a_screen_has_no_use_is_typing(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(KioskRules(scan_journey="activation-link")) as pilot:
        backend.replies = [at(step_of(ProvisionalPassword), 1)]
        await pilot.press(*LOGIN, "enter")
        page = await shown(pilot, ProvisionalPasswordScreen)
        assert backend.said[0].journey == "activation-link"
        assert page.typed() == {"password": ""}, "the login of a letter is no answer to another question"


async def test_a_service_that_refuses_to_begin_lets_the_next_one_try(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(journey="activation-letter") as pilot:
        backend.replies = [Refusal(PROBLEM), at(step_of(Login), 1)]
        await pilot.press("enter")
        await until(lambda: "C’est trop long." in text_of(pilot))
        await pilot.press("enter")
        await shown(pilot, LoginScreen)


async def test_nobody_s_screen_looks_at_the_service(
    attend: Attend, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk_wizard, "LOOK_SECONDS", 0.05)
    async with attend() as pilot:
        backend.out_of_reach = True
        await until(lambda: "Le service est en maintenance" in text_of(pilot))
        assert "Appuyez" not in text_of(pilot)
        await pilot.press("enter", "down", "tab")
        await shown(pilot, AttractScreen)
        backend.out_of_reach = False
        backend.offers = msgspec.structs.replace(CATALOGUE, institution="Université Nouvelle")
        await until(lambda: "Appuyez" in text_of(pilot) and "Université Nouvelle" in text_of(pilot))


# ------------------------------------------------------------------------------------------------------------- cover


async def test_the_cover_hides_everything_and_its_person_lifts_it(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(QUICK) as pilot:
        await known(pilot, backend)
        await shown(pilot, ProvisionalPasswordScreen)
        await until(lambda: "Toujours là ? Cet écran sera masqué" in text_of(pilot))
        await shown(pilot, CoverScreen)
        picture = "\n".join(rows_of(pilot.app))
        assert LOGIN not in picture
        assert step_of(ProvisionalPassword).title not in picture
        await pilot.press(*"nimporte", "enter")
        await until(lambda: "Ce n’est pas" in text_of(pilot))
        await pilot.press(*LOGIN.upper(), "enter")
        await shown(pilot, ProvisionalPasswordScreen)


async def test_too_many_wrong_answers_end_the_session(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(KioskRules(cover_after=0.6, end_after=60)) as pilot:
        await known(pilot, backend)
        await shown(pilot, CoverScreen)
        for number in range(MOST_TRIES):
            assert "left" not in backend.said
            await pilot.press(*f"faux{number}", "enter")
            await pilot.pause()
        await until(lambda: not pilot.app.is_running)
    assert backend.said[-2:] == ["left", "closed"]
    assert pilot.app.return_code == 0


async def test_a_covered_session_ends(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(QUICK) as pilot:
        begun = time.monotonic()
        await known(pilot, backend)
        await shown(pilot, CoverScreen)
        await until(lambda: "Cette session se termine" in text_of(pilot))
        await until(lambda: not pilot.app.is_running)
        assert time.monotonic() - begun >= QUICK.end_after
    assert "left" in backend.said


async def test_one_key_goes_on_and_enter_then_means_nothing_else(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(QUICK) as pilot:
        await known(pilot, backend)
        page = await shown(pilot, ProvisionalPasswordScreen)
        await until(lambda: "Toujours là" in text_of(pilot))
        await pilot.press("enter")
        await until(lambda: "Toujours là" not in text_of(pilot))
        assert "Remplissez" not in text_of(pilot), "it did not try to send an empty field"
        await until(lambda: "Toujours là" in text_of(pilot))
        await pilot.press("x")
        await until(lambda: "Toujours là" not in text_of(pilot))
        assert page.typed() == {"password": "x"}, "a letter was for the field"
        assert len(backend.said) == 2


async def test_whoever_gave_nothing_has_no_cover_but_an_end(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(QUICK) as pilot:
        await pilot.press("down")
        await shown(pilot, WelcomeScreen)
        await until(lambda: "Cette session se termine" in text_of(pilot))
        await until(lambda: not pilot.app.is_running)
    assert backend.said == ["closed"], "nobody had a seat"


async def test_a_last_screen_ends_by_the_first_clock(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(KioskRules(cover_after=0.6, end_after=60)) as pilot:
        done = msgspec.structs.replace(at(step_of(Done), 2), status="completed")
        await known(pilot, backend, done)
        await shown(pilot, DoneScreen)
        await until(lambda: not pilot.app.is_running)
    assert backend.said[-1] == "closed"


async def test_waiting_for_a_mail_only_the_cover_runs(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(KioskRules(cover_after=0.6, end_after=0.9)) as pilot:
        await known(pilot, backend, waiting())
        await shown(pilot, CoverScreen)
        begun = time.monotonic()
        await until(lambda: time.monotonic() - begun > 1.5)
        await shown(pilot, CoverScreen)
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 3))
        await pilot.press(*LOGIN, "enter")
        await shown(pilot, ProvisionalPasswordScreen)


async def test_a_link_opened_elsewhere_starts_the_second_clock(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(KioskRules(cover_after=0.6, end_after=1.2)) as pilot:
        await known(pilot, backend, waiting())
        await shown(pilot, CoverScreen)
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 3))
        heard = time.monotonic()
        await until(lambda: not pilot.app.is_running)
        assert time.monotonic() - heard >= 1


async def test_a_wait_of_nobody_known_is_covered_and_any_key_lifts_it(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(KioskRules(cover_after=0.6, end_after=0.9), journey="activation-letter") as pilot:
        backend.replies = [waiting(1)]
        await pilot.press("enter")
        await shown(pilot, CoverScreen)
        await pilot.press("enter")
        await shown(pilot, LinkSentScreen)


async def test_the_cover_speaks_both_languages_and_f10_is_there(attend: Attend, backend: ScriptedBackend) -> None:
    async with attend(KioskRules(cover_after=0.6, end_after=60)) as pilot:
        await known(pilot, backend)
        await shown(pilot, CoverScreen)
        backend.replies = [at(step_of(ProvisionalPassword), 3)]
        await pilot.press("f2")
        await until(lambda: "This screen is covered" in text_of(pilot))
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        assert "End my session?" in text_of(pilot)
        await pilot.press("f10")
        await until(lambda: not pilot.app.is_running)
    assert "left" in backend.said
