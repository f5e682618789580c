"""A phone paired with the application: A-39 to A-46 of domain.md §18, with the people of ``sign_in_users.csv``."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from api_client import contract
from backend.commands.portraits import portray
from backend.database.tables import audit, devices
from backend.journeys import SHIPPED
from backend.sign_in.device_grant import Refusal
from backend.sign_in.identity import Identity
from backend.sign_in.issuer import RoundTrip
from tests.backend_house import BackendHouse, Screen, open_house
from tests.busy import keep_busy
from tests.phones import IPHONE, PhoneBrowser
from tests.signing_in import AGNES, USERS, asked, code_shown, offer_of, signed_in

pytest_plugins = ["tests.house_fixtures"]


async def confirmed(house: BackendHouse, screen: Screen, phone: PhoneBrowser, upn: str = AGNES) -> None:
    """The phone reads the code and signs in; the computer says yes."""
    await phone.claim((await offer_of(screen)).link.reveal())
    await phone.sign_in(upn)
    step = await screen.look()
    assert isinstance(step, contract.DeviceConfirmation), step
    await screen.say(contract.DeviceConfirmationAnswer(pair=True))


async def paired(
    house: BackendHouse, screen: Screen, phone: PhoneBrowser, upn: str = AGNES, choice: str = "skip"
) -> None:
    await confirmed(house, screen, phone, upn)
    await phone.look()
    await phone.press(choice=choice)
    await screen.look()


@pytest.mark.parametrize("person", ["O01", "O02", "O06"])
async def test_a_39_the_ordinary_way(house: BackendHouse, person: str) -> None:
    """Android and iOS, with and without biometrics; a second factor is the provider's own affair."""
    row = USERS[person]
    screen = await signed_in(house, row["upn"])
    assert isinstance(screen.step, contract.PhonePairing)
    assert len(screen.step.advice) == 5
    phone = PhoneBrowser(house, agent=IPHONE if row["phone"] == "ios" else "Mozilla/5.0 (Linux; Android 14; Pixel 8)")
    await paired(house, screen, phone, row["upn"], "accept")
    assert phone.page.title == "Vous êtes connecté(e) à Temps Exemple"
    assert isinstance(screen.step, contract.Done)
    portrait = await portray(house.house, await house.account(row["upn"]))
    (device,) = portrait["devices"]
    assert (device["platform"], device["biometric"]) == (row["phone"], True)
    assert device["model"] == ("iPhone" if row["phone"] == "ios" else "Pixel 8")
    mail = await house.newest_mail(row["upn"])
    assert mail.subject == "Un téléphone a été associé à votre compte Temps Exemple"
    assert device["model"] in mail.text
    assert "mardi 3 novembre 2026" in " ".join(mail.text.split())


