"""Every row of ``transitions.csv`` of the pairing is walked; a new row fails here."""

from datetime import timedelta

import pytest

from api_client import contract
from backend.database.tables import devices, pairings
from tests.backend_house import BackendHouse
from tests.phones import PhoneBrowser
from tests.signing_in import AGNES, USERS, code_shown, offer_of, signed_in
from tests.transitions import PAIRING, Row, Walks, rows

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.slow

walks = Walks()
row = walks.row


@pytest.mark.parametrize("transition", rows(*PAIRING), ids=str)
async def test_the_row_is_walked(house: BackendHouse, transition: Row) -> None:
    await walks.walk(transition, house)


def test_every_walk_has_a_row() -> None:
    assert walks.idle(*PAIRING) == set()


@row("pairing", "START", "open_url")
async def the_door_opens(house: BackendHouse) -> None:
    step = await code_shown(await house.begun("phone-pairing"))
    assert step.verification_uri
    assert step.user_code


@row("pairing", "SSO_REDIRECT", "signed_in")
async def somebody_signs_in(house: BackendHouse) -> None:
    screen = await house.begun("phone-pairing")
    before = screen.token
    await signed_in(house, screen=screen)
    assert screen.kind == "phone_pairing"
    assert screen.token != before, "whoever signs in gets another token"
    assert (await house.account(AGNES)).status == "active"


@row("pairing", "DESKTOP_SIGNED_IN", "auto")
async def the_code_is_shown_in_place(house: BackendHouse) -> None:
    screen = await signed_in(house)
    assert isinstance(screen.step, contract.PhonePairing)
    assert screen.step.offer is not None
    assert (await house.actions(AGNES))[-1] == "pairing.code"


@row("pairing", "DESKTOP_SIGNED_IN", "qr_missing")
async def the_code_is_looked_for(house: BackendHouse) -> None:
    screen = await signed_in(house)
    assert isinstance(await screen.act("advanced"), contract.Menu)
    assert await house.count(pairings, pairings.c.state == "shown") == 0, "what nobody sees cannot be scanned"


@row("pairing", "QR_HELP", "open_help")
async def the_code_is_found(house: BackendHouse) -> None:
    screen = await signed_in(house)
    await screen.act("advanced")
    step = await screen.say(contract.MenuAnswer(choice="setup_help"))
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is not None


@row("pairing", "QR_SHOWN", "clock")
async def the_code_turns(house: BackendHouse) -> None:
    screen = await signed_in(house)
    first = await offer_of(screen)
    house.clock.move(seconds=119)
    step = await screen.look()
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is None, "still the same"
    house.clock.move(seconds=1)
    step = await screen.look()
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is not None
    assert step.offer != first
    assert step.expires_at == house.clock() + timedelta(seconds=120)
    assert (await PhoneBrowser(house).open(first.link.reveal())).status == 404


@row("pairing", "QR_SHOWN", "desktop_session_ended")
async def the_computer_leaves(house: BackendHouse) -> None:
    screen = await signed_in(house)
    offer = await offer_of(screen)
    await screen.client.leave(screen.enrolment, 5)
    assert await house.count(pairings, pairings.c.state == "revoked") == 1
    assert (await PhoneBrowser(house).open(offer.link.reveal())).status == 404


@row("pairing", "QR_SHOWN", "scanned")
async def a_phone_reads_the_code(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).uri.reveal().replace("HTTPS://PERRON.UNIV-EXEMPLE.EXAMPLE", ""))
    assert phone.page.title == "Service de connexion de démonstration"
    assert isinstance(await screen.look(), contract.Pending)
    assert "pairing.claimed" in await house.actions(AGNES)


@row("pairing", "QR_SHOWN", "manual_code")
async def the_digits_are_typed(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.open("/p")
    await phone.press(digits=(await offer_of(screen)).key.reveal())
    assert isinstance(await screen.look(), contract.Pending)


@row("pairing", "QR_SHOWN", "same_device_link")
async def the_link_is_opened(house: BackendHouse) -> None:
    screen = await signed_in(house)
    await PhoneBrowser(house).claim((await offer_of(screen)).link.reveal())
    assert isinstance(await screen.look(), contract.Pending)


@row("pairing", "PHONE_SSO", "signed_in", "same")
async def the_same_person(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    await phone.sign_in(AGNES)
    assert isinstance(await screen.look(), contract.DeviceConfirmation)
    await screen.say(contract.DeviceConfirmationAnswer(pair=True))
    assert "biométrie" in (await phone.look()).title


@row("pairing", "PHONE_SSO", "signed_in", "other")
async def somebody_else(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    assert (await phone.sign_in(USERS["O10"]["upn"])).title == "Ce n’est pas le même compte"
    assert "n’est pas celui de cet écran" in (await screen.look()).errors[""]


@row("pairing", "PHONE_SSO", "declined|expired|bad code")
async def no_sign_in_on_the_phone(house: BackendHouse) -> None:
    for declined in (True, False):
        screen = await signed_in(house)
        phone, before = PhoneBrowser(house), await offer_of(screen)
        await phone.claim(before.link.reveal())
        if declined:
            await phone.sign_in("")
        else:
            back = (await phone.http.post(phone.page.url, data={**phone.page.form, "user": AGNES})).headers["location"]
            await phone.open(back.replace("code=", "code=x"))
        step = await screen.look()
        assert isinstance(step, contract.PhonePairing)
        assert step.errors[""].startswith("Vous avez refusé" if declined else "La connexion sur le téléphone")
        assert step.offer not in (None, before)
        await screen.client.leave(screen.enrolment, 5)


@row("pairing", "PHONE_SSO", "desktop_session_ended")
async def the_computer_leaves_meanwhile(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    await screen.client.leave(screen.enrolment, 5)
    assert (await phone.sign_in(AGNES)).title == "L’appairage est annulé"


@row("pairing", "BIOMETRY_OFFER", "accept|skip")
async def the_phone_answers(house: BackendHouse) -> None:
    for choice in ("accept", "skip"):
        screen = await signed_in(house)
        phone = PhoneBrowser(house)
        await phone.claim((await offer_of(screen)).link.reveal())
        await phone.sign_in(AGNES)
        await screen.look()
        await screen.say(contract.DeviceConfirmationAnswer(pair=True))
        await phone.look()
        await phone.press(choice=choice)
        assert isinstance(await screen.look(), contract.Done)
        assert await house.count(devices, devices.c.biometric.is_(choice == "accept")) == 1
    assert len(await house.mails(AGNES)) == 2
