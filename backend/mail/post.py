"""The post office: mails are written in the transaction of the act they announce, and leave afterwards, durably.

A kill at any moment loses no mail: what was committed and not handed over is found again by a sweep; what was handed
over goes on by itself (``durable``). One that comes between a mail server's last word and our noting it may send one
more copy, with the same link, the same code and the same Message-ID.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import nulls_last, or_, select

from api_client.contract import Locale
from backend.background import one_round
from backend.clock import Clock
from backend.database.rows import as_text
from backend.database.store import Store, Transaction
from backend.database.tables import mails
from backend.institution import Institution
from backend.keys import Keys
from backend.mail.carriers import Carrier
from backend.mail.composition import Kind
from backend.mail.delivery import GIVE_UP_AFTER, Delivery, OnOutcome
from backend.mail.durable import Durable, durable_url
from backend.proofs import Proofs

PAUSES = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds before each next try, the last one until the mail is useless (security.md §5: until the deadline)."""
SWEEP_SECONDS = 30.0
ROOM = 200
"""How many mails may be on their way before those of an import wait for a later sweep."""

_log = structlog.get_logger()


class Post:
    """Writes mails and sees to it that they leave."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        proofs: Proofs,
        institution: Institution,
        *,
        data: Path,
        carrier: Carrier,
        clock: Clock,
        public_url: str,
        on_outcome: OnOutcome,
        executor: str = "embedded",
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """``executor`` names this process among those that share the database, the same after a restart."""
        self._store, self._clock = store, clock
        self._delivery = Delivery(
            store, keys, proofs, institution, carrier=carrier, clock=clock, public_url=public_url, on_outcome=on_outcome
        )
        self._durable = Durable(
            url=durable_url(store.url, data), executor=executor, attempt=self._attempt, note=self._note, pauses=pauses
        )
        self._on_their_way: set[str] = set()
        self._some_wait = False
        self._look_again = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = False

    async def start(self) -> None:
        """Takes up what an earlier life left, then waits for more."""
        await self._durable.start()
        self._open = True
        self._spawn(self._sweep_now_and_then())

    async def stop(self) -> None:
        """In well under a second; what is unfinished stays for the next start."""
        self._open = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._durable.stop()

    async def write(
        self,
        tx: Transaction,
        *,
        kind: Kind,
        recipient: str,
        locale: Locale,
        account_id: str | None = None,
        proof_id: str | None = None,
        not_after: datetime | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> str:
        """The new mail's id. It leaves once ``tx`` is committed, outside the answer's way, and never if it is not.

        ``facts``: what it tells beside the account, which its template calls by these names.
        """
        mail_id = uuid4().hex
        await tx.connection.execute(
            mails.insert().values(
                id=mail_id,
                kind=kind,
                recipient=recipient,
                locale=locale,
                account_id=account_id,
                proof_id=proof_id,
                written_at=self._clock(),
                not_after=not_after,
                reason="",
                facts=as_text(dict(facts or {})),
            )
        )
        tx.after_commit(lambda: self._post(mail_id, awaited=kind != "M1"))
        return mail_id

    def _post(self, mail_id: str, *, awaited: bool) -> None:
        """Hand over now, unless a whole import is on its way already: only somebody at a screen goes before it."""
        if not self._open:
            return
        if not awaited and len(self._on_their_way) >= ROOM:
            self._some_wait = True
            return
        self._on_their_way.add(mail_id)
        self._spawn(self._hand_over(mail_id))

    async def _hand_over(self, mail_id: str) -> None:
        try:
            await self._durable.hand_over(mail_id)
        except Exception as error:  # noqa: BLE001 - the row is there, and the next sweep tries again
            self._on_their_way.discard(mail_id)
            _log.error("mail_not_handed_over", mail=mail_id, error=type(error).__name__)

    async def _attempt(self, mail_id: str) -> str:
        self._on_their_way.add(mail_id)  # one that DBOS took up by itself after a restart
        return await self._delivery.attempt(mail_id)

    async def _note(self, mail_id: str, verdict: str) -> bool:
        if not await self._delivery.note(mail_id, verdict):
            return False
        self._on_their_way.discard(mail_id)
        if self._some_wait:
            self._look_again.set()
        return True

    async def _sweep_now_and_then(self) -> None:
        while True:
            self._look_again.clear()
            with one_round("mail_sweep"):
                for mail_id in await self._left_behind():
                    self._on_their_way.add(mail_id)
                    await self._hand_over(mail_id)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_again.wait(), SWEEP_SECONDS)

    async def _left_behind(self) -> list[str]:
        """Those nobody is sending, the most urgent first, as many as there is room for."""
        now, under_way = self._clock(), frozenset(self._on_their_way)
        query = (
            select(mails.c.id)
            .where(mails.c.sent_at.is_(None), mails.c.refused_at.is_(None), mails.c.reason == "")
            .where(or_(mails.c.not_after >= now, mails.c.not_after.is_(None)))
            .where(mails.c.written_at >= now - GIVE_UP_AFTER)
            .order_by(nulls_last(mails.c.not_after), mails.c.written_at)
            .limit(ROOM + len(under_way) + 1)
        )
        async with self._store.read() as connection:
            ids = (await connection.execute(query)).scalars().all()
        waiting = [mail_id for mail_id in ids if mail_id not in under_way]
        room = max(0, ROOM - len(under_way))
        self._some_wait = len(waiting) > room
        return waiting[:room]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