async def test_a_40_the_code_is_only_behind_advanced(tmp_path: Path) -> None:
    """O03: an institution whose page does not show it in place."""
    folder = shutil.copytree(SHIPPED, tmp_path / "institution")
    file = folder / "phone-pairing.toml"
    shown = 'id = "app_pairing"\nkind = "phone_pairing"\npairs = "app"\n'
    assert shown in file.read_text(encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").replace(shown, f"{shown}hidden = true\n"), encoding="utf-8")
    async with open_house(tmp_path / "data", "P001", institution=folder) as house:
        upn = USERS["O03"]["upn"]
        screen = await signed_in(house, upn)
        step = screen.step
        assert isinstance(step, contract.PhonePairing)
        assert step.hidden
        assert step.offer is None
        menu = await screen.act("advanced")
        assert isinstance(menu, contract.Menu)
        assert [choice.label for choice in menu.choices][:1] == ["Aide au paramétrage de MonTemps Exemple"]
        step = await screen.say(contract.MenuAnswer(choice="setup_help"))
        assert isinstance(step, contract.PhonePairing)
        assert isinstance(step.offer, contract.AppOffer), "the code comes with the very answer that asks for it"
        await paired(house, screen, PhoneBrowser(house, agent=IPHONE), upn)
        assert screen.kind == "done"


@pytest.mark.parametrize("asked_at", ["pending", "device_confirmation", "phone_answer"])
async def test_going_back_from_the_phone_s_part_leads_to_a_new_code(house: BackendHouse, asked_at: str) -> None:
    """And not to the menu, which stands before it in the file only; the phone's former code is of no use any more."""
    screen = await signed_in(house, AGNES)
    phone = PhoneBrowser(house, agent=IPHONE)
    former = (await offer_of(screen)).link.reveal()
    await phone.claim(former)
    if asked_at != "pending":
        await phone.sign_in(AGNES)
    await screen.look()
    if asked_at == "phone_answer":
        await screen.say(contract.DeviceConfirmationAnswer(pair=True))
    assert screen.enrolment.can_go_back
    step = await screen.back()
    assert isinstance(step, contract.PhonePairing)
    assert isinstance(step.offer, contract.AppOffer), "with the very answer"
    assert step.offer.link.reveal() != former
    await phone.look()
    assert phone.page.title == "L’appairage est annulé"


async def test_a_41_nine_digits_instead_of_a_camera(house: BackendHouse) -> None:
    upn = USERS["O04"]["upn"]
    screen = await signed_in(house, upn)
    digits = (await offer_of(screen)).key.reveal()
    phone = PhoneBrowser(house)
    await phone.open("/p")
    await phone.press(digits="000-000-001" if digits != "000-000-001" else "000-000-002")
    assert phone.page.status == 422
    await phone.press(digits=digits.replace("-", " "))
    await phone.open(phone.page.leads_to)
    await phone.sign_in(upn)
    assert isinstance(await screen.look(), contract.DeviceConfirmation)


async def test_a_41_a_link_on_the_phone_itself(house: BackendHouse) -> None:
    """O05: no computer at all; the screen runs on the phone, and its link opens there."""
    upn = USERS["O05"]["upn"]
    screen = await signed_in(house, upn)
    offer = await offer_of(screen)
    assert offer.uri.reveal() == offer.link.reveal().upper(), "the QR code says the same, smaller"
    await paired(house, screen, PhoneBrowser(house), upn)
    assert screen.kind == "done"


async def test_a_42_declined_at_the_provider(house: BackendHouse) -> None:
    screen = await house.begun("phone-pairing")
    step = await code_shown(screen)
    house.demo_issuer.answer_device(step.user_code, None)
    await asked(house, screen)
    assert isinstance(screen.step, contract.SignIn)
    assert screen.step.errors[""].startswith("Vous avez refusé la connexion")
    assert screen.step.user_code == "", "a code that is of no use is not shown"
    await screen.act("renew")
    assert (await code_shown(screen)).user_code not in ("", step.user_code)


async def test_a_42_expired_then_a_new_code(house: BackendHouse) -> None:
    screen = await house.begun("phone-pairing")
    before = await code_shown(screen)
    for _ in range(4):  # the screen is there all the time
        await asked(house, screen, seconds=290)
    assert screen.step.errors == {"": "Le code a expiré. Demandez-en un nouveau."}
    await screen.act("renew")
    after = await code_shown(screen)
    assert after.user_code != before.user_code
    assert house.demo_issuer.answer_device(after.user_code, USERS["O08"]["upn"])
    await asked(house, screen)
    assert screen.kind == "phone_pairing"


@pytest.mark.parametrize("when", ["shown", "claimed", "signed in", "confirmed"])
async def test_a_43_leaving_the_computer_cancels(house: BackendHouse, when: str) -> None:
    """O09: whatever the phone is doing."""
    upn = USERS["O09"]["upn"]
    screen = await signed_in(house, upn)
    link, phone = (await offer_of(screen)).link.reveal(), PhoneBrowser(house)
    if when != "shown":
        await phone.claim(link)
    if when in ("signed in", "confirmed"):
        await phone.sign_in(upn)
        await screen.look()
    if when == "confirmed":
        await screen.say(contract.DeviceConfirmationAnswer(pair=True))
    await screen.client.leave(screen.enrolment, 5)
    page = await phone.open(link) if when == "shown" else await phone.look()
    assert page.title == ("Ce code n’appaire plus rien" if when == "shown" else "L’appairage est annulé")
    assert not page.has_form
    await phone.http.post("/p/here", data={"choice": "accept"})
    assert await house.count(devices) == 0
    assert (await house.actions(upn))[-1] == "pairing.revoked"


async def test_a_43_a_computer_that_falls_silent_cancels(house: BackendHouse) -> None:
    """A closed lid says no farewell."""
    screen = await signed_in(house, USERS["O09"]["upn"])
    phone, offer = PhoneBrowser(house), await offer_of(screen)
    await phone.claim(offer.link.reveal())
    house.clock.move(seconds=61)
    await phone.sign_in(USERS["O09"]["upn"])
    assert phone.page.title == "L’appairage est annulé"
    assert await house.count(devices) == 0


async def test_a_44_another_account_on_the_phone(house: BackendHouse) -> None:
    screen = await signed_in(house, AGNES)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    page = await phone.sign_in(USERS["O10"]["upn"])
    assert page.title == "Ce n’est pas le même compte"
    step = await screen.look()
    assert isinstance(step, contract.PhonePairing)
    assert "n’est pas celui de cet écran" in step.errors[""]
    assert step.offer is not None, "a new code is there at once"
    refused = select(audit.c.result).where(audit.c.action == "pairing.refused")
    async with house.house.store.read() as connection:
        assert (await connection.execute(refused)).scalars().all() == ["mismatch"]
    assert await house.count(devices) == 0


async def test_a_46_without_biometrics(house: BackendHouse) -> None:
    screen = await signed_in(house)
    await paired(house, screen, PhoneBrowser(house), choice="skip")
    portrait = await portray(house.house, await house.account(AGNES))
    assert [device["biometric"] for device in portrait["devices"]] == [False]


async def test_no_on_the_computer(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    await phone.sign_in(AGNES)
    await screen.look()
    step = await screen.say(contract.DeviceConfirmationAnswer(pair=False))
    assert isinstance(step, contract.PhonePairing)
    assert step.errors[""].startswith("Ce téléphone n’a pas été appairé.")
    assert step.offer is not None
    assert (await phone.look()).title == "Refusé sur l’ordinateur"
    assert "pairing.refused" in await house.actions(AGNES)
    assert await house.count(devices) == 0


async def test_nobody_answers_on_the_computer(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    await phone.sign_in(AGNES)
    assert isinstance(await screen.look(), contract.DeviceConfirmation)
    house.clock.move(seconds=59)
    assert isinstance(await screen.look(), contract.DeviceConfirmation)
    house.clock.move(seconds=1)
    step = await screen.look()
    assert isinstance(step, contract.PhonePairing)
    assert "Personne n’a répondu à temps" in step.errors[""]
    assert (await phone.look()).title == "Le délai est passé"


async def test_the_phone_never_finishes(house: BackendHouse) -> None:
    """Neither its sign-in nor its last answer is waited for without end."""
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    for _ in range(11):
        assert isinstance(await screen.look(), contract.Pending)
        house.clock.move(seconds=55)
    step = await screen.look()
    assert isinstance(step, contract.PhonePairing)
    assert "pas fini à temps" in step.errors[""]
    late = await phone.sign_in(AGNES)
    assert late.title == "Le délai est passé"
    await confirmed(house, screen, other := PhoneBrowser(house))
    for _ in range(6):
        house.clock.move(seconds=55)
        await screen.look()
    assert isinstance(screen.step, contract.PhonePairing)
    await other.press(choice="accept")
    assert await house.count(devices) == 0


async def test_waiting_is_cancelled_at_the_computer(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    assert isinstance(await screen.look(), contract.Pending)
    step = await screen.act("cancel")
    assert isinstance(step, contract.PhonePairing)
    assert step.errors == {}
    assert (await phone.sign_in(AGNES)).title == "L’appairage est annulé"


async def test_phones_are_listed_and_revoked(house: BackendHouse) -> None:
    for agent in (IPHONE, "Mozilla/5.0 (Linux; Android 14; Pixel 8)"):
        screen = await signed_in(house)
        await paired(house, screen, PhoneBrowser(house, agent=agent))
        house.clock.move(days=1)
    screen = await signed_in(house)
    await screen.act("advanced")
    step = await screen.say(contract.MenuAnswer(choice="devices"))
    assert isinstance(step, contract.Devices)
    assert [device.model for device in step.devices] == ["Pixel 8", "iPhone"]
    assert step.devices[1].paired_text == "appairé le 3 novembre 2026"
    step = await screen.say(contract.DevicesAnswer(revoke=step.devices[1].id))
    assert isinstance(step, contract.Devices)
    assert [device.model for device in step.devices] == ["Pixel 8"]
    assert step.notice
    assert (await house.actions(AGNES))[-1] == "pairing.revoked"
    assert (await screen.say(contract.DevicesAnswer(revoke="0" * 32))).errors
    assert isinstance(await screen.say(contract.DevicesAnswer(revoke="")), contract.Menu)
    done = await screen.say(contract.MenuAnswer(choice="finish"))
    assert isinstance(done, contract.Done)
    assert done.set_up == ("Un téléphone est retiré de votre compte Temps Exemple.",)


async def test_another_person_s_phone_is_not_revoked(house: BackendHouse) -> None:
    await paired(house, await signed_in(house), PhoneBrowser(house))
    (device,) = (await portray(house.house, await house.account(AGNES)))["devices"]
    other = await signed_in(house, USERS["O02"]["upn"], await house.begun("phone-pairing", source="192.0.2.2"))
    await other.act("advanced")
    await other.say(contract.MenuAnswer(choice="devices"))
    assert (await other.say(contract.DevicesAnswer(revoke=device["id"]))).errors
    assert len((await portray(house.house, await house.account(AGNES)))["devices"]) == 1


async def test_the_mail_s_link_revokes_the_phone(house: BackendHouse) -> None:
    """It opens a page with a button; only the button does anything, once."""
    await paired(house, await signed_in(house), PhoneBrowser(house))
    text = (await house.newest_mail(AGNES)).text
    link = next(line for line in text.splitlines() if "/p/revoke/" in line)
    browser = PhoneBrowser(house, source="192.0.2.77")
    await browser.open(link)
    assert await house.count(devices, devices.c.revoked_at.is_(None)) == 1
    assert "Pixel 8" in browser.page.words
    await browser.press()
    assert browser.page.title == "C’est fait"
    assert await house.count(devices, devices.c.revoked_at.is_(None)) == 0
    assert (await browser.open(link)).status == 404
    assert (await browser.open(f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}")).status == 404


# ------------------------------------------------------------------------------------------------ a busy database


async def test_a_busy_database_loses_no_phone_that_signed_in(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the provider gave it is redeemed once; its page waits until that is written."""
    screen = await signed_in(house)
    phone = PhoneBrowser(house, agent=IPHONE)
    await phone.claim((await offer_of(screen)).link.reveal())
    keep_busy(monkeypatch, house.house.store, 1, 2)
    await phone.sign_in(AGNES)
    assert phone.page.status == 200
    assert isinstance(await screen.look(), contract.DeviceConfirmation)


async def test_a_page_that_is_loaded_twice_is_redeemed_once(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody pressed « reload » while the first was still waiting for the database."""
    screen = await signed_in(house)
    phone = PhoneBrowser(house, agent=IPHONE)
    await phone.claim((await offer_of(screen)).link.reveal())
    sent_back = await phone.http.post(phone.page.sends_to, data={**phone.page.form, "user": AGNES})
    keep_busy(monkeypatch, house.house.store, *range(1, 10))
    issuer, redeemed = house.parts.phones.issuer, []
    redeem = issuer.redeem

    async def counted(code: str, trip: RoundTrip, return_address: str) -> Identity | Refusal:
        redeemed.append(trip)
        return await redeem(code, trip, return_address)

    monkeypatch.setattr(issuer, "redeem", counted)
    address = sent_back.headers["location"]
    await asyncio.gather(phone.open(address), phone.open(address))
    assert len(redeemed) == 1
    assert isinstance(await screen.look(), contract.DeviceConfirmation)
