"""The HR file is read strictly, and its people are admitted once, without undoing what they did."""

import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from api_client.secret import Secret
from backend.accounts import save_account
from backend.database.tables import accounts
from backend.imports import Report
from backend.institution import Vacataires
from backend.journeys import When
from backend.lines import LineError
from backend.people.admission import NameTaken
from backend.people.file import InitialState, read_people
from backend.people.letters import issue_letter
from backend.people.person import Person, is_meant, plain_provisional, without_mailbox
from backend.situation import Draft
from tests.admitting import ELODIE, PEOPLE, Town, town_in, write_people

# ------------------------------------------------------------------------------------------------------ the file


def rows() -> list[dict[str, str]]:
    with PEOPLE.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_all_sixty_are_read_as_they_are_written() -> None:
    found = {registration.person.id: registration for registration in read_people(PEOPLE)}
    assert len(found) == 60
    for row in rows():
        registration = found[row["id"]]
        person = registration.person
        assert (person.first_name, person.last_name) == (row["prenom"], row["nom"])
        assert person.birth_date is not None
        assert person.birth_date.isoformat() == row["date_naissance"]
        assert person.backup_email == row["mail_secours"]
        assert registration.state == row["etat_initial"]
        provisional = registration.provisional
        assert (provisional.reveal() if provisional else "") == row["mdp_provisoire_test"]
        assert person.attributes.get("supannEmpId", "") == row["supannEmpId"]


def test_the_provisional_password_is_in_no_repr_and_no_json() -> None:
    first = next(read_people(PEOPLE))
    assert first.provisional is not None
    assert first.provisional.reveal() not in repr(first)
    assert first.provisional.reveal() not in msgspec.json.encode(first.person).decode()


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8"), (",", "utf-8-sig"), (";", "utf-8-sig")]
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, delimiter: str, encoding: str) -> None:
    change = {"note": 'a, b; "c"'}
    (only,) = read_people(write_people(tmp_path / "people.csv", change, delimiter=delimiter, encoding=encoding))
    assert only.person.id == "P001"
    assert only.person.attributes["note"] == 'a, b; "c"'


def test_empty_lines_are_skipped_and_decomposed_letters_composed(tmp_path: Path) -> None:
    file = write_people(tmp_path / "people.csv", {"prenom": "E\u0301lodie"})
    file.write_text(file.read_text(encoding="utf-8") + "\r\n" + "," * (len(rows()[0]) - 1) + "\r\n", encoding="utf-8")
    (only,) = read_people(file)
    assert only.person.first_name == "Élodie"


@pytest.mark.parametrize("login", ["x.y-z_9", "--", "p" * 64, "0007", "o.b.r-i_e.n"])
def test_an_unusual_login_is_kept_whole(tmp_path: Path, login: str) -> None:
    (only,) = read_people(write_people(tmp_path / "people.csv", {"login": login.upper()}))
    assert only.person.login == login


