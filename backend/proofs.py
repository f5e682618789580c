"""Proofs that an address is somebody's: a link and a typed code in one mail, until a deadline (domain.md §3.1–3.2).

Neither the link nor the code is stored: both are derived from the proof's id under a key outside the database, when the
mail leaves and when they come back. The row holds a SHA-256 of the link's token and an HMAC of the code, to be
found by.

A proof is ``open`` until it is proved, revoked (a newer one, another address, a lock) or past its deadline.
Proving happens
once, by one UPDATE that counts its rows. A proved activation code still lets the person come back until the deadline or
until the account is active (domain.md §3.2: opening is not consuming).
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.addresses import mask
from api_client.contract import Locale, Purpose
from backend.clock import Clock
from backend.codes import code_from
from backend.database.store import Store, Transaction
from backend.database.tables import accounts, enrolments, mails, proofs
from backend.deadlines import is_over
from backend.journeys import Realm
from backend.keys import Keys

CODE_TRIES = 5
NUMBER_TRIES = 5


class Proof(Struct, frozen=True, kw_only=True):
    """One row of ``proofs``, without what it is found by."""

    id: str
    account_id: str
    enrolment_id: str | None
    purpose: Purpose
    address: str
    number: int | None
    issued_at: datetime
    deadline: datetime
    code_tries: int
    number_tries: int
    proved_at: datetime | None
    revoked_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Neither revoked nor past its deadline; it may be proved already."""
        return self.revoked_at is None and not is_over(self.deadline, now)

    def is_open(self, now: datetime) -> bool:
        """Live, not proved yet, and with tries left."""
        return self.is_live(now) and self.proved_at is None and self.code_tries < CODE_TRIES


_COLUMNS = tuple(proofs.c[name] for name in Proof.__struct_fields__)
# Made once: making a statement costs twice what running it does.
_OF_ACCOUNT = (
    select(*_COLUMNS)
    .where(proofs.c.account_id == bindparam("account"), proofs.c.revoked_at.is_(None))
    .order_by(proofs.c.issued_at)
)

Standing = Literal["open", "wrong_number", "proved", "already_proved", "expired", "revoked", "exhausted"]


class LinkView(Struct, frozen=True, kw_only=True):
    """What the page of a link may say."""

    standing: Standing
    purpose: Purpose
    realm: Realm
    """Of the account."""
    locale: Locale
    address_hint: str
    login_hint: str
    deadline: datetime
    asks_number: bool
    tries_left: int


Told = Callable[[Transaction, Proof], Awaitable[None]]
"""Told of what a page did, inside the transaction that does it."""


def new_number() -> int:
    """Two digits for a screen to show and its page to ask, 10–99."""
    return 10 + secrets.randbelow(90)


