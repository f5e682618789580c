"""Pairings in the database: shown by one screen, claimed by one phone, and where each of them stands.

The code carries nobody's name and is kept as a SHA-256; the nine digits as an HMAC, since they could be tried out.
Every change of state is one UPDATE from the state before, so that of two phones, or two presses, one is told yes.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.contract import AppOffer
from api_client.secret import Secret
from backend.clock import Clock
from backend.database.store import Transaction
from backend.database.tables import pairings
from backend.keys import Keys
from backend.pairing.codes import new_code, new_digits, offer
from backend.sign_in.issuer import RoundTrip

LIFETIME = timedelta(seconds=120)
SIGN_IN_WITHIN = timedelta(minutes=10)
"""A second factor takes a while (domain.md §15, X-40)."""
CONFIRM_WITHIN = timedelta(seconds=60)
ANSWER_WITHIN = timedelta(minutes=5)

State = Literal[
    "shown", "claimed", "signed_in", "confirmed", "paired", "declined", "failed", "mismatch", "refused", "revoked"
]
"""``declined``: at the provider. ``failed``: it never became a sign-in. ``mismatch``: by somebody else. ``refused``: on
the computer. ``revoked``: a newer code, or the computer's session has ended."""
UNDER_WAY: tuple[State, ...] = ("shown", "claimed", "signed_in", "confirmed")
_NEXT: dict[State, timedelta] = {
    "claimed": SIGN_IN_WITHIN,
    "signed_in": CONFIRM_WITHIN,
    "confirmed": ANSWER_WITHIN,
}
"""How long each state may last."""


class Phone(Struct, frozen=True, kw_only=True):
    """What a phone's browser says of itself, made harmless."""

    platform: str
    model: str


class Pairing(Struct, frozen=True, kw_only=True):
    """One row of ``pairings``, without what it is found by."""

    id: str
    enrolment_id: str
    account_id: str
    state: State
    platform: str
    model: str
    expires_at: datetime
    sealed_trip: bytes | None

    def is_over(self, now: datetime) -> bool:
        """Whether it was left waiting for too long."""
        return self.state in UNDER_WAY and now >= self.expires_at


_COLUMNS = tuple(pairings.c[name] for name in Pairing.__struct_fields__)


class Pairings:
    """Offers codes, and moves each pairing from one state to the next."""

    def __init__(self, keys: Keys, clock: Clock, public_url: str) -> None:
        self._keys, self._clock, self._public_url = keys, clock, public_url.rstrip("/")

    @property
    def return_address(self) -> str:
        """Where the provider sends the phone back to."""
        return f"{self._public_url}/p/signed-in"

    async def offer(self, tx: Transaction, enrolment_id: str, account_id: str) -> tuple[str, AppOffer, datetime]:
        """A new pairing in place of every other one of this screen: its id, its code, and until when that works."""
        await self.revoke(tx, enrolment_id)
        pairing_id, now = uuid4().hex, self._clock()
        code, digits = new_code(), new_digits()
        await tx.connection.execute(
            insert(pairings).values(
                id=pairing_id,
                enrolment_id=enrolment_id,
                account_id=account_id,
                code_sha256=_sha256(code),
                digits_mac=self._mac(digits),
                state="shown",
                issued_at=now,
                expires_at=now + LIFETIME,
            )
        )
        return pairing_id, offer(self._public_url, code, digits), now + LIFETIME

    async def revoke(self, tx: Transaction, enrolment_id: str) -> bool:
        """Nothing of this screen can be paired any more; whether something could."""
        still = (pairings.c.state.in_(UNDER_WAY), pairings.c.expires_at > self._clock())
        change = update(pairings).where(pairings.c.enrolment_id == enrolment_id, *still).values(state="revoked")
        return bool((await tx.connection.execute(change)).rowcount)

    # ---------------------------------------------------------------------------------------------------- finding

    async def by_code(self, connection: AsyncConnection, code: str) -> Pairing | None:
        """``code`` as ``read_code`` gives it."""
        return await self._found(connection, pairings.c.code_sha256 == _sha256(code))

    async def by_digits(self, connection: AsyncConnection, digits: str) -> Pairing | None:
        """Only while it is shown: digits are few, and come back."""
        shown = (pairings.c.state == "shown", pairings.c.expires_at > self._clock())
        return await self._found(connection, pairings.c.digits_mac == self._mac(digits), *shown)

    async def by_phone(self, connection: AsyncConnection, token: Secret) -> Pairing | None:
        """The one that this phone's browser has claimed."""
        return await self._found(connection, pairings.c.phone_sha256 == _sha256(token.reveal()))

    async def by_id(self, connection: AsyncConnection, pairing_id: str) -> Pairing | None:
        return await self._found(connection, pairings.c.id == pairing_id)

    async def _found(self, connection: AsyncConnection, *conditions: ColumnElement[bool]) -> Pairing | None:
        row: Any = (await connection.execute(select(*_COLUMNS).where(*conditions))).first()
        return Pairing(**row._mapping) if row else None

    # ----------------------------------------------------------------------------------------------------- moving

    async def claim(self, tx: Transaction, pairing: Pairing, phone: Phone, trip: RoundTrip) -> Secret | None:
        """What this phone's browser is known by from now on; None when another one was faster, or time was."""
        token = Secret(secrets.token_urlsafe(32))
        sealed = self._keys.seal(f"round trip {pairing.id}", msgspec.json.encode(trip))
        more = {"phone_sha256": _sha256(token.reveal()), "sealed_trip": sealed}
        moved = await self.move(tx, pairing, "claimed", model=phone.model, platform=phone.platform, **more)
        return token if moved else None

    async def move(self, tx: Transaction, pairing: Pairing, state: State, **more: object) -> bool:
        """From where it was found to ``state``; False when it is there no more."""
        now = self._clock()
        still = (pairings.c.id == pairing.id, pairings.c.state == pairing.state, pairings.c.expires_at > now)
        values = {"state": state, "expires_at": now + _NEXT.get(state, timedelta()), **more}
        return bool((await tx.connection.execute(update(pairings).where(*still).values(values))).rowcount == 1)

    def trip_of(self, pairing: Pairing) -> RoundTrip:
        """What the phone was sent to its provider with."""
        sealed = pairing.sealed_trip or b""
        return msgspec.json.decode(self._keys.unseal(f"round trip {pairing.id}", sealed), type=RoundTrip)

    def _mac(self, digits: str) -> bytes:
        return self._keys.mac("pairing digits", digits.encode())


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
