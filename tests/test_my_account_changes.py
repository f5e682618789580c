"""What the owner of an active account changes: written at once, proved where it must be, told, and audited."""

import pytest
from sqlalchemy import select

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import proofs
from backend.provisioning import DirectoryUnavailable, Entry
from backend.recovery import issue_recovery
from tests.backend_house import PEOPLE, BackendHouse
from tests.robot import PASSWORD, totp
from tests.visits import NEW_BACKUP, NEW_PASSWORD, Visit, activated, visiting

pytest_plugins = ["tests.house_fixtures"]


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


async def entry(visit: Visit) -> Entry:
    found = await visit.house.house.provisioning.entry(visit.login)
    assert found is not None
    return found


# ------------------------------------------------------------------------------------------------------ the password


async def test_a_new_password_works_at_once_and_the_former_no_more(house: BackendHouse) -> None:
    """A-25."""
    visit = await visiting(house)
    await visit.choose("password")
    token = visit.screen.token
    step = await visit.set_password()
    assert isinstance(step, contract.Notice)
    assert "agenda de travail" in step.lines[-1], "the devices are remembered"
    assert visit.screen.token != token
    provisioning = house.house.provisioning
    assert await provisioning.verify(visit.login, Secret(NEW_PASSWORD))
    assert not await provisioning.verify(visit.login, Secret(PASSWORD))
    told = await house.newest_mail(visit.backup)
    assert told.subject == "Votre mot de passe UE a été modifié"
    assert "mardi 3 novembre 2026 à 11 h 00" in " ".join(told.text.split())
    assert "agenda de travail" in " ".join(told.text.split())
    institutional = PEOPLE["P001"]["mail_institutionnel"]
    assert all("mot de passe" not in one.subject for one in await house.mails(institutional)), "intruders read that one"
    assert (await house.actions(visit.login))[-1] == "password.changed"
    assert isinstance(await visit.screen.say(contract.NoticeAnswer()), contract.Menu)


async def test_the_end_tells_what_was_changed(house: BackendHouse) -> None:
    visit = await visiting(house)
    await visit.choose("directory")
    step = await visit.screen.say(contract.PublicDirectoryAnswer(listed=True))
    assert step.notice == said(house, "changed_directory")
    await visit.choose("directory")
    await visit.screen.say(contract.PublicDirectoryAnswer(listed=False))
    await visit.choose("password")
    await visit.set_password()
    await visit.screen.say(contract.NoticeAnswer())
    done = await visit.choose("finish")
    assert isinstance(done, contract.Done)
    assert done.set_up == (said(house, "changed_directory"), said(house, "changed_password"))
    assert done.facts == (contract.CardLine(said(house, "your_login"), visit.login),)


async def test_nothing_changed_is_said_too(house: BackendHouse) -> None:
    visit = await visiting(house)
    done = await visit.choose("finish")
    assert isinstance(done, contract.Done)
    assert done.set_up == (said(house, "changed_nothing"),)


@pytest.mark.parametrize("password", [PASSWORD, "trop-court", "Pierre-Élodie-2026", "p00000400013-Azerty"])
async def test_the_present_password_and_what_breaks_a_rule_are_refused(house: BackendHouse, password: str) -> None:
    visit = await visiting(house)
    await visit.choose("password")
    step = await visit.set_password(password)
    assert isinstance(step, contract.NewPassword)
    assert step.errors == {"password": said(house, "password_broken")}
    assert step.broken
    assert await house.house.provisioning.verify(visit.login, Secret(PASSWORD))


async def test_a_directory_that_is_down_changes_nothing(house: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await visiting(house)
    await visit.choose("password")

    async def down(*_: object) -> None:
        raise DirectoryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(house.house.provisioning, "change_password", down)
        step = await visit.set_password()
    assert step.errors == {"": said(house, "directory_down")}
    assert await house.house.provisioning.verify(visit.login, Secret(PASSWORD))
    assert isinstance(await visit.set_password(), contract.Notice)


async def test_one_screen_of_an_account_at_a_time(house: BackendHouse) -> None:
    visit = await visiting(house)
    house.clock.move(minutes=3)
    other = Visit(house, await house.begun("my-account", source="192.0.2.8"), "P001")
    assert isinstance(await other.sign_in(), contract.Menu), "the first has been silent for long enough"
    assert isinstance(await visit.screen.look(), contract.HandedOver)


async def test_the_old_and_the_new_password_are_written_nowhere(house: BackendHouse) -> None:
    visit = await visiting(house)
    await visit.choose("password")
    await visit.set_password()
    await house.deliver()
    written = b"".join(file.read_bytes() for file in house.data.rglob("*") if file.is_file())
    assert PASSWORD.encode() not in written
    assert NEW_PASSWORD.encode() not in written


# ------------------------------------------------------------------------------------------------ the backup address


@pytest.mark.parametrize("by_page", [True, False], ids=["link", "code"])
async def test_another_backup_address_applies_only_when_it_is_proved(house: BackendHouse, by_page: bool) -> None:
    """A-26."""
    visit = await visiting(house)
    mail = await visit.ask_for_backup()
    assert mail.subject == "Confirmez votre nouvelle adresse de secours"
    notice = await house.newest_mail(visit.backup)
    assert notice.subject == "Votre adresse de secours va changer"
    assert "Ce n’était pas vous ?" in notice.text
    assert (await entry(visit)).backup_email == visit.backup
    step = visit.screen.step
    assert isinstance(step, contract.LinkSent)
    assert step.deadline is not None
    assert (step.deadline - house.clock()).total_seconds() == 30 * 60
    if by_page:
        assert "<h1>C’est confirmé</h1>" in await house.press(mail, step.number)
        await visit.screen.look()
    else:
        await visit.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))
    assert isinstance(visit.screen.step, contract.Menu)
    assert visit.screen.step.notice == said(house, "changed_backup_email")
    assert (await entry(visit)).backup_email == NEW_BACKUP
    account = await house.account(visit.login)
    assert (account.draft.backup_email, account.draft.new_backup_email) == (NEW_BACKUP, "")
    assert (await house.actions(visit.login))[-1] == "backup.changed"


