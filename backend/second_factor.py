"""The phone's one-time codes (RFC 6238) and the recovery codes for the day it is lost.

A key counts only once a code of it was given. It is sealed in the database under a key kept outside; recovery
codes are kept as
HMAC. A code works once: the last time step used is remembered (RFC 6238 §5.2; pyotp would take the same code twice).
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote

import pyotp
from msgspec import Struct
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.codes import ALPHABET
from api_client.contract import TotpOffer
from api_client.secret import Secret
from backend.clock import Clock
from backend.database.store import Transaction
from backend.database.tables import recovery_codes, second_factors
from backend.keys import Keys

STEP_SECONDS = 30
OFFER_LIFETIME = timedelta(minutes=10)
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=60)
RECOVERY_CODES = 10
RECOVERY_LENGTH = 13
"""Thirteen characters of five bits: 65 bits, more than the 64 that NIST SP 800-63B asks for."""
_WIDEST_DRIFT = 20
"""Steps on either side in which a wrong code is recognised as a phone whose clock is off (ten minutes)."""


class Verdict(Struct, frozen=True, kw_only=True):
    """What a typed code is worth. ``drift`` is in minutes, positive when the phone is ahead."""

    result: Literal["right", "wrong", "drift", "form", "wait", "over"]
    drift: int = 0
    wait_until: datetime | None = None


class SecondFactors:
    """Offers a key, confirms it by one code, makes recovery codes."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys, self._clock = keys, clock

    async def offer(self, tx: Transaction, account_id: str, login: str, issuer: str) -> TotpOffer:
        """A new unconfirmed key in place of an earlier unconfirmed one; the only time it leaves the backend."""
        key = pyotp.random_base32(32)
        await tx.connection.execute(delete(second_factors).where(second_factors.c.account_id == account_id))
        await tx.connection.execute(
            insert(second_factors).values(
                account_id=account_id,
                sealed_key=self._keys.seal(sealed_for(account_id), key.encode()),
                offered_at=self._clock(),
                tries=0,
            )
        )
        # Default parameters are left out: 6 digits, 30 s and SHA-1 are what every app assumes, and the code stays
        # small.
        uri = f"otpauth://totp/{quote(issuer)}:{quote(login)}?secret={key}&issuer={quote(issuer)}"
        return TotpOffer(uri=Secret(uri), key=Secret(key))

    async def withdraw(self, tx: Transaction, account_id: str) -> None:
        """The person wants none: the key on offer goes."""
        unconfirmed = (second_factors.c.account_id == account_id, second_factors.c.confirmed_at.is_(None))
        await tx.connection.execute(delete(second_factors).where(*unconfirmed))

    async def confirm(self, tx: Transaction, account_id: str, typed: Secret) -> Verdict:
        """Weigh a code against the key on offer; a right one makes it count."""
        code = "".join(c for c in typed.reveal() if not c.isspace())
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            return Verdict(result="form")
        query = select(second_factors).where(second_factors.c.account_id == account_id)
        row = (await tx.connection.execute(query)).first()
        now = self._clock()
        if row is None or (row.confirmed_at is None and now - row.offered_at > OFFER_LIFETIME):
            return Verdict(result="over")
        if row.waits_until and now < row.waits_until:
            return Verdict(result="wait", wait_until=row.waits_until)
        waits = None
        if row.tries + 1 >= FREE_TRIES:
            waits = now + FIRST_WAIT * 2 ** min(row.tries + 1 - FREE_TRIES, 6)
        change = update(second_factors).where(second_factors.c.account_id == account_id)
        await tx.connection.execute(change.values(tries=row.tries + 1, waits_until=waits))
        totp = pyotp.TOTP(self._keys.unseal(sealed_for(account_id), row.sealed_key).decode())
        offset = self._offset(totp, code, now)
        step = int(now.timestamp()) // STEP_SECONDS + (offset or 0)
        if offset is None or (row.last_step is not None and step <= row.last_step):
            return Verdict(result="wrong")
        if abs(offset) > 1:
            return Verdict(result="drift", drift=round(offset * STEP_SECONDS / 60) or (1 if offset > 0 else -1))
        await tx.connection.execute(
            change.values(confirmed_at=row.confirmed_at or now, last_step=step, tries=0, waits_until=None)
        )
        return Verdict(result="right")

    def _offset(self, totp: pyotp.TOTP, code: str, now: datetime) -> int | None:
        """By how many steps the phone that made this code is off; the nearest one first."""
        moment = int(now.timestamp())
        for distance in range(_WIDEST_DRIFT + 1):
            for offset in {distance, -distance}:
                if totp.verify(code, for_time=moment + offset * STEP_SECONDS, valid_window=0):
                    return offset
        return None

    async def renew_recovery_codes(self, tx: Transaction, account_id: str) -> tuple[Secret, ...]:
        """Ten new codes in place of the former ones; the only time they leave the backend."""
        codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
        await tx.connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
        rows = [{"account_id": account_id, "code_mac": self._recovery_mac(account_id, code)} for code in codes]
        await tx.connection.execute(insert(recovery_codes), rows)
        return tuple(Secret(_in_groups(code)) for code in codes)

    async def use_recovery_code(self, tx: Transaction, account_id: str, code: str) -> int | None:
        """Take ``code`` (canonical) instead of the phone's; how many are left, None when it is none of theirs or was
        used."""
        theirs = (recovery_codes.c.account_id == account_id, recovery_codes.c.used_at.is_(None))
        this = recovery_codes.c.code_mac == self._recovery_mac(account_id, code)
        used = await tx.connection.execute(update(recovery_codes).where(*theirs, this).values(used_at=self._clock()))
        if used.rowcount != 1:
            return None
        left = await tx.connection.execute(select(func.count()).select_from(recovery_codes).where(*theirs))
        return int(left.scalar_one())

    async def kind(self, connection: AsyncConnection, account_id: str) -> Literal["totp"] | None:
        """What is confirmed for this account."""
        query = select(second_factors.c.confirmed_at).where(second_factors.c.account_id == account_id)
        return "totp" if (await connection.execute(query)).scalar() else None

    def _recovery_mac(self, account_id: str, code: str) -> bytes:
        return self._keys.mac("recovery code", f"{account_id} {code}".encode())


def sealed_for(account_id: str) -> str:
    """What a phone's key is sealed for: it can be unsealed as nothing else."""
    return f"totp {account_id}"


def _in_groups(code: str, sizes: Sequence[int] = (4, 4, 5)) -> str:
    groups, start = [], 0
    for size in sizes:
        groups.append(code[start : start + size])
        start += size
    return "-".join(groups)
