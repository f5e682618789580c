"""Accounts of the portal: made for the addresses of people who register, inactive until their password is chosen."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.addresses import comparable
from backend.accounts import find_account, load_account, save_person
from backend.database.rows import as_text
from backend.database.store import Transaction
from backend.database.tables import accounts, enrolments, mails, proofs
from backend.house import House
from backend.people.person import SELF_REGISTERED, Person
from backend.situation import Account, Draft

_CIVILITIES = {"madame": "Mme", "monsieur": "M."}


async def find_registrant(connection: AsyncConnection, email: str) -> Account | None:
    return await find_account(connection, comparable(email), ("portal",))


async def take_registrant(house: House, tx: Transaction, email: str) -> Account:
    """The account of that address, made if there is none. Nobody is named in it until the address is proved."""
    if (known := await find_registrant(tx.connection, email)) is not None:
        return known
    account_id, login = uuid4().hex, comparable(email)
    person = Person(id=account_id, role=SELF_REGISTERED, login=login, last_name="", institutional_email=login)
    await tx.connection.execute(
        insert(accounts).values(
            id=account_id,
            realm="portal",
            login=login,
            institutional_email=login,
            person=as_text(person),
            status="inactive",
            draft=as_text(Draft()),
            provisional_issued=False,
            imported_at=house.clock(),
        )
    )
    return await load_account(tx.connection, account_id)


async def name_registrant(tx: Transaction, account: Account) -> None:
    """The person is who they said they are."""
    if (said := account.draft.registration.identity) is None:
        return
    account.person = Person(
        id=account.id,
        role=SELF_REGISTERED,
        login=account.login,
        civility=_CIVILITIES.get(said.civility, ""),
        first_name=said.first_name,
        last_name=said.last_name,
        institutional_email=account.login,
    )
    await save_person(tx, account)


async def forget_registrations(tx: Transaction, before: datetime) -> None:
    """Those begun before and never finished, with no screen nor link left that could (domain.md §14.2)."""
    under_way = (select(table.c.account_id).where(table.c.account_id.is_not(None)) for table in (enrolments, proofs))
    left = (accounts.c.realm == "portal", accounts.c.status == "inactive", accounts.c.imported_at < before)
    forgotten = select(accounts.c.id).where(*left, *(accounts.c.id.not_in(ids) for ids in under_way))
    await tx.connection.execute(delete(mails).where(mails.c.account_id.in_(forgotten)))
    await tx.connection.execute(delete(accounts).where(accounts.c.id.in_(forgotten)))
