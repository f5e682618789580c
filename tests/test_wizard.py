"""The App between a person and a scripted backend: one answer at a time, nothing typed lost, nobody led astray."""

import time

import msgspec
import pytest
from textual.widgets import Input, TextArea

from api_client.contract import (
    AssistanceMessage,
    Begin,
    Charter,
    Done,
    HelpTopic,
    Login,
    LoginAnswer,
    Mailbox,
    NewPassword,
    ProvisionalPassword,
)
from api_client.problems import Gone
from screens.assistance_message import AssistanceMessageScreen
from screens.help import HelpScreen
from screens.leaving import LeavingScreen
from screens.login import LoginScreen
from screens.mailbox import MailboxScreen
from screens.new_password import NewPasswordScreen
from screens.provisional_password import ProvisionalPasswordScreen
from screens.resume import ResumeScreen
from screens.welcome import WelcomeScreen
from tests.screens_gallery import CATALOGUE, enrolment_of
from tests.scripted_backend import (
    LOGIN,
    PASSWORD,
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


async def test_the_welcome_is_there_before_the_backend(play: Play, backend: ScriptedBackend) -> None:
    backend.slow = 1
    async with play() as pilot:
        assert isinstance(pilot.app.screen, WelcomeScreen)


async def test_a_journey_is_begun_and_answered(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await shown(pilot, ProvisionalPasswordScreen)
        assert [type(said) for said in backend.said] == [Begin, LoginAnswer]
        assert backend.said[0].drawing.cols > 0
        await until(lambda: backend.listeners == 1)


async def test_what_was_typed_before_going_back_is_there_again(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.replies = [
            at(step_of(AssistanceMessage), 2),
            at(step_of(Mailbox), 3),
            at(step_of(AssistanceMessage), 4),
        ]
        burst(pilot, *LOGIN, "enter")
        await shown(pilot, AssistanceMessageScreen)
        await pilot.press(*"bonjour", "escape")
        await shown(pilot, MailboxScreen)
        await pilot.press("enter")
        page = await shown(pilot, AssistanceMessageScreen)
        assert page.query_one(TextArea).text == "bonjour"


async def test_no_secret_is_kept_for_a_way_back(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.replies = [at(step_of(NewPassword), 2), at(step_of(Mailbox), 3), at(step_of(NewPassword), 4)]
        burst(pilot, *LOGIN, "enter")
        await shown(pilot, NewPasswordScreen)
        await pilot.press(*PASSWORD, "escape")
        await shown(pilot, MailboxScreen)
        assert not any(wizard_of(pilot).drafts.values())
        await pilot.press("enter")
        page = await shown(pilot, NewPasswordScreen)
        assert [field.value for field in page.query(Input)] == ["", ""]


async def test_news_is_shown_by_itself(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 7))
        await shown(pilot, ProvisionalPasswordScreen)
        await until(lambda: backend.listeners == 1)


async def test_f2_changes_every_word_and_keeps_what_was_typed(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        login = pilot.app.screen
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


async def test_news_under_help_waits_until_it_is_closed(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        await pilot.press("f1")
        await shown(pilot, HelpScreen)
        backend.news.put_nowait(at(step_of(ProvisionalPassword), 7))
        await until(backend.news.empty)
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape")
        await shown(pilot, ProvisionalPasswordScreen)


async def test_f10_asks_in_the_middle_and_not_before(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        await pilot.press("enter")
        await shown(pilot, LoginScreen)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        await pilot.press("f10")
        await until(lambda: not pilot.app.is_running)
    assert pilot.app.return_code == 0
    assert backend.said[-2:] == ["left", "closed"]


async def test_f10_leaves_at_once_from_the_welcome_and_at_the_end(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.news.put_nowait(msgspec.structs.replace(at(step_of(Done), 9), status="completed"))
        await until(lambda: "Done" in type(pilot.app.screen).__name__)
        await pilot.press("f10")
        await until(lambda: not pilot.app.is_running)
    assert "left" not in backend.said, "it has ended: there is no seat to give up"


async def test_a_backend_out_of_reach_does_not_keep_anybody(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.out_of_reach = True
        await pilot.press("f10", "f10")
        asked = time.monotonic()
        await until(lambda: not pilot.app.is_running)
    assert time.monotonic() - asked < 1


async def test_help_and_leaving_are_asked_at_the_door_one_went_through(
    at_login: Play, backend: ScriptedBackend
) -> None:
    offer = CATALOGUE.journeys[0]
    topic = HelpTopic(question="Et mon téléphone ?", answer="Rien à faire.", steps=("login",))
    other = msgspec.structs.replace(offer, host="Portail Exemple", support="Portail : 01 86 00 00 00", help=(topic,))
    backend.offers = msgspec.structs.replace(CATALOGUE, journeys=(other, *CATALOGUE.journeys[1:]))
    async with at_login() as pilot:
        for key, kind in (("f1", HelpScreen), ("f10", LeavingScreen)):
            await pilot.press(key)
            await shown(pilot, kind)
            assert "Portail Exemple" in text_of(pilot)
            assert "01 86 00 00 00" in text_of(pilot)
            assert ("Et mon téléphone ?" in text_of(pilot)) is (kind is HelpScreen)
            await pilot.press("escape")
            await shown(pilot, LoginScreen)


async def test_what_lies_over_a_waiting_page_takes_its_keys(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.slow = 30
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: pilot.app.screen.disabled)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, LoginScreen))


async def test_f10_works_while_an_answer_is_on_its_way(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.slow = 30
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter")
        await until(lambda: pilot.app.screen.disabled)
        await pilot.press("f10")
        await shown(pilot, LeavingScreen)


async def test_ctrl_c_only_tells_the_way_out(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        await pilot.press("ctrl+c", "ctrl+q", "ctrl+p", "ctrl+z")
        await until(lambda: "F10" in text_of(pilot))
        assert isinstance(pilot.app.screen, LoginScreen)
        assert pilot.app.is_running


async def test_a_hand_over_code_is_shown_and_one_can_stay(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        login = pilot.app.screen
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
