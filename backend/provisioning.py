"""Where an account is made: a port, and the one implementation shipped, our own database.

The directory is written once, at the end, all of it or nothing (domain.md §10.3–10.4); only a proved backup address
goes there before. An LDAP directory will implement the same port; this is where each thing goes in SUPANN 2018 (§10.1):

    login          uid                  password    userPassword (RFC 3062), shadowLastChange
    backup_email   supannMailPerso, and supannMailPrive as {SECOURS}…
    listed         supannListeRouge, inverted: listed is FALSE
    redirection    mailForwardingAddress; mailDeliveryOption ``mailbox`` when a copy is kept
    charter        kept by Perron; supannConsentement {CHARTE}vN where a site declares that label
    mailbox        ``queued``: supannRessourceEtat {MAIL}A:SupannActif once it is made
    activated_at   supannRessourceEtatDate {COMPTE}A:SupannActif:AAAAMMJJ:
    suspension     {COMPTE}S:SupannVerrouTechnique:AAAAMMJJ: when ``blocked``, {COMPTE}I:SupannExpire when ``expired``

From then on each change of its owner's is a write of its own: ``amend``, ``record_backup_email``, ``change_password``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict, replace
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.secret import Secret
from backend.clock import Clock
from backend.database.rows import as_text, from_text
from backend.database.store import Store, Transaction
from backend.database.tables import directory
from backend.hashing import Hasher
from backend.situation import CharterRecord, RedirectionChoice


class Activation(Struct, frozen=True, kw_only=True):
    """What the person decided, ready to be written at once."""

    login: str
    """Lower case."""
    backup_email: str
    listed: bool
    """In the public directory; False unless the person said yes."""
    redirection: RedirectionChoice | None = None
    charter: CharterRecord | None = None
    """None only for an account that was active before Perron."""
    mailbox: Literal["none", "queued"] = "none"


class Suspension(Struct, frozen=True, kw_only=True):
    """Nobody enters until the password is another."""

    why: Literal["blocked", "expired"]
    since: datetime


class Entry(Activation, frozen=True, kw_only=True):
    """What the directory holds of one account that was activated, but for the password."""

    activated_at: datetime
    suspension: Suspension | None = None


class Amendment(Struct, frozen=True, kw_only=True):
    """What the owner of an active account decided otherwise; what is not said stays as it is."""

    listed: bool | UnsetType = UNSET
    redirection: RedirectionChoice | UnsetType | None = UNSET
    charter: CharterRecord | UnsetType = UNSET


@dataclass(frozen=True)
class Credential:
    """A password as the directory wants it: hashed here, or in clear for a directory that hashes by itself."""

    kept: Secret


class DirectoryUnavailable(Exception):
    """The directory does not answer. Nothing was written; the same activation may be tried again."""


class Provisioning(Protocol):
    """The port. ``prepare`` and ``verify`` are slow and run outside of any transaction."""

    async def prepare(self, login: str, password: Secret) -> Credential:
        """What ``activate`` needs of the password. Raises ``hashing.Overloaded``."""

    async def activate(self, tx: Transaction, activation: Activation, credential: Credential) -> None:
        """Make the account usable: one atomic write, the same when it is repeated. Raises DirectoryUnavailable."""

    async def record_backup_email(self, tx: Transaction, login: str, address: str) -> None:
        """The person proved this address. Raises DirectoryUnavailable."""

    async def amend(self, tx: Transaction, login: str, amendment: Amendment) -> None:
        """Change an active account; the same when it is repeated. Raises DirectoryUnavailable."""

    async def change_password(self, tx: Transaction, login: str, credential: Credential) -> None:
        """Another password, at once; it ends a suspension in the same write. Raises DirectoryUnavailable."""

    async def suspend(self, tx: Transaction, login: str, suspension: Suspension) -> None:
        """The present password opens nothing any more; no effect before the activation. Raises DirectoryUnavailable."""

    async def verify(self, login: str, password: Secret) -> bool:
        """Whether ``login`` may enter with ``password``; as slow for an unknown login. Raises ``Overloaded``."""

    async def is_current(self, login: str, password: Secret) -> bool:
        """Whether somebody who proved that they are ``login`` chose the password that they have. Raises
        ``Overloaded``."""

    async def entry(self, login: str) -> Entry | None:
        """What the directory holds; None before the activation."""

    async def entries(self, logins: Collection[str]) -> dict[str, Entry]:
        """The same of a few hundred at once, by login; without those that have none."""


class DatabaseProvisioning:
    """The table ``directory``, in the same transaction as everything else."""

    def __init__(self, store: Store, hasher: Hasher, clock: Clock) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock

    async def prepare(self, login: str, password: Secret) -> Credential:
        return Credential(Secret(await self._hasher.hash(password)))

    async def activate(self, tx: Transaction, activation: Activation, credential: Credential) -> None:
        before = _entry(await self._row(tx.connection, activation.login))
        entry = Entry(**asdict(activation), activated_at=before.activated_at if before else self._clock())
        values = {
            "password_hash": credential.kept.reveal(),
            "entry": as_text(entry),
            "activated_at": entry.activated_at,
        }
        if before:
            await tx.connection.execute(update(directory).where(directory.c.login == entry.login).values(values))
        else:
            await tx.connection.execute(insert(directory).values(login=entry.login, **values))

    async def record_backup_email(self, tx: Transaction, login: str, address: str) -> None:
        """An entry is made at the activation alone; until then the address is in the account's draft, beside it."""
        await self._rewrite(tx, login, backup_email=address)

    async def amend(self, tx: Transaction, login: str, amendment: Amendment) -> None:
        said = {name: value for name, value in asdict(amendment).items() if value is not UNSET}
        await self._rewrite(tx, login, **said)

    async def change_password(self, tx: Transaction, login: str, credential: Credential) -> None:
        changed = update(directory).where(directory.c.login == login)
        await tx.connection.execute(changed.values(password_hash=credential.kept.reveal()))
        await self._rewrite(tx, login, suspension=None)

    async def suspend(self, tx: Transaction, login: str, suspension: Suspension) -> None:
        await self._rewrite(tx, login, suspension=suspension)

    async def verify(self, login: str, password: Secret) -> bool:
        row = await self._read(login)
        right = await self._hasher.verify(row.password_hash if row else None, password)
        entry = _entry(row)
        return right and entry is not None and entry.suspension is None

    async def is_current(self, login: str, password: Secret) -> bool:
        row = await self._read(login)
        return row is not None and await self._hasher.is_same(row.password_hash, password)

    async def entry(self, login: str) -> Entry | None:
        return _entry(await self._read(login))

    async def entries(self, logins: Collection[str]) -> dict[str, Entry]:
        theirs = select(directory.c.login, directory.c.entry).where(directory.c.login.in_(logins))
        async with self._store.read() as connection:
            return {row.login: from_text(row.entry, Entry) for row in await connection.execute(theirs)}

    async def _rewrite(self, tx: Transaction, login: str, **changes: object) -> None:
        if entry := _entry(await self._row(tx.connection, login)):
            changed = as_text(replace(entry, **changes))
            await tx.connection.execute(update(directory).where(directory.c.login == login).values(entry=changed))

    async def _read(self, login: str) -> Row[Any] | None:
        async with self._store.read() as connection:
            return await self._row(connection, login.strip().lower())

    @staticmethod
    async def _row(connection: AsyncConnection, login: str) -> Row[Any] | None:
        return (await connection.execute(select(directory).where(directory.c.login == login))).one_or_none()


def _entry(row: Row[Any] | None) -> Entry | None:
    return from_text(row.entry, Entry) if row else None
