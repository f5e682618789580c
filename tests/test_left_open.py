"""A screen left open changes nothing: neither at the menu, nor in a form, nor waiting for a mail (domain.md §7.1)."""

from datetime import timedelta

from api_client import contract
from api_client.contract import Answer
from api_client.secret import Secret
from backend.parts import read_institution
from backend.stages.catalogue import stage_of
from backend.stages.current_password import FRESH
from tests.backend_house import BackendHouse, Screen, kind_of
from tests.robot import PASSWORD, totp
from tests.visits import NEW_BACKUP, NEW_PASSWORD, visiting

pytest_plugins = ["tests.house_fixtures"]

TOO_LONG = FRESH + timedelta(seconds=1)
STRANGERS = "inconnu@courriel.example"
FORMS: dict[str, Answer] = {
    "backup": contract.BackupEmailAnswer(address=STRANGERS, confirmation=STRANGERS),
    "password": contract.NewPasswordAnswer(password=Secret(NEW_PASSWORD), confirmation=Secret(NEW_PASSWORD)),
    "redirection": contract.RedirectionAnswer(redirect=True, address=STRANGERS, keep_copy=True),
    "directory": contract.PublicDirectoryAnswer(listed=True),
}
TELLS = {"link_sent", "notice", "recovery_codes"}
"""In a branch, and yet nothing that is sent there changes the account: a code proves what was asked for before, and ten
codes are shown on arrival."""


def said(house: BackendHouse, key: str) -> str:
    return house.house.library.say(key, "fr")


async def left_open(
    house: BackendHouse, screen: Screen, answer: Answer, *, minutes: float = TOO_LONG.total_seconds() / 60
) -> None:
    """Whoever comes by so much later sends that, and is asked for the password."""
    house.clock.move(minutes=minutes)
    step = await screen.say(answer)
    assert isinstance(step, contract.CurrentPassword), step
    assert step.notice == said(house, "password_again_form")
    assert not screen.enrolment.can_go_back


async def give(screen: Screen, password: str = PASSWORD) -> contract.AnyStep:
    return await screen.say(contract.CurrentPasswordAnswer(password=Secret(password)))


async def test_a_form_left_open_changes_nothing(house: BackendHouse) -> None:
    visit = await visiting(house)
    entry = await house.house.provisioning.entry(visit.login)
    account, screen = await house.account(visit.login), visit.screen
    for branch, answer in FORMS.items():
        form = kind_of(await visit.choose(branch))
        await left_open(house, screen, answer)
        assert (await give(screen, "Pas-Celui-La-2026")).errors == {"password": said(house, "password_wrong")}
        assert await house.account(visit.login) == account, branch
        assert await house.house.provisioning.entry(visit.login) == entry, branch
        assert await house.house.provisioning.verify(visit.login, Secret(PASSWORD)), branch
        assert kind_of(await give(screen)) == form, "its owner goes on where they were"
        assert STRANGERS not in contract.encode(screen.enrolment).decode(), "with a form that nobody filled in"
        await screen.back()
    assert not await house.mails(STRANGERS)


async def test_its_owner_sends_it_once_more_and_it_counts(house: BackendHouse) -> None:
    visit = await visiting(house)
    await visit.choose("password")
    await left_open(house, visit.screen, FORMS["password"])
    await give(visit.screen)
    assert isinstance(await visit.set_password(), contract.Notice)
    assert await house.house.provisioning.verify(visit.login, Secret(NEW_PASSWORD))


async def test_a_screen_that_waits_for_a_mail_for_hours_takes_no_other_address(house: BackendHouse) -> None:
    """It asks for news, so it is never idle; and « another address » leads past the menu."""
    visit = await visiting(house)
    await visit.ask_for_backup()
    for _ in range(9):
        house.clock.move(minutes=20)
        assert isinstance(await visit.screen.look(), contract.LinkSent)
    assert isinstance(await visit.screen.act("change_address"), contract.BackupEmail)
    await left_open(house, visit.screen, FORMS["backup"])
    assert (await house.account(visit.login)).draft.new_backup_email == NEW_BACKUP
    assert isinstance(await visit.screen.act("cancel"), contract.Menu)
    assert not await house.mails(STRANGERS)


async def test_a_stranger_s_phone_is_not_paired(house: BackendHouse) -> None:
    visit = await visiting(house)
    step = await visit.choose("phone")
    assert isinstance(step, contract.PhonePairing)
    house.clock.move(minutes=9)
    step = await visit.screen.act("renew")
    assert isinstance(step, contract.PhonePairing)
    assert isinstance(step.offer, contract.TotpOffer)
    code = totp(step.offer.key.reveal(), house.clock() + timedelta(minutes=2))
    await left_open(house, visit.screen, contract.PhonePairingAnswer(code=Secret(code)), minutes=2)
    assert "phone.paired" not in await house.actions(visit.login)
    step = await give(visit.screen)
    assert isinstance(step, contract.PhonePairing)
    assert isinstance(step.offer, contract.TotpOffer), "another key, for whoever knows the password"
    code = totp(step.offer.key.reveal(), house.clock())
    assert isinstance(await visit.screen.say(contract.PhonePairingAnswer(code=Secret(code))), contract.RecoveryCodes)


async def test_ten_other_recovery_codes_are_the_owner_s_to_ask_for(house: BackendHouse) -> None:
    """They would end those on the owner's paper."""
    visit = await visiting(house)
    step = await visit.choose("phone")
    assert isinstance(step, contract.PhonePairing)
    assert isinstance(step.offer, contract.TotpOffer)
    code = totp(step.offer.key.reveal(), house.clock())
    await visit.screen.say(contract.PhonePairingAnswer(code=Secret(code)))
    before = await house.actions(visit.login)
    await left_open(house, visit.screen, contract.Act(action="renew"))
    assert await house.actions(visit.login) == before
    step = await give(visit.screen)
    assert isinstance(step, contract.RecoveryCodes)
    assert step.codes is not None


def test_every_form_of_my_account_asks() -> None:
    """One that is added later has to, too."""
    steps = read_institution(None).journeys["my-account"].steps
    forms = {step.place: stage_of(step).changes for step in steps if step.branch and step.kind not in TELLS}
    assert {"backup_email", "replacing_password", "redirection", "consent", "phone_pairing"} < set(forms)
    assert all(forms.values()), forms
