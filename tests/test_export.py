"""What an administrator takes away for a spreadsheet: all who are there, no secret, and nothing that acts (A-45)."""

import csv
import io
import json
import os
import shutil
import stat
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update

from api_client.wording import clean, is_plain
from backend import accounts as accounts_module
from backend.cli import main
from backend.database.rows import as_text, from_text
from backend.database.tables import accounts, audit, directory, second_factors
from backend.export.destination import Unwritable, destination
from backend.export.people import PEOPLE as PEOPLE_SHEET
from backend.export.registrations import REGISTRATIONS
from backend.export.spreadsheet import ENCODING, LIST, Spreadsheet, Tongue
from backend.lines import LineError
from backend.mail.invitations import Invitations
from backend.people.admission import Admission
from backend.people.file import read_people
from backend.people.person import Person
from backend.situation import Draft
from tests.admitting import write_people
from tests.backend_house import PEOPLE, START, BackendHouse
from tests.payloads import PAYLOADS
from tests.registering import DATA, registering

pytest_plugins = ["tests.house_fixtures", "tests.portal_fixtures"]

HOSTILE = [
    json.loads(row["valeur_json"])
    for row in csv.DictReader((DATA / "hostile_inputs.csv").read_text(encoding="utf-8").splitlines())
]
WITHHELD = ("date_naissance", "telephone", "mdp_provisoire_test", "supannCodeINE", "supannEmpId")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";", strict=True))


async def exported(house: BackendHouse, sheet: Spreadsheet[Any], locale: str = "fr") -> list[dict[str, str]]:
    target = io.StringIO(newline="")
    count = await sheet.write(house.house, target, Tongue(locale, house.house.institution.zone))
    rows = read(target.getvalue())
    assert len(rows) == count
    return rows


