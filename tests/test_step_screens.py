"""What single screens of steps do that the others do not (level 4)."""

from datetime import timedelta

import pytest

from api_client.contract import (
    Act,
    Action,
    BackupEmailAnswer,
    CharterAnswer,
    ProvisionalPasswordAnswer,
    RedirectionAnswer,
    TakeOverAnswer,
)
from api_client.secret import Secret
from screens.looks import look_named
from screens.messages import HandOverAsked, LeaveAsked
from screens.words import speak
from tests.screen_playing import SIZES, answers_of, changed, come_again, press, screen_of, text_of
from tests.screens_gallery import NOW, STEPS, Gallery, enrolment_of, rows_of
from tests.scripted_backend import until
from tui.appearance import Appearance

pytestmark = pytest.mark.slow


async def test_a_provisional_password_without_check_character_goes_as_it_is_and_is_cleared_when_wrong() -> None:
    step = changed(STEPS["provisional_password"], check_character=False)
    app = Gallery(enrolment_of(step))
    async with app.run_test() as pilot:
        await press(pilot, "Tr3s-Secret", "enter")
        assert answers_of(app) == [ProvisionalPasswordAnswer(password=Secret("Tr3s-Secret"))]
        await come_again(pilot, app, changed(step, errors={"password": "Incorrect."}))
        assert screen_of(app).typed() == {"password": ""}
        assert "Incorrect." in text_of(app)


async def test_a_provisional_password_waits_for_its_time() -> None:
    step = changed(STEPS["provisional_password"], retry_at=NOW + timedelta(minutes=5, seconds=30))
    app = Gallery(enrolment_of(step))
    async with app.run_test() as pilot:
        assert "dans 5 min" in text_of(app)
        await press(pilot, "Tr3s-Secret", "enter")
        assert answers_of(app) == []
        assert "attendez que le délai" in text_of(app)


async def test_a_near_miss_is_suggested_on_leaving_the_field_and_stops_nobody() -> None:
    app = Gallery(enrolment_of(STEPS["backup_email"]))
    async with app.run_test() as pilot:
        await press(pilot, "e@gmial.com")
        assert "Vouliez-vous dire" not in text_of(app)
        await press(pilot, "tab", "e@gmial.com")
        assert "Vouliez-vous dire e@gmail.com ?" in text_of(app)
        await pilot.press("enter")
        assert answers_of(app) == [BackupEmailAnswer(address="e@gmial.com", confirmation="e@gmial.com")]


@pytest.mark.parametrize("size", SIZES)
async def test_what_appears_above_the_focus_does_not_push_it_out_of_sight(size: tuple[int, int]) -> None:
    app = Gallery(enrolment_of(STEPS["backup_email"]))
    async with app.run_test(size=size) as pilot:
        await press(pilot, "e@gmial.com", "tab", "Hic")
        await pilot.pause()
        assert "Hic" in text_of(app)


async def test_a_suggestion_taken_corrects_both_fields() -> None:
    app = Gallery(enrolment_of(STEPS["backup_email"]))
    async with app.run_test() as pilot:
        await press(pilot, "e@gmial.com", "tab", "e@gmial.com", "shift+tab", "enter")
        assert screen_of(app).typed() == {"address": "e@gmail.com", "confirmation": "e@gmail.com"}
        assert "Vouliez-vous dire" not in text_of(app)


async def test_link_sent_tells_what_is_awaited_until_when_and_every_way_on() -> None:
    app = Gallery(enrolment_of(STEPS["link_sent"]))
    async with app.run_test() as pilot:
        shown = text_of(app)
        for words in ("e…5@example.org", "47", "23 h 59", "il reste 3 h 12", "Renvoyer le mail (9 min)", "Continuer"):
            assert words in shown
        await press(pilot, "ab")
        await come_again(pilot, app, changed(STEPS["link_sent"], delivery="refused", notice="Rien n’est perdu."))
        assert "refuse notre mail" in text_of(app)
        assert "Rien n’est perdu." in text_of(app)
        assert screen_of(app).typed() == {"code": "ab"}


