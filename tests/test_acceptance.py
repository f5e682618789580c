"""A-01 to A-21 of domain.md §18, through the terminal's client and the real pages, with a clock that stands still.

The checks from A-22 on belong to the assistance, the portal and the pairing, which are later issues.
"""

import csv
import json
import re
import time
from pathlib import Path

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import directory, mails
from backend.provisioning import DirectoryUnavailable
from tests.backend_house import PEOPLE, BackendHouse, Screen, letter, open_house, paris
from tests.conftest import ROOT
from tests.robot import PASSWORD, Robot, robot

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.slow

EVENING = paris("2026-11-03 23:58:30")
VECTORS = list(
    csv.DictReader((ROOT / "tests" / "data" / "password_vectors.csv").read_text(encoding="utf-8").splitlines())
)


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


async def waiting_for_backup(house: BackendHouse, person: str = "P001") -> Robot:
    return await robot(house, person, "link_sent")


async def test_a01_the_letter_and_the_link_lead_to_the_charter(house: BackendHouse) -> None:
    """P001, right login and provisional password, backup address, click the same day → charter."""
    walker = await waiting_for_backup(house)
    assert isinstance(walker.screen.step, contract.LinkSent)
    await house.press(await house.newest_mail(walker.backup), walker.screen.step.number)
    assert isinstance(await walker.screen.look(), contract.Charter)


async def test_a02_at_midnight_the_link_is_over(tmp_path: Path) -> None:
    """The same, click at 00:00:00 Paris the next day → expired; step 1. A moment earlier it still works."""
    async with open_house(tmp_path / "data", "P001", "P002", at=EVENING) as house:
        last, late = await waiting_for_backup(house), await waiting_for_backup(house, "P002")
        assert isinstance(last.screen.step, contract.LinkSent)
        assert isinstance(late.screen.step, contract.LinkSent)
        house.clock.set(paris("2026-11-03 23:59:59.999999"))
        await house.press(await house.newest_mail(last.backup), last.screen.step.number)
        assert isinstance(await last.screen.look(), contract.Charter)
        house.clock.set(paris("2026-11-04 00:00"))
        page = await house.press(await house.newest_mail(late.backup), late.screen.step.number)
        assert "<form" not in page
        assert isinstance(await late.screen.look(), contract.Expired)
        assert isinstance(await late.screen.act("restart"), contract.Login)


@pytest.mark.parametrize(("moment", "kind"), [("23:59:59", "charter"), ("00:00:00", "expired")])
async def test_a03_a_link_of_the_evening_lives_ninety_seconds(tmp_path: Path, moment: str, kind: str) -> None:
    """Link issued at 23:58:30, `min_lifetime` 0 → refused 90 s later; the screen shows the date."""
    async with open_house(tmp_path / "data", "P001", at=EVENING) as house:
        walker = await waiting_for_backup(house)
        step = walker.screen.step
        assert isinstance(step, contract.LinkSent)
        assert step.deadline == paris("2026-11-03 23:59:59")
        assert "mardi 3 novembre 2026 à 23 h 59 (heure de Paris)" in step.deadline_text
        mail = await house.newest_mail(walker.backup)
        assert "mardi 3 novembre 2026 à 23 h 59 (heure de Paris)" in re.sub(r"\s+", " ", mail.text)
        house.clock.move(seconds=89 if moment == "23:59:59" else 90)
        await house.press(mail, step.number)
        after = await walker.screen.look()
        assert walker.screen.kind == kind
        if isinstance(after, contract.Expired):
            assert "mardi 3 novembre 2026" in after.lead
            assert isinstance(await walker.screen.act("restart"), contract.Login)
            assert isinstance(await walker.screen.login(*letter("P001")), contract.BackupEmail), "typed again"


async def test_a04_a_wrong_password_and_an_unknown_login_are_told_the_same(house: BackendHouse) -> None:
    """Wrong provisional password, then unknown login → same text (same timing: test_indistinguishable)."""
    screen = await house.begun()
    wrong = await screen.login(PEOPLE["P001"]["login"], "aaaa-bbbb-cccc")
    await screen.back()
    unknown = await screen.login("p99999999999", "aaaa-bbbb-cccc")
    assert wrong == unknown
    assert wrong.errors == {"password": said(house, "provisional_wrong")}


