"""Each screen alone on a bare App that keeps what it says (level 4). What all share is in test_frame.py."""

from datetime import timedelta
from typing import Any, cast, get_args

import msgspec
import pytest
from textual import events
from textual.pilot import Pilot

from api_client import contract
from api_client.contract import (
    Act,
    Action,
    ActivationCodeAnswer,
    ActivationResendAnswer,
    AnyStep,
    BackupEmailAnswer,
    CharterAnswer,
    Drawing,
    HandOver,
    LinkSentAnswer,
    LoginAnswer,
    MailboxAnswer,
    NewPasswordAnswer,
    PhonePairingAnswer,
    ProvisionalPasswordAnswer,
    PublicDirectoryAnswer,
    RecoveryCodesAnswer,
    RedirectionAnswer,
    TakeOverAnswer,
)
from api_client.secret import Secret
from screens.frame import StepScreen, kind_of, screen_for
from screens.hand_over import HandOverScreen
from screens.help import HelpScreen
from screens.leaving import LeavingScreen
from screens.messages import (
    Answered,
    HandOverAsked,
    JourneyChosen,
    LeaveAsked,
    ResumeAsked,
    ResumeGiven,
    RetryAsked,
    WelcomeAsked,
)
from screens.resume import ResumeScreen
from screens.unreachable import UnreachableScreen
from screens.welcome import WelcomeScreen
from screens.words import speak
from tests.screens_gallery import CATALOGUE, NOW, STEPS, Gallery, enrolment_of, rows_of, segments_of

KINDS = [kind_of(step) for step in get_args(contract.AnyStep)]
NAMED = {"tab", "shift+tab", "enter", "space", "escape", "f10"}
SIZES = [(80, 24), (60, 20), (40, 15)]


def changed(step: AnyStep, **changes: Any) -> AnyStep:
    return msgspec.structs.replace(step, **changes)


def text_of(app: Gallery) -> str:
    return " ".join(" ".join(rows_of(app)).replace("▀", " ").split())


def screen_of(app: Gallery) -> StepScreen[Any]:
    return cast(StepScreen[Any], app.screen)


