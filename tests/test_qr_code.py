"""The QR code of the phone pairing: read back from the cells of the real screen, or not drawn at all."""

from datetime import timedelta
from typing import cast

import msgspec
import pytest
from textual.color import Color
from textual.pilot import Pilot

from api_client.contract import Act, AnyStep, Drawing, PhonePairing
from screens.looks import LookName, look_named
from screens.messages import Answered
from screens.phone_pairing import PhonePairingScreen
from screens.widgets.qr_code import QrCode
from screens.words import speak
from tests.qr_reading import Cell, cells_of, read
from tests.screens_gallery import NOW, STEPS, TOTP_KEY, TOTP_URI, Gallery, enrolment_of, rows_of
from tui.appearance import Appearance
from tui.themes import theme_for

pytestmark = pytest.mark.slow

STEP = cast(PhonePairing, STEPS["phone_pairing"])
LONGEST_URI = f"otpauth://totp/UE:{'p' * 38}?secret={TOTP_KEY}&issuer=UE"
"""106 bytes: all that version 5 at level L can hold."""
assert len(LONGEST_URI) == 106


def key_shown(app: Gallery) -> str:
    return "".join("".join(rows_of(app)).replace("▀", " ").split())


async def come_again(pilot: Pilot[None], step: AnyStep, locale: str = "fr") -> None:
    await cast(PhonePairingScreen, pilot.app.screen).update(enrolment_of(step, locale="en" if locale == "en" else "fr"))
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 60)])
@pytest.mark.parametrize("uri", [TOTP_URI, LONGEST_URI], ids=["usual", "longest"])
async def test_the_code_is_read_back_from_the_screen(size: tuple[int, int], uri: str) -> None:
    offer = msgspec.structs.replace(STEP.offer, uri=type(STEP.offer.uri)(uri)) if STEP.offer else None
    app = Gallery(enrolment_of(msgspec.structs.replace(STEP, offer=offer)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert read(cells_of(app)) == [uri]
        assert TOTP_KEY in key_shown(app)
        assert "Suivant" in "".join(rows_of(app))


@pytest.mark.parametrize("dark", [True, False])
async def test_the_code_is_black_on_white_in_every_theme(dark: bool) -> None:
    app = Gallery(enrolment_of(STEP))
    async with app.run_test() as pilot:
        theme = theme_for("#7a1f1f", dark=dark)
        app.register_theme(theme)
        app.theme = theme.name
        await pilot.pause()
        assert read(cells_of(app)) == [TOTP_URI]
        colours = {colour for row in cells_of(app) for sign, *pair in row if sign == "▀" for colour in pair}
        assert colours == {Color.parse("#000").rgb, Color.parse("#fff").rgb}


@pytest.mark.parametrize("size", [(80, 20), (71, 24), (60, 20), (40, 15)])
async def test_where_it_does_not_fit_the_screen_says_so_and_shows_the_key_in_groups_of_four(
    size: tuple[int, int],
) -> None:
    app = Gallery(enrolment_of(STEP))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.screen.query_one("#body").scroll_home(animate=False)
        await pilot.pause()
        assert "▀" not in "".join(rows_of(app))
        shown = " ".join("".join(rows_of(app)).split())
        assert "Le QR code ne tient pas" in shown
        assert "JBSW Y3DP EHPK 3PXP" in shown


@pytest.mark.parametrize(
    ("look", "colours"), [("linux", 16), ("ascii", 256), ("ascii", 2), ("full", 2), ("full", 16)], ids=str
)
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
async def test_it_is_read_back_in_every_look_where_it_has_room(look: LookName, colours: int, dark: bool) -> None:
    """Half blocks where there are any, else two columns a module; black and white, or reversed and not."""
    app = Gallery(
        enrolment_of(STEP),
        drawing=Drawing(colours=colours),
        appearance=Appearance(look_named(look), colours, dark),
    )
    async with app.run_test(size=(120, 45)) as pilot:
        await pilot.pause()
        cells = cells_of(app)
        assert read(cells if dark or colours > 2 else turned(cells)) == [TOTP_URI]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert ("Le QR code ne tient pas" in "".join(rows_of(app))) is (look != "full")
        assert "JBSW Y3DP EHPK 3PXP" in " ".join("".join(rows_of(app)).split())


def turned(cells: list[list[Cell]]) -> list[list[Cell]]:
    """As a terminal shows them whose own letters are dark on light."""
    return [[(sign, paper, ink) for sign, ink, paper in row] for row in cells]


async def test_a_terminal_that_cannot_draw_it_gets_the_key() -> None:
    app = Gallery(enrolment_of(STEP), drawing=Drawing(qr=False))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        assert "▀" not in "".join(rows_of(app))
        assert "Le QR code ne tient pas" in "".join(rows_of(app))


async def test_resizing_draws_and_undraws_it_while_the_code_typed_stays() -> None:
    app = Gallery(enrolment_of(STEP))
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.press(*"123")
        for size, drawn in (((80, 24), True), (((60, 20)), False), ((120, 40), True)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert (read(cells_of(app)) == [TOTP_URI]) is drawn
        assert cast(PhonePairingScreen, app.screen).typed() == {"code": "123"}


async def test_the_code_stays_when_the_step_comes_again_without_it() -> None:
    app = Gallery(enrolment_of(STEP))
    again = msgspec.structs.replace(STEP, offer=None, errors={"code": "Ce code ne convient pas."})
    async with app.run_test() as pilot:
        drawn = app.screen.query_one(QrCode)
        await come_again(pilot, again)
        assert app.screen.query_one(QrCode) is drawn
        assert read(cells_of(app)) == [TOTP_URI]
        speak("en")
        await come_again(pilot, again, "en")
        assert read(cells_of(app)) == [TOTP_URI]


async def test_a_new_offer_replaces_the_old_one() -> None:
    app = Gallery(enrolment_of(STEP))
    other = TOTP_URI.replace("JBSW", "AAAA")
    assert STEP.offer is not None
    offer = msgspec.structs.replace(STEP.offer, uri=type(STEP.offer.uri)(other))
    async with app.run_test() as pilot:
        await come_again(pilot, msgspec.structs.replace(STEP, offer=offer, expires_at=NOW + timedelta(minutes=20)))
        await pilot.pause()
        assert read(cells_of(app)) == [other]


async def test_without_any_offer_a_new_one_can_be_asked_for() -> None:
    app = Gallery(enrolment_of(msgspec.structs.replace(STEP, offer=None, actions=())))
    async with app.run_test() as pilot:
        assert "n’est montré qu’une fois" in "".join(rows_of(app))
        await pilot.press("enter")
        assert [message.answer for message in app.said if isinstance(message, Answered)] == [Act(action="renew")]
