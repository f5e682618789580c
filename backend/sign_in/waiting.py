"""Waiting for people to sign in with their browser: a code for each, and the provider asked until it knows who it was.

One task an enrolment. What it needs to go on is in the database, so a restart takes every sign-in up where it was,
with a code or still without one; and each question is claimed there first, so that two processes never ask faster than
the provider allows.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.secret import Secret
from backend.clock import Clock
from backend.database.store import Store, StoreUnavailable, Transaction
from backend.database.tables import sign_ins
from backend.keys import Keys
from backend.sign_in.device_grant import DeviceCode, Refusal
from backend.sign_in.identity import Identity, NoAddress
from backend.sign_in.issuer import Issuer
from backend.sign_in.wire import IssuerDistrusted, IssuerUnavailable

SLOWER = 5
"""Seconds more between two questions after « slow_down », for good (RFC 8628 §3.5)."""
_FIRST_PAUSE, _LONGEST_PAUSE = 2, 60
"""Seconds, while the provider does not answer."""

Why = Literal["declined", "bad_code", "expired", "silent", "distrusted", "no_address"]
"""What is wrong: the sentence ``sign_in_WHY`` tells it. After ``silent`` it is tried again."""

_log = structlog.get_logger()


class Screens(Protocol):
    """Whoever shows it: each is told inside a transaction, and does nothing when the screen is elsewhere by now."""

    async def promised(self, connection: AsyncConnection) -> list[str]:
        """The screens, heard of lately, that wait for a code and have none yet."""

    async def offered(self, tx: Transaction, enrolment_id: str, code: DeviceCode, expires_at: datetime) -> bool:
        """Here is the code to type. False when nobody waits for it any more."""

    async def troubled(self, tx: Transaction, enrolment_id: str, why: Why | None) -> bool:
        """Something is wrong, or is right again. False when nobody waits any more."""

    async def arrived(self, tx: Transaction, enrolment_id: str, identity: Identity) -> None:
        """Somebody signed in."""


class SignIns:
    """The sign-ins under way at one issuer."""

    screens: Screens

    def __init__(self, store: Store, keys: Keys, clock: Clock, issuer: Issuer) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        self.issuer = issuer
        self._attended: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Take up what an earlier life left."""
        async with self._store.read() as connection:
            ids = (await connection.execute(select(sign_ins.c.enrolment_id))).scalars().all()
            promised = await self.screens.promised(connection)
        for enrolment_id in ids:
            self._attend(enrolment_id, self._until_known(enrolment_id))
        for enrolment_id in promised:
            self.begin(enrolment_id)

    async def stop(self) -> None:
        """What is unfinished stays for the next start."""
        tasks = list(self._attended.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.issuer.close()

    def begin(self, enrolment_id: str) -> None:
        """A new code for this screen, in place of any before; the screen is told when it is there."""
        self._attend(enrolment_id, self._from_the_start(enrolment_id))

    async def withdraw(self, tx: Transaction, enrolment_id: str) -> None:
        """Nobody waits any more."""
        await tx.connection.execute(delete(sign_ins).where(sign_ins.c.enrolment_id == enrolment_id))
        tx.after_commit(lambda: self._leave(enrolment_id))

    # ------------------------------------------------------------------------------------------------- the tasks

    def _attend(self, enrolment_id: str, work: Any) -> None:
        self._leave(enrolment_id)
        task = asyncio.create_task(work)
        self._attended[enrolment_id] = task
        task.add_done_callback(lambda done: self._forget(enrolment_id, done))

    def _leave(self, enrolment_id: str) -> None:
        task = self._attended.pop(enrolment_id, None)
        if task and task is not asyncio.current_task():
            task.cancel()

    def _forget(self, enrolment_id: str, task: "asyncio.Task[None]") -> None:
        if self._attended.get(enrolment_id) is task:
            del self._attended[enrolment_id]
        if not task.cancelled() and (error := task.exception()):
            _log.error("sign_in_failed", error=type(error).__name__, exc_info=error)

    async def _from_the_start(self, enrolment_id: str) -> None:
        pause = _FIRST_PAUSE
        while not await self._fetched(enrolment_id):
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        await self._until_known(enrolment_id)

    async def _fetched(self, enrolment_id: str) -> bool:
        try:
            return await self.fetch(enrolment_id)
        except StoreUnavailable:
            return False

    async def _until_known(self, enrolment_id: str) -> None:
        pause: float | None = 0.0
        while pause is not None:
            await asyncio.sleep(pause)
            pause = await self.ask(enrolment_id)

    # ------------------------------------------------------------------------------------ what they do each time

    async def fetch(self, enrolment_id: str) -> bool:
        """Ask for a code once. False when the provider is silent and the screen is there: try again."""
        try:
            code = await self.issuer.new_device_code()
        except IssuerUnavailable:
            return not await self._tell(enrolment_id, "silent")
        except IssuerDistrusted as error:
            await self._give_up(enrolment_id, error)
            return True
        now = self._clock()
        expires_at = now + timedelta(seconds=code.expires_in)
        values = {
            "enrolment_id": enrolment_id,
            "sealed_device_code": self._keys.seal(_sealed_for(enrolment_id), code.device_code.reveal().encode()),
            "interval": code.interval,
            "next_poll_at": now + timedelta(seconds=code.interval),
            "expires_at": expires_at,
        }
        async with self._store.write() as tx:
            await tx.connection.execute(delete(sign_ins).where(sign_ins.c.enrolment_id == enrolment_id))
            if await self.screens.offered(tx, enrolment_id, code, expires_at):
                await tx.connection.execute(insert(sign_ins).values(values))
        return True

    async def ask(self, enrolment_id: str) -> float | None:
        """Ask once, if it is time. Seconds until the next question; None when there is none."""
        try:
            async with self._store.write() as tx:
                row = await self._claimed(tx, enrolment_id)
            if isinstance(row, float) or row is None:
                return row
            return await self._weigh(enrolment_id, row)
        except StoreUnavailable:
            return float(_FIRST_PAUSE)

    async def _claimed(self, tx: Transaction, enrolment_id: str) -> Any:
        """The row whose question is ours to ask now; else how long to wait, or None when it is over."""
        now, this = self._clock(), sign_ins.c.enrolment_id == enrolment_id
        row = (await tx.connection.execute(select(sign_ins).where(this))).first()
        if row is None:
            return None
        if row.expires_at <= now:
            await self._end(tx, enrolment_id, "expired")
            return None
        if row.next_poll_at > now:
            return (row.next_poll_at - now).total_seconds()
        later = now + timedelta(seconds=row.interval)
        await tx.connection.execute(update(sign_ins).where(this).values(next_poll_at=later))
        return row

    async def _weigh(self, enrolment_id: str, row: Any) -> float | None:
        device_code = self._keys.unseal(_sealed_for(enrolment_id), row.sealed_device_code)
        try:
            answer = await self.issuer.ask(Secret(device_code.decode()))
        except IssuerUnavailable:
            await self._tell(enrolment_id, "silent")
            return float(min(row.interval * 2, _LONGEST_PAUSE))
        except IssuerDistrusted as error:
            await self._give_up(enrolment_id, error)
        except NoAddress:
            await self._ended(enrolment_id, "no_address")
        else:
            if not isinstance(answer, Identity):
                return await self._not_yet(enrolment_id, row, answer)
            await self._arrive(enrolment_id, answer)
        return None

    async def _not_yet(self, enrolment_id: str, row: Any, answer: Refusal) -> float | None:
        if answer in ("declined", "bad_code", "expired"):
            await self._ended(enrolment_id, answer)
            return None
        interval: int = row.interval
        if answer == "slow_down":
            interval += SLOWER
            async with self._store.write() as tx:
                change = update(sign_ins).where(sign_ins.c.enrolment_id == enrolment_id)
                later = self._clock() + timedelta(seconds=interval)
                await tx.connection.execute(change.values(interval=interval, next_poll_at=later))
        if await self._tell(enrolment_id, None):
            return float(interval)
        await self._ended(enrolment_id, None)
        return None

    async def _arrive(self, enrolment_id: str, identity: Identity) -> None:
        """The provider says once who it was: however long the database takes, it is not asked again."""

        async def let_in(tx: Transaction) -> None:
            gone = await tx.connection.execute(delete(sign_ins).where(sign_ins.c.enrolment_id == enrolment_id))
            if gone.rowcount == 1:
                await self.screens.arrived(tx, enrolment_id, identity)

        await self._store.insist(let_in)

    async def _give_up(self, enrolment_id: str, error: IssuerDistrusted) -> None:
        _log.error("issuer_distrusted", why=str(error))
        await self._ended(enrolment_id, "distrusted")

    async def _ended(self, enrolment_id: str, why: Why | None) -> None:
        async with self._store.write() as tx:
            await self._end(tx, enrolment_id, why)

    async def _end(self, tx: Transaction, enrolment_id: str, why: Why | None) -> None:
        await tx.connection.execute(delete(sign_ins).where(sign_ins.c.enrolment_id == enrolment_id))
        await self.screens.troubled(tx, enrolment_id, why)

    async def _tell(self, enrolment_id: str, why: Why | None) -> bool:
        async with self._store.write() as tx:
            return await self.screens.troubled(tx, enrolment_id, why)


def _sealed_for(enrolment_id: str) -> str:
    return f"device code {enrolment_id}"