async def test_too_late_it_stays_as_it_was_and_may_be_asked_again(house: BackendHouse) -> None:
    visit = await visiting(house)
    mail = await visit.ask_for_backup()
    step = visit.screen.step
    assert isinstance(step, contract.LinkSent)
    for _ in range(2):
        house.clock.move(minutes=15, seconds=1)
        await visit.screen.look()
    assert "<form" not in await house.press(mail, step.number)
    assert (await entry(visit)).backup_email == visit.backup
    sent = len(await house.mails(visit.backup))
    await visit.screen.act("resend")
    second = await house.newest_mail(NEW_BACKUP)
    assert second.code != mail.code
    assert len(await house.mails(visit.backup)) == sent, "the former address is told once"
    assert isinstance(await visit.screen.say(contract.LinkSentAnswer(code=Secret(second.code))), contract.Menu)


@pytest.mark.parametrize(
    ("address", "key"), [("moi@univ-exemple.example", "address_institutional"), ("", "backup_unchanged")]
)
async def test_neither_the_present_one_nor_the_university_s(house: BackendHouse, address: str, key: str) -> None:
    visit = await visiting(house)
    await visit.choose("backup")
    typed = address or visit.backup.upper()
    step = await visit.screen.say(contract.BackupEmailAnswer(address=typed, confirmation=typed))
    assert step.errors == {"address": said(house, key)}


async def test_not_me_leaves_it_as_it_was(house: BackendHouse) -> None:
    visit = await visiting(house)
    mail = await visit.ask_for_backup()
    await house.press(mail, choice="disown")
    step = await visit.screen.look()
    assert step.errors == {"": said(house, "link_disowned")}
    assert (await entry(visit)).backup_email == visit.backup


async def test_another_address_ends_the_link_of_the_one_before(house: BackendHouse) -> None:
    visit = await visiting(house)
    first = await visit.ask_for_backup()
    await visit.screen.act("change_address")
    other = "encore@courriel.example"
    await visit.screen.say(contract.BackupEmailAnswer(address=other, confirmation=other))
    assert "<form" not in await house.press(first)
    assert len([one for one in await house.mails(visit.backup) if "va changer" in one.subject]) == 2


async def test_the_change_ends_a_recovery_that_went_to_the_former_address(house: BackendHouse) -> None:
    visit = await visiting(house)
    async with house.house.store.write() as tx:
        await issue_recovery(house.house, tx, await house.account(visit.login))
    mail = await visit.ask_for_backup()
    await visit.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))
    live = select(proofs.c.id).where(proofs.c.purpose == "recovery", proofs.c.revoked_at.is_(None))
    async with house.house.store.read() as connection:
        assert (await connection.execute(live)).first() is None


# ------------------------------------------------------------------------------- forwarding, directory, phone, codes


async def test_the_forwarding_changes_when_the_new_address_is_proved(house: BackendHouse) -> None:
    visit = await visiting(house, "P004")
    before = (await entry(visit)).redirection
    assert before is not None, "the row forwards its mail"
    await visit.choose("redirection")
    address = "ailleurs@courriel.example"
    wanted = contract.RedirectionAnswer(redirect=True, address=address, keep_copy=True)
    assert isinstance(await visit.screen.say(wanted), contract.LinkSent)
    assert (await entry(visit)).redirection == before
    step = visit.screen.step
    assert isinstance(step, contract.LinkSent)
    await house.press(await house.newest_mail(address), step.number)
    step = await visit.screen.look()
    assert step.notice == said(house, "changed_redirection")
    after = (await entry(visit)).redirection
    assert after is not None
    assert (after.address, after.proved_at) == (address, house.clock())


