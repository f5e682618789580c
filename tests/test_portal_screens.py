"""What the screens of the portal do (level 4: one screen alone on a bare App)."""

from typing import Any

import pytest

from api_client.contract import (
    Choice,
    ConsentAnswer,
    EstablishmentAnswer,
    EstablishmentChoiceAnswer,
    IdccAnswer,
    IdentityAnswer,
    MemberNumberAnswer,
    TopicsAnswer,
)
from screens.looks import look_named
from screens.words import speak
from tests.screen_playing import SIZES, answers_of, changed, come_again, press, screen_of, text_of
from tests.screens_gallery import STEPS, Gallery, enrolment_of, rows_of
from tui.appearance import Appearance

pytestmark = pytest.mark.slow

PRESSED: list[tuple[str, list[str], Any]] = [
    ("consent", [], ConsentAnswer(given=False)),
    ("consent", ["space"], ConsentAnswer(given=True)),
    ("topics", [], TopicsAnswer(chosen=())),
    ("topics", ["tab", "space", "tab", "tab", "space"], TopicsAnswer(chosen=("files", "payments"))),
    ("establishment", ["down", "tab", "000 010 017"], EstablishmentAnswer(type="member", number="000 010 017")),
    ("establishment", ["space", "down", "tab", "1"], EstablishmentAnswer(type="training_body", number="1")),
    ("establishment_choice", ["down", "down"], EstablishmentChoiceAnswer(siret="00001001700028")),
    ("establishment_choice", ["end", "down"], EstablishmentChoiceAnswer(siret="00001001700036")),
    ("member_number", ["adh-1"], MemberNumberAnswer(number="adh-1")),
    ("idcc", ["573"], IdccAnswer(code="0573")),
    ("idcc", ["restauration collec"], IdccAnswer(code="1266")),
    ("idcc", ["TRANSPORT AERIEN"], IdccAnswer(code="0275")),
    ("idcc", ["quincaillerie", "down", "down"], IdccAnswer(code="1383")),
    ("idcc", ["down", "down", "down", "up"], IdccAnswer(code="0200")),
]


@pytest.mark.parametrize(("kind", "keys", "answer"), PRESSED)
async def test_keys_then_enter_give_the_answer(kind: str, keys: list[str], answer: Any) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        await press(pilot, *keys, "enter", "enter")
        assert answers_of(app) == [answer]


REFUSED_HERE = [
    ("identity", [], "Remplissez ce champ."),
    ("establishment", [], "Choisissez l’une de ces réponses."),
    ("establishment", ["down"], "Remplissez ce champ."),
    ("establishment_choice", [], "Choisissez l’une de ces réponses."),
    ("member_number", [], "Remplissez ce champ."),
    ("idcc", [], "Tapez son numéro, ou des mots de son nom."),
    ("idcc", ["transport"], "Plusieurs correspondent"),
    ("idcc", ["8888"], "Rien ne correspond dans la liste"),
]


@pytest.mark.parametrize(("kind", "keys", "sentence"), REFUSED_HERE)
async def test_what_can_be_told_here_costs_no_request(kind: str, keys: list[str], sentence: str) -> None:
    steps = {**STEPS, "idcc": changed(STEPS["idcc"], choices=(*AGREEMENTS, Choice("5516", "Transport fluvial")))}
    app = Gallery(enrolment_of(steps[kind]))
    async with app.run_test() as pilot:
        await press(pilot, *keys, "enter")
        assert answers_of(app) == []
        assert sentence in text_of(app)


AGREEMENTS: tuple[Choice, ...] = STEPS["idcc"].choices  # type: ignore[union-attr]


# ----------------------------------------------------------------------------------------------------- who one is

IDENTITY = IdentityAnswer(
    role="client",
    civility="monsieur",
    last_name="O’Brien",
    first_name="Zoé",
    no_first_name=False,
    email="z@example.org",
)


async def test_an_identity_by_keyboard_alone() -> None:
    app = Gallery(enrolment_of(STEPS["identity"]))
    async with app.run_test() as pilot:
        await press(pilot, "down", "tab", "down", "down", "tab", "O’Brien", "tab", "Zoé", "tab", "tab")
        await press(pilot, "z@example.org", "enter")
        assert answers_of(app) == [IDENTITY]