class Proofs:
    """Issues proofs, finds them again by link or code, and proves them once."""

    def __init__(self, store: Store, keys: Keys, clock: Clock) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        self.on_proved: Told | None = None
        self.on_disowned: Told | None = None

    # ------------------------------------------------------------------------------- what the mail carries

    def link_token(self, proof_id: str) -> str:
        """43 characters of base64url, 256 bits."""
        return self._keys.token("proof link", proof_id)

    def code(self, proof_id: str) -> str:
        """Twelve Crockford characters, 60 bits."""
        return code_from(self._keys.mac("proof code", proof_id.encode()))

    def _code_mac(self, code: str) -> bytes:
        return self._keys.mac("proof code found by", code.encode())

    # ---------------------------------------------------------------------------------------------- issuing

    async def issue(
        self,
        tx: Transaction,
        *,
        account_id: str,
        purpose: Purpose,
        address: str,
        deadline: datetime,
        enrolment_id: str | None = None,
        number: int | None = None,
        issued_at: datetime | None = None,
    ) -> Proof:
        """A new proof; every earlier one of the same account and purpose ends. ``number``: of the waiting screen."""
        await self.revoke(tx, account_id, purpose)
        proof = Proof(
            id=uuid4().hex,
            account_id=account_id,
            enrolment_id=enrolment_id,
            purpose=purpose,
            address=address,
            number=number,
            issued_at=issued_at or self._clock(),
            deadline=deadline,
            code_tries=0,
            number_tries=0,
            proved_at=None,
            revoked_at=None,
        )
        token = self.link_token(proof.id)
        found_by = {
            "token_sha256": hashlib.sha256(token.encode()).digest(),
            "code_mac": self._code_mac(self.code(proof.id)),
        }
        values = {name: getattr(proof, name) for name in Proof.__struct_fields__}
        await tx.connection.execute(proofs.insert().values(**values, **found_by))
        return proof

    async def revoke(self, tx: Transaction, account_id: str, *purposes: Purpose) -> None:
        """End the live proofs of these purposes; of every purpose when none is named."""
        query = update(proofs).where(proofs.c.account_id == account_id, proofs.c.revoked_at.is_(None))
        if purposes:
            query = query.where(proofs.c.purpose.in_(purposes))
        await tx.connection.execute(query.values(revoked_at=self._clock()))

    async def wait_at(self, tx: Transaction, proof: Proof, enrolment_id: str) -> None:
        """Another screen of the same person now waits for this proof, and shows its number."""
        await tx.connection.execute(update(proofs).where(proofs.c.id == proof.id).values(enrolment_id=enrolment_id))

    # ---------------------------------------------------------------------------------------------- finding

    async def of_account(self, connection: AsyncConnection, account_id: str) -> dict[str, Proof]:
        """The newest unrevoked proof of each purpose."""
        rows = await connection.execute(_OF_ACCOUNT, {"account": account_id})
        return {row.purpose: _proof(row) for row in rows}

    async def of_mail(self, connection: AsyncConnection, mail_id: str) -> Proof | None:
        """The proof that a mail carried."""
        query = select(*_COLUMNS).join(mails, mails.c.proof_id == proofs.c.id).where(mails.c.id == mail_id)
        row = (await connection.execute(query)).first()
        return _proof(row) if row else None

    async def by_token(self, connection: AsyncConnection, token: str) -> Proof | None:
        digest = hashlib.sha256(token.encode()).digest()
        row = (await connection.execute(select(*_COLUMNS).where(proofs.c.token_sha256 == digest))).first()
        return _proof(row) if row else None

    async def by_code(self, connection: AsyncConnection, code: str) -> Proof | None:
        """``code`` in its canonical form."""
        row = (await connection.execute(select(*_COLUMNS).where(proofs.c.code_mac == self._code_mac(code)))).first()
        return _proof(row) if row else None

    # ---------------------------------------------------------------------------------------------- proving

    async def count_try(self, tx: Transaction, proof_id: str) -> bool:
        """Count one typed code before it is compared; False once five were tried."""
        query = update(proofs).where(proofs.c.id == proof_id, proofs.c.code_tries < CODE_TRIES)
        counted = await tx.connection.execute(query.values(code_tries=proofs.c.code_tries + 1))
        return bool(counted.rowcount == 1)

    async def prove(self, tx: Transaction, proof: Proof) -> bool:
        """Mark it proved; False when it already was, or is over. Exactly one caller is told True."""
        now = self._clock()
        if is_over(proof.deadline, now):
            return False
        query = update(proofs).where(
            proofs.c.id == proof.id, proofs.c.proved_at.is_(None), proofs.c.revoked_at.is_(None)
        )
        changed = await tx.connection.execute(query.values(proved_at=now, opened_at=now))
        return bool(changed.rowcount == 1)

    # ------------------------------------------------------------------------- for the page that a link opens

    async def look(self, token: str) -> LinkView | None:
        """How this link stands; changes nothing. None for a token nobody was sent."""
        async with self._store.read() as connection:
            proof = await self.by_token(connection, token)
            return await self._view(connection, proof) if proof else None

    async def confirm(self, token: str, number: int | None) -> LinkView | None:
        """The button of the page was pressed, with the number of the waiting screen where one is asked."""
        async with self._store.write() as tx:
            proof = await self.by_token(tx.connection, token)
            if proof is None:
                return None
            view = await self._view(tx.connection, proof)
            if view.standing != "open":
                return view
            if proof.number is not None:
                await tx.connection.execute(
                    update(proofs).where(proofs.c.id == proof.id).values(number_tries=proofs.c.number_tries + 1)
                )
                if number != proof.number:
                    left = NUMBER_TRIES - proof.number_tries - 1
                    return _with(view, standing="wrong_number" if left > 0 else "exhausted", tries_left=left)
            if not await self.prove(tx, proof):
                return _with(view, standing="already_proved")
            if self.on_proved:
                await self.on_proved(tx, proof)
            return _with(view, standing="proved")

    async def disown(self, token: str) -> LinkView | None:
        """« Ce n’est pas moi »: the proof ends, unless it was proved already."""
        async with self._store.write() as tx:
            proof = await self.by_token(tx.connection, token)
            if proof is None:
                return None
            view = await self._view(tx.connection, proof)
            if view.standing not in ("open", "exhausted"):
                return view
            query = update(proofs).where(proofs.c.id == proof.id).values(revoked_at=self._clock())
            await tx.connection.execute(query)
            if self.on_disowned:
                await self.on_disowned(tx, proof)
            return _with(view, standing="revoked")

    async def _view(self, connection: AsyncConnection, proof: Proof) -> LinkView:
        query = select(accounts.c.login, accounts.c.realm, accounts.c.status, enrolments.c.locale).select_from(
            accounts.outerjoin(enrolments, enrolments.c.id == proof.enrolment_id)
        )
        found = (await connection.execute(query.where(accounts.c.id == proof.account_id))).one()
        return LinkView(
            standing=self._standing(proof, locked=found.status == "locked"),
            purpose=proof.purpose,
            realm=found.realm,
            locale=found.locale or "fr",
            address_hint=mask(proof.address),
            login_hint=mask(found.login) if "@" in found.login else f"{found.login[:1]}…{found.login[-3:]}",
            deadline=proof.deadline,
            asks_number=proof.number is not None,
            tries_left=max(0, NUMBER_TRIES - proof.number_tries),
        )

    def _standing(self, proof: Proof, *, locked: bool) -> Standing:
        if proof.proved_at is not None:
            return "already_proved"
        if proof.revoked_at is not None or locked:
            return "revoked"
        if is_over(proof.deadline, self._clock()):
            return "expired"
        spent = proof.number_tries >= NUMBER_TRIES or proof.code_tries >= CODE_TRIES
        return "exhausted" if spent else "open"


def _proof(row: Any) -> Proof:
    return Proof(**row._mapping)


def _with(view: LinkView, **changes: Any) -> LinkView:
    values = {name: getattr(view, name) for name in LinkView.__struct_fields__}
    return LinkView(**{**values, **changes})