BAD = {
    "escape sequence": {"nom": "Lef\x1b[2Jevre"},
    "control character": {"prenom": "Élo\x00die"},
    "right-to-left override": {"nom": "Lefevre\u202egpj"},
    "ten thousand letters": {"nom": "A" * 10_000},
    "a hundred thousand letters": {"nom": "A" * 200_000},
    "ninety letters": {"nom": "A" * 90},
    "digits in a name": {"nom": "Lefèvre 2"},
    "markup in a name": {"nom": "[@click=app.quit]x[/]"},
    "a line break in a name": {"nom": "Lefèvre\nBcc: x"},
    "no last name": {"nom": " "},
    "login with a space": {"login": "p 1"},
    "empty login": {"login": ""},
    "LDAP filter as a login": {"login": "*)(uid=*"},
    "no institutional address": {"mail_institutionnel": ""},
    "institutional address": {"mail_institutionnel": "elodie.lefevre"},
    "backup address": {"mail_secours": "not an address"},
    "birth date": {"date_naissance": "1978-13-45"},
    "role": {"role": "wizard"},
    "initial state": {"etat_initial": "perdu"},
    "yes or no": {"annuaire_public": "peut-être"},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_a_bad_cell_is_told_by_file_line_and_remedy(tmp_path: Path, change: dict[str, str]) -> None:
    good = {"login": "p00000400999", "supannAliasLogin": "x", "mail_institutionnel": "x@univ-exemple.example"}
    file = write_people(tmp_path / "people.csv", good, change)
    with pytest.raises(LineError) as told:
        list(read_people(file))
    french, english = told.value.told("fr"), told.value.told("en")
    assert french.startswith(f"{file}, ligne 3 : ")
    assert english.startswith(f"{file}, line 3: ")
    (column,) = change
    assert column in french or "CSV" in french
    assert not any(ord(character) < 32 for character in french + english)
    assert len(french) < 1000


def test_the_line_told_is_the_one_an_editor_shows(tmp_path: Path) -> None:
    file = write_people(tmp_path / "people.csv", {"note": "one"}, {"nom": "2"})
    file.write_text(file.read_text(encoding="utf-8").replace("one", "plain"), encoding="utf-8")
    with pytest.raises(LineError, match="line 3"):
        list(read_people(file))


def test_a_file_that_is_no_such_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    with pytest.raises(LineError, match="cannot be read"):
        list(read_people(file))
    with pytest.raises(LineError, match="cannot be read"):
        list(read_people(tmp_path))
    for content, said in {
        b"": "is missing",
        b"id,login\r\n": "role, prenom, nom, mail_institutionnel, mail_secours is missing",
        PEOPLE.read_bytes().replace(b"id,role", b"id,id", 1): "role is missing",
        PEOPLE.read_bytes().replace(b",note\r\n", b",nom\r\n", 1).replace(b",note\n", b",nom\n", 1): "twice",
        PEOPLE.read_bytes().decode().replace("Élodie", "Elodi\udce9", 1).encode(errors="surrogateescape"): "UTF-8",
        PEOPLE.read_bytes() + b"P061,titulaire\r\n": "line 62: 2 cells instead of",
        PEOPLE.read_bytes() + b'P061,"titulaire\r\n': "no CSV",
        b"PK\x03\x04\x00\xff\xfe": "UTF-8",
    }.items():
        file.write_bytes(content)
        with pytest.raises(LineError, match=said):
            list(read_people(file))


@pytest.mark.parametrize("column", ["login", "supannAliasLogin", "mail_institutionnel"])
def test_one_name_is_one_person(tmp_path: Path, column: str) -> None:
    other = {"login": "p2", "supannAliasLogin": "alias2", "mail_institutionnel": "two@univ-exemple.example"}
    file = write_people(tmp_path / "people.csv", {}, other | {column: rows()[0][column].upper()})
    with pytest.raises(LineError, match=r"line 3.*line 2"):
        list(read_people(file))


# ---------------------------------------------------------------------------------------------- what a person is


def test_who_is_a_vacataire() -> None:
    rule = Vacataires()
    for registration in read_people(PEOPLE):
        assert without_mailbox(registration.person, rule) == (registration.person.role == "vacataire")


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"role": "vacataire"}, True),
        ({"corps": ("{NCORPS}758",)}, True),
        ({"corps": ("{NCORPS}759", "{NCORPS}758")}, True),
        ({"corps": ("{NCORPS}758", "{NCORPS}690")}, False),
        ({"role": "vacataire", "corps": ("{NCORPS}690",)}, False),
        ({"attributes": {"supannCodePopulation": "{SUPANN}V1"}}, True),
        ({"attributes": {"supannCodePopulation": "{SUPANN}V1|{SUPANN}A0"}}, False),
        ({"attributes": {"employeeType": "Agent VACATaire"}}, True),
        ({"attributes": {"employeeType": "Agent"}}, False),
        ({}, False),
    ],
)
def test_the_rules_about_vacataires(person: dict[str, object], expected: bool) -> None:
    plain = {"id": "x", "role": "contractuel", "login": "x", "last_name": "X", "institutional_email": "x@x.example"}
    rule = Vacataires(population=("{SUPANN}V1",))
    one = msgspec.convert(plain | person, Person)
    assert without_mailbox(one, rule) is expected
    assert is_meant(When(vacataire=expected), one, rule)
    assert not is_meant(When(vacataire=not expected), one, rule)
    assert not is_meant(When(student=True), one, rule)