async def test_an_action_not_yet_available_says_nothing_and_the_others_do() -> None:
    app = Gallery(enrolment_of(STEPS["link_sent"]))
    async with app.run_test() as pilot:
        await press(pilot, "tab", "enter")
        assert app.said == []
        await press(pilot, "tab", "space", "space")
        assert answers_of(app) == [Act(action="change_address")]
        screen_of(app).busy(False)
        await press(pilot, "tab", "enter")
        assert isinstance(app.said[-1], HandOverAsked)


async def test_an_action_becomes_available_by_itself() -> None:
    soon = (Action(id="resend", label="Renvoyer", available_at=NOW + timedelta(seconds=4)),)
    app = Gallery(enrolment_of(changed(STEPS["link_sent"], actions=soon)))
    async with app.run_test() as pilot:
        assert "Renvoyer (" in text_of(app)
        await until(lambda: "Renvoyer (" not in text_of(app))
        await press(pilot, "tab", "enter")
        assert answers_of(app) == [Act(action="resend")]


async def test_new_actions_replace_the_old_ones_while_the_code_stays() -> None:
    app = Gallery(enrolment_of(STEPS["link_sent"]))
    async with app.run_test() as pilot:
        await press(pilot, "ab")
        await come_again(pilot, app, changed(STEPS["link_sent"], actions=(Action(id="skip", label="Passer"),)))
        assert "Passer" in text_of(app)
        assert "Renvoyer" not in text_of(app)
        assert screen_of(app).typed() == {"code": "ab"}


