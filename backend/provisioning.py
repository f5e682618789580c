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
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import msgspec
from msgspec import Struct
from sqlalchemy import insert, select, update

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


class Entry(Activation, frozen=True, kw_only=True):
    """What the directory holds of one active account, but for the password."""

    activated_at: datetime


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

    async def verify(self, login: str, password: Secret) -> bool:
        """Whether ``login`` may enter with ``password``; as slow for an unknown login. Raises ``Overloaded``."""

    async def entry(self, login: str) -> Entry | None:
        """What the directory holds; None before the activation."""


class DatabaseProvisioning:
    """The table ``directory``, in the same transaction as everything else."""

    def __init__(self, store: Store, hasher: Hasher, clock: Clock) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock

    async def prepare(self, login: str, password: Secret) -> Credential:
        return Credential(Secret(await self._hasher.hash(password)))

    async def activate(self, tx: Transaction, activation: Activation, credential: Credential) -> None:
        before = await self._found(tx, activation.login)
        entry = Entry(
            **{name: getattr(activation, name) for name in Activation.__struct_fields__},
            activated_at=before.activated_at if before else self._clock(),
        )
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
        if entry := await self._found(tx, login):
            changed = as_text(msgspec.structs.replace(entry, backup_email=address))
            await tx.connection.execute(update(directory).where(directory.c.login == login).values(entry=changed))

    async def verify(self, login: str, password: Secret) -> bool:
        query = select(directory.c.password_hash).where(directory.c.login == login.strip().lower())
        async with self._store.read() as connection:
            stored = (await connection.execute(query)).scalar_one_or_none()
        return await self._hasher.verify(stored, password)

    async def entry(self, login: str) -> Entry | None:
        query = select(directory.c.entry).where(directory.c.login == login.strip().lower())
        async with self._store.read() as connection:
            found = (await connection.execute(query)).scalar_one_or_none()
        return from_text(found, Entry) if found else None

    @staticmethod
    async def _found(tx: Transaction, login: str) -> Entry | None:
        query = select(directory.c.entry).where(directory.c.login == login)
        found = (await tx.connection.execute(query)).scalar_one_or_none()
        return from_text(found, Entry) if found else None