async def test_whoever_has_no_first_name_is_not_asked_for_one() -> None:
    app = Gallery(enrolment_of(STEPS["identity"]))
    async with app.run_test() as pilot:
        await press(pilot, "tab", "tab", "Björk", "tab", "Zoé", "tab", "space")
        assert "Prénom" not in text_of(app)
        await press(pilot, "tab", "b@example.org", "enter")
        answer = answers_of(app)[0]
        assert (answer.first_name, answer.no_first_name) == ("", True)
        screen_of(app).busy(False)
        speak("en")
        await screen_of(app).update(enrolment_of(STEPS["identity"], locale="en"))
        await pilot.pause()
        assert "Prénom" not in text_of(app)
        await press(pilot, "shift+tab", "space")
        assert screen_of(app).typed()["first_name"] == "Zoé"


async def test_where_nobody_acts_for_another_the_role_is_not_asked() -> None:
    app = Gallery(enrolment_of(changed(STEPS["identity"], roles=())))
    async with app.run_test() as pilot:
        assert "J’agis" not in text_of(app)
        await press(pilot, "tab", "Lefèvre", "tab", "Élodie", "tab", "tab", "e@example.org", "enter")
        assert answers_of(app)[0].role == "self"


async def test_errors_come_under_their_fields_and_the_first_has_the_focus() -> None:
    app = Gallery(enrolment_of(STEPS["identity"]))
    async with app.run_test(size=(80, 44)) as pilot:
        errors = {"email": "Une autre adresse.", "civility": "Une autre réponse."}
        await come_again(pilot, app, changed(STEPS["identity"], errors=errors))
        assert screen_of(app).place_of_focus() == "civility"
        rows = rows_of(app)
        at = next(n for n, row in enumerate(rows) if "Une autre réponse." in row)
        assert "Sans réponse" in rows[at - 1]
        assert "Une autre adresse." in text_of(app)


# ------------------------------------------------------------------------------------------------- lists of choices


async def test_choices_stand_side_by_side_where_there_is_room_and_else_one_under_another() -> None:
    app = Gallery(enrolment_of(STEPS["establishment"]))
    async with app.run_test() as pilot:
        assert any("adhérent" in row and "organisme" in row for row in rows_of(app))
        await pilot.resize_terminal(40, 15)
        await pilot.pause()
        assert not any("adhérent" in row and "organisme" in row for row in rows_of(app))


async def test_a_list_is_one_stop_of_tab_and_says_where_one_is_and_what_is_chosen() -> None:
    app = Gallery(enrolment_of(STEPS["establishment_choice"]))
    async with app.run_test() as pilot:
        assert "› ( ) 000 010 017 00010" in text_of(app)
        await press(pilot, "down", "down")
        assert "› (•) 000 010 017 00028" in text_of(app)
        assert text_of(app).count("(•)") == 1
        await press(pilot, "tab")
        assert "›" not in text_of(app)
        assert "(•) 000 010 017 00028" in text_of(app)
        await press(pilot, "shift+tab")
        assert "› (•) 000 010 017 00028" in text_of(app)


async def test_a_click_chooses() -> None:
    app = Gallery(enrolment_of(STEPS["establishment_choice"]))
    async with app.run_test() as pilot:
        await pilot.click(screen_of(app).query(".choice")[2])
        assert screen_of(app).typed() == {"siret": "00001001700036"}


@pytest.mark.parametrize("size", SIZES)
async def test_the_chosen_one_of_many_is_in_sight(size: tuple[int, int]) -> None:
    doors = tuple(Choice(f"{n:014}", f"Établissement {n}", "Une adresse qui prend de la place") for n in range(40))
    app = Gallery(enrolment_of(changed(STEPS["establishment_choice"], choices=doors)))
    async with app.run_test(size=size) as pilot:
        for _ in range(30):
            await pilot.press("down")
        await pilot.pause()
        assert "› (•) Établissement 29" in text_of(app)
        await pilot.press("home")
        await pilot.pause()
        assert "› (•) Établissement 0 " in text_of(app)