async def test_take_over_can_be_declined() -> None:
    app = Gallery(enrolment_of(STEPS["take_over"]))
    async with app.run_test() as pilot:
        await pilot.click("#leave-there")
        assert answers_of(app) == [TakeOverAnswer(here=False)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_charter_scrolls_to_its_end_while_box_and_next_stay_in_sight(size: tuple[int, int]) -> None:
    app = Gallery(enrolment_of(STEPS["charter"]))
    async with app.run_test(size=size) as pilot:
        for _ in range(30):
            assert "[ ]" in text_of(app)
            assert "Suivant" in rows_of(app)[-3] + rows_of(app)[-2]
            await pilot.press("pagedown")
        assert "100 % lu" in text_of(app)
        assert "protections." in text_of(app)
        await pilot.press("space", "enter")
        assert answers_of(app) == [CharterAnswer(accepted=True, sha256="0" * 64)]


async def test_redirection_asks_the_address_only_of_those_who_redirect() -> None:
    app = Gallery(enrolment_of(STEPS["redirection"]))
    async with app.run_test() as pilot:
        assert "Adresse mail de redirection" not in text_of(app)
        await pilot.press("space")
        assert "Adresse mail de redirection" in text_of(app)
        assert "Conserver une copie" in text_of(app)


async def test_redirection_where_it_is_mandatory_has_no_box() -> None:
    app = Gallery(enrolment_of(changed(STEPS["redirection"], mandatory=True, address="")))
    async with app.run_test() as pilot:
        assert "[ ]" not in text_of(app)
        assert "[x]" not in text_of(app)
        await pilot.press("enter")
        assert "Remplissez ce champ." in text_of(app)
        await press(pilot, "v@example.org", "enter")
        assert answers_of(app) == [RedirectionAnswer(redirect=True, address="v@example.org", keep_copy=False)]


async def test_rules_turn_as_one_types_and_the_match_is_said_in_words() -> None:
    app = Gallery(enrolment_of(STEPS["new_password"]))
    async with app.run_test() as pilot:
        assert "✓ ne contient" not in text_of(app)
        await press(pilot, "Lefevre")
        assert "✗ 12 caractères" in text_of(app)
        assert "✗ ne contient ni votre nom" in text_of(app)
        await pilot.press("ctrl+u")
        await press(pilot, "Montagne-42!")
        assert "✓ 12 caractères" in text_of(app)
        assert "✓ ne contient ni votre nom" in text_of(app)
        await press(pilot, "tab", "Montagne")
        assert "diffèrent encore" in text_of(app)
        await press(pilot, "-42!")
        assert "sont identiques" in text_of(app)
        await pilot.pause(0.5)
        assert "Solidité :" in text_of(app)


async def test_a_rule_that_only_the_backend_can_judge_is_marked_until_the_password_changes() -> None:
    app = Gallery(enrolment_of(STEPS["new_password"]))
    async with app.run_test() as pilot:
        await press(pilot, "Montagne-12041978", "tab", "Montagne-12041978", "enter")
        told = changed(STEPS["new_password"], broken=("MDP-NAISSANCE",), errors={"password": "Refusé."})
        await come_again(pilot, app, told)
        assert "✗ ne contient pas votre date de naissance" in text_of(app)
        await pilot.press("end", "x")
        assert "date de naissance" not in text_of(app)


async def test_passwords_are_dots_until_f4_and_again_after_it() -> None:
    app = Gallery(enrolment_of(STEPS["new_password"]))
    async with app.run_test() as pilot:
        await press(pilot, "Montagne-42!", "tab", "Autre")
        assert "Montagne" not in text_of(app)
        await pilot.press("f4")
        assert "Montagne-42!" in text_of(app)
        assert "Autre" in text_of(app)
        assert "F4 Cacher" in text_of(app)
        await pilot.press("f4")
        assert "Montagne" not in text_of(app)


@pytest.mark.parametrize("keys", [["shift+home", "ctrl+c"], ["shift+home", "ctrl+x"], ["ctrl+shift+a", "super+c"]])
async def test_no_key_copies_a_password_to_any_clipboard(keys: list[str]) -> None:
    app = Gallery(enrolment_of(STEPS["new_password"]))
    async with app.run_test() as pilot:
        await press(pilot, "Tr3s-Secret")
        await pilot.press(*keys)
        assert app.clipboard == ""
        assert screen_of(app).typed()["password"] == "Tr3s-Secret"


async def test_caps_lock_is_mentioned_for_passwords_but_not_for_printed_capitals() -> None:
    app = Gallery(enrolment_of(STEPS["new_password"]))
    async with app.run_test() as pilot:
        await press(pilot, "AB")
        assert "Verr. Maj" not in text_of(app)
        await press(pilot, "C1")
        assert "Verr. Maj" in text_of(app)
        await pilot.press("d")
        assert "Verr. Maj" not in text_of(app)
    printed = Gallery(enrolment_of(STEPS["provisional_password"]))
    async with printed.run_test() as pilot:
        await press(pilot, "ABCD")
        assert "Verr. Maj" not in text_of(printed)


async def test_without_unicode_rules_and_boxes_are_told_in_ascii() -> None:
    app = Gallery(enrolment_of(STEPS["new_password"]), appearance=Appearance(look_named("ascii")))
    async with app.run_test() as pilot:
        await press(pilot, "Montagne-42!")
        await pilot.pause(0.5)
        assert "[x] 12 caract" in text_of(app)
        assert not set(text_of(app)) & set("✓✗●○█░")


async def test_recovery_codes_stay_when_the_step_comes_again_without_them() -> None:
    app = Gallery(enrolment_of(STEPS["recovery_codes"]))
    async with app.run_test() as pilot:
        assert "10. 9ABC-DEFG-HJK9" in text_of(app)
        again = changed(STEPS["recovery_codes"], codes=None, errors={"kept": "Cochez."})
        await come_again(pilot, app, again)
        assert "10. 9ABC-DEFG-HJK9" in text_of(app)
        speak("en")
        await screen_of(app).update(enrolment_of(again, locale="en"))
        await pilot.pause()
        assert "10. 9ABC-DEFG-HJK9" in text_of(app)


async def test_done_is_an_end() -> None:
    app = Gallery(enrolment_of(STEPS["done"], can_go_back=False))
    async with app.run_test() as pilot:
        for words in ("p00000400013", "Charte acceptée", "Boîte mail : disponible", "https://ent.univ-exemple.example"):
            assert words in text_of(app)
        await pilot.press("enter")
        assert [type(message) for message in app.said] == [LeaveAsked]


@pytest.mark.parametrize("kind", ["locked", "expired", "unexpected"])
async def test_an_outcome_offers_what_can_be_done_first(kind: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind], position=0, can_go_back=False))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert answers_of(app) == [Act(action="restart")]
