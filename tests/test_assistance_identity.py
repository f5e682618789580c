"""What an agent compares: which values can be somebody’s, and that none of them is seen again (A-23)."""

import csv
from datetime import date

import pytest
from sqlalchemy import select

from api_client import contract
from api_client.secret import Secret
from backend.assistance.identity import Identity, checked
from backend.database.tables import audit, enrolments
from backend.fields.refusal import FieldRefused
from tests.asking import DESK, caller
from tests.backend_house import PEOPLE, BackendHouse
from tests.conftest import ROOT

pytest_plugins = ["tests.house_fixtures"]

TODAY = date(2026, 11, 3)


def ine_rows() -> list[dict[str, str]]:
    lines = (ROOT / "tests" / "data" / "ine_vectors.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", ine_rows(), ids=lambda row: row["saisie"].strip() or "empty")
def test_every_ine_vector(row: dict[str, str]) -> None:
    typed = Secret(row["saisie"])
    if row["attendu"] != "valide":
        with pytest.raises(FieldRefused) as refused:
            checked("student", typed, TODAY)
        assert row["saisie"].strip() == "" or row["saisie"] not in str(refused.value)
        return
    identity = checked("student", typed, TODAY)
    assert identity.value == Secret(row["normalise"])
    assert identity.is_doubtful == row["cle_mod23"].startswith("discordante")
    assert row["normalise"] not in repr(identity)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("31/10/1963", "1963-10-31"),
        ("1-2-1980", "1980-02-01"),
        ("29.02.2000", "2000-02-29"),
        ("03/11/2012", "2012-11-03"),
        ("04/11/1925", "1925-11-04"),
        ("04/11/2012", None),
        ("03/11/1925", None),
        ("04/11/2026", None),
        ("30/02/1980", None),
        ("1980", None),
        ("", None),
    ],
)
def test_a_birth_date_is_of_somebody_of_fourteen_to_a_hundred(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(FieldRefused):
            checked("staff", Secret(typed), TODAY)
    else:
        assert checked("staff", Secret(typed), TODAY) == Identity(Secret(kept))


async def test_what_is_compared_is_written_nowhere(house: BackendHouse, caplog: pytest.LogCaptureFixture) -> None:
    """Neither as typed nor as kept: not in the database, the mails, an answer or a log."""
    person = await caller(house, identity="30/10/1963")
    shown = ""
    while person.screen.kind != "done":
        await person.screen.say(person.answer(person.step))
        shown += contract.encode(person.screen.enrolment).decode()
    await house.mails(DESK)
    files = b"".join(path.read_bytes() for path in house.data.rglob("*") if path.is_file())
    for value in ("30/10/1963", "1963-10-30"):
        assert value.encode() not in files
        assert value not in shown + caplog.text


async def test_the_enrolment_keeps_only_what_its_last_screen_shows(house: BackendHouse) -> None:
    await (await caller(house)).ask()
    async with house.house.store.read() as connection:
        claim = (await connection.execute(select(enrolments.c.claim))).scalar_one()
    for gone in ("étrange", PEOPLE["P009"]["mail_secours"], PEOPLE["P009"]["mail_institutionnel"]):
        assert gone not in claim


async def test_it_is_in_the_audit_by_its_number_alone(house: BackendHouse) -> None:
    person = await caller(house)
    await person.ask()
    of_it = (audit.c.subject == person.number, audit.c.action == "assistance.submitted", audit.c.actor == "person")
    assert await house.count(audit, *of_it) == 1
