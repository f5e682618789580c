"""A house on a temporary folder, and people to admit to it, for the tests about people and letters."""

import csv
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from api_client.secret import Secret
from backend.accounts import find_account
from backend.database.migrations import bring_up_to_date
from backend.database.store import Transaction
from backend.database.tables import accounts
from backend.hashing import Cost
from backend.imports import Report
from backend.parts import Parts, make_parts, read_institution
from backend.people.admission import Admission
from backend.people.file import Registration, read_people
from backend.people.person import Person
from backend.situation import Account

PEOPLE = Path(__file__).parent / "data" / "people.csv"
ELODIE = "p00000400013"


class Town:
    """A house whose clock a test moves and whose activation mails are only noted."""

    def __init__(self, data: Path) -> None:
        self.now = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
        self.parts: Parts = make_parts(
            data, read_institution(None), clock=lambda: self.now, cost=Cost(memory=64, passes=1)
        )
        self.house = self.parts.house
        self.mails: list[tuple[str, bool]] = []

    async def _note(self, tx: Transaction, account_id: str, person: Person, expired: bool) -> None:
        self.mails.append((person.backup_email, expired))

    async def admit(self, people: Iterable[Registration]) -> Report:
        return await Admission(self.house, self._note).import_people(people)

    async def admit_file(self, file: Path = PEOPLE) -> Report:
        return await self.admit(read_people(file))

    async def account(self, login: str) -> Account:
        async with self.house.store.read() as connection:
            account = await find_account(connection, login)
        assert account is not None
        return account

    async def rows(self) -> list[object]:
        async with self.house.store.read() as connection:
            return [tuple(row) for row in await connection.execute(select(accounts).order_by(accounts.c.login))]

    async def opens(self, login: str, password: str) -> bool:
        """Whether the letter of ``login`` has this password."""
        return await self.house.hasher.verify((await self.account(login)).provisional_hash, Secret(password))

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@asynccontextmanager
async def town_in(data: Path) -> AsyncIterator[Town]:
    town = Town(data)
    await bring_up_to_date(town.house.store)
    try:
        yield town
    finally:
        await town.parts.close()


def write_people(file: Path, *changes: dict[str, str], **options: str) -> Path:
    """A file of one line for each of ``changes``, which are made to the first person of the shared data."""
    with PEOPLE.open(encoding="utf-8", newline="") as source:
        first = next(csv.DictReader(source))
    encoding = options.pop("encoding", "utf-8")
    with file.open("w", encoding=encoding, newline="") as target:
        writer = csv.DictWriter(target, list(first), delimiter=options.pop("delimiter", ","))
        writer.writeheader()
        for change in changes:
            writer.writerow(first | change)
    return file