@pytest.mark.parametrize("zone", ["Europe/Paris", "Pacific/Tahiti"])
@pytest.mark.parametrize(
    ("issued", "clicked", "kind"),
    [
        ("2026-11-03 09:00", "2026-11-04 23:59:59", "charter"),
        ("2026-11-03 09:00", "2026-11-05 00:00:00", "expired"),
        # The night of 25 October has 25 hours, that of 29 March has 23: the promised 24 hours win.
        ("2026-10-24 23:30", "2026-10-25 23:59:59", "charter"),
        ("2026-10-24 23:30", "2026-10-26 00:00:00", "expired"),
        ("2026-03-28 23:30", "2026-03-30 00:30:00", "charter"),
        ("2026-03-28 23:30", "2026-03-30 00:30:01", "expired"),
    ],
)
async def test_a05_the_first_link_works_until_the_last_second_of_the_next_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, issued: str, clicked: str, kind: str, zone: str
) -> None:
    """P001 by mail, click on D+1 at 23:59:59 → charter; in the nights in which clocks change, on a server anywhere."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        async with open_house(tmp_path / "data", "P001", at=paris(issued)) as house:
            mail = await house.newest_mail(PEOPLE["P001"]["mail_secours"])
            assert PEOPLE["P001"]["login"] in mail.text
            house.clock.set(paris(clicked))
            screen = await house.begun("activation-link")
            await screen.say(contract.ActivationCodeAnswer(code=Secret(mail.link)))
            assert screen.kind == kind
    time.tzset()


async def test_a06_a_new_mail_by_institutional_address_ends_the_old_link(house: BackendHouse) -> None:
    """P005 (`lien_expire`), re-send → mail M2, old link dead. The same for P001, whose old link was alive."""
    for person in ("P005", "P001"):
        before = await house.mails(PEOPLE[person]["mail_secours"])
        walker = Robot(house, await house.begun("activation-link"), person)
        await walker.screen.act("resend")
        await walker.take(walker.screen.step)
        assert walker.screen.kind == "link_sent"
        new = await house.newest_mail(walker.backup)
        assert new.subject == "Nouveau lien d’activation de votre compte UE"
        for old in before:
            other = await house.begun("activation-link")
            refused = await other.say(contract.ActivationCodeAnswer(code=Secret(old.code)))
            assert refused.errors == {"code": said(house, "code_wrong")}
            assert "<form" not in await house.press(old)
        assert isinstance(await walker.walk("charter"), contract.Charter)


async def test_a07_nobody_learns_whether_an_address_has_an_account(house: BackendHouse) -> None:
    """Re-send for an unknown address, an active account, P010 (no backup address) → identical screen, no mail."""
    addresses = ["personne.inconnue@univ-exemple.example"]
    addresses += [PEOPLE[one]["mail_institutionnel"] for one in ("P003", "P009", "P010", "P001")]
    screens: list[Screen] = []
    sent = len(await house.mails(PEOPLE["P001"]["mail_secours"]))
    for address in addresses:
        screen = await house.begun("activation-link")
        await screen.act("resend")
        await screen.say(contract.ActivationResendAnswer(address=address))
        screens.append(screen)
    assert {screen.kind for screen in screens} == {"link_sent"}
    shown = [json.loads(contract.encode(screen.step)) for screen in screens]
    numbers = {step.pop("number") for step in shown}
    assert all(10 <= number <= 99 for number in numbers)
    assert all(step == shown[0] for step in shown)
    for person in ("P003", "P009"):
        assert await house.mails(PEOPLE[person]["mail_secours"]) == []
    assert len(await house.mails(PEOPLE["P001"]["mail_secours"])) == sent + 1, "and the one who has, gets it"


async def test_a08_without_the_tick_the_charter_stays(house: BackendHouse) -> None:
    """Charter box unticked → stays, message."""
    walker = await robot(house, "P001", "charter")
    shown = walker.screen.step
    assert isinstance(shown, contract.Charter)
    stays = await walker.screen.say(contract.CharterAnswer(accepted=False, sha256=shown.sha256))
    assert isinstance(stays, contract.Charter)
    assert stays.errors == {"accepted": "Vous devez accepter la charte pour pouvoir continuer."}
    other = await walker.screen.say(contract.CharterAnswer(accepted=True, sha256="0" * 64))
    assert other.errors == {"accepted": said(house, "charter_changed")}, "nobody accepts what they were not shown"


@pytest.mark.parametrize("listed", [False, True], ids=["a09_unticked", "a10_ticked"])
async def test_a09_a10_the_directory_box_is_what_is_written(house: BackendHouse, listed: bool) -> None:
    """Directory box unticked → supannListeRouge TRUE (not listed); ticked → FALSE (listed). Unticked by default."""
    walker = await robot(house, "P001", "public_directory")
    step = walker.screen.step
    assert isinstance(step, contract.PublicDirectory)
    assert step.listed is False
    await walker.screen.say(contract.PublicDirectoryAnswer(listed=listed))
    await walker.walk()
    entry = await house.house.provisioning.entry(PEOPLE["P001"]["login"])
    assert entry is not None
    assert entry.listed is listed


async def test_a11_the_backup_address_in_another_case_needs_no_mail(house: BackendHouse) -> None:
    """P007, forwarding = backup typed in another case → no M4, straight to the password."""
    backup = PEOPLE["P007"]["mail_secours"]
    walker = await robot(house, "P007", "redirection", redirection=f" {backup.upper()} ")
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "new_password"
    assert await house.count(mails, mails.c.kind == "M4") == 0


async def test_a12_a_click_elsewhere_unlocks_the_waiting_screen(house: BackendHouse) -> None:
    """P004, forwarding ≠ backup → M4; wizard waits; click elsewhere unlocks it."""
    walker = await robot(house, "P004", "redirection")
    await walker.take(walker.screen.step)
    step = walker.screen.step
    assert isinstance(step, contract.LinkSent)
    mail = await house.newest_mail(PEOPLE["P004"]["mail_redirection"])
    assert mail.subject == "Validez votre adresse de redirection"
    await house.press(mail, step.number)
    assert isinstance(await walker.screen.look(), contract.NewPassword)


async def test_a13_a_forwarding_that_is_never_proved_may_be_skipped(house: BackendHouse) -> None:
    """P014 (`redirection_en_attente`), skip → done without forwarding."""
    walker = await robot(house, "P014", "link_sent")
    await walker.screen.act("skip")
    assert isinstance(await walker.walk(), contract.Done)
    entry = await house.house.provisioning.entry(PEOPLE["P014"]["login"])
    assert entry is not None
    assert entry.redirection is None


async def test_a14_a_vacataire_must_say_where_mail_goes(house: BackendHouse) -> None:
    """P025 (vacataire), empty forwarding → refused."""
    walker = await robot(house, "P025", "redirection")
    for redirect in (True, False):
        answer = contract.RedirectionAnswer(redirect=redirect, address=" ", keep_copy=True)
        step = await walker.screen.say(answer)
        assert isinstance(step, contract.Redirection)
        assert step.errors == {"address": said(house, "address_empty")}


async def test_a15_a_vacataire_has_no_mailbox_and_no_copy(house: BackendHouse) -> None:
    """P025, forwarding = backup → no mailbox screen, no copy box, no M4."""
    walker = await robot(house, "P025", "public_directory")
    step = await walker.screen.say(contract.PublicDirectoryAnswer(listed=True))
    assert isinstance(step, contract.Redirection), "no mailbox screen"
    assert step.mandatory, "the contract draws no copy box on a mandatory one"
    assert step.address == walker.backup
    await walker.take(step)
    assert walker.screen.kind == "new_password"
    assert await house.count(mails, mails.c.kind == "M4") == 0
    await walker.walk()
    entry = await house.house.provisioning.entry(PEOPLE["P025"]["login"])
    assert entry is not None
    assert entry.redirection is not None
    assert entry.redirection.keep_copy is False


async def test_a16_a_vacataire_may_fall_back_on_the_backup_address(house: BackendHouse) -> None:
    """P026 (vacataire), forwarding ≠ backup, « utiliser mon mail de secours » → done."""
    walker = await robot(house, "P026", "redirection")
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "link_sent"
    assert "skip" not in {action.id for action in walker.screen.step.actions}
    await walker.screen.act("use_backup")
    assert isinstance(await walker.walk(), contract.Done)
    entry = await house.house.provisioning.entry(PEOPLE["P026"]["login"])
    assert entry is not None
    assert entry.redirection is not None
    assert entry.redirection.address == walker.backup


@pytest.mark.parametrize("domain", ["univ-exemple.example", "ETU.univ-exemple.example", "mail.univ-exemple.example"])
async def test_a17_mail_is_not_forwarded_back_here(house: BackendHouse, domain: str) -> None:
    """Forwarding in the institutional domain → refused."""
    walker = await robot(house, "P001", "redirection")
    address = f"elodie.lefevre@{domain}"
    step = await walker.screen.say(contract.RedirectionAnswer(redirect=True, address=address, keep_copy=True))
    assert step.errors == {"address": said(house, "redirection_institutional")}
    assert isinstance(step, contract.Redirection)
    assert step.address == address, "what was typed is shown again"


async def test_a18_every_refused_password_is_told_all_its_rules(house: BackendHouse) -> None:
    """Password vectors → as listed: the refused ones on one screen, one after the other."""
    walker = await robot(house, "P001", "new_password")
    await house.print_letter(walker.row["login"], "Provisoire-2026")
    for vector in VECTORS:
        if vector["attendu"] == "refusé":
            password = Secret(json.loads(vector["mot_de_passe_json"]))
            step = await walker.screen.say(contract.NewPasswordAnswer(password=password, confirmation=password))
            assert isinstance(step, contract.NewPassword), vector
            assert set(step.broken) == set(vector["regles"].split("|")), vector
    assert await house.count(directory, directory.c.login == PEOPLE["P001"]["login"]) == 0


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if one["attendu"] == "accepté"], ids=lambda one: one["raison"]
)
async def test_a18_every_accepted_password_opens(house: BackendHouse, vector: dict[str, str]) -> None:
    """Password vectors → as listed: the accepted ones, each a whole activation."""
    walker = await robot(house, "P001", "new_password")
    password = Secret(json.loads(vector["mot_de_passe_json"]))
    await walker.screen.say(contract.NewPasswordAnswer(password=password, confirmation=password))
    assert walker.screen.kind == "phone_pairing"
    assert await house.house.provisioning.verify(PEOPLE["P001"]["login"], password)


@pytest.mark.parametrize("call", ["prepare", "activate"])
async def test_a19_a_directory_that_is_down_costs_nothing(
    house: BackendHouse, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Directory down at the last step → nothing written, can retry."""
    walker = await robot(house, "P001", "new_password")
    before = await house.account(walker.row["login"])
    sent = await house.count(mails)

    async def down(*_: object) -> None:
        raise DirectoryUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(house.house.provisioning, call, down)
        await walker.take(walker.screen.step)
        assert walker.screen.step.errors == {"": said(house, "directory_down")}
    assert walker.screen.kind == "new_password"
    assert await house.account(walker.row["login"]) == before
    assert await house.count(directory, directory.c.login == walker.row["login"]) == 0
    assert await house.count(mails) == sent
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "phone_pairing"
    assert await house.house.provisioning.verify(walker.row["login"], Secret(PASSWORD))


