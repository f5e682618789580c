"""Every kind of step in both renderings: what can be given on the full screen can be given line by line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from textual.message import Message

from api_client.contract import (
    Act,
    Answer,
    BackupEmailAnswer,
    DeviceConfirmationAnswer,
    Drawing,
    Outcome,
    Pending,
    SignIn,
)
from screens.messages import Answered, BackAsked, HelpAsked, LanguageAsked, LeaveAsked
from screens.page import Page
from screens.widgets.field import LineField
from screens.widgets.question import Question
from screens.words import speak
from tests.plain_lines import ADDRESS, F3, LINES, PASSWORD, Listener
from tests.screen_playing import changed, come_again, screen_of
from tests.screens_gallery import NOW, STEPS, TOTP_KEY, Gallery, enrolment_of
from tui.plain import Narrator

PLAIN = Drawing(plain=True, qr=False)
WAITING = {SignIn: "En attente de votre connexion…", Pending: "Cet écran avancera tout seul."}
pytestmark = pytest.mark.slow


@asynccontextmanager
async def told(app: Gallery, *lines: str) -> AsyncIterator[Listener]:
    """``app`` told to somebody who types ``lines``, until they were all heard and something was said about them."""
    listener = Listener(lines)
    async with app.run_test() as pilot:
        narrator = Narrator(app, listener, lambda: "Pas ici.")
        telling = asyncio.create_task(narrator.attend())
        limit = asyncio.get_running_loop().time() + 10
        while not (listener.heard_out.is_set() or (app.said and not listener.lines)):
            assert asyncio.get_running_loop().time() < limit, listener.text
            assert not telling.done(), telling.result()
            await pilot.pause(0.01)
        yield listener
        telling.cancel()


def of(kind: str, **fields: object) -> Gallery:
    return Gallery(enrolment_of(changed(STEPS[kind], **fields)), drawing=PLAIN)


def answers(said: list[Message]) -> list[Answer]:
    return [message.answer for message in said if isinstance(message, Answered)]


@pytest.mark.parametrize(
    "kind", [kind for kind, step in STEPS.items() if not isinstance(step, Outcome) and type(step) not in WAITING]
)
async def test_what_is_given_line_by_line_is_what_the_full_screen_gives(kind: str) -> None:
    if kind == "done":
        async with told(of(kind), "") as heard:
            assert "p00000400013" in heard.text
        return
    app = of(kind)
    async with told(app, *LINES[kind]) as heard:
        (answer,) = answers(app.said)
        typed = screen_of(app).typed()
        step = STEPS[kind]
        assert step.title in heard.text
        assert all(action.label in heard.text for action in step.actions)
    asked = set(typed) | {"sha256", "here", "pair", "revoke"}
    assert set(answer.__struct_fields__) <= asked
    drawn = Gallery(enrolment_of(STEPS[kind]))
    async with drawn.run_test() as pilot:
        page = screen_of(drawn)
        page.restore(typed)
        await pilot.pause()
        page.action_go_on()
        await pilot.pause()
        assert answers(drawn.said) == [answer]


@pytest.mark.parametrize("kind", list(LINES))
async def test_f3_there_and_back_in_the_middle_keeps_what_was_typed(kind: str) -> None:
    """The last line is begun, and not ended."""
    *lines, last = LINES[kind]
    drawn = Drawing()
    app = Gallery(enrolment_of(STEPS[kind]), drawing=drawn)
    async with app.run_test() as pilot:
        page = screen_of(app)
        await change(page, PLAIN)
        await asyncio.wait_for(Narrator(app, Listener([*lines, f"{last}{F3}"]), str).attend(), 10)
        typed = page.typed()
        if isinstance(next(iter(reversed(page.query(Question))), None), LineField):
            assert last in str(typed)
        for drawing in (drawn, PLAIN):
            await change(page, drawing)
            assert page.typed() == typed
        assert not answers(app.said), "nothing was sent meanwhile"
        listener = Listener(LINES[kind])
        telling = asyncio.create_task(Narrator(app, listener, str).attend())
        while not app.said:
            assert not telling.done(), telling.result()
            await pilot.pause(0.01)
        assert len(answers(app.said)) == 1
        telling.cancel()


async def change(page: Page, drawing: Drawing) -> None:
    """What F3 does to a page."""
    page.app.drawing = drawing  # type: ignore[attr-defined]
    await page.retell(page.catalogue)


@pytest.mark.parametrize("kind", [kind for kind, step in STEPS.items() if isinstance(step, Outcome)])
async def test_an_end_says_why_and_what_can_be_done(kind: str) -> None:
    step = STEPS[kind]
    app = of(kind)
    async with told(app, "1" if step.actions else "") as heard:
        assert step.lead in heard.text
        if step.actions:
            assert answers(app.said) == [Act(action=step.actions[0].id)]
        else:
            assert isinstance(app.said[0], LeaveAsked)


@pytest.mark.parametrize("kind", [kind for kind, step in STEPS.items() if type(step) in WAITING])
async def test_who_waits_is_told_for_what(kind: str) -> None:
    async with told(of(kind)) as heard:
        assert STEPS[kind].title in heard.text
        assert "Retour" not in heard.text, "Enter is no way back where one only waits"
        assert WAITING[type(STEPS[kind])] in heard.text
        step = STEPS[kind]
        assert not isinstance(step, SignIn) or step.verification_uri_complete in heard.text


async def test_no_sign_and_no_bar_is_read_aloud() -> None:
    for kind in ("done", "new_password", "phone_pairing", "charter"):
        async with told(of(kind)) as heard:
            assert not set("✓✗●○›█░▀▄•│─") & set(heard.text), heard.text


async def test_a_key_is_told_in_groups_and_no_window_is_asked_for() -> None:
    async with told(of("phone_pairing")) as heard:
        key = TOTP_KEY
        assert " ".join(key[at : at + 4] for at in range(0, len(key), 4)) in heard.text
        assert "fenêtre" not in heard.text


async def test_passwords_are_hidden_and_their_rules_told_after_each_try() -> None:
    app = of("new_password")
    async with told(app, "court", "court", PASSWORD, PASSWORD) as heard:
        assert len(heard.hidden) == 4
        assert "Pas encore respecté : 12 caractères" in heard.text
        assert "Pas encore respecté : le même" not in heard.text
        assert len(answers(app.said)) == 1
        assert not {"court", PASSWORD} & set(heard.said)


async def test_of_two_passwords_that_differ_both_are_asked_again() -> None:
    app = of("new_password")
    async with told(app, PASSWORD, "Cerisier-Bleu-43", PASSWORD, PASSWORD) as heard:
        assert "Les deux mots de passe diffèrent" in heard.text
        assert len(answers(app.said)) == 1


async def test_a_mistake_is_a_sentence_and_only_it_is_asked_again() -> None:
    app = of("backup_email", address="")
    async with told(app, ADDRESS, "toi@courriel.example", ADDRESS) as heard:
        assert "Les deux adresses diffèrent" in heard.text
        assert answers(app.said) == [BackupEmailAnswer(address=ADDRESS, confirmation=ADDRESS)]


async def test_what_the_backend_refuses_is_said_and_asked_again() -> None:
    app = of("login")
    listener = Listener(("p04",))
    async with app.run_test() as pilot:
        narrator = Narrator(app, listener, str)
        telling = asyncio.create_task(narrator.attend())
        while not app.said:
            await pilot.pause(0.01)
        await come_again(pilot, app, changed(STEPS["login"], errors={"login": "Pas ainsi."}, login="p04"))
        await asyncio.wait_for(listener.heard_out.wait(), 10)
        assert listener.said[-2:] == ["Pas ainsi.", listener.said[-1]]
        assert "Entrée garde p04" in listener.said[-1]
        telling.cancel()


async def test_a_near_miss_is_asked_about() -> None:
    app = of("backup_email", address="")
    async with told(app, "e@gmial.com", "", "e@gmail.com") as heard:
        assert "Vouliez-vous dire e@gmail.com ?" in heard.text
        assert answers(app.said) == [BackupEmailAnswer(address="e@gmail.com", confirmation="e@gmail.com")]


async def test_a_button_is_a_number() -> None:
    app = of("device_confirmation")
    async with told(app, "1"):
        assert answers(app.said) == [DeviceConfirmationAnswer(pair=False)]
    app = of("phone_pairing")
    async with told(app, "/1"):
        assert answers(app.said) == [Act(action="skip")]


async def test_a_long_list_is_searched_until_few_are_left() -> None:
    app = of("idcc")
    async with told(app, "co", "1") as heard:
        assert "Trouvé :" in heard.text
        assert len(answers(app.said)) == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [("aide", HelpAsked), ("retour", BackAsked), ("langue", LanguageAsked), ("quitter", LeaveAsked)],
)
async def test_a_command_can_be_typed_instead_of_an_answer(command: str, said: type[Message]) -> None:
    app = of("login")
    async with told(app, f"/{command}"):
        assert any(isinstance(message, said) for message in app.said)


async def test_a_question_is_asked_again_in_the_other_language() -> None:
    listener = Listener(())
    app = of("login")
    async with app.run_test() as pilot:
        narrator = Narrator(app, listener, str)
        telling = asyncio.create_task(narrator.attend())
        await asyncio.wait_for(listener.heard_out.wait(), 10)
        speak("en")
        english = changed(STEPS["login"], label="Login")
        await screen_of(app).update(enrolment_of(english, locale="en"))
        narrator.wake()
        limit = asyncio.get_running_loop().time() + 10
        while not listener.said[-1].startswith("Login"):
            assert asyncio.get_running_loop().time() < limit, listener.said
            await pilot.pause(0.01)
        telling.cancel()


async def test_what_cannot_be_done_is_said() -> None:
    async with told(
        Gallery(enrolment_of(STEPS["login"], can_go_back=False), drawing=PLAIN), "/retour", "/n", "/9"
    ) as heard:
        assert "on ne peut pas revenir" in heard.text
        assert heard.text.count("ligne à ligne") == 3
    async with told(of("login"), "/écran") as heard:
        assert "Pas ici." in heard.text


async def test_news_are_told_once_and_countdowns_are_no_news() -> None:
    app = of("link_sent", deadline=NOW + timedelta(minutes=2))
    listener = Listener(())
    async with app.run_test() as pilot:
        telling = asyncio.create_task(Narrator(app, listener, str).attend())
        await asyncio.wait_for(listener.heard_out.wait(), 10)
        before = len(listener.said)
        await pilot.pause(1.5)
        assert listener.said[before:] == []
        page = screen_of(app)
        assert isinstance(page, Page)
        page.connection(lost=True, retry_in=5)
        await pilot.pause(1)
        page.connection(lost=False)
        await pilot.pause(1)
        told_now = [line for line in listener.said[before:] if "onnexion" in line]
        assert len(told_now) == 2, listener.said[before:]
        telling.cancel()
