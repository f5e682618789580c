"""Accounts in the database: found as people name them, loaded, saved."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.rows import as_text, from_text
from backend.database.store import Store, Transaction
from backend.database.tables import accounts, mails
from backend.journeys import Realm
from backend.people.person import Person, is_called
from backend.proofs import Proof
from backend.situation import Account, Delivery, Draft

_BATCH = 500

# Made once: making a statement costs twice what running it does.
_BY_ID = select(accounts).where(accounts.c.id == bindparam("it"))
_SAVE = update(accounts).where(accounts.c.id == bindparam("it"))
_DELIVERY = select(mails.c.proof_id, mails.c.sent_at, mails.c.refused_at).where(
    mails.c.proof_id.in_(bindparam("proofs", expanding=True))
)


async def load_account(connection: AsyncConnection, account_id: str) -> Account:
    row = (await connection.execute(_BY_ID, {"it": account_id})).one()
    return _account(row)


async def find_account(
    connection: AsyncConnection, typed: str, realms: Sequence[Realm] = ("university",)
) -> Account | None:
    """By login, alias or institutional address, as people type it; in the first of ``realms`` that has one."""
    rows = (await connection.execute(select(accounts).where(is_called(typed), accounts.c.realm.in_(realms)))).all()
    row = min(rows, key=lambda one: realms.index(one.realm), default=None)
    return _account(row) if row else None


async def walk_accounts(store: Store, realm: Realm) -> AsyncIterator[list[Account]]:
    """Every account of ``realm`` by login, a bounded number at a time: between two of them nothing is held, however
    long the one who asks for them takes."""
    following = select(accounts).where(accounts.c.realm == realm).order_by(accounts.c.login).limit(_BATCH)
    batch = await _several(store, following)
    while batch:
        yield batch
        batch = await _several(store, following.where(accounts.c.login > batch[-1].login))


async def _several(store: Store, wanted: Select[Any]) -> list[Account]:
    async with store.read() as connection:
        return list(map(_account, await connection.execute(wanted)))


async def save_account(tx: Transaction, account: Account) -> None:
    await tx.connection.execute(_SAVE, {"it": account.id, **changeable(account)})


async def save_person(tx: Transaction, account: Account) -> None:
    """Of an account that no HR department keeps."""
    await tx.connection.execute(_SAVE, {"it": account.id, "person": as_text(account.person)})


def changeable(account: Account) -> dict[str, str | None]:
    """What Perron may change of it, as it is kept; the person is HR's."""
    return {
        "draft": as_text(account.draft),
        "status": account.status,
        "provisional_hash": account.provisional_hash,
    }


def _account(row: Any) -> Account:
    return Account(
        id=row.id,
        realm=row.realm,
        login=row.login,
        institutional_email=row.institutional_email,
        person=from_text(row.person, Person),
        status=row.status,
        draft=from_text(row.draft, Draft),
        provisional_hash=row.provisional_hash,
        provisional_issued=row.provisional_issued,
        provisional_expires_at=row.provisional_expires_at,
        imported_at=row.imported_at,
    )


async def load_delivery(connection: AsyncConnection, proofs: dict[str, Proof]) -> dict[str, Delivery]:
    """How the mail of each proof fares."""
    ids = [proof.id for proof in proofs.values()]
    if not ids:
        return {}
    return {
        row.proof_id: "refused" if row.refused_at else "sent" if row.sent_at else "sending"
        for row in await connection.execute(_DELIVERY, {"proofs": ids})
    }
