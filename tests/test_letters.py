"""The printed letter: what it says, what it opens, what it ends, and for whom there is none."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api_client.codes import LENGTH_WITH_CHECK, canonical, check_is_right
from backend.database.tables import accounts
from backend.people.letters import COLUMNS, LetterRefused, UnknownLogin, issue_letter
from backend.throttle import PROVISIONAL_ACCOUNT
from tests.admitting import ELODIE, Town, town_in, write_people

VACATAIRE = "p00000400364"


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_in(tmp_path) as town:
        await town.admit_file()
        yield town


def password_in(letter: str) -> str:
    (found,) = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b", letter)
    return str(found)


async def test_the_letter_says_who_what_until_when_and_how(town: Town) -> None:
    letter = await issue_letter(town.house, ELODIE)
    for said in (
        "Université Exemple",
        "Élodie Lefèvre",
        ELODIE,
        "jeudi 1er octobre 2026 à 10 h 00 (heure de Paris)",
        "assistance@univ-exemple.example",
        "Ne communiquez jamais",
        "Authentification avec votre nom de connexion",
        "Acceptation de la charte informatique",
        "Never give it to anybody",
    ):
        assert said in " ".join(letter.replace("\N{NO-BREAK SPACE}", " ").split()), said
    assert "{" not in letter


async def test_the_letter_fits_a_sheet(town: Town, tmp_path: Path) -> None:
    long = {"login": "p" * 64, "supannAliasLogin": "", "mail_institutionnel": "a@univ-exemple.example"}
    long |= {"nom": "Wongsawatdirekpaisan" * 4, "prenom": "Thanaporn " * 7 + "X"}
    await town.admit_file(write_people(tmp_path / "long.csv", long))
    for login in (ELODIE, "p" * 64):
        lines = (await issue_letter(town.house, login)).split("\n")
        assert max(map(len, lines)) <= COLUMNS
        assert len(lines) <= 60


async def test_each_person_reads_their_own_steps(town: Town) -> None:
    assert "Messagerie universitaire" in await issue_letter(town.house, ELODIE)
    assert "Messagerie universitaire" not in await issue_letter(town.house, VACATAIRE)


async def test_the_password_opens_and_the_former_one_does_not(town: Town) -> None:
    first = password_in(await issue_letter(town.house, ELODIE))
    assert check_is_right(first)
    assert await town.opens(ELODIE, canonical(first, LENGTH_WITH_CHECK) or "")
    assert not await town.opens(ELODIE, "g9cf9hqyatc2"), "the one of the HR file"
    second = password_in(await issue_letter(town.house, ELODIE))
    assert second != first
    assert not await town.opens(ELODIE, canonical(first, LENGTH_WITH_CHECK) or "")
    account = await town.account(ELODIE)
    assert account.provisional_issued
    assert account.provisional_expires_at is not None
    assert (account.provisional_expires_at - town.now).days == 30


async def test_a_new_letter_starts_with_a_clean_count(town: Town) -> None:
    for _ in range(100):
        async with town.house.store.write() as tx:
            await town.house.throttle.count(tx, PROVISIONAL_ACCOUNT, ELODIE)
    await issue_letter(town.house, ELODIE)
    async with town.house.store.read() as connection:
        assert await town.house.throttle.consecutive(connection, PROVISIONAL_ACCOUNT, ELODIE) == 0


@pytest.mark.parametrize(("login", "said"), [("p00000400039", "actif"), ("p00000400117", "bloqué")])
async def test_no_letter_for_whom_it_would_open_nothing(town: Town, login: str, said: str) -> None:
    before = await town.rows()
    with pytest.raises(LetterRefused) as told:
        await issue_letter(town.house, login)
    assert said in told.value.told("fr")
    assert login in told.value.told("en")
    assert await town.rows() == before


async def test_an_unknown_login_is_told(town: Town) -> None:
    with pytest.raises(UnknownLogin, match="nobody") as told:
        await issue_letter(town.house, "nobody")
    assert told.value.exit_status == 2


async def test_the_password_is_kept_nowhere(town: Town, tmp_path: Path) -> None:
    password = password_in(await issue_letter(town.house, ELODIE))
    await town.house.store.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert password.encode() not in content
            assert password.replace("-", "").encode() not in content


async def test_the_letter_is_in_the_audit_chain(town: Town) -> None:
    await issue_letter(town.house, ELODIE)
    async with town.house.store.read() as connection:
        account = (await connection.execute(accounts.select().where(accounts.c.login == ELODIE))).one()
        actions = await connection.exec_driver_sql("SELECT subject, action FROM audit ORDER BY seq DESC LIMIT 1")
        assert tuple(actions.one()) == (account.id, "letter.issued")
