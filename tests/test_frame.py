"""What every screen of a step does, shown on the login screen (level 4: one screen alone on a bare App)."""

from collections.abc import Callable
from time import monotonic

import pytest
from textual import events

from api_client.contract import LoginAnswer
from screens.messages import BackAsked, HelpAsked, LanguageAsked, LeaveAsked
from screens.widgets.banner import Banner
from screens.widgets.question import Question
from screens.words import speak
from tests.screen_playing import answers_of, changed, screen_of, text_of
from tests.screens_gallery import STEPS, Gallery, enrolment_of, rows_of

LOGIN = STEPS["login"]


async def test_enter_in_the_field_posts_what_was_typed() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press(*"p00000400013", "enter")
        assert answers_of(app) == [LoginAnswer(login="p00000400013")]


async def test_double_enter_and_typing_on_post_one_answer() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press("p", "1", "enter", "enter", "x", "enter")
        assert answers_of(app) == [LoginAnswer(login="p1")]
        assert screen_of(app).typed() == {"login": "p1"}


async def test_a_click_and_an_enter_post_one_answer() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press("p", "1")
        await pilot.click("#next")
        await pilot.click("#next")
        await pilot.press("enter")
        assert len(answers_of(app)) == 1


@pytest.mark.parametrize("key", ["escape", "alt+left"])
async def test_back_is_asked_once_and_only_where_it_is_possible(key: str) -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press(key, key)
        assert [type(message) for message in app.said] == [BackAsked]
    nowhere = Gallery(enrolment_of(LOGIN, can_go_back=False))
    async with nowhere.run_test() as pilot:
        await pilot.press(key)
        assert nowhere.said == []


async def test_function_keys_ask_and_letters_never_do() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press("f1", "f2", "f10", *"qhelp?")
        assert [type(message) for message in app.said] == [HelpAsked, LanguageAsked, LeaveAsked]
        assert screen_of(app).typed() == {"login": "qhelp?"}


async def test_an_error_is_under_its_field_which_has_the_focus_and_its_text() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press(*"p1", "tab", "enter")
        await screen_of(app).update(enrolment_of(changed(LOGIN, errors={"login": "Connexion refusée.", "": "Tout."})))
        await pilot.pause()
        rows = rows_of(app)
        field = next(n for n, row in enumerate(rows) if "▌" in row)
        assert "p1" in rows[field]
        assert any("Connexion refusée." in row for row in rows[field + 1 : field + 4])
        assert any("Tout." in row for row in rows[:field])
        assert app.focused is screen_of(app).query_one("#login", Question).control
        assert not screen_of(app).blocked
        await pilot.press("2", "enter")
        assert answers_of(app)[-1] == LoginAnswer(login="p12")


async def test_language_switch_says_everything_again_and_keeps_what_was_typed() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press(*"p0", "left")
        assert "Suivant" in text_of(app)
        speak("en")
        await screen_of(app).update(enrolment_of(changed(LOGIN, title="Who are you?", lead=""), locale="en"))
        await pilot.pause()
        assert "Who are you?" in text_of(app)
        assert "Next" in text_of(app)
        assert "Suivant" not in text_of(app)
        await pilot.press("3", "enter")
        assert answers_of(app) == [LoginAnswer(login="p03")]


async def test_nothing_is_shown_before_a_tenth_of_a_second_then_a_word_for_one_second() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        before = text_of(app)
        screen_of(app).busy(True)
        await pilot.pause(0.02)
        assert text_of(app) == before
        await pilot.pause(0.2)
        assert "Un instant…" in text_of(app)
        asked = monotonic()
        await screen_of(app).calm()
        assert 0.7 < monotonic() - asked < 1.2
        screen_of(app).busy(False)
        await pilot.pause()
        assert text_of(app) == before


async def test_a_lost_connection_is_told_and_holds_next_without_touching_the_field() -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press(*"p1")
        screen_of(app).connection(lost=True, retry_in=5)
        await pilot.pause()
        assert "Connexion perdue." in text_of(app)
        await pilot.press("enter", "escape", "2")
        assert app.said == []
        screen_of(app).connection(lost=False)
        await pilot.pause()
        assert "Connexion perdue" not in text_of(app)
        await pilot.press("enter")
        assert answers_of(app) == [LoginAnswer(login="p12")]


async def test_a_second_that_had_struck_already_brings_no_lost_connection_back(monkeypatch: pytest.MonkeyPatch) -> None:
    struck: list[Callable[[], None]] = []
    monkeypatch.setattr(Banner, "set_timer", lambda _, __, strike: struck.append(strike))
    app = Gallery(enrolment_of(STEPS["login"]))
    async with app.run_test() as pilot:
        screen_of(app).connection(lost=True, retry_in=5)
        screen_of(app).connection(lost=False)
        for strike in struck:
            strike()
        await pilot.pause()
        assert struck
        assert "Connexion perdue" not in text_of(app)


async def test_tab_typed_in_one_burst_with_the_text_moves_before_the_rest_arrives() -> None:
    app = Gallery(enrolment_of(STEPS["backup_email"]))
    async with app.run_test() as pilot:
        for key in ("a", "tab", "b"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert screen_of(app).typed() == {"address": "a", "confirmation": "b"}


@pytest.mark.parametrize(
    ("size", "words"), [((40, 15), "Étape 3 sur 8"), ((60, 20), "Étape 3 sur 8"), ((80, 24), "3 sur 8")]
)
async def test_the_place_is_always_told_and_next_always_visible(size: tuple[int, int], words: str) -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test(size=size):
        assert "Étape 3 sur 8" in text_of(app)
        assert "Suivant" in text_of(app)
        assert ("Messagerie" in text_of(app)) is (size[0] >= 70)


@pytest.mark.parametrize("size", [(39, 24), (80, 14), (10, 3), (1, 1)])
async def test_a_window_too_small_gets_one_polite_sentence_and_keeps_what_was_typed(size: tuple[int, int]) -> None:
    app = Gallery(enrolment_of(LOGIN))
    async with app.run_test() as pilot:
        await pilot.press("p", "1")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert "Suivant" not in text_of(app)
        if size[0] > 9:
            assert "Agrandis" in text_of(app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.press("enter")
        assert answers_of(app) == [LoginAnswer(login="p1")]
