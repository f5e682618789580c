"""What the screens of a request for assistance do (level 4: one screen alone on a bare App)."""

from typing import Any

import pytest

from api_client.contract import (
    AssistanceContactAnswer,
    AssistanceIdentityAnswer,
    AssistanceMessageAnswer,
    AssistanceSubjectAnswer,
    NoticeAnswer,
)
from api_client.secret import Secret
from screens.words import speak
from tests.screen_playing import SIZES, answers_of, changed, come_again, paste, press, screen_of, text_of
from tests.screens_gallery import STEPS, Gallery, enrolment_of

pytestmark = pytest.mark.slow

MESSAGE = STEPS["assistance_message"]
STORY = "Depuis hier, mon mot de passe est refusé."

PRESSED: list[tuple[str, list[str], Any]] = [
    ("notice", [], NoticeAnswer()),
    (
        "assistance_subject",
        ["down", "down", "tab", "right", "right"],
        AssistanceSubjectAnswer(motive="no_link", profile="staff"),
    ),
    (
        "assistance_contact",
        ["a@univ-exemple.example", "tab", "a@example.org", "tab", "06 39 98 12 34"],
        AssistanceContactAnswer(
            institutional="a@univ-exemple.example", personal="a@example.org", telephone="06 39 98 12 34"
        ),
    ),
    ("assistance_identity", ["990000011AB"], AssistanceIdentityAnswer(value=Secret("990000011AB"))),
    ("assistance_message", [STORY, "tab"], AssistanceMessageAnswer(text=STORY)),
]


@pytest.mark.parametrize(("kind", "keys", "answer"), PRESSED)
async def test_keys_then_enter_give_the_answer(kind: str, keys: list[str], answer: Any) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        await press(pilot, *keys, "enter", "enter")
        assert answers_of(app) == [answer]


REFUSED_HERE = [
    ("assistance_subject", ["down", "tab"], "Choisissez l’une de ces réponses."),
    ("assistance_contact", ["personne"], "Une adresse est de la forme"),
    ("assistance_contact", ["a@b.example", "tab", "a@example.org", "tab"], "Remplissez ce champ."),
    ("assistance_message", ["tab"], "Remplissez ce champ."),
    ("assistance_message", ["Ça ne va pas.", "tab"], "Dites-en un peu plus : 20 caractères au moins."),
    ("assistance_identity", [], "Remplissez ce champ."),
]