def assert_harmless(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for cell in row.values():
            assert is_plain(cell), ascii(cell)
            assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠")), cell


# -------------------------------------------------------------------------------------------------------- people


async def test_everybody_is_there_and_how_far_they_are(house: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts_module, "_BATCH", 7)
    rows = {row["login"]: row for row in await exported(house, PEOPLE_SHEET)}
    assert len(rows) == 60 == len(PEOPLE)
    for told in PEOPLE.values():
        row = rows[told["login"]]
        assert (row["prenom"], row["nom"]) == (told["prenom"], told["nom"])
        assert row["mail_institutionnel"] == told["mail_institutionnel"]
        assert row["mail_secours"] == told["mail_secours"]
        assert row["importe"] == f"{START:%Y-%m-%d %H:%M:%S}"
        assert row["date_fin"] == told["date_fin"]
    active, locked = rows["p00000400039"], next(row for row in rows.values() if row["statut"] == "bloqué")
    assert (active["statut"], active["mail_secours_etat"]) == ("actif", "vérifiée")
    assert (active["annuaire_public"], active["active"]) == ("oui", f"{START:%Y-%m-%d %H:%M:%S}")
    assert active["garder_copie"] in ("oui", "non")
    assert locked["second_facteur"] == "non"
    charter = next(row for row in rows.values() if row["charte_version"])
    assert charter["charte_acceptee"].startswith("2026-11-03 ")
    waiting = next(row for row in rows.values() if row["mail_redirection"] and not row["redirection_verifiee"])
    assert waiting["statut"] == "jamais activé"


async def test_a_second_factor_counts_once_it_is_confirmed(house: BackendHouse) -> None:
    async with house.house.store.write() as tx:
        ids = (await tx.connection.execute(select(accounts.c.id).order_by(accounts.c.login).limit(2))).scalars().all()
        for id, confirmed_at in zip(ids, (START, None), strict=True):
            row = {"account_id": id, "sealed_key": b"x", "offered_at": START, "confirmed_at": confirmed_at}
            await tx.connection.execute(insert(second_factors).values(row))
    assert [row["second_factor"] for row in await exported(house, PEOPLE_SHEET, "en")][:2] == ["yes", "no"]


async def test_no_secret_leaves(house: BackendHouse) -> None:
    text = "\n".join(LIST.join(row.values()) for row in await exported(house, PEOPLE_SHEET))
    for told in PEOPLE.values():
        assert not [column for column in WITHHELD if told.get(column) and told[column] in text]
    async with house.house.store.read() as connection:
        hashes = (await connection.execute(select(directory.c.password_hash))).scalars().all()
    assert hashes
    assert "argon2" not in text
    assert not [one for one in hashes if one in text]


# -------------------------------------------------------------------------------------------------- registrations


async def test_registrations_with_their_establishments_and_consents(portal: BackendHouse) -> None:
    for scenario in ("R02", "R04"):
        await registering(portal, scenario)
    half_way = await registering(portal, "R03", until="link_sent")
    rosa, paule = await exported(portal, REGISTRATIONS)
    assert half_way.who.email not in (paule["email"], rosa["email"]), "its address is proved by nobody"
    assert (paule["email"], paule["civilite"], paule["prenom"], paule["nom"]) == (
        "p.exemple@hotel-fictif.example",
        "Mme",
        "Paule",
        "EXEMPLE",
    )
    number, state, belongs_as, name = paule["etablissements"].split(" · ")
    assert (len(number), state, belongs_as) == (14, "rattaché", "adhérent")
    assert name
    assert (paule["thematiques"], paule["statut"]) == ("FACTURES", "actif")
    assert paule["accord_support"] == "oui"
    assert paule["accord_support_date"] == paule["inscription"] == f"{START:%Y-%m-%d %H:%M:%S}"
    assert (rosa["idcc"], rosa["thematiques"], rosa["accord_support"]) == ("IDCC 0573", "REGLEMENTS", "non")
    assert rosa["etablissements"].startswith("00001008200014 · à vérifier")
    _, english = await exported(portal, REGISTRATIONS, "en")
    assert english["establishments"].startswith(f"{number} · attached · member")
    assert (english["support_consent"], english["status"], english["acts_for"]) == ("yes", "active", "themselves")


async def test_a_registration_that_waits_for_the_register_says_so(portal: BackendHouse) -> None:
    one = await registering(portal, "R12")
    (row,) = await exported(portal, REGISTRATIONS)
    assert row["email"] == one.who.email
    assert row["etablissements"].endswith("registre attendu · adhérent")


# ----------------------------------------------------------------------------------------------------- what acts


async def test_hostile_texts_of_people_are_only_text(house: BackendHouse) -> None:
    """As if an older version, or another program, had kept them: an import refuses most of them in a name."""
    signs = (" \u00a0=1+1", "\u200b=1+1", "＝1", "＋1", "－1", "＠SUM(1)", 'a;"b"\r\n=1')
    texts = dict.fromkeys((*HOSTILE, *signs))
    async with house.house.store.write() as tx:
        rows = (await tx.connection.execute(select(accounts).order_by(accounts.c.login))).all()
        for row, text in zip(rows, texts, strict=False):
            person = replace(from_text(row.person, Person), first_name=text, last_name=f"x{text}", component=text)
            await tx.connection.execute(
                update(accounts).where(accounts.c.id == row.id).values(person=as_text(person), institutional_email=text)
            )
    assert len(rows) > len(texts)
    told = await exported(house, PEOPLE_SHEET)
    assert_harmless(told)
    assert [row["login"] for row in told] == [row.login for row in rows]
    for cells, text in zip(told, texts, strict=False):
        for column in ("prenom", "composante", "mail_institutionnel"):
            assert cells[column].removeprefix("'") == clean(text).removeprefix("'")
        assert cells["nom"] == clean(f"x{text}")


async def test_hostile_texts_of_an_import_are_refused_or_only_text(house: BackendHouse, tmp_path: Path) -> None:
    kept: dict[str, tuple[str, str]] = {}
    refusals: list[tuple[str, str]] = []
    for number, text in enumerate(HOSTILE):
        for column in ("nom", "prenom", "composante"):
            login = f"a.{number}.{column}"
            new = {"id": "", "login": login, "supannAliasLogin": "", "mail_institutionnel": f"{login}@ue.example"}
            file = write_people(tmp_path / "people.csv", new | {"mdp_provisoire_test": "", column: text})
            try:
                await Admission(house.house, Invitations(house.house)).import_people(read_people(file))
            except LineError as refusal:
                refusals.append((column, refusal.told("fr")))
            else:
                kept[login] = (column, text)
    rows = {row["login"]: row for row in await exported(house, PEOPLE_SHEET)}
    assert_harmless(list(rows.values()))
    assert len(rows) == 60 + len(kept)
    for login, (column, text) in kept.items():
        assert rows[login][column].removeprefix("'") == clean(text).strip()
    assert not [told for column, told in refusals if f"« {column} »" not in told]
    assert {column for column, _ in kept.values()} == {"nom", "prenom", "composante"}


async def test_hostile_texts_of_registrations_are_only_text(portal: BackendHouse) -> None:
    await registering(portal, "R02")
    async with portal.house.store.write() as tx:
        (row,) = (await tx.connection.execute(select(accounts).where(accounts.c.realm == "portal"))).all()
    for text in (*HOSTILE, *PAYLOADS.values()):
        draft = from_text(row.draft, Draft)
        said = draft.registration
        assert said.identity
        said.identity = replace(said.identity, first_name=text, last_name=text, email=text)
        said.establishments = tuple(replace(one, name=text, siret=text) for one in said.establishments)
        said.topics = (text,)
        async with portal.house.store.write() as tx:
            await tx.connection.execute(update(accounts).where(accounts.c.id == row.id).values(draft=as_text(draft)))
        told = await exported(portal, REGISTRATIONS)
        assert_harmless(told)
        assert told[0]["nom"].removeprefix("'") == clean(text).removeprefix("'")
        assert clean(text).strip() in told[0]["etablissements"]


# --------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def data(imported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(imported, tmp_path / "data"))


def command(*arguments: object) -> int:
    umask = os.umask(0o022)
    try:
        return main([*map(str, arguments)])
    finally:
        os.umask(umask)


def test_a_file_is_whole_private_and_on_record(data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "people.csv"
    file.write_text("before")
    file.chmod(0o644)
    assert command("export", "people", "--data", data, "--output", file) == 0
    assert capfd.readouterr().out == f"{file} : 60 lignes.\n"
    content = file.read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"login";"role"')
    assert content.count(b"\r\n") == content.count(b"\n") == 61
    assert len(read(content.decode())) == 60
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".people*"))
    assert command("export", "people", "--data", data, "--output", "-") == 0
    assert capfd.readouterr().out.encode() == content
    assert command("audit", "verify", "--data", data) == 0
    import sqlite3

    with sqlite3.connect(data / "perron.sqlite") as database:
        said = database.execute("SELECT actor, subject, channel FROM audit WHERE action = 'people.exported'").fetchall()
    database.close()
    assert said == [("administrator", "", "cli")] * 2


def test_what_cannot_be_written_is_one_sentence(data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "people.csv")
    for output in (tmp_path, link, tmp_path / "none" / "people.csv", "/dev/full"):
        assert command("export", "people", "--data", data, "--output", output) == 1
        said = capfd.readouterr()
        assert said.out == ""
        (sentence,) = said.err.splitlines()
        assert str(output) in sentence
        assert "« - »" in sentence or "--output" in sentence
    assert command("export", "registrations", "--data", tmp_path / "nothing") == 1
    assert "--data" in capfd.readouterr().err


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("before")

    def fill_the_disk() -> None:
        with destination(file, ENCODING) as target:
            target.write("half")
            raise OSError(ENOSPC, "No space left on device")

    with pytest.raises(Unwritable, match=r"No space left.*--output"):
        fill_the_disk()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


async def test_it_is_on_record_before_it_is_read(house: BackendHouse) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await REGISTRATIONS.write(house.house, Closed(), Tongue("fr", house.house.institution.zone))
    async with house.house.store.read() as connection:
        last = select(audit.c.action).order_by(audit.c.seq.desc()).limit(1)
        assert (await connection.execute(last)).scalar_one() == "registrations.exported"