def answers_of(app: Gallery) -> list[Any]:
    return [message.answer for message in app.said if isinstance(message, Answered)]


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press named keys one by one; a text of several characters comes as a terminal pastes it, which is quicker."""
    for key in keys:
        if key in NAMED or len(key) == 1:
            await pilot.press(key)
        else:
            pilot.app.post_message(events.Paste(key))
            await pilot.pause()


async def come_again(pilot: Pilot[None], app: Gallery, step: AnyStep) -> None:
    await screen_of(app).update(enrolment_of(step))
    await pilot.pause()


# ------------------------------------------------------------------------------------------- every kind of step


def test_the_gallery_has_a_step_of_every_kind() -> None:
    assert sorted(STEPS) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_screen_in_a_module_of_its_name(kind: str) -> None:
    screen = screen_for(enrolment_of(STEPS[kind]), CATALOGUE)
    assert type(screen).__module__ == f"screens.{kind}"
    assert type(screen).__doc__


@pytest.mark.parametrize("kind", KINDS)
async def test_every_screen_shows_its_title_a_way_on_and_the_focus_at_any_size(kind: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.focused is not None
            assert app.screen.region.contains_region(app.focused.region)
            assert screen_of(app).next_label() in rows_of(app)[-3] + rows_of(app)[-2]
            screen_of(app).query_one("#body").scroll_home(animate=False)
            await pilot.pause()
            assert STEPS[kind].title.split()[0] in text_of(app)


TEXT_FIELDS = [
    (kind, name)
    for kind in KINDS
    for name in (field.name for field in msgspec.structs.fields(type(STEPS[kind])))
    if isinstance(getattr(STEPS[kind], name), str)
]
MARKUP = "[@click=app.quit]x[/] y[/b]"
HOSTILE = [MARKUP + "\x1b]0;x\x07\x1b[2Jab\u202ecd\x9b31m", "A" * 10_000]


@pytest.mark.slow
@pytest.mark.parametrize("hostile", HOSTILE, ids=["codes", "long"])
@pytest.mark.parametrize("kind", KINDS)
async def test_hostile_text_in_every_field_of_a_step_is_shown_harmlessly(kind: str, hostile: str) -> None:
    names = [name for of_kind, name in TEXT_FIELDS if of_kind == kind and name not in {"delivery", "purpose"}]
    spoilt = changed(STEPS[kind], **dict.fromkeys(names, hostile), errors={"": hostile})
    spoilt = changed(spoilt, notice=hostile, actions=(Action(id=hostile, label=hostile),))
    app = Gallery(enrolment_of(spoilt))
    async with app.run_test():
        shown = "".join(rows_of(app))
        assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
        assert "\u202e" not in shown
        assert hostile[:9] in shown
        assert not any(segment.style and segment.style.meta.get("@click") for segment in segments_of(app))


@pytest.mark.parametrize("kind", KINDS)
async def test_every_screen_keeps_what_was_filled_in_when_the_language_changes(kind: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        await press(pilot, "space", "Abc1")
        before = screen_of(app).typed()
        speak("en")
        await screen_of(app).update(enrolment_of(STEPS[kind], locale="en"))
        await pilot.pause()
        assert screen_of(app).typed() == before
        assert "F2 Français" in text_of(app)
        assert "Retour" not in text_of(app)


# ---------------------------------------------------------------------------------------- what each answers

PRESSED: list[tuple[str, list[str], Any]] = [
    ("login", ["p00000400013"], LoginAnswer(login="p00000400013")),
    ("activation_code", ["abcd"], ActivationCodeAnswer(code=Secret("abcd"))),
    ("activation_resend", ["a@b.example"], ActivationResendAnswer(address="a@b.example")),
    ("link_sent", ["abcd"], LinkSentAnswer(code=Secret("abcd"))),
    ("take_over", [], TakeOverAnswer(here=True)),
    ("charter", ["space"], CharterAnswer(accepted=True, sha256="0" * 64)),
    ("public_directory", [], PublicDirectoryAnswer(listed=False)),
    ("public_directory", ["space"], PublicDirectoryAnswer(listed=True)),
    ("mailbox", [], MailboxAnswer()),
    ("redirection", [], RedirectionAnswer(redirect=False, address="", keep_copy=True)),
    ("redirection", ["space"], RedirectionAnswer(redirect=True, address="elodie5@example.org", keep_copy=True)),
    (
        "redirection",
        ["space", "tab", "tab", "space"],
        RedirectionAnswer(redirect=True, address="elodie5@example.org", keep_copy=False),
    ),
    ("phone_pairing", ["123456"], PhonePairingAnswer(code=Secret("123456"))),
    ("recovery_codes", ["space"], RecoveryCodesAnswer(kept=True)),
    (
        "backup_email",
        ["e@example.org", "tab", "E@example.org"],
        BackupEmailAnswer(address="e@example.org", confirmation="E@example.org"),
    ),
    (
        "new_password",
        ["Montagne-42!", "tab", "Montagne-42!"],
        NewPasswordAnswer(password=Secret("Montagne-42!"), confirmation=Secret("Montagne-42!")),
    ),
]


@pytest.mark.parametrize(("kind", "keys", "answer"), PRESSED)
async def test_keys_then_enter_give_the_answer(kind: str, keys: list[str], answer: Any) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        await press(pilot, *keys, "enter", "enter")
        assert answers_of(app) == [answer]


REFUSED_HERE = [
    ("login", [], "Remplissez ce champ."),
    ("charter", [], "Vous devez accepter la charte"),
    ("recovery_codes", [], "Recopiez d’abord les codes"),
    ("link_sent", [], "Saisissez le code, ou ouvrez le lien"),
    ("backup_email", ["nobody"], "Une adresse est de la forme"),
    ("backup_email", ["a@etu.univ-exemple.example"], "Donnez une adresse personnelle"),
    ("backup_email", ["a@example.org", "tab", "b@example.org"], "Les deux adresses diffèrent"),
    ("new_password", ["abc", "tab", "abc"], "Les règles marquées ci-dessous"),
    ("new_password", ["Montagne-42!", "tab", "Montagne-43!"], "Les deux mots de passe diffèrent"),
    ("provisional_password", ["ABCDEFGHJKMN0"], "Un caractère n’est pas celui"),
]


@pytest.mark.parametrize(("kind", "keys", "sentence"), REFUSED_HERE)
async def test_what_can_be_told_here_costs_no_request(kind: str, keys: list[str], sentence: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        await press(pilot, *keys, "enter")
        assert answers_of(app) == []
        assert sentence in text_of(app)
        assert not screen_of(app).blocked


# ------------------------------------------------------------------------------------------------ one by one


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
    soon = (Action(id="resend", label="Renvoyer", available_at=NOW + timedelta(seconds=1)),)
    app = Gallery(enrolment_of(changed(STEPS["link_sent"], actions=soon)))
    async with app.run_test() as pilot:
        assert "Renvoyer (" in text_of(app)
        await pilot.pause(1.3)
        assert "Renvoyer (" not in text_of(app)
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
    app = Gallery(enrolment_of(STEPS["new_password"]), drawing=Drawing(unicode=False))
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


# --------------------------------------------------------------------------------------- typed and pasted text


@pytest.mark.parametrize("kind", ["login", "backup_email", "new_password", "link_sent", "phone_pairing"])
async def test_hidden_characters_pasted_are_refused_with_a_sentence(kind: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        for pasted in ("a\x1b]0;x\x07b", "a\r\nBcc: b@example.org", "a\u202eb", "a\u200bb", "a\x00b"):
            before = screen_of(app).typed()
            paste(app, pasted)
            await pilot.pause()
            assert screen_of(app).typed() == before
            assert "caractères cachés" in text_of(app)
            await pilot.press("z")
            assert "caractères cachés" not in text_of(app)


async def test_a_pasted_line_loses_its_end_and_a_long_one_is_refused_with_a_sentence() -> None:
    app = Gallery(enrolment_of(STEPS["login"]))
    async with app.run_test() as pilot:
        paste(app, "p00000400013\r\n")
        await pilot.pause()
        assert screen_of(app).typed() == {"login": "p00000400013"}
        paste(app, "A" * 10_000)
        await pilot.pause()
        assert screen_of(app).typed() == {"login": "p00000400013"}
        assert "64 caractères au plus" in text_of(app)


def paste(app: Gallery, text: str) -> None:
    app.post_message(events.Paste(text))


# ------------------------------------------------------------------------------------- screens that are no steps


async def test_welcome_shows_at_once_then_its_doors_and_enter_chooses() -> None:
    app = Gallery(WelcomeScreen())
    async with app.run_test() as pilot:
        assert "Un instant…" in text_of(app)
        await cast(WelcomeScreen, app.screen).retell(CATALOGUE)
        await pilot.pause()
        assert "Activer mon compte informatique" in text_of(app)
        assert "F9 Démonstration" in text_of(app)
        await pilot.press("down", "enter", "enter")
        assert [cast(JourneyChosen, message).journey for message in app.said] == ["activation-link"]


async def test_welcome_leads_to_resume() -> None:
    app = Gallery(WelcomeScreen(CATALOGUE))
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "enter")
        assert [type(message) for message in app.said] == [ResumeAsked]


async def test_resume_gives_a_code_and_what_is_known() -> None:
    app = Gallery(ResumeScreen(CATALOGUE))
    async with app.run_test() as pilot:
        await press(pilot, "ABCD", "enter")
        assert "Remplissez ce champ." in text_of(app)
        await press(pilot, "p1", "enter")
        given = cast(ResumeGiven, app.said[0])
        assert (given.code, given.known) == (Secret("ABCD"), "p1")


async def test_unreachable_counts_down_and_tries_again_when_asked() -> None:
    app = Gallery(UnreachableScreen(CATALOGUE, "Personne ne répond.", retry_in=30))
    async with app.run_test() as pilot:
        assert "Personne ne répond." in text_of(app)
        assert "Nouvel essai dans" in text_of(app)
        await pilot.press("enter", "enter")
        assert [type(message) for message in app.said] == [RetryAsked]
        cast(UnreachableScreen, app.screen).failed(5, "Toujours personne.")
        await pilot.pause()
        assert "Toujours personne." in text_of(app)
        await pilot.press("enter")
        assert len(app.said) == 2


async def test_hand_over_shows_its_code_and_leads_back() -> None:
    code = HandOver(code=Secret("ABCD-EFGH"), expires_at=NOW + timedelta(minutes=10), known_label="votre identifiant")
    app = Gallery(HandOverScreen(CATALOGUE, code, NOW))
    async with app.run_test() as pilot:
        for words in ("ABCD-EFGH", "votre identifiant", "10 min"):
            assert words in text_of(app)
        await pilot.press("enter")
        assert [type(message) for message in app.said] == [WelcomeAsked]


async def test_help_lies_over_the_step_and_goes_away() -> None:
    app = Gallery(enrolment_of(STEPS["login"]))
    async with app.run_test() as pilot:
        await press(pilot, "p1")
        for key in ("f1", "escape", "enter"):
            await app.push_screen(HelpScreen(CATALOGUE, "login"))
            await pilot.pause()
            assert "Où est mon nom de connexion ?" in text_of(app)
            assert "Alt+←" in text_of(app)
            await pilot.press(key)
            assert screen_of(app).typed() == {"login": "p1"}
        await app.push_screen(HelpScreen(CATALOGUE, "charter"))
        await pilot.pause()
        assert "Où est mon nom de connexion ?" not in text_of(app)


@pytest.mark.parametrize(
    ("keys", "leaves"), [(["enter"], False), (["escape"], False), (["f10"], True), (["shift+tab", "enter"], True)]
)
async def test_leaving_is_asked_again(keys: list[str], leaves: bool) -> None:
    app = Gallery(enrolment_of(STEPS["login"]))
    async with app.run_test() as pilot:
        results: list[bool | None] = []
        await app.push_screen(LeavingScreen(), results.append)
        await press(pilot, *keys)
        await pilot.pause()
        assert results == [leaves]


def test_steps_are_compared_by_value() -> None:
    """``update`` rests on it: a step that came again unchanged is told from a changed one."""
    for step in STEPS.values():
        assert contract.decode(contract.encode(step), type(step)) == step