def test_words_that_a_password_must_not_contain() -> None:
    fourth = next(registration.person for registration in read_people(PEOPLE) if registration.person.id == "P004")
    assert set(fourth.identity) >= {"p00000400052", "adaubremont", "Anne-Cécile", "d'Aubremont", "Pêcheur"}
    mononym = next(registration.person for registration in read_people(PEOPLE) if registration.person.id == "P054")
    assert mononym.first_name == ""
    assert mononym.full_name == mononym.last_name
    assert "" not in mononym.identity


# ------------------------------------------------------------------------------------------------- the admission


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_in(tmp_path) as town:
        yield town


async def test_everybody_starts_as_the_file_says(town: Town) -> None:
    assert await town.admit_file() == Report(created=60)
    for registration in read_people(PEOPLE):
        person, state = registration.person, registration.state
        account = await town.account(person.login)
        assert account.status == {"active": "active", "bloque": "locked"}.get(state, "inactive")
        entry = await town.house.provisioning.entry(person.login)
        assert (entry is not None) == (state in ("active", "bloque"))
        past_charter = state in ("charte_acceptee", "redirection_en_attente")
        assert (account.draft.charter is not None) == past_charter
        assert account.draft.backup_email == (person.backup_email if past_charter else "")
        assert (account.draft.redirection is not None) == (state == "redirection_en_attente")
        if entry:
            assert (entry.suspension is not None) == (state == "bloque")
            assert entry.listed == registration.listed
            assert entry.mailbox == ("none" if person.role == "vacataire" else "queued")
        else:
            assert registration.provisional is not None
            assert await town.opens(person.login, plain_provisional(registration.provisional.reveal()))
            assert account.provisional_expires_at is not None
            assert (account.provisional_expires_at - town.now).days == 30
    due = [r for r in read_people(PEOPLE) if r.state in (InitialState.LINK_SENT, InitialState.LINK_EXPIRED)]
    assert sorted(town.mails) == sorted((r.person.backup_email, r.state == "lien_expire") for r in due)
    assert len(town.mails) == 43


async def test_a_redirection_that_waits_is_the_vacataires_only_way(town: Town) -> None:
    await town.admit_file()
    staff, vacataire = await town.account("p00000400182"), await town.account("p00000400364")
    assert staff.draft.redirection is not None
    assert staff.draft.redirection.address == "maitena.etxeberria-goi.pro@example.com"
    assert staff.draft.redirection.keep_copy
    assert staff.draft.redirection.proved_at is None
    assert staff.draft.mailbox_read
    assert vacataire.draft.redirection is not None
    assert not vacataire.draft.redirection.keep_copy
    assert not vacataire.draft.mailbox_read


async def test_nobody_knows_the_password_of_an_account_that_was_active(town: Town) -> None:
    await town.admit_file()
    for password in ("", "!", "p00000400039", "*"):
        assert not await town.house.provisioning.verify("p00000400039", Secret(password))


async def test_importing_again_changes_nothing_and_hashes_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.admit_file()
    before = await town.rows()
    town.mails.clear()

    async def refuse(secret: Secret) -> str:
        raise AssertionError("nothing is to be hashed")

    monkeypatch.setattr(town.house.hasher, "hash", refuse)
    town.pass_(days=1)
    assert await town.admit_file() == Report(unchanged=60)
    assert await town.rows() == before
    assert town.mails == []


async def test_a_changed_line_renews_what_hr_knows_and_nothing_else(town: Town, tmp_path: Path) -> None:
    await town.admit_file(write_people(tmp_path / "one.csv", {}))
    account = await town.account(ELODIE)
    account.draft.backup_email, account.draft.backup_proved_at = "mine@example.org", town.now
    async with town.house.store.write() as tx:
        await save_account(tx, account)
    town.mails.clear()
    changed = {"nom": "Lefèvre-Martin", "mail_secours": "other@example.org", "etat_initial": "bloque"}
    assert await town.admit_file(write_people(tmp_path / "two.csv", changed)) == Report(updated=1)
    after = await town.account(ELODIE)
    assert after.person.last_name == "Lefèvre-Martin"
    assert after.draft == account.draft
    assert after.status == "inactive", "the initial state is the initial one"
    assert town.mails == [], "their own address is proved already"


