"""The wizard of a kiosk between its clocks, its person and a scripted backend."""

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
from tests.scripted_backend import LOGIN, PROBLEM, ScriptedBackend, at, burst, shown, step_of, text_of, until, wizard_of
from tui import kiosk_wizard
from tui.kiosk_rules import KioskRules
from tui.kiosk_wizard import KioskWizard
from tui.settings import Settings

pytest_plugins = ["tests.wizard_fixtures"]
pytestmark = pytest.mark.slow  # two seconds each: a person at a screen, key by key

USUAL = KioskRules()

Attend = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


class Hours:
    """The clock of the kiosk, which only a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def pass_by(self, pilot: Pilot[None], seconds: float) -> None:
        """So many seconds later, the alarm rings."""
        self.now += seconds
        wizard = wizard_of(pilot)
        assert isinstance(wizard, KioskWizard)
        wizard.look_at_the_clocks()
        await pilot.pause()


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def attend(backend: ScriptedBackend, tmp_path: Path, hours: Hours) -> Attend:
    @asynccontextmanager
    async def run(rules: KioskRules = USUAL, journey: str = "") -> AsyncIterator[Pilot[None]]:
        async def reach() -> Any:
            return backend

        settings = Settings("fr", True, tmp_path, tmp_path / "logs")
        wizard = KioskWizard(reach, settings, rules, journey=journey, now=hours)
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
        assert "F2 Français · English" in text_of(pilot)
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


# ------------------------------------------------------------------------------------------------------- the clocks


async def test_the_cover_hides_everything_and_its_person_lifts_it(
    attend: Attend, backend: ScriptedBackend, hours: Hours
) -> None:
    async with attend() as pilot:
        await known(pilot, backend)
        await shown(pilot, ProvisionalPasswordScreen)
        await hours.pass_by(pilot, 39)
        assert "Toujours là" not in text_of(pilot)
        await hours.pass_by(pilot, 1)
        await until(lambda: "Toujours là ? Cet écran sera masqué dans 20 s" in text_of(pilot))
        await hours.pass_by(pilot, 20)
        await shown(pilot, CoverScreen)
        picture = "\n".join(rows_of(pilot.app))
        assert LOGIN not in picture
        assert step_of(ProvisionalPassword).title not in picture
        await pilot.press(*"nimporte", "enter")
        await until(lambda: "Ce n’est pas" in text_of(pilot))
        await pilot.press(*LOGIN.upper(), "enter")
        await shown(pilot, ProvisionalPasswordScreen)


async def test_too_many_wrong_answers_end_the_session(attend: Attend, backend: ScriptedBackend, hours: Hours) -> None:
    async with attend() as pilot:
        await known(pilot, backend)
        await shown(pilot, ProvisionalPasswordScreen)
        await hours.pass_by(pilot, 60)
        await shown(pilot, CoverScreen)
        await pilot.press("enter")
        for number in range(MOST_TRIES):
            assert pilot.app.is_running
            await pilot.press(*f"faux{number}", "enter")
            await pilot.pause()
        await until(lambda: not pilot.app.is_running)
    assert backend.said[-2:] == ["left", "closed"]
    assert pilot.app.return_code == 0


async def test_a_covered_session_ends_and_gives_its_seat_up(
    attend: Attend, backend: ScriptedBackend, hours: Hours
) -> None:
    async with attend() as pilot:
        await known(pilot, backend)
        await shown(pilot, ProvisionalPasswordScreen)
        await hours.pass_by(pilot, 60)
        await shown(pilot, CoverScreen)
        await hours.pass_by(pilot, 100)
        await until(lambda: "Cette session se termine dans 20 s" in text_of(pilot))
        await hours.pass_by(pilot, 20)
        await until(lambda: not pilot.app.is_running)
    assert backend.said[-2:] == ["left", "closed"]


async def test_one_key_goes_on_and_enter_then_means_nothing_else(
    attend: Attend, backend: ScriptedBackend, hours: Hours
) -> None:
    async with attend() as pilot:
        await known(pilot, backend)
        page = await shown(pilot, ProvisionalPasswordScreen)
        for key in ("enter", "x", "space"):
            await hours.pass_by(pilot, 45)
            await until(lambda: "Toujours là" in text_of(pilot))
            await pilot.press(key)
            await until(lambda: "Toujours là" not in text_of(pilot))
            await hours.pass_by(pilot, 39)
            assert "Toujours là" not in text_of(pilot), "all the time again"
            await pilot.press("left")
        assert "Remplissez" not in text_of(pilot), "Enter did not try to send an empty field"
        assert sorted(str(page.typed()["password"])) == [" ", "x"], "what can be typed was for the field"
        assert len(backend.said) == 2


async def test_whoever_gave_nothing_has_no_cover_but_an_end(
    attend: Attend, backend: ScriptedBackend, hours: Hours
) -> None:
    async with attend() as pilot:
        await pilot.press("down")
        await shown(pilot, WelcomeScreen)
        await hours.pass_by(pilot, 45)
        await until(lambda: "Cette session se termine" in text_of(pilot))
        await hours.pass_by(pilot, 15)
        await until(lambda: not pilot.app.is_running)
    assert backend.said == ["closed"], "nobody had a seat"


async def test_a_last_screen_ends_by_the_first_clock(attend: Attend, backend: ScriptedBackend, hours: Hours) -> None:
    async with attend() as pilot:
        done = msgspec.structs.replace(at(step_of(Done), 2), status="completed")
        await known(pilot, backend, done)
        await shown(pilot, DoneScreen)
        await hours.pass_by(pilot, 60)
        await until(lambda: not pilot.app.is_running)
    assert backend.said[-1] == "closed"


async def test_waiting_for_a_mail_only_the_cover_runs(attend: Attend, backend: ScriptedBackend, hours: Hours) -> None:
    async with attend() as pilot:
        step = waiting()
        await known(pilot, backend, step)
        await shown(pilot, LinkSentScreen)
        await hours.pass_by(pilot, 60)
        await shown(pilot, CoverScreen)
        await hours.pass_by(pilot, (step.expires_at - step.server_time).total_seconds() - 61)
        await until(lambda: "Cette session se termine dans 1 s" in text_of(pilot))
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 3))
        await until(lambda: backend.listeners == 1 and backend.news.empty())
        await pilot.pause()
        await hours.pass_by(pilot, 179)
        await shown(pilot, CoverScreen)  # there was time to come back
        await pilot.press(*LOGIN, "enter")
        await shown(pilot, ProvisionalPasswordScreen)


async def test_a_wait_ends_by_itself_in_the_end(attend: Attend, backend: ScriptedBackend, hours: Hours) -> None:
    async with attend() as pilot:
        step = waiting()
        await known(pilot, backend, step)
        await shown(pilot, LinkSentScreen)
        await hours.pass_by(pilot, 60)
        await shown(pilot, CoverScreen)
        await hours.pass_by(pilot, (step.expires_at - step.server_time).total_seconds() - 60)
        await until(lambda: not pilot.app.is_running)
    assert "left" in backend.said


async def test_a_wait_of_nobody_known_is_covered_and_any_key_lifts_it(
    attend: Attend, backend: ScriptedBackend, hours: Hours
) -> None:
    async with attend(journey="activation-letter") as pilot:
        backend.replies = [waiting(1)]
        await pilot.press("enter")
        await shown(pilot, LinkSentScreen)
        await hours.pass_by(pilot, 60)
        await shown(pilot, CoverScreen)
        await pilot.press("enter")
        await shown(pilot, LinkSentScreen)


async def test_a_hand_on_the_keyboard_lifts_the_cover_once(
    attend: Attend, backend: ScriptedBackend, hours: Hours
) -> None:
    """Two keys in one go took the page below away with it: a dead screen over a live session."""
    async with attend(journey="activation-letter") as pilot:
        backend.replies = [waiting(1)]
        await pilot.press("enter")
        await shown(pilot, LinkSentScreen)
        await hours.pass_by(pilot, 60)
        await shown(pilot, CoverScreen)
        burst(pilot, "a", "b", "c")
        await shown(pilot, LinkSentScreen)
        assert pilot.app.screen is wizard_of(pilot).page


async def test_the_cover_speaks_both_languages_and_f10_is_there(
    attend: Attend, backend: ScriptedBackend, hours: Hours
) -> None:
    async with attend() as pilot:
        await known(pilot, backend)
        await shown(pilot, ProvisionalPasswordScreen)
        await hours.pass_by(pilot, 60)
        await shown(pilot, CoverScreen)
        backend.replies = [msgspec.structs.replace(at(step_of(ProvisionalPassword), 3), locale="en")]
        await pilot.press("f2")
        await until(lambda: "This screen is covered" in text_of(pilot))
        await until(lambda: backend.listeners == 1)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        assert "End my session?" in text_of(pilot)
        await pilot.press("f10")
        await until(lambda: not pilot.app.is_running)
    assert "left" in backend.said
