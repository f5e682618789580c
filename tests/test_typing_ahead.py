"""What is typed before a screen is there, and behind an Enter: it lands where it was meant, or nowhere."""

import asyncio
import time

import pytest
from msgspec.structs import replace
from textual import events
from textual.widgets import Input, TextArea

from api_client.contract import (
    AssistanceMessage,
    BackupEmail,
    Establishment,
    Login,
    LoginAnswer,
    Mailbox,
    MailboxAnswer,
    NewPassword,
    ProvisionalPassword,
    ProvisionalPasswordAnswer,
)
from api_client.secret import Secret
from screens.establishment import EstablishmentScreen
from screens.new_password import NewPasswordScreen
from screens.provisional_password import ProvisionalPasswordScreen
from tests.screens_gallery import enrolment_of
from tests.scripted_backend import (
    LOGIN,
    PASSWORD,
    Play,
    ScriptedBackend,
    at,
    burst,
    shown,
    step_of,
    text_of,
    until,
)

pytest_plugins = ["tests.wizard_fixtures"]
pytestmark = pytest.mark.slow


async def test_double_enter_is_one_answer(at_login: Play, backend: ScriptedBackend) -> None:
    backend.slow = 0.3
    async with at_login() as pilot:
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        await pilot.press(*LOGIN, "enter", "enter", "enter")
        await shown(pilot, ProvisionalPasswordScreen)
        assert len([said for said in backend.said if isinstance(said, LoginAnswer)]) == 1
        await pilot.pause()
        assert "Remplissez" not in text_of(pilot), "nor is it said on the next screen"


async def test_row_20_what_is_typed_ahead_goes_to_the_next_screen(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        backend.slow = 0.2
        backend.replies = [at(step_of(ProvisionalPassword), 2), at(step_of(BackupEmail), 3)]
        burst(pilot, *LOGIN, "enter", *PASSWORD, "enter")
        await until(lambda: len(backend.said) == 3)
        assert backend.said[1:] == [
            LoginAnswer(login=LOGIN),
            ProvisionalPasswordAnswer(password=Secret(PASSWORD)),
        ]


async def test_an_enter_for_a_page_that_was_just_drawn_is_no_double_press(
    at_login: Play, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow machine has it in sight a while before it takes keys."""
    async with at_login() as pilot:
        backend.replies = [at(step_of(Mailbox), 2), at(step_of(BackupEmail), 3)]
        typeahead = pilot.app.typeahead
        in_sight = typeahead.drawn

        def press_at_once() -> None:
            in_sight()
            assert typeahead.keeps(events.Key("enter", "\r").set_sender(pilot.app))

        monkeypatch.setattr(typeahead, "drawn", press_at_once)
        await pilot.press(*LOGIN, "enter")
        await until(lambda: len(backend.said) == 3)
        assert backend.said[1:] == [LoginAnswer(login=LOGIN), MailboxAnswer()]


async def test_row_20_keys_behind_an_enter_that_is_slow_to_be_an_answer_wait_for_it(
    at_login: Play, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the machine stands still between the two, a password must not land in the field that shows it."""
    async with at_login() as pilot:
        login = pilot.app.screen
        backend.replies = [at(step_of(ProvisionalPassword), 2)]
        field = login.query_one(Input)
        submit = field.action_submit

        async def stand_still() -> None:
            time.sleep(0.3)
            await submit()

        monkeypatch.setattr(field, "action_submit", stand_still)
        burst(pilot, *LOGIN, "enter", *PASSWORD)
        page = await shown(pilot, ProvisionalPasswordScreen)
        await until(lambda: page.query_one(Input).value == PASSWORD)


async def test_row_20_what_is_typed_ahead_of_an_error_is_forgotten(at_login: Play, backend: ScriptedBackend) -> None:
    async with at_login() as pilot:
        login = pilot.app.screen
        backend.slow = 0.2
        backend.replies = [at(step_of(Login), 2, errors={"login": "Ce nom de connexion n’a pas la bonne forme."})]
        burst(pilot, *"pO", "enter", *PASSWORD)
        await until(lambda: "bonne forme" in text_of(pilot))
        await pilot.pause()
        assert login.query_one(Input).value == "pO", "a password must not land where it shows"


async def test_where_enter_begins_a_line_what_is_typed_after_it_stays_on_the_page(
    at_login: Play, backend: ScriptedBackend
) -> None:
    async with at_login() as pilot:
        backend.replies = [at(step_of(AssistanceMessage), 2)]
        burst(pilot, *LOGIN, "enter")
        await until(lambda: "Décrire le problème" in text_of(pilot))
        burst(pilot, "a", "enter", "enter", "enter", "b")
        await pilot.pause()
        assert pilot.app.screen.query_one(TextArea).text == "a\n\n\nb"


@pytest.mark.parametrize("came", ["the next screen", "news of the same step"])
async def test_what_deletes_is_obeyed_before_what_is_typed_behind_it(
    at_login: Play, backend: ScriptedBackend, came: str
) -> None:
    """Whatever comes while it is on its way; and news, which answers nothing, takes nothing of what is being typed."""
    async with at_login() as pilot:
        wizard = pilot.app
        field = wizard.screen.query_one(Input)
        field.value = "old"
        burst(pilot, "ctrl+u", *LOGIN)
        if came == "the next screen":
            wizard.call_later(wizard.typeahead.release)
        else:
            backend.news.put_nowait(replace(wizard.page.enrolment, revision=2))
        await until(lambda: field.value == LOGIN)


async def test_a_page_that_is_made_anew_under_the_keys_loses_none(
    at_login: Play, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """News changed its words in the middle of a burst: some keys are on their way to the old fields, some come while
    there are none."""
    async with at_login() as pilot:
        backend.news.put_nowait(at(step_of(NewPassword), 2))
        page = await shown(pilot, NewPasswordScreen)
        await until(lambda: backend.listeners == 1)
        make_anew = page.recompose

        async def type_meanwhile() -> None:
            await make_anew()
            burst(pilot, *PASSWORD[8:])
            await asyncio.sleep(0.05)

        monkeypatch.setattr(page, "recompose", type_meanwhile)
        burst(pilot, *PASSWORD, "tab", *"x" * 40, "ctrl+u", *PASSWORD[:8])
        news = replace(enrolment_of(step_of(NewPassword), position=1), revision=3)
        pilot.app.run_worker(pilot.app.show(news))
        await until(lambda: [field.value for field in page.query(Input)] == [PASSWORD, PASSWORD], 5)


async def test_a_tab_behind_a_choice_leads_to_the_field_after_it(at_login: Play, backend: ScriptedBackend) -> None:
    """« Home, Tab, number » in one burst: the choice must not take the focus back."""
    async with at_login() as pilot:
        backend.news.put_nowait(at(step_of(Establishment), 2))
        page = await shown(pilot, EstablishmentScreen)
        burst(pilot, "home", "tab", *"00001001700010")
        await until(lambda: page.query_one(Input).value == "00001001700010")
