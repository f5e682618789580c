"""What a phone's browser may do about a pairing: look, claim, sign in, answer. Each act moves the computer's screen.

Looking changes nothing: whatever scans a QR code may fetch its address before a person does.
"""

import asyncio
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Literal
from weakref import WeakValueDictionary

import structlog

from api_client.secret import Secret
from backend import throttle
from backend.database.store import Transaction
from backend.house import House
from backend.pairing.codes import read_code, read_digits
from backend.pairing.desk import Desk
from backend.pairing.devices import add_device
from backend.pairing.pairings import CONFIRM_WITHIN, UNDER_WAY, Pairing, Phone, State
from backend.progression import Progression, Stand
from backend.sign_in.device_grant import Refusal
from backend.sign_in.identity import Identity, NoAddress
from backend.sign_in.issuer import Issuer, RoundTrip
from backend.sign_in.wire import IssuerDistrusted, IssuerUnavailable
from backend.situation import Account
from backend.stages.pairing_way import back_to_the_code, place_of
from backend.stages.stage import Onward, To

Standing = State | Literal["late", "desktop_lost"]
"""What the phone is told: the pairing's state, unless nobody waits for it any more."""

PairingAction = Literal["pairing.claimed", "pairing.paired", "pairing.refused"]

_INSIST_SECONDS = 20
"""How long a browser is kept that comes back while the database is busy: what it brings works once."""
_DECLINED = ("access_denied", "authorization_declined")
_log = structlog.get_logger()


class TooManyDigits(Exception):
    """Too many wrong codes were typed from here."""


@dataclass(frozen=True)
class Claimed:
    """This phone has the code now: what its browser is known by, and where it goes to sign in."""

    token: Secret
    sign_in_address: str


