"""The App when the backend is lost, busy, refuses or forgets, and when the App itself breaks."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
from textual.widgets import Input
from textual.worker import WorkerFailed

from api_client.contract import (
    Act,
    Enrolment,
    Expired,
    LoginAnswer,
    Problem,
    ProvisionalPassword,
)
from api_client.problems import Busy, Garbled, Gone, PerronError, Refusal, SeatLost, Unreachable
from screens.messages import ResumeAsked
from screens.provisional_password import ProvisionalPasswordScreen
from screens.resume import ResumeScreen
from screens.unreachable import UnreachableScreen
from screens.welcome import WelcomeScreen
from screens.widgets.prose import Prose
from tests.screens_gallery import CATALOGUE, Gallery
from tests.scripted_backend import (
    LOGIN,
    PASSWORD,
    PROBLEM,
    Play,
    ScriptedBackend,
    at,
    begun,
    shown,
    step_of,
    text_of,
    until,
    wizard_of,
)
from tui.demonstration import DemonstrationScreen
from tui.pick_list import PickList
from tui.wizard import Wizard

pytestmark = pytest.mark.slow

pytest_plugins = ["tests.wizard_fixtures"]


async def test_a_lost_backend_is_told_and_nothing_typed_is_lost(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        login = pilot.app.screen
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


async def test_an_answer_arrives_when_the_backend_is_back(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
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


async def test_a_busy_backend_is_waited_for(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.replies = [Busy(0.05), at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await shown(pilot, ProvisionalPasswordScreen)


async def test_a_busy_backend_is_called_busy_and_not_lost(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.replies = [Busy(2.0), at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: "Le service est très occupé." in text_of(pilot))
        assert "Connexion perdue" not in text_of(pilot)
        backend.out_of_reach = True
        wizard_of(pilot).conversation.patience.hurry()
        await until(lambda: "Connexion perdue" in text_of(pilot))
        assert "très occupé" not in text_of(pilot)


async def test_too_many_codes_are_told_at_once_with_how_long_to_wait(play: Play, backend: ScriptedBackend) -> None:
    too_many = Problem(type="too-many-tries", title="Too many codes were tried.", status=429)
    async with play() as pilot:
        await shown(pilot, WelcomeScreen)
        wizard_of(pilot).post_message(ResumeAsked())
        await shown(pilot, ResumeScreen)
        backend.replies = [Busy(750.0, too_many)]
        await pilot.press(*"ABCDEFGHJKMN", "tab", *LOGIN, "enter")
        await until(lambda: "Réessayez dans 12 min." in text_of(pilot))
        assert "Connexion perdue" not in text_of(pilot)
        assert len(backend.said) == 1


@pytest.mark.parametrize(("problem", "sentence"), [(Refusal(PROBLEM), "Essayez plus court. .*R7"), (Garbled("x"), "")])
async def test_a_refusal_is_told_above_the_fields(
    at_login: Play, backend: ScriptedBackend, problem: PerronError, sentence: str
) -> None:
    async with at_login() as pilot:
        login = pilot.app.screen
        backend.replies = [problem]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: login.query_one("#problem").display)
        assert re.search(sentence, text_of(pilot))
        assert login.query_one(Input).value == LOGIN
        assert not login.disabled
        await until(lambda: backend.listeners == 1)


@pytest.mark.parametrize("kind", [SeatLost, Gone])
async def test_an_enrolment_that_is_no_more_leads_back_to_the_welcome(
    at_login: Play, backend: ScriptedBackend, kind: type[Refusal]
) -> None:
    async with at_login() as pilot:
        backend.news.put_nowait(kind(PROBLEM))
        await until(lambda: "Expired" in type(pilot.app.screen).__name__)
        await pilot.pause()
        assert isinstance(wizard_of(pilot).page.step, Expired)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await shown(pilot, WelcomeScreen)
        assert not any(isinstance(said, Act) for said in backend.said)
        await begun(pilot, backend)


async def test_row_21_a_crash_is_one_sentence_and_tells_no_secret(
    at_login: Play,
    backend: ScriptedBackend,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_enrolment: Enrolment, answer: Any) -> Enrolment:
        raise RuntimeError(f"with {answer.password.reveal()}")

    async def crash() -> Wizard:
        async with at_login() as pilot:
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


async def test_a_crash_that_cannot_be_written_down_leaves_too(
    at_login: Play, backend: ScriptedBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_enrolment: Enrolment, answer: Any) -> Enrolment:
        raise RuntimeError

    async def crash() -> None:
        async with at_login() as pilot:
            wizards.append(wizard_of(pilot))
            monkeypatch.setattr(backend, "answer", fail)
            await pilot.press(*"p04", "enter")
            await until(lambda: not pilot.app.is_running)

    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    wizards: list[Wizard] = []
    with pytest.raises(WorkerFailed):
        await crash()
    assert wizards[0].return_code == 1
    assert "perron.log" in wizards[0].last_words


class Late:
    """A client whose answers come once the panel that asked is half taken away."""

    locale = "fr"

    def __init__(self) -> None:
        self.panel = DemonstrationScreen(CATALOGUE, cast("Any", self), WelcomeScreen(CATALOGUE), "")

    async def fetch(self, path: str, wanted: type) -> list[Any]:
        await self.panel.query(PickList).remove()
        return []


async def test_the_demonstration_s_panel_closed_while_it_is_told_the_mails_ends_nothing() -> None:
    panel = Late().panel
    app = Gallery(panel)
    async with app.run_test() as pilot:
        await until(lambda: not panel.query(PickList))
        await pilot.pause()
        assert app.screen is panel


class Away:
    """A client whose backend is away for a moment."""

    locale = "fr"

    def __init__(self, troubles: int) -> None:
        self.troubles = troubles

    async def fetch(self, path: str, wanted: type) -> list[Any]:
        if self.troubles:
            self.troubles -= 1
            raise Unreachable("refused")
        return []


async def test_the_demonstration_s_panel_is_told_the_mails_once_the_backend_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.demonstration.MAILBOX_SECONDS", 0.05)
    panel = DemonstrationScreen(CATALOGUE, cast("Any", Away(2)), WelcomeScreen(CATALOGUE), "")
    app = Gallery(panel)
    async with app.run_test():
        problem = panel.query_one("#problem", Prose)
        await until(lambda: problem.text)
        await until(lambda: not problem.text)