async def test_a20_a_vacataire_is_promised_no_mailbox(house: BackendHouse) -> None:
    """Done, vacataire → no mailbox queued; text without « mail »."""
    walker = await robot(house, "P025", "done")
    step = walker.screen.step
    assert isinstance(step, contract.Done)
    entry = await house.house.provisioning.entry(walker.row["login"])
    assert entry is not None
    assert entry.mailbox == "none"
    assert step.in_preparation == ()
    assert [fact.value for fact in step.facts] == [walker.row["login"]], "no address of the university"
    services = next(line for line in step.set_up if line.startswith("Il ouvre"))
    assert "mail" not in f"{step.lead} {services}".lower()
    assert "messagerie" not in f"{step.lead} {services}".lower()


async def test_a21_opening_a_link_does_not_use_it_up(house: BackendHouse) -> None:
    """The same link opened three times before completion → resumes, never consumed by opening."""
    mail = await house.newest_mail(PEOPLE["P001"]["mail_secours"])
    async with house.http() as browser:
        for _ in range(3):
            assert (await browser.head(mail.path)).status_code == 200
            assert "<form" in (await browser.get(mail.path)).text
    walker = Robot(house, await house.begun("activation-link"), "P001")
    for reached in ("charter", "public_directory", "mailbox"):
        walker.screen = await house.begun("activation-link")
        await walker.screen.say(contract.ActivationCodeAnswer(code=Secret(mail.link)))
        if walker.screen.kind == "take_over":
            await walker.take(walker.screen.step)
        assert walker.screen.kind == reached, "resumes at the first unfinished step"
        await walker.take(walker.screen.step)
    await walker.walk()
    late = await house.begun("activation-link")
    refused = await late.say(contract.ActivationCodeAnswer(code=Secret(mail.link)))
    assert refused.errors == {"code": said(house, "code_wrong")}, "over once the account is active"
