"""Every kind of step has a screen, alone on a bare App (level 4). What all share is in test_frame.py.

What single screens do besides is in test_step_screens.py, those that are no steps in test_pages.py.
"""

from typing import Any, get_args

import pytest

from api_client import contract
from api_client.contract import (
    ActivationCodeAnswer,
    ActivationResendAnswer,
    BackupEmailAnswer,
    CharterAnswer,
    CurrentPasswordAnswer,
    DeviceConfirmationAnswer,
    DevicesAnswer,
    LinkSentAnswer,
    LoginAnswer,
    MailboxAnswer,
    MenuAnswer,
    NewPasswordAnswer,
    PhonePairingAnswer,
    PublicDirectoryAnswer,
    RecoveryCodesAnswer,
    RedirectionAnswer,
    SecondFactorAnswer,
    TakeOverAnswer,
)
from api_client.secret import Secret
from screens.frame import kind_of, screen_for
from screens.widgets.push_button import PushButton
from screens.words import speak
from tests.screen_playing import SIZES, answers_of, paste, press, screen_of, text_of
from tests.screens_gallery import CATALOGUE, STEPS, Gallery, enrolment_of, rows_of
from tests.scripted_backend import until

pytestmark = pytest.mark.slow

KINDS = [kind_of(step) for step in get_args(contract.AnyStep)]


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


async def test_a_page_begins_with_its_title_though_it_is_longer_than_the_screen() -> None:
    app = Gallery(enrolment_of(STEPS["login"]))
    async with app.run_test(size=(40, 15)) as pilot:
        for _ in range(8):  # one time in three it was scrolled as if it had no room
            await app.switch_screen(screen_for(enrolment_of(STEPS["new_password"]), CATALOGUE))
            await pilot.pause(0.25)
            assert STEPS["new_password"].title.split()[0] in text_of(app)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_screen_keeps_what_was_filled_in_when_the_language_changes(kind: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        for widget in [one for one in app.screen.focus_chain if not isinstance(one, PushButton)]:
            widget.focus()
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
    ("menu", [], MenuAnswer(choice="backup")),
    ("device_confirmation", [], DeviceConfirmationAnswer(pair=True)),
    ("devices", [], DevicesAnswer(revoke="")),
    ("current_password", ["Montagne-42!"], CurrentPasswordAnswer(password=Secret("Montagne-42!"))),
    ("second_factor", ["123456"], SecondFactorAnswer(code=Secret("123456"))),
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
    ("new_password", ["abc", "tab", "abc"], "Des règles ne sont pas encore respectées"),
    ("new_password", ["Montagne-42!", "tab", "Montagne-43!"], "Les deux mots de passe diffèrent"),
    ("provisional_password", ["ABCDEFGHJKMN0"], "Un caractère n’est pas celui"),
]


@pytest.mark.parametrize(("kind", "keys", "sentence"), REFUSED_HERE)
async def test_what_can_be_told_here_costs_no_request(kind: str, keys: list[str], sentence: str) -> None:
    app = Gallery(enrolment_of(STEPS[kind]))
    async with app.run_test() as pilot:
        await press(pilot, *keys, "enter")
        assert answers_of(app) == []
        await until(lambda: sentence in text_of(app))
        assert not screen_of(app).blocked


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


def test_steps_are_compared_by_value() -> None:
    """``update`` rests on it: a step that came again unchanged is told from a changed one."""
    for step in STEPS.values():
        assert contract.decode(contract.encode(step), type(step)) == step
