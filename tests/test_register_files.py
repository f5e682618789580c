"""Files of establishments and contacts: each way of writing them, and clear words for a line that cannot be right."""

import csv
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from backend.database.migrations import bring_up_to_date
from backend.database.store import Store
from backend.database.tables import companies, contacts, members
from backend.demonstration import COMPANIES_FILE, CONTACTS_FILE
from backend.imports import Report
from backend.lines import LineError
from backend.portal.companies import read_companies
from backend.portal.contacts import read_contacts
from backend.portal.embedded import EmbeddedRegister
from backend.portal.loading import BATCH, load_companies, load_contacts
from backend.portal.register import MOST, Found, RegisterUnavailable, Sources
from tests.conftest import ROOT

DATA = ROOT / "tests" / "data"
FRENCH, KNOWN = DATA / "establishments.csv", DATA / "known_contacts.csv"
OURS = "siret,name,state,head_office,activity,postcode,town,type,member_number,idcc"
GOOD = "00001007400011,BISTROT EXEMPLE,active,yes,56.10A,66000,PERPIGNAN,adherent,AD000042,573"
OFFICIAL = (
    "siren,nic,siret,statutDiffusionEtablissement,etablissementSiege,codePostalEtablissement,"
    "libelleCommuneEtablissement,etatAdministratifEtablissement,enseigne1Etablissement,"
    "denominationUsuelleEtablissement,activitePrincipaleEtablissement"
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.in_folder(tmp_path)
    await bring_up_to_date(store)
    yield store
    await store.close()


def written(file: Path, *lines: str) -> Path:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


async def count(store: Store, table: Table) -> int:
    async with store.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def rows(store: Store, table: Table) -> list[tuple[object, ...]]:
    async with store.read() as connection:
        return [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]


# --------------------------------------------------------------------------------------------------- establishments


async def test_every_establishment_of_the_test_data_is_kept(store: Store) -> None:
    in_register, in_members = await load_companies(store, read_companies(FRENCH))
    with FRENCH.open(encoding="utf-8", newline="") as source:
        listed = list(csv.DictReader(source))
    assert in_register == Report(created=sum(row["connu_insee"] != "non" for row in listed))
    assert in_members == Report(created=sum(row["connu_organisme"] == "oui" for row in listed))
    register = EmbeddedRegister(store)
    for row in listed:
        if row["connu_insee"] == "oui":
            name = "" if row["denomination"] == "[ND]" else row["denomination"]
            assert await register.find(row["siret"]) == Found(
                siret=row["siret"],
                name=name,
                active=row["etat_administratif"] == "A",
                head_office=row["siege"] == "oui",
                activity=row["naf"],
                postcode=row["code_postal"],
                town=row["commune"],
            )
        elif row["connu_insee"] == "non":
            assert await register.find(row["siret"]) is None
        else:
            with pytest.raises(RegisterUnavailable):
                await register.find(row["siret"])
    kept = {(row[0], row[1], row[2], row[4]) for row in await rows(store, members)}
    assert kept == {
        (row["siret"], row["type"], row["numero_adherent_ou_of"], row["idcc"])
        for row in listed
        if row["connu_organisme"] == "oui"
    }


async def test_the_demonstration_is_the_test_data_in_our_own_columns(store: Store, tmp_path: Path) -> None:
    await load_companies(store, read_companies(FRENCH))
    await load_contacts(store, read_contacts(KNOWN))
    before = [await rows(store, table) for table in (companies, members, contacts)]
    register, among_members = await load_companies(store, read_companies(COMPANIES_FILE))
    assert (register.created, among_members) == (0, Report(unchanged=12))
    assert register.updated == 1  # what is said of a register that is down: it has no name here
    assert await load_contacts(store, read_contacts(CONTACTS_FILE)) == Report(unchanged=10)
    after = [await rows(store, table) for table in (companies, members, contacts)]
    assert [len(table) for table in before] == [len(table) for table in after]


async def test_importing_again_changes_only_what_changed(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path / "companies.csv", OURS, GOOD)
    assert await load_companies(store, read_companies(file)) == (Report(created=1), Report(created=1))
    assert await load_companies(store, read_companies(file)) == (Report(unchanged=1), Report(unchanged=1))
    written(file, OURS, GOOD.replace("active", "closed"))
    assert await load_companies(store, read_companies(file)) == (Report(updated=1), Report(unchanged=1))
    found = await EmbeddedRegister(store).find("00001007400011")
    assert found is not None
    assert not found.active
    assert await rows(store, members) == [("00001007400011", "adherent", "AD000042", "BISTROT EXEMPLE", "0573")]


async def test_an_establishment_may_be_member_and_training_provider(store: Store, tmp_path: Path) -> None:
    other = GOOD.replace("adherent,AD000042", "organisme_formation,of-7")
    await load_companies(store, read_companies(written(tmp_path / "companies.csv", OURS, GOOD, other)))
    assert await count(store, companies) == 1
    assert [row[1:3] for row in await rows(store, members)] == [
        ("adherent", "AD000042"),
        ("organisme_formation", "OF-7"),
    ]


async def test_a_member_may_be_told_without_a_word_of_the_register(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path / "m.csv", OURS, "00001015700014,ABSENT,,,,,,adherent,AD1,")
    assert await load_companies(store, read_companies(file)) == (Report(), Report(created=1))
    assert await EmbeddedRegister(store).find("00001015700014") is None


async def test_insee_s_own_extract_is_read(store: Store, tmp_path: Path) -> None:
    file = written(
        tmp_path / "StockEtablissement_utf8.csv",
        OFFICIAL,
        "000010074,00011,00001007400011,O,true,66000,PERPIGNAN,A,A L ENSEIGNE,BISTROT EXEMPLE,56.10A",
        "000010082,00014,00001008200014,O,true,34110,FRONTIGNAN,A,GROSSISTE FICTIF,,46.39B",
        "000010165,00017,00001016500017,P,true,[ND],[ND],F,[ND],[ND],49.41A",
    )
    await load_companies(store, read_companies(file))
    register = EmbeddedRegister(store)
    names = {siret: await register.find(siret) for siret in ("00001007400011", "00001008200014", "00001016500017")}
    assert [found and (found.name, found.town, found.active) for found in names.values()] == [
        ("BISTROT EXEMPLE", "PERPIGNAN", True),
        ("GROSSISTE FICTIF", "FRONTIGNAN", True),
        ("", "", False),
    ]
    assert await count(store, members) == 0


BAD_COMPANIES = {
    "a number without its zeros": (GOOD.replace("00001007400011", "1007400011"), "siret"),
    "a wrong digit": (GOOD.replace("00001007400011", "00001007400012"), "siret"),
    "a SIREN": (GOOD.replace("00001007400011", "000010074"), "siret"),
    "no number": (GOOD.replace("00001007400011", ""), "siret"),
    "another state": (GOOD.replace("active", "A"), "state"),
    "neither yes nor no": (GOOD.replace("yes", "oui"), "head_office"),
    "a type that is none": (GOOD.replace("adherent", "member"), "type"),
    "a member number that is none": (GOOD.replace("AD000042", "AD_42"), "member_number"),
    "an agreement that is none": (GOOD.replace("573", "HCR"), "idcc"),
    "an escape sequence": (GOOD.replace("BISTROT", "\x1b[2JBISTROT"), "name"),
    "a name without end": (GOOD.replace("BISTROT", "B" * 2000), "name"),
}


@pytest.mark.parametrize(("line", "column"), BAD_COMPANIES.values(), ids=BAD_COMPANIES)
def test_a_bad_line_is_told_by_file_line_and_column(tmp_path: Path, line: str, column: str) -> None:
    file = written(tmp_path / "companies.csv", OURS, GOOD, line)
    with pytest.raises(LineError) as told:
        list(read_companies(file))
    assert told.value.told("fr").startswith(f"{file}, ligne 3 : colonne « {column} » : ")
    assert told.value.told("en").startswith(f"{file}, line 3: column “{column}”: ")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["siret,state", "00001007400011,active"], "line 1: name is missing"),
        ([OURS, GOOD + ",more"], "line 2: 11 cells instead of 10"),
        (["siret,denomination,etat_administratif,connu_insee", "00001007400011,X,,oui"], "line 2.*etat_administratif"),
    ],
)
def test_a_file_of_another_shape_is_told(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(LineError, match=said):
        list(read_companies(written(tmp_path / "companies.csv", *lines)))


# ----------------------------------------------------------------------------------------------------------- contacts


async def test_every_contact_of_the_test_data_is_kept(store: Store) -> None:
    assert await load_contacts(store, read_contacts(KNOWN)) == Report(created=10)
    kept = {str(row[0]): json.loads(str(row[4])) for row in await rows(store, contacts)}
    with KNOWN.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            assert kept[row["email"].lower()] == row["etablissements"].split("|")
            assert len(kept[row["email"].lower()]) == int(row["nb_etablissements"])


CONTACTS = "email,civility,last_name,first_name,sirets"
BAD_CONTACTS = {
    "no address": (",Madame,DUPONT,Claire,00001001700010", "email"),
    "no such address": ("claire.dupont,Madame,DUPONT,Claire,00001001700010", "email"),
    "no name": ("c@societe-fictive.example,Madame,,Claire,00001001700010", "last_name"),
    "another civility": ("c@societe-fictive.example,Dr,DUPONT,Claire,00001001700010", "civility"),
    "a wrong digit in one of them": (
        "c@societe-fictive.example,,DUPONT,,00001001700010|00001001700011",
        "sirets",
    ),
}


@pytest.mark.parametrize(("line", "column"), BAD_CONTACTS.values(), ids=BAD_CONTACTS)
def test_a_bad_contact_is_told(tmp_path: Path, line: str, column: str) -> None:
    file = written(tmp_path / "contacts.csv", CONTACTS, line)
    with pytest.raises(LineError, match=f"line 2: column “{column}”"):
        list(read_contacts(file))


def test_one_address_is_one_contact_in_whatever_case(tmp_path: Path) -> None:
    file = written(
        tmp_path / "contacts.csv",
        CONTACTS,
        "c@societe-fictive.example,,DUPONT,,00001001700010",
        "C@Societe-Fictive.example,,DUPONT,,00001003300017",
    )
    with pytest.raises(LineError, match=r"line 3.*line 2"):
        list(read_contacts(file))


# ----------------------------------------------------------------------------------------------------------- a SIREN


async def test_a_siren_lists_active_establishments_head_office_first(store: Store) -> None:
    await load_companies(store, read_companies(FRENCH))
    register = EmbeddedRegister(store)
    assert [one.siret for one in await register.of_siren("000010025")] == ["00001002500013", "00001002500021"]
    assert await register.of_siren("000010132") == ()
    assert await register.of_siren("000010157") == ()
    with pytest.raises(RegisterUnavailable) as told:
        await register.of_siren("000010199")
    assert told.value.retry_after > timedelta()


class Known:
    """A register of a few establishments, or one that is down."""

    def __init__(self, *found: Found, down: bool = False) -> None:
        self.found, self.down, self.closed = found, down, False

    async def find(self, siret: str) -> Found | None:
        self._answer()
        return next((one for one in self.found if one.siret == siret), None)

    async def of_siren(self, siren: str) -> tuple[Found, ...]:
        self._answer()
        return tuple(one for one in self.found if one.siren == siren and one.active)

    async def close(self) -> None:
        self.closed = True

    def _answer(self) -> None:
        if self.down:
            raise RegisterUnavailable(timedelta(seconds=5))


def at(nic: str, *, active: bool = True, head_office: bool = False, name: str = "") -> Found:
    return Found(siret=f"000010025{nic}", active=active, head_office=head_office, name=name)


async def test_several_sources_answer_as_one() -> None:
    imported = Known(at("00021", name="imported"), at("00039", active=False))
    live = Known(at("00013", head_office=True), at("00021", name="live"), at("00039"))
    both = Sources(imported, live)
    assert await both.find("00001002500013") == live.found[0]
    assert await both.find("00001002500021") == imported.found[0]
    assert await both.find("00001002500047") is None
    assert await both.of_siren("000010025") == (live.found[0], imported.found[0])
    await both.close()
    assert imported.closed
    assert live.closed


async def test_what_one_source_knows_is_known_while_another_is_down() -> None:
    both = Sources(Known(at("00013")), Known(down=True))
    assert await both.find("00001002500013")
    with pytest.raises(RegisterUnavailable):
        await both.find("00001002500021")
    with pytest.raises(RegisterUnavailable):
        await both.of_siren("000010025")


async def test_no_more_than_a_screen_of_them_is_listed(store: Store, tmp_path: Path) -> None:
    many = Sources(
        Known(*(at(f"{number:05}") for number in range(15))), Known(*(at(f"{number:05}") for number in range(40)))
    )
    assert len(await many.of_siren("000010025")) == MOST


async def test_a_batch_is_not_the_end(store: Store, tmp_path: Path) -> None:
    lines = (GOOD.replace("AD000042", f"AD{number}") for number in range(BATCH + 1))
    assert await load_companies(store, read_companies(written(tmp_path / "c.csv", OURS, *lines))) == (
        Report(created=1, unchanged=1),
        Report(created=1, updated=1),
    )