@pytest.mark.parametrize(("kind", "keys", "sentence"), REFUSED_HERE)
async def test_what_can_be_told_here_costs_no_request(kind: str, keys: list[str], sentence: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        await press(pilot, *keys, "enter")
        assert answers_of(app) == []
        assert sentence in text_of(app)


async def test_what_proves_who_one_is_can_be_read_while_typed_and_is_gone_with_its_screen() -> None:
    step = STEPS["assistance_identity"]
    app = Gallery(enrolment_of(step))
    async with app.run_test() as pilot:
        await press(pilot, "990000011AB")
        assert "990000011AB" in text_of(app)
        await come_again(pilot, app, changed(step, errors={"value": "Comparez avec votre carte."}))
        assert "990000011AB" in text_of(app), "a slip is corrected, not typed anew"
    again = Gallery(enrolment_of(step))
    async with again.run_test():
        assert screen_of(again).typed() == {"value": ""}


# ------------------------------------------------------------------------------------------- a text of several lines


async def test_enter_begins_a_line_and_the_button_goes_on() -> None:
    app = Gallery(enrolment_of(MESSAGE))
    async with app.run_test() as pilot:
        await press(pilot, "Bonjour,", "enter", "enter", STORY)
        assert answers_of(app) == []
        assert "Tab, Entrée Suivant" in text_of(app)
        await press(pilot, "tab", "enter")
        assert answers_of(app) == [AssistanceMessageAnswer(text=f"Bonjour,\n\n{STORY}")]


async def test_ctrl_enter_goes_on_where_the_terminal_tells_it_from_enter() -> None:
    app = Gallery(enrolment_of(MESSAGE))
    async with app.run_test() as pilot:
        await press(pilot, STORY)
        await pilot.press("ctrl+enter")
        assert answers_of(app) == [AssistanceMessageAnswer(text=STORY)]


async def test_how_much_was_written_is_counted() -> None:
    app = Gallery(enrolment_of(changed(MESSAGE, longest=60)))
    async with app.run_test() as pilot:
        assert "0 sur 20 au moins" in text_of(app)
        await press(pilot, "Bonjour")
        assert "7 sur 20 au moins" in text_of(app)
        await press(pilot, " à toutes et à tous")
        assert "26 sur 60 au plus" in text_of(app)


async def test_a_paste_keeps_its_lines_and_is_taken_whole_or_not_at_all() -> None:
    app = Gallery(enrolment_of(changed(MESSAGE, longest=60)))
    async with app.run_test() as pilot:
        paste(app, "Un\r\ndeux\rtrois\tquatre\n")
        await pilot.pause()
        assert screen_of(app).typed() == {"text": "Un\ndeux\ntrois quatre"}
        paste(app, "A" * 60)
        await pilot.pause()
        assert screen_of(app).typed() == {"text": "Un\ndeux\ntrois quatre"}
        assert "60 caractères au plus." in text_of(app)
        await pilot.press("z")
        assert "60 caractères au plus." not in text_of(app)


async def test_a_flood_of_keys_stops_at_the_limit() -> None:
    app = Gallery(enrolment_of(changed(MESSAGE, longest=30)))
    async with app.run_test() as pilot:
        await pilot.press(*"x" * 25, *["enter"] * 25)
        assert screen_of(app).typed() == {"text": "x" * 25 + "\n" * 5}
        await pilot.press("backspace", "y")
        assert screen_of(app).typed() == {"text": "x" * 25 + "\n" * 4 + "y"}


@pytest.mark.parametrize("pasted", ["a\x1b]0;x\x07b", "a\u202eb", "a\u200bb", "a\x00b", "a\u2028b", "a\x0bb"])
async def test_hidden_characters_are_refused_with_a_sentence(pasted: str) -> None:
    app = Gallery(enrolment_of(MESSAGE))
    async with app.run_test() as pilot:
        await press(pilot, "Bonjour")
        paste(app, pasted)
        await pilot.pause()
        assert screen_of(app).typed() == {"text": "Bonjour"}
        assert "caractères cachés" in text_of(app)


@pytest.mark.parametrize("keys", [["f7", "ctrl+c"], ["f7", "ctrl+x"], ["shift+home", "super+c"], ["f7", "super+x"]])
async def test_no_key_copies_the_text_to_any_clipboard(keys: list[str]) -> None:
    app = Gallery(enrolment_of(MESSAGE))
    async with app.run_test() as pilot:
        await press(pilot, STORY)
        await pilot.press(*keys)
        assert app.clipboard == ""
        assert screen_of(app).typed() == {"text": STORY}


@pytest.mark.parametrize("size", SIZES)
async def test_a_long_story_scrolls_in_its_field_while_cursor_and_next_stay_in_sight(size: tuple[int, int]) -> None:
    app = Gallery(enrolment_of(MESSAGE))
    async with app.run_test(size=size) as pilot:
        for n in range(20):
            await press(pilot, f"ligne numéro {n}", "enter")
        await press(pilot, "la fin")
        await pilot.pause()
        assert "la fin" in text_of(app)
        assert "Suivant" in text_of(app)
        assert "ligne numéro 0 " not in text_of(app)


async def test_the_story_survives_a_change_of_language_and_a_resize() -> None:
    app = Gallery(enrolment_of(MESSAGE))
    async with app.run_test() as pilot:
        await press(pilot, "Bonjour,", "enter", STORY)
        await pilot.resize_terminal(40, 15)
        speak("en")
        await screen_of(app).update(enrolment_of(MESSAGE, locale="en"))
        await pilot.pause()
        assert screen_of(app).typed() == {"text": f"Bonjour,\n{STORY}"}
        await press(pilot, "!")
        assert screen_of(app).typed() == {"text": f"Bonjour,\n{STORY}!"}


async def test_a_story_given_before_is_shown_harmlessly() -> None:
    app = Gallery(enrolment_of(changed(MESSAGE, text="Un\x1b[2J\ndeux [@click=app.quit]x[/]")))
    async with app.run_test():
        assert screen_of(app).typed() == {"text": "Un\ndeux [@click=app.quit]x[/]"}
        assert "deux [@click=app.quit]x[/]" in text_of(app)