async def test_a_forwarding_that_is_not_proved_leaves_the_former_one(house: BackendHouse) -> None:
    visit = await visiting(house, "P004")
    before = (await entry(visit)).redirection
    await visit.choose("redirection")
    await visit.screen.say(
        contract.RedirectionAnswer(redirect=True, address="ailleurs@courriel.example", keep_copy=True)
    )
    labels = {action.id: action.label for action in visit.screen.step.actions}
    assert labels["skip"] == "Laisser comme avant"
    step = await visit.screen.act("skip")
    assert isinstance(step, contract.Menu)
    assert step.notice == ""
    assert (await entry(visit)).redirection == before
    assert (await house.account(visit.login)).draft.redirection == before


async def test_the_forwarding_ends_at_once(house: BackendHouse) -> None:
    visit = await visiting(house, "P004")
    await visit.choose("redirection")
    step = await visit.screen.say(contract.RedirectionAnswer(redirect=False, address="", keep_copy=True))
    assert step.notice == said(house, "changed_redirection")
    assert (await entry(visit)).redirection is None


async def test_whoever_has_no_mailbox_must_forward(house: BackendHouse) -> None:
    visit = await visiting(house, "P025")
    step = await visit.choose("redirection")
    assert isinstance(step, contract.Redirection)
    assert step.mandatory
    step = await visit.screen.say(contract.RedirectionAnswer(redirect=True, address="", keep_copy=False))
    assert step.errors == {"address": said(house, "address_empty")}


@pytest.mark.parametrize("listed", [True, False])
async def test_the_directory_is_told_at_once(house: BackendHouse, listed: bool) -> None:
    visit = await visiting(house)
    await visit.choose("directory")
    await visit.screen.say(contract.PublicDirectoryAnswer(listed=not listed))
    await visit.choose("directory")
    step = await visit.screen.say(contract.PublicDirectoryAnswer(listed=listed))
    assert isinstance(step, contract.Menu)
    assert (await entry(visit)).listed is listed
    assert (await house.actions(visit.login))[-1] == "directory.choice"


async def test_a_phone_is_paired_where_there_was_none(house: BackendHouse) -> None:
    visit = await visiting(house)
    step = await visit.choose("phone")
    assert isinstance(step, contract.PhonePairing)
    assert isinstance(step.offer, contract.TotpOffer)
    key = step.offer.key.reveal()
    step = await visit.screen.say(contract.PhonePairingAnswer(code=Secret(totp(key, house.clock()))))
    assert isinstance(step, contract.RecoveryCodes)
    assert isinstance(await visit.screen.say(contract.RecoveryCodesAnswer(kept=True)), contract.Menu)
    await visit.choose("finish")
    house.clock.move(minutes=1)
    again = Visit(house, await house.begun("my-account"), "P001", key)
    assert isinstance(await again.sign_in(), contract.SecondFactor), "from now on it is asked for"


async def test_ten_new_recovery_codes_end_the_former_ones(house: BackendHouse) -> None:
    visit = await activated(house, pairs=True)
    await visit.sign_in()
    await visit.screen.say(contract.SecondFactorAnswer(code=visit.phone))
    step = await visit.choose("phone")
    assert isinstance(step, contract.RecoveryCodes)
    assert step.codes is not None
    fresh = [code.reveal() for code in step.codes]
    step = await visit.screen.say(contract.RecoveryCodesAnswer(kept=True))
    assert step.notice == said(house, "changed_recovery_codes")
    assert "recovery_codes.renewed" in await house.actions(visit.login)
    await visit.choose("finish")
    again = Visit(house, await house.begun("my-account"), "P001")
    await again.sign_in()
    assert (await again.screen.say(contract.SecondFactorAnswer(code=Secret(visit.recovery_codes[0])))).errors
    assert isinstance(await again.screen.say(contract.SecondFactorAnswer(code=Secret(fresh[0]))), contract.Menu)


async def test_somebody_active_before_perron_finds_what_the_directory_holds(house: BackendHouse) -> None:
    """Imported as active: their password is known to another system alone, until support gives them a way in."""
    row = PEOPLE["P003"]
    async with house.house.store.write() as tx:
        await issue_recovery(house.house, tx, await house.account(row["login"]))
    screen = await house.begun("recovery")
    mail = await house.newest_mail(row["mail_secours"])
    await screen.say(contract.ActivationCodeAnswer(code=Secret(mail.code)))
    chosen = Secret(NEW_PASSWORD)
    assert isinstance(await screen.say(contract.NewPasswordAnswer(password=chosen, confirmation=chosen)), contract.Done)
    visit = Visit(house, await house.begun("my-account"), "P003")
    assert isinstance(await visit.sign_in(NEW_PASSWORD), contract.Charter), "they never accepted it here"
    step = visit.screen.step
    assert isinstance(step, contract.Charter)
    await visit.screen.say(contract.CharterAnswer(accepted=True, sha256=step.sha256))
    step = await visit.choose("directory")
    assert isinstance(step, contract.PublicDirectory)
    assert step.listed is (row["annuaire_public"] == "oui")