async def test_without_unicode_a_choice_is_marked_in_ascii() -> None:
    app = Gallery(enrolment_of(STEPS["establishment_choice"]), appearance=Appearance(look_named("ascii")))
    async with app.run_test() as pilot:
        await press(pilot, "down")
        assert "> (x) 000 010 017 00010" in text_of(app)
        assert not set(text_of(app)) & set("›•")


# ---------------------------------------------------------------------------------------- one agreement of hundreds


async def test_what_is_typed_filters_and_the_only_match_is_chosen() -> None:
    app = Gallery(enrolment_of(STEPS["idcc"]))
    async with app.run_test() as pilot:
        assert f"{len(AGREEMENTS)} dans la liste" in text_of(app)
        await press(pilot, "quincaillerie")
        assert f"2 sur {len(AGREEMENTS)}" in text_of(app)
        assert "✓ Quincaillerie" not in text_of(app)
        await press(pilot, "space", "cadres")
        assert "✓ Quincaillerie – cadres" in text_of(app)
        await press(pilot, "x")
        assert f"0 sur {len(AGREEMENTS)}" in text_of(app)
        assert "✓" not in text_of(app).split("IDCC", 2)[2]


async def test_what_an_arrow_chose_survives_a_change_of_language_and_goes_with_other_words() -> None:
    app = Gallery(enrolment_of(STEPS["idcc"]))
    async with app.run_test() as pilot:
        await press(pilot, "quincaillerie", "down", "down")
        before = screen_of(app).typed()
        assert before == {"code": ("quincaillerie", "1383")}
        speak("en")
        await screen_of(app).update(enrolment_of(STEPS["idcc"], locale="en"))
        await pilot.pause()
        assert screen_of(app).typed() == before
        assert "✓ Quincaillerie – employés" in text_of(app)
        await press(pilot, "backspace")
        assert screen_of(app).typed() == {"code": ("quincailleri", "")}


async def test_a_code_given_before_comes_back_chosen() -> None:
    app = Gallery(enrolment_of(changed(STEPS["idcc"], code="0573")))
    async with app.run_test() as pilot:
        assert "✓ Commerces de gros" in text_of(app)
        await press(pilot, "enter")
        assert answers_of(app) == [IdccAnswer(code="0573")]


async def test_where_it_is_optional_nothing_is_an_answer_but_a_slip_is_none() -> None:
    app = Gallery(enrolment_of(changed(STEPS["idcc"], optional=True)))
    async with app.run_test() as pilot:
        await press(pilot, "9x", "enter")
        assert answers_of(app) == []
        await pilot.press("backspace", "backspace", "enter")
        assert answers_of(app) == [IdccAnswer(code="")]


@pytest.mark.parametrize("size", SIZES)
async def test_hundreds_of_agreements_scroll_with_the_arrows_and_the_page_keys(size: tuple[int, int]) -> None:
    many = tuple(Choice(f"{n:04}", f"Convention numéro {n}") for n in range(1, 801))
    app = Gallery(enrolment_of(changed(STEPS["idcc"], choices=many)))
    async with app.run_test(size=size) as pilot:
        for _ in range(12):
            await pilot.press("down")
        assert "› 0012 Convention" in text_of(app)
        await pilot.press("pagedown", "pagedown", "pageup")
        assert "› 00" in text_of(app)
        await press(pilot, "799")
        assert "› 0799 Convention numéro 799" in text_of(app)
        assert "✓ Convention numéro 799" in text_of(app)
        assert "Suivant" in text_of(app)


async def test_a_click_on_a_match_chooses_it_and_typing_goes_on() -> None:
    app = Gallery(enrolment_of(STEPS["idcc"]))
    async with app.run_test() as pilot:
        await pilot.click(".matches", offset=(5, 2))
        assert screen_of(app).typed() == {"code": ("", "0275")}
        await press(pilot, "1516", "enter")
        assert answers_of(app) == [IdccAnswer(code="1516")]
