"""The App between a person and a scripted backend: one answer at a time, nothing typed lost, nobody led astray."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import WorkerFailed

from api_client.contract import (
    Act,
    Answer,
    BackupEmail,
    Begin,
    Catalogue,
    Charter,
    Done,
    Enrolment,
    Expired,
    HandOver,
    Locale,
    Login,
    LoginAnswer,
    Problem,
    ProvisionalPassword,
    ProvisionalPasswordAnswer,
    Resume,
)
from api_client.problems import Busy, Garbled, Gone, PerronError, Refusal, SeatLost, Unreachable
from api_client.secret import Secret
from screens.frame import kind_of
from screens.help import HelpScreen
from screens.leaving import LeavingScreen
from screens.login import LoginScreen
from screens.provisional_password import ProvisionalPasswordScreen
from screens.resume import ResumeScreen
from screens.unreachable import UnreachableScreen
from screens.welcome import WelcomeScreen
from tests.screens_gallery import CATALOGUE, NOW, STEPS, enrolment_of, rows_of
from tui import patience
from tui.settings import Settings
from tui.typeahead import SETTLING
from tui.wizard import Wizard

LOGIN, PASSWORD = "p04", "g9cf-9hqy-atc2"


def step_of(kind: type[Any]) -> Any:
    return STEPS[kind_of(kind)]


class ScriptedBackend:
    """Stands in for ``Client``: each call takes the next of ``replies``, an enrolment or what is raised instead."""

    def __init__(self) -> None:
        self.locale: Locale = "fr"
        self.said: list[Any] = []
        self.replies: list[Enrolment | PerronError] = []
        self.news: asyncio.Queue[Enrolment | PerronError | None] = asyncio.Queue()
        self.out_of_reach = False
        self.slow = 0.0
        self.listeners = 0
        self.polls: list[float] = []

    async def catalogue(self) -> Catalogue:
        if self.out_of_reach:
            raise Unreachable("refused", sent=False)
        return CATALOGUE

    async def begin(self, begin: Begin) -> Enrolment:
        return await self._reply(begin)

    async def resume(self, resume: Resume) -> Enrolment:
        return await self._reply(resume)

    async def answer(self, enrolment: Enrolment, answer: Answer) -> Enrolment:
        return await self._reply(answer)

    async def back(self, enrolment: Enrolment) -> Enrolment:
        return await self._reply("back")

    async def switch_locale(self, enrolment: Enrolment, locale: Locale) -> Enrolment:
        self.locale = locale
        return await self._reply(locale)

    async def hand_over(self, enrolment: Enrolment) -> HandOver:
        return HandOver(code=Secret("ABCD-EFGH-JKMN"), expires_at=NOW, known_label="votre nom de connexion")

    async def await_change(self, enrolment: Enrolment, seconds: float) -> Enrolment | None:
        self.listeners += 1
        self.polls.append(seconds)
        try:
            if self.out_of_reach:
                raise Unreachable("refused", sent=False)
            if seconds == 0:
                return None
            news = await self.news.get()
        finally:
            self.listeners -= 1
        if isinstance(news, PerronError):
            raise news
        return news

    async def close(self) -> None:
        self.said.append("closed")

    async def _reply(self, said: Any) -> Enrolment:
        self.said.append(said)
        await asyncio.sleep(self.slow)
        if self.out_of_reach:
            raise Unreachable("refused", sent=False)
        reply = self.replies.pop(0)
        if isinstance(reply, PerronError):
            raise reply
        return reply


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(patience, "LONGEST_PAUSE", 0.1)


Play = Callable[..., Any]


@pytest.fixture
def play(backend: ScriptedBackend, tmp_path: Path) -> Play:
    @asynccontextmanager
    async def run(journey: str = "", size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
        async def reach() -> Any:
            return backend

        wizard = Wizard(reach, Settings("fr", True, tmp_path, tmp_path / "logs"), journey=journey)
        async with wizard.run_test(size=size, notifications=True) as pilot:
            yield pilot

    return run


async def until(true: Callable[[], Any], seconds: float = 5) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "waited in vain"
        await asyncio.sleep(0.01)


def wizard_of(pilot: Pilot[None]) -> Wizard:
    assert isinstance(pilot.app, Wizard)
    return pilot.app


async def shown(pilot: Pilot[None], kind: type[Any]) -> Any:
    """Wait until the page is of this kind and takes keys; tests never sleep for it."""
    app = wizard_of(pilot)
    await until(lambda: isinstance(app.screen, kind) and not app.screen.disabled and app.screen.is_mounted)
    await pilot.pause()
    return app.screen


async def begun(pilot: Pilot[None], backend: ScriptedBackend) -> LoginScreen:
    """From the welcome screen to the login."""
    backend.replies = [enrolment_of(step_of(Login), position=1, can_go_back=False)]
    welcome = await shown(pilot, WelcomeScreen)
    await until(lambda: welcome is pilot.app.screen and wizard_of(pilot).catalogue() is not None)
    await until(lambda: isinstance(pilot.app.screen, WelcomeScreen) and pilot.app.screen.catalogue)
    await pilot.pause()
    await pilot.press("enter")
    login = await shown(pilot, LoginScreen)
    await until(lambda: backend.listeners == 1)
    assert isinstance(login, LoginScreen)
    return login


def text_of(pilot: Pilot[None]) -> str:
    return " ".join(" ".join(rows_of(pilot.app)).split())


def at(step: Any, revision: int, **changes: Any) -> Enrolment:
    changed = msgspec.structs.replace(step, **changes) if changes else step
    return msgspec.structs.replace(enrolment_of(changed), revision=revision)


async def test_the_welcome_is_there_before_the_backend(play: Play, backend: ScriptedBackend) -> None:
    backend.slow = 1
    async with play() as pilot:
        assert isinstance(pilot.app.screen, WelcomeScreen)


async def test_a_journey_is_begun_and_answered(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await shown(pilot, ProvisionalPasswordScreen)
        assert [type(said) for said in backend.said] == [Begin, LoginAnswer]
        assert backend.said[0].drawing.cols > 0
        await until(lambda: backend.listeners == 1)


async def test_double_enter_is_one_answer(play: Play, backend: ScriptedBackend) -> None:
    backend.slow = 0.3
    async with play() as pilot:
        await begun(pilot, backend)
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter", "enter", "enter")
        await shown(pilot, ProvisionalPasswordScreen)
        assert len([said for said in backend.said if isinstance(said, LoginAnswer)]) == 1
        await asyncio.sleep(SETTLING)
        await pilot.pause()
        assert "Remplissez" not in text_of(pilot), "nor is it said on the next screen"


async def test_what_is_typed_ahead_goes_to_the_next_screen(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.slow = 0.2
        backend.replies = [at(step_of(ProvisionalPassword), 2), at(step_of(BackupEmail), 3)]
        for key in (*LOGIN, "enter", *PASSWORD, "enter"):
            pilot.app.simulate_key(key)
        await until(lambda: len(backend.said) == 3)
        assert backend.said[1:] == [
            LoginAnswer(login=LOGIN),
            ProvisionalPasswordAnswer(password=Secret(PASSWORD)),
        ]


async def test_what_is_typed_ahead_of_an_error_is_forgotten(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        login = await begun(pilot, backend)
        backend.slow = 0.2
        backend.replies = [at(step_of(Login), 2, errors={"login": "Ce nom de connexion n’a pas la bonne forme."})]
        for key in (*"pO", "enter", *PASSWORD):
            pilot.app.simulate_key(key)
        await until(lambda: "bonne forme" in text_of(pilot))
        await pilot.pause()
        assert login.query_one(Input).value == "pO", "a password must not land where it shows"


async def test_news_is_shown_by_itself(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 7))
        await shown(pilot, ProvisionalPasswordScreen)
        await until(lambda: backend.listeners == 1)


async def test_a_lost_backend_is_told_and_nothing_typed_is_lost(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        login = await begun(pilot, backend)
        await pilot.press(*"p0000")
        backend.out_of_reach = True
        backend.news.put_nowait(Unreachable("dropped"))
        await until(lambda: "Connexion perdue" in text_of(pilot))
        assert login.query_one(Input).value == "p0000"
        backend.out_of_reach = False
        await until(lambda: "Connexion perdue" not in text_of(pilot))
        assert login.query_one(Input).value == "p0000"
        assert 0.0 in backend.polls, "it asks at once whether it is back, instead of waiting for news"
        await until(lambda: backend.listeners == 1)


async def test_an_answer_arrives_when_the_backend_is_back(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.out_of_reach = True
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: "Connexion perdue" in text_of(pilot))
        backend.out_of_reach = False
        await shown(pilot, ProvisionalPasswordScreen)
        assert len({said for said in backend.said[1:] if isinstance(said, LoginAnswer)}) == 1


async def test_without_a_backend_one_is_told_what_to_do_and_it_goes_on_by_itself(
    play: Play, backend: ScriptedBackend
) -> None:
    backend.out_of_reach = True
    async with play() as pilot:
        await shown(pilot, UnreachableScreen)
        backend.out_of_reach = False
        await begun(pilot, backend)


async def test_a_busy_backend_is_waited_for(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.replies = [Busy(0.05), at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await shown(pilot, ProvisionalPasswordScreen)


PROBLEM = Problem(type="too-large", title="C’est trop long.", status=413, detail="Essayez plus court.", reference="R7")


@pytest.mark.parametrize(("problem", "sentence"), [(Refusal(PROBLEM), "Essayez plus court. .*R7"), (Garbled("x"), "")])
async def test_a_refusal_is_told_above_the_fields(
    play: Play, backend: ScriptedBackend, problem: PerronError, sentence: str
) -> None:
    async with play() as pilot:
        login = await begun(pilot, backend)
        backend.replies = [problem]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: login.query_one("#problem").display)
        assert re.search(sentence, text_of(pilot))
        assert login.query_one(Input).value == LOGIN
        assert not login.disabled
        await until(lambda: backend.listeners == 1)


@pytest.mark.parametrize("kind", [SeatLost, Gone])
async def test_an_enrolment_that_is_no_more_leads_back_to_the_welcome(
    play: Play, backend: ScriptedBackend, kind: type[Refusal]
) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.news.put_nowait(kind(PROBLEM))
        await until(lambda: "Expired" in type(pilot.app.screen).__name__)
        await pilot.pause()
        assert isinstance(wizard_of(pilot).page.step, Expired)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await shown(pilot, WelcomeScreen)
        assert not any(isinstance(said, Act) for said in backend.said)
        await begun(pilot, backend)


async def test_f2_changes_every_word_and_keeps_what_was_typed(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        login = await begun(pilot, backend)
        await pilot.press(*"p0000")
        english = msgspec.structs.replace(enrolment_of(step_of(Login), locale="en", position=1), revision=1)
        backend.replies = [english]
        await pilot.press("f2")
        await until(lambda: "F10 Leave" in text_of(pilot))
        assert backend.said[-1] == "en"
        assert login.query_one(Input).value == "p0000"


async def test_f2_works_on_the_welcome(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await shown(pilot, WelcomeScreen)
        await pilot.press("f2")
        await until(lambda: "Welcome" in text_of(pilot) and backend.locale == "en")


async def test_news_under_help_waits_until_it_is_closed(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        await pilot.press("f1")
        await shown(pilot, HelpScreen)
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 7))
        await until(backend.news.empty)
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape")
        await shown(pilot, ProvisionalPasswordScreen)


async def test_f10_asks_in_the_middle_and_not_before(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        await pilot.press("enter")
        await shown(pilot, LoginScreen)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        await pilot.press("f10")
        await until(lambda: not pilot.app.is_running)
    assert pilot.app.return_code == 0
    assert backend.said[-1] == "closed"


async def test_f10_leaves_at_once_from_the_welcome_and_at_the_end(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.news.put_nowait(at(step_of(Done), 9))
        await until(lambda: "Done" in type(pilot.app.screen).__name__)
        await pilot.press("f10")
        await until(lambda: not pilot.app.is_running)


async def test_what_lies_over_a_waiting_page_takes_its_keys(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.slow = 30
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: pilot.app.screen.disabled)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, LoginScreen))


async def test_f10_works_while_an_answer_is_on_its_way(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        backend.slow = 30
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: pilot.app.screen.disabled)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)


async def test_ctrl_c_only_tells_the_way_out(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        await begun(pilot, backend)
        await pilot.press("ctrl+c", "ctrl+q", "ctrl+p", "ctrl+z")
        await until(lambda: "F10" in text_of(pilot))
        assert isinstance(pilot.app.screen, LoginScreen)
        assert pilot.app.is_running


async def test_a_hand_over_code_is_shown_and_one_can_stay(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        login = await begun(pilot, backend)
        login.act("hand_over")
        await until(lambda: "ABCD-EFGH-JKMN" in text_of(pilot))
        await pilot.press("escape")
        await shown(pilot, LoginScreen)
        await until(lambda: backend.listeners == 1)


async def test_a_code_from_elsewhere_is_taken_or_refused(play: Play, backend: ScriptedBackend) -> None:
    async with play() as pilot:
        welcome = await shown(pilot, WelcomeScreen)
        await until(lambda: isinstance(pilot.app.screen, WelcomeScreen) and pilot.app.screen.catalogue)
        welcome = pilot.app.screen
        await pilot.pause()
        welcome.query_one("#resume").focus()
        await pilot.press("enter")
        await shown(pilot, ResumeScreen)
        backend.replies = [Gone(PROBLEM), at(step_of(Charter), 4)]
        await pilot.press(*"ABCDEFGHJKMN", "tab", *LOGIN, "enter")
        await until(lambda: "Essayez plus court" in text_of(pilot))
        await pilot.press("enter")
        await until(lambda: "Charter" in type(pilot.app.screen).__name__)


async def test_a_journey_named_on_the_command_line_is_begun(play: Play, backend: ScriptedBackend) -> None:
    backend.replies = [enrolment_of(step_of(Login), position=1)]
    async with play(journey=CATALOGUE.journeys[0].id) as pilot:
        await shown(pilot, LoginScreen)
    assert backend.said[0].journey == CATALOGUE.journeys[0].id


async def test_an_unknown_journey_is_told_with_those_that_are(play: Play, backend: ScriptedBackend) -> None:
    async with play(journey="activation-lettre") as pilot:
        await until(lambda: not pilot.app.is_running)
    assert pilot.app.return_code == 2
    assert all(offer.id in wizard_of(pilot).last_words for offer in CATALOGUE.journeys)


async def test_a_crash_is_one_sentence_and_tells_no_secret(
    play: Play,
    backend: ScriptedBackend,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_enrolment: Enrolment, answer: Any) -> Enrolment:
        raise RuntimeError(f"with {answer.password.reveal()}")

    async def crash() -> Wizard:
        async with play() as pilot:
            await begun(pilot, backend)
            backend.news.put_nowait(at(step_of(ProvisionalPassword), 7))
            await shown(pilot, ProvisionalPasswordScreen)
            monkeypatch.setattr(backend, "answer", fail)
            wizards.append(wizard_of(pilot))
            await pilot.press(*PASSWORD, "enter")
            await until(lambda: not pilot.app.is_running)
        return wizard_of(pilot)

    wizards: list[Wizard] = []
    with pytest.raises(WorkerFailed):
        await crash()
    (wizard,) = wizards
    assert wizard.return_code == 1
    reference = re.search(r"\b[0-9a-f]{8}\b", wizard.last_words)
    assert reference
    log = tmp_path / "logs" / "perron.log"
    assert reference.group() in log.read_text(encoding="utf-8")
    assert "in fail" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0
    written = capsys.readouterr()
    assert PASSWORD not in log.read_text(encoding="utf-8") + written.out + written.err + wizard.last_words