async def test_an_active_person_stays_active_and_gets_no_letter(town: Town, tmp_path: Path) -> None:
    await town.admit_file(write_people(tmp_path / "one.csv", {}))
    async with town.house.store.write() as tx:
        await tx.connection.execute(update(accounts).values(status="active", provisional_hash=None))
    await town.admit_file(write_people(tmp_path / "two.csv", {"mdp_provisoire_test": "other-pass-word"}))
    after = await town.account(ELODIE)
    assert (after.status, after.provisional_hash) == ("active", None)


async def test_a_void_letter_stays_void_until_hr_makes_another(town: Town, tmp_path: Path) -> None:
    await town.admit_file(write_people(tmp_path / "one.csv", {}))
    async with town.house.store.write() as tx:
        await tx.connection.execute(update(accounts).values(provisional_hash=None))
    await town.admit_file(write_people(tmp_path / "two.csv", {"telephone": "06 39 98 00 01"}))
    assert (await town.account(ELODIE)).provisional_hash is None
    await town.admit_file(write_people(tmp_path / "three.csv", {"mdp_provisoire_test": "new-pass-word"}))
    assert await town.opens(ELODIE, "newpassword")


async def test_the_former_password_of_the_file_does_not_replace_our_letter(town: Town, tmp_path: Path) -> None:
    one = write_people(tmp_path / "one.csv", {})
    await town.admit_file(one)
    await issue_letter(town.house, ELODIE)
    ours = (await town.account(ELODIE)).provisional_hash
    await town.admit_file(write_people(tmp_path / "two.csv", {"mdp_provisoire_test": ""}))
    await town.admit_file(one)
    after = await town.account(ELODIE)
    assert after.provisional_hash == ours
    assert after.provisional_issued


async def test_an_address_that_arrives_later_gets_its_mail(town: Town, tmp_path: Path) -> None:
    none = {"mail_secours": "", "etat_initial": "sans_mail_secours"}
    await town.admit_file(write_people(tmp_path / "one.csv", none))
    assert town.mails == []
    await town.admit_file(write_people(tmp_path / "two.csv", {"mail_secours": "late@example.org"}))
    assert town.mails == [("late@example.org", False)]


async def test_a_name_of_somebody_else_is_refused(town: Town, tmp_path: Path) -> None:
    await town.admit_file()
    before = await town.rows()
    thief = {"login": "p9", "supannAliasLogin": "", "mail_institutionnel": "x@univ-exemple.example"}
    for taken in ({"supannAliasLogin": "aduplessisver"}, {"login": "ELEFEVRE2"}):
        with pytest.raises(NameTaken, match="Line 2") as told:
            await town.admit_file(write_people(tmp_path / "thief.csv", thief | taken))
        assert "désigne déjà" in told.value.told("fr")
    assert await town.rows() == before


@pytest.mark.parametrize(
    "typed", ["p00000400039", " P00000400039 ", "aDuplessisver", "Aymeric.du-Plessis-Verdier@univ-exemple.example"]
)
async def test_people_are_found_by_every_name_they_have(town: Town, typed: str) -> None:
    await town.admit_file()
    assert (await town.account(typed)).person.id == "P003"


async def test_what_is_kept_holds_no_password(town: Town) -> None:
    await town.admit_file()
    kept = json.dumps([str(row) for row in await town.rows()])
    for registration in read_people(PEOPLE):
        if registration.provisional:
            assert registration.provisional.reveal() not in kept
            assert plain_provisional(registration.provisional.reveal()) not in kept


async def test_drafts_are_read_back_whole(town: Town) -> None:
    await town.admit_file()
    draft = (await town.account("p00000400286")).draft
    assert draft != Draft()
    assert draft.charter is not None
    assert draft.charter.sha256 == town.house.library.charter["fr"].sha256
    assert draft.listed is None