class Phones:
    """Joins the phone's pages to the enrolments. Where an issuer is asked, IssuerUnavailable may be raised."""

    def __init__(self, house: House, progression: Progression) -> None:
        self._house, self._desk = house, Desk(progression)
        self._returns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One return of a phone at a time, so that a page loaded twice is redeemed once."""

    @property
    def issuer(self) -> Issuer:
        if self._house.sign_ins is None:
            raise IssuerUnavailable("none was named")
        return self._house.sign_ins.issuer

    # -------------------------------------------------------------------------------------- before anything is said

    async def is_open(self, text: str) -> bool:
        """Whether this address pairs a phone now."""
        code = read_code(text)
        if code is None:
            return False
        async with self._house.store.read() as connection:
            pairing = await self._house.pairings.by_code(connection, code)
            if pairing is None or pairing.state != "shown" or pairing.is_over(self._house.clock()):
                return False
            return await self._desk.of(connection, pairing) is not None

    async def claim(self, text: str, phone: Phone) -> Claimed | None:
        """The address was opened on this phone, and its button pressed. None when it pairs nothing any more."""
        code = read_code(text)
        return await self._claim(code, phone, by_digits=False) if code else None

    async def claim_by_digits(self, typed: str, phone: Phone, source: str) -> Claimed | None:
        """The nine digits were typed instead; a wrong try counts before it is weighed. Raises TooManyDigits."""
        house, digits = self._house, read_digits(typed)
        if digits is None:
            return None
        async with house.store.write() as tx:
            if await house.throttle.count(tx, throttle.PAIRING_DIGITS, source):
                raise TooManyDigits
        claimed = await self._claim(digits, phone, by_digits=True)
        if claimed:
            async with house.store.write() as tx:
                await house.throttle.give_back(tx, throttle.PAIRING_DIGITS, source)
        return claimed

    async def _claim(self, code: str, phone: Phone, *, by_digits: bool) -> Claimed | None:
        house, trip = self._house, RoundTrip.new()
        address = await self.issuer.sign_in_address(trip, house.pairings.return_address)
        async with house.store.write() as tx:
            find = house.pairings.by_digits if by_digits else house.pairings.by_code
            pairing = await find(tx.connection, code)
            if pairing is None or pairing.state != "shown":
                return None
            stand = await self._desk.of(tx.connection, pairing)
            token = await house.pairings.claim(tx, pairing, phone, trip) if stand else None
            if stand is None or token is None:
                return None
            await self._record(tx, pairing, "pairing.claimed")
            values = {"pairing": pairing.id, "back": stand.s.record.turn.values["back"]}
            await self._desk.move(tx, stand, To(place_of(stand.s.journey, "pending", "phone_sign_in"), values=values))
        return Claimed(token, address)

    # ---------------------------------------------------------------------------------------------- after signing in

    async def sign_in_address(self, token: Secret) -> str:
        """Where this phone goes to sign in, once more; empty when it has nothing to sign in for."""
        house = self._house
        async with house.store.read() as connection:
            pairing = await house.pairings.by_phone(connection, token)
        if pairing is None or pairing.state != "claimed":
            return ""
        return await self.issuer.sign_in_address(house.pairings.trip_of(pairing), house.pairings.return_address)

    async def return_from_issuer(self, token: Secret, said: Mapping[str, str]) -> bool:
        """The browser comes back from its provider. False when it was not sent there by us."""
        async with self._house.store.read() as connection:
            pairing = await self._house.pairings.by_phone(connection, token)
        if pairing is None:
            return False
        async with self._returns.setdefault(pairing.id, asyncio.Lock()):
            return await self._come_back(token, said)

    async def _come_back(self, token: Secret, said: Mapping[str, str]) -> bool:
        house = self._house
        async with house.store.read() as connection:
            pairing = await house.pairings.by_phone(connection, token)
        if pairing is None:
            return False
        if pairing.state != "claimed":  # it came back before, or the computer did not wait: ``standing`` tells
            return True
        trip = house.pairings.trip_of(pairing)
        if not hmac.compare_digest(said.get("state", "").encode(), trip.state.encode()):
            return False
        answer, patience_until = await self._identity(said, trip), monotonic() + _INSIST_SECONDS
        await house.store.insist(lambda tx: self._told(tx, pairing, answer), lambda: monotonic() < patience_until)
        return True

    async def _identity(self, said: Mapping[str, str], trip: RoundTrip) -> Identity | Refusal:
        if "code" not in said:
            return "declined" if said.get("error") in _DECLINED else "bad_code"
        try:
            return await self.issuer.redeem(said["code"], trip, self._house.pairings.return_address)
        except (IssuerDistrusted, NoAddress) as error:
            _log.error("issuer_distrusted", why=str(error) or type(error).__name__)
            return "bad_code"

    async def _told(self, tx: Transaction, pairing: Pairing, answer: Identity | Refusal) -> None:
        """What the provider said of whoever holds this phone."""
        stand = await self._desk.of(tx.connection, pairing)
        if stand is None or pairing.is_over(self._house.clock()):
            await self._house.pairings.move(tx, pairing, "revoked")
        elif isinstance(answer, Identity):
            await self._signed_in(tx, stand, pairing, answer)
        else:
            await self._refuse(tx, stand, pairing, "declined" if answer == "declined" else "failed", answer)

    async def _signed_in(self, tx: Transaction, stand: Stand, pairing: Pairing, identity: Identity) -> None:
        """The same person on both, or nobody: the code carries no name, so this is what says whose phone it is."""
        if not _is(stand.s.known, identity):
            await self._refuse(tx, stand, pairing, "mismatch", "mismatch")
            return
        if not await self._house.pairings.move(tx, pairing, "signed_in"):
            return
        values = {
            **stand.s.record.turn.values,
            "model": pairing.model,
            "platform": pairing.platform,
            "until": (stand.s.now + CONFIRM_WITHIN).isoformat(),
        }
        await self._desk.move(tx, stand, To(place_of(stand.s.journey, "device_confirmation"), values=values))

    async def _refuse(self, tx: Transaction, stand: Stand, pairing: Pairing, state: State, why: str) -> None:
        if await self._house.pairings.move(tx, pairing, state):
            await self._record(tx, pairing, "pairing.refused", why)
            await self._desk.move(tx, stand, back_to_the_code(stand.s, why))

    # ------------------------------------------------------------------------------------------------------ the end

    async def standing(self, token: Secret) -> Standing | None:
        """What this phone waits for, or how it ended; None for a phone that has claimed nothing."""
        house = self._house
        async with house.store.read() as connection:
            pairing = await house.pairings.by_phone(connection, token)
            if pairing is None or pairing.state not in UNDER_WAY:
                return pairing.state if pairing else None
            if pairing.is_over(house.clock()):
                return "late"
            return pairing.state if await self._desk.of(connection, pairing) else "desktop_lost"

    async def answer(self, token: Secret, *, biometric: bool) -> None:
        """Whether the application is opened by face or finger. Either way the phone is paired; once."""
        house = self._house
        async with house.store.write() as tx:
            pairing = await house.pairings.by_phone(tx.connection, token)
            if pairing is None or pairing.state != "confirmed":
                return
            stand = await self._desk.of(tx.connection, pairing)
            if stand is None or not await house.pairings.move(tx, pairing, "paired"):
                return
            device = await add_device(house, tx, pairing, biometric=biometric)
            await self._record(tx, pairing, "pairing.paired")
            account = stand.s.known
            await house.post.write(
                tx,
                kind="M11",
                recipient=account.institutional_email,
                locale=stand.s.record.locale,
                account_id=account.id,
                facts={"phone_id": device.id, "model": device.model or stand.s.say("phone_unnamed")},
            )
            stand.s.note_change("phone_paired")
            await self._desk.move(tx, stand, Onward())

    async def _record(self, tx: Transaction, pairing: Pairing, action: PairingAction, result: str = "ok") -> None:
        await self._house.audit.record(
            tx, actor="person", subject=pairing.account_id, action=action, channel="web", result=result
        )


def _is(account: Account, identity: Identity) -> bool:
    return hmac.compare_digest(account.person.id, identity.key)
