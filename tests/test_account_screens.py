"""The screens of accounts and pairing: what they do that the others do not (level 4)."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from PIL import Image

from api_client.contract import (
    Act,
    Action,
    AppOffer,
    Choice,
    DeviceConfirmationAnswer,
    DevicesAnswer,
    MenuAnswer,
    PhonePairing,
    SecondFactorAnswer,
)
from api_client.secret import Secret
from screens.words import speak
from tests.account_steps import APP_ADVICE, APP_CODE, APP_URI, CODE_IN_URI, app_pairing
from tests.qr_reading import cells_of, picture_of, read
from tests.screen_playing import SIZES, answers_of, changed, come_again, press, screen_of, text_of
from tests.screens_gallery import NOW, STEPS, Gallery, enrolment_of, rows_of
from tui.themes import theme_for

pytestmark = pytest.mark.slow

APP = app_pairing(NOW)


def rotated(number: int) -> PhonePairing:
    """The same pairing with another code, two minutes later each time."""
    uri = APP_URI + f"{number + 2}" * len(CODE_IN_URI)
    offer = AppOffer(uri=Secret(uri), key=Secret(f"{number:03}-456-789"), link=Secret(uri.lower()))
    return cast(PhonePairing, changed(APP, offer=offer, expires_at=NOW + timedelta(minutes=2 + 2 * number, seconds=30)))


# ------------------------------------------------------------------------------------------------------- the menu


@pytest.mark.parametrize("size", SIZES)
async def test_arrows_move_through_the_menu_and_enter_goes_there(size: tuple[int, int]) -> None:
    app = Gallery(enrolment_of(STEPS["menu"]))
    async with app.run_test(size=size) as pilot:
        assert "› Changer mon adresse mail de secours" in text_of(app)
        await press(pilot, *["down"] * 5, *["up"], "enter", "enter")
        assert answers_of(app) == [MenuAnswer(choice="directory")]


async def test_a_menu_that_comes_again_marks_where_one_was() -> None:
    app = Gallery(enrolment_of(changed(STEPS["menu"], choice="password")))
    async with app.run_test() as pilot:
        await press(pilot, "enter")
        assert answers_of(app) == [MenuAnswer(choice="password")]


async def test_a_longer_menu_scrolls_with_the_marker() -> None:
    many = tuple(Choice(f"c{n}", f"Choix {n}", "Ce que l’on peut y faire.") for n in range(20))
    app = Gallery(enrolment_of(changed(STEPS["menu"], choices=many)))
    async with app.run_test(size=(40, 15)) as pilot:
        await press(pilot, *["down"] * 15)
        assert "› Choix 15" in text_of(app)


# ---------------------------------------------------------------------------------------------------- signing in


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_sign_in_tells_address_code_and_time_and_draws_both_where_there_is_room(size: tuple[int, int]) -> None:
    step: Any = STEPS["sign_in"]
    app = Gallery(enrolment_of(step))
    async with app.run_test(size=size):
        assert read(cells_of(app)) == [step.verification_uri_complete]
        for words in ("WDJB-MJHT", "valable encore 14 min", "En attente de votre connexion", "Nouveau code"):
            assert words in text_of(app)
        assert "connexion.univ-exemple" in text_of(app)
        assert "Suivant" not in text_of(app)


async def test_sign_in_shows_its_code_without_scrolling_in_the_smallest_window() -> None:
    app = Gallery(enrolment_of(STEPS["sign_in"]))
    async with app.run_test(size=(40, 15)):
        assert "▀" not in "".join(rows_of(app))
        for words in ("https://connexion", "WDJB-MJHT", "En attente", "Nouveau code"):
            assert words in text_of(app)


@pytest.mark.parametrize(
    ("code", "shown"),
    [("WDJB-MJHT", "WDJB-MJHT"), ("A1B2C3D4E", "A1B 2C3 D4E"), ("ABCDEFGH", "ABCD EFGH"), ("ABC123", "ABC123")],
)
async def test_a_code_is_read_in_groups_as_its_issuer_gives_them_or_ours(code: str, shown: str) -> None:
    without_qr = changed(STEPS["sign_in"], user_code=code, verification_uri_complete="")
    app = Gallery(enrolment_of(without_qr))
    async with app.run_test():
        assert shown in text_of(app)
        assert "▀" not in "".join(rows_of(app)), "an issuer that gives no complete address gets no QR code"
        assert "Adresse à ouvrir :" in text_of(app)


async def test_a_new_sign_in_code_takes_the_place_of_the_old_one() -> None:
    step: Any = STEPS["sign_in"]
    app = Gallery(enrolment_of(step))
    async with app.run_test() as pilot:
        address = app.screen.query_one("#uri")
        await press(pilot, "enter", "enter")
        assert answers_of(app) == [Act(action="renew")]
        other = step.verification_uri_complete.replace("WDJB-MJHT", "BCDF-GHJK")
        new = changed(
            step,
            user_code="BCDF-GHJK",
            verification_uri_complete=other,
            expires_at=NOW + timedelta(hours=1, seconds=30),
        )
        await come_again(pilot, app, new)
        assert read(cells_of(app)) == [other]
        assert "BCDF-GHJK" in text_of(app)
        assert "WDJB" not in text_of(app)
        assert "encore 1 h 00" in text_of(app)
        assert app.screen.query_one("#uri") is address, "nothing flickers"


async def test_without_a_code_there_is_no_address_to_open_and_an_error_says_why() -> None:
    silent = "Le service de connexion ne répond pas."
    nothing: Any = changed(STEPS["sign_in"], verification_uri="", user_code="", verification_uri_complete="")
    app = Gallery(enrolment_of(msgspec.structs.replace(nothing, expires_at=None, errors={"": silent})))
    async with app.run_test() as pilot:
        assert silent in text_of(app)
        assert "Pas encore de code." in text_of(app)
        assert "Adresse" not in text_of(app)
        await come_again(pilot, app, STEPS["sign_in"])
        assert "WDJB-MJHT" in text_of(app)
        assert silent not in text_of(app)
        assert "En attente de votre connexion…" in text_of(app)


async def test_an_expired_sign_in_code_says_so() -> None:
    app = Gallery(enrolment_of(changed(STEPS["sign_in"], expires_at=NOW)))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "Ce code a expiré." in text_of(app)


# ------------------------------------------------------------------------------------- pairing the application


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 60)])
async def test_the_application_s_code_is_read_back_with_its_words_beside_it(size: tuple[int, int]) -> None:
    app = Gallery(enrolment_of(APP))
    async with app.run_test(size=size):
        assert read(cells_of(app)) == [APP_URI + CODE_IN_URI]
        shown = text_of(app)
        begun = (" ".join(advice.split()[:4]) for advice in APP_ADVICE)
        for words in (*begun, APP_CODE, "change dans", "En attente du téléphone…", "Gestion avancée"):
            assert words in shown, words
        assert "Suivant" not in shown, "nothing is typed here"


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
async def test_two_readers_read_it_in_every_theme(dark: bool, tool: Callable[[str], str], tmp_path: Path) -> None:
    picture = tmp_path / "screen.png"
    app = Gallery(enrolment_of(APP))
    async with app.run_test() as pilot:
        theme = theme_for("#7a1f1f", dark=dark)
        app.register_theme(theme)
        app.theme = theme.name
        await pilot.pause()
        assert read(cells_of(app)) == [APP_URI + CODE_IN_URI]
        Image.fromarray(picture_of(cells_of(app))).save(picture)
    told = subprocess.run([tool("zbarimg"), "-q", "--raw", str(picture)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == APP_URI + CODE_IN_URI


async def test_where_it_does_not_fit_code_and_link_are_told() -> None:
    app = Gallery(enrolment_of(APP))
    async with app.run_test(size=(40, 15)) as pilot:
        seen = text_of(app)
        assert "En attente du téléphone…" in seen
        for _ in range(3):
            await pilot.press("pagedown")
            seen += text_of(app)
        assert "▀" not in seen
        assert "ne tient pas" in seen
        assert APP_CODE in seen
        assert (APP_URI + CODE_IN_URI).lower() in "".join(seen.split())


async def test_codes_that_follow_one_another_are_drawn_in_place() -> None:
    app = Gallery(enrolment_of(APP))
    async with app.run_test() as pilot:
        drawn, key = app.screen.query_one("#qr"), app.screen.query_one("#key")
        for number in range(3):
            await come_again(pilot, app, rotated(number))
            assert read(cells_of(app)) == [cast(AppOffer, rotated(number).offer).uri.reveal()]
            assert f"{number:03}-456-789" in text_of(app)
            assert APP_CODE not in text_of(app)
        assert "change dans 6 min" in text_of(app)
        assert (app.screen.query_one("#qr"), app.screen.query_one("#key")) == (drawn, key)


async def test_the_last_code_stays_when_the_step_comes_again_without_one_and_in_another_language() -> None:
    app = Gallery(enrolment_of(APP))
    async with app.run_test() as pilot:
        await come_again(pilot, app, changed(APP, offer=None, notice="Votre téléphone a lu le code."))
        assert read(cells_of(app)) == [APP_URI + CODE_IN_URI]
        assert "a lu le code" in text_of(app)
        speak("en")
        await screen_of(app).update(enrolment_of(changed(APP, offer=None), locale="en"))
        await pilot.pause()
        assert read(cells_of(app)) == [APP_URI + CODE_IN_URI]
        assert "Waiting for the phone…" in text_of(app)


async def test_a_code_that_was_replaced_unheard_is_not_shown_any_more() -> None:
    app = Gallery(enrolment_of(APP))
    async with app.run_test() as pilot:
        await come_again(pilot, app, changed(rotated(2), offer=None))
        assert read(cells_of(app)) == []
        assert "n’est montré qu’une fois" in text_of(app)
        await press(pilot, "enter", "enter")
        assert answers_of(app) == [Act(action="renew")]


async def test_before_the_first_code_has_come_there_is_nothing_to_complain_about() -> None:
    app = Gallery(enrolment_of(changed(APP, offer=None, expires_at=None)))
    async with app.run_test() as pilot:
        assert "Pas encore de code." in text_of(app)
        assert "n’est montré qu’une fois" not in text_of(app)
        await come_again(pilot, app, APP)
        assert read(cells_of(app)) == [APP_URI + CODE_IN_URI]
        assert "En attente du téléphone…" in text_of(app)


async def test_a_hidden_code_is_not_drawn_and_the_actions_lead_to_it() -> None:
    hidden = changed(APP, hidden=True, actions=(Action(id="advanced", label="Gestion avancée"),))
    app = Gallery(enrolment_of(hidden))
    async with app.run_test() as pilot:
        shown = text_of(app)
        assert read(cells_of(app)) == []
        assert APP_CODE not in shown
        assert "Suivant" not in shown
        await press(pilot, "enter", "enter")
        assert answers_of(app) == [Act(action="advanced")]


# ------------------------------------------------------------------------------------------------------- phones


@pytest.mark.parametrize(("keys", "pair"), [(["enter"], True), (["shift+tab", "enter"], False)])
async def test_a_phone_is_paired_or_declined(keys: list[str], pair: bool) -> None:
    app = Gallery(enrolment_of(STEPS["device_confirmation"], can_go_back=False))
    async with app.run_test() as pilot:
        for words in ("Exemple 7", "Android 15", "s pour répondre", "Oui, appairer", "Non, ce n’est pas mon téléphone"):
            assert words in text_of(app)
        await press(pilot, *keys, *keys)
        assert answers_of(app) == [DeviceConfirmationAnswer(pair=pair)]


async def test_phones_stay_as_they_are_on_next() -> None:
    app = Gallery(enrolment_of(STEPS["devices"]))
    async with app.run_test() as pilot:
        await press(pilot, "enter")
        assert answers_of(app) == [DevicesAnswer(revoke="")]


@pytest.mark.parametrize("size", SIZES)
async def test_removing_a_phone_is_asked_again(size: tuple[int, int]) -> None:
    app = Gallery(enrolment_of(STEPS["devices"], can_go_back=False))
    async with app.run_test(size=size) as pilot:
        await press(pilot, "shift+tab", "enter")
        assert answers_of(app) == []
        assert "Retirer Exemple 3 ?" in text_of(app)
        await press(pilot, "shift+tab", "tab", "enter")
        assert answers_of(app) == [], "it had forgotten"
        await press(pilot, "enter")
        assert answers_of(app) == [DevicesAnswer(revoke="d2")]


async def test_without_any_phone_it_says_so() -> None:
    app = Gallery(enrolment_of(msgspec.structs.replace(STEPS["devices"], devices=())))
    async with app.run_test():
        assert "Aucun téléphone n’est appairé." in text_of(app)


# --------------------------------------------------------------------------------------- what its owner knows


@pytest.mark.parametrize("kind", ["current_password", "second_factor"])
async def test_too_early_costs_no_try_and_what_was_wrong_is_cleared(kind: str) -> None:
    app = Gallery(enrolment_of(changed(STEPS[kind], retry_at=NOW + timedelta(minutes=5, seconds=30))))
    async with app.run_test() as pilot:
        await press(pilot, "123456", "enter")
        assert answers_of(app) == []
        assert "dans 5 min" in text_of(app)
        name = next(iter(screen_of(app).typed()))
        await come_again(pilot, app, changed(STEPS[kind], errors={name: "Ce n’est pas cela."}))
        assert screen_of(app).typed() == {name: ""}
        assert "Ce n’est pas cela." in text_of(app)


async def test_a_recovery_code_can_be_typed_instead_of_six_digits() -> None:
    app = Gallery(enrolment_of(STEPS["second_factor"]))
    async with app.run_test() as pilot:
        await press(pilot, "0abc defg hjk0", "enter")
        assert answers_of(app) == [SecondFactorAnswer(code=Secret("0abc defg hjk0"))]


# ------------------------------------------------------------------------------------------------------- waiting


@pytest.mark.parametrize("step", [STEPS["pending"], STEPS["sign_in"], APP], ids=["pending", "sign_in", "app"])
async def test_who_waits_reads_with_the_arrows_while_the_ways_out_stay_in_sight(step: Any) -> None:
    long = changed(step, lead="\n\n".join(f"Phrase {n}." for n in range(30)))
    app = Gallery(enrolment_of(long))
    async with app.run_test(size=(60, 20)) as pilot:
        assert step.title.split()[0] in text_of(app), "one begins at the beginning"
        for _ in range(10):
            await pilot.press("pagedown")
            assert step.actions[0].label in text_of(app)
        assert "Phrase 0." not in text_of(app)


async def test_pending_says_how_long_at_most() -> None:
    app = Gallery(enrolment_of(STEPS["pending"]))
    async with app.run_test() as pilot:
        for words in ("Encore 9 min d’attente au plus.", "avancera tout seul", "Continuer sans attendre"):
            assert words in text_of(app)
        await press(pilot, "enter", "enter")
        assert answers_of(app) == [Act(action="skip")]
