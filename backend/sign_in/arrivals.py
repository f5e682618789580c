"""What happens to a screen that waits for a sign-in: it gets its code, its bad news, and in the end its person."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.store import Transaction
from backend.enrolments import nobody_s_waiting
from backend.house import House
from backend.progression import Progression, Stand, UnknownEnrolment
from backend.seats import renew_seats
from backend.sign_in.device_grant import DeviceCode
from backend.sign_in.identity import Identity
from backend.sign_in.people import account_of
from backend.sign_in.waiting import Why
from backend.situation import IDLE
from backend.stages.entry import seat_person
from backend.stages.sign_in import awaits_code
from backend.stages.stage import Stay

KIND = "sign_in"


class Arrivals:
    """The ``Screens`` of a house; what changes one is inside a transaction of the caller."""

    def __init__(self, house: House, progression: Progression) -> None:
        self._house, self._progression = house, progression

    async def promised(self, connection: AsyncConnection) -> list[str]:
        ids = await nobody_s_waiting(connection, self._house.clock() - IDLE)
        stands = [await self._waiting(connection, enrolment_id) for enrolment_id in ids]
        return [stand.s.record.id for stand in stands if stand and awaits_code(stand.s)]

    async def offered(self, tx: Transaction, enrolment_id: str, code: DeviceCode, expires_at: datetime) -> bool:
        values: dict[str, str | None] = {
            "user_code": code.user_code,
            "verification_uri": code.verification_uri,
            "verification_uri_complete": code.verification_uri_complete,
            "expires_at": expires_at.isoformat(),
        }
        return await self._show(tx, enrolment_id, values)

    async def troubled(self, tx: Transaction, enrolment_id: str, why: Why | None) -> bool:
        stand = await self._waiting(tx.connection, enrolment_id)
        if stand is None:
            return False
        values = stand.s.record.turn.values
        if values.get("why") == why:  # a code ends by itself; asking for one ends with the screen
            return not awaits_code(stand.s) or stand.s.now - stand.s.record.heard_at <= IDLE
        if why not in (None, "silent"):  # the code is of no use any more
            values = {}
        return await self._show(tx, enrolment_id, {**values, "why": why})

    async def arrived(self, tx: Transaction, enrolment_id: str, identity: Identity) -> None:
        stand = await self._waiting(tx.connection, enrolment_id)
        if stand is None:
            return
        account = await account_of(self._house, tx, identity)
        await self._house.audit.record(tx, actor="person", subject=account.id, action="login.sign_in.ok", channel="web")
        outcome = await seat_person(self._house, tx, stand.s, account)
        await renew_seats(tx, enrolment_id)
        await self._progression.follow(tx, stand, outcome)
        await self._progression.write(tx, stand)

    async def _show(self, tx: Transaction, enrolment_id: str, values: dict[str, str | None]) -> bool:
        stand = await self._waiting(tx.connection, enrolment_id)
        if stand is None:
            return False
        await self._progression.follow(tx, stand, Stay(values=values))
        await self._progression.write(tx, stand)
        return True

    async def _waiting(self, connection: AsyncConnection, enrolment_id: str) -> Stand | None:
        """The enrolment, if its screen still shows that it waits."""
        try:
            stand = await self._progression.load(connection, enrolment_id)
        except UnknownEnrolment:
            return None
        return stand if stand.s.record.status == "waiting" and stand.step.kind == KIND else None
