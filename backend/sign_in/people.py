"""The account of somebody who signed in: found by who they are for the provider, made the first time they come.

What the account is called (the UPN) may pass to somebody else one day. Then the former holder's account is retired and
their phones with it: nobody inherits a phone.
"""

from uuid import uuid4

from sqlalchemy import Row, insert, select, update

from backend.accounts import load_account
from backend.database.rows import as_text
from backend.database.store import Transaction
from backend.database.tables import accounts
from backend.house import House
from backend.pairing.devices import revoke_all
from backend.people.person import Person
from backend.sign_in.identity import Identity
from backend.situation import Account, Draft

_REALM = "sign_in"


async def account_of(house: House, tx: Transaction, identity: Identity) -> Account:
    """Theirs, kept up with what the provider says now."""
    person = _person(identity)
    holder = await _found(tx, accounts.c.login == identity.upn)
    theirs = await _found(tx, accounts.c.alias == identity.key)
    if holder and holder.alias != identity.key:
        await _retire(house, tx, holder.id)
    names = {"login": identity.upn, "institutional_email": identity.upn, "person": as_text(person)}
    if theirs is None:
        account_id = await _insert(house, tx, identity, names)
    else:
        account_id = theirs.id
        if theirs.person != names["person"]:
            await tx.connection.execute(update(accounts).where(accounts.c.id == account_id).values(names))
    return await load_account(tx.connection, account_id)


async def _found(tx: Transaction, condition: object) -> Row[tuple[object, ...]] | None:
    query = select(accounts).where(accounts.c.realm == _REALM, condition)  # type: ignore[arg-type]
    return (await tx.connection.execute(query)).first()


async def _insert(house: House, tx: Transaction, identity: Identity, names: dict[str, str]) -> str:
    account_id = uuid4().hex
    more = {"id": account_id, "realm": _REALM, "alias": identity.key, "status": "active", "draft": as_text(Draft())}
    await tx.connection.execute(insert(accounts).values(**names, **more, imported_at=house.clock()))
    return account_id


async def _retire(house: House, tx: Transaction, account_id: str) -> None:
    """Nobody is called so any more, and nobody enters there."""
    await revoke_all(house, tx, account_id)
    gone = {"login": account_id, "alias": None, "institutional_email": account_id, "status": "expired"}
    await tx.connection.execute(update(accounts).where(accounts.c.id == account_id).values(gone))
    await house.audit.record(tx, actor="system", subject=account_id, action="account.expired", channel="system")


def _person(identity: Identity) -> Person:
    return Person(
        id=identity.key,
        role="",
        login=identity.upn,
        first_name=identity.first_name,
        last_name=identity.last_name,
        institutional_email=identity.upn,
        attributes={"issuer": identity.issuer, "tenant": identity.tenant, "subject": identity.subject},
    )
