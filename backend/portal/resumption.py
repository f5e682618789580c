"""Asks the company register again, and takes people up where they had to wait for it.

Whoever is still at the screen goes on without a key; whoever left is written to (M14), with a code to come back by.
What waits is in the database, so a restart loses nothing (``inquiries``).
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog

from backend import throttle
from backend.accounts import save_account
from backend.background import one_round
from backend.database.store import StoreUnavailable, Transaction
from backend.enrolments import save_record
from backend.errands.catalogue import WAYS_IN
from backend.errands.way_in import Wanted
from backend.fields import siret
from backend.house import House
from backend.portal.establishments import look_up
from backend.portal.inquiries import Inquiry
from backend.portal.register import RegisterUnavailable
from backend.portal.registrants import take_registrant
from backend.portal.registration import Site
from backend.progression import Progression, Stand, UnknownEnrolment
from backend.situation import LIVING, Situation

SWEEP_SECONDS = 30.0
"""Another process may have asked something."""
_THERE = timedelta(seconds=90)
"""A screen asks for changes every 25 s; one that has been silent this long was left."""

_log = structlog.get_logger()


class Resumption:
    """Looks again whenever something is due."""

    def __init__(self, house: House, progression: Progression) -> None:
        self._house, self._progression = house, progression
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        house.inquiries.on_asked = self._news.set

    def start(self) -> None:
        self._task = asyncio.create_task(self._look_now_and_then())

    async def stop(self) -> None:
        """What is unanswered stays for the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _look_now_and_then(self) -> None:
        while True:
            self._news.clear()
            pause = SWEEP_SECONDS
            with one_round("register_inquiries"):
                pause = await self.look_again()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), pause)

    async def look_again(self) -> float:
        """One round: what is due is asked. Seconds until something is due again."""
        house = self._house
        async with house.store.read() as connection:
            due = await house.inquiries.due(connection)
        for inquiry in due:
            await self._ask(inquiry)
        async with house.store.read() as connection:
            next_try = await house.inquiries.next_try(connection)
        left = (next_try - house.clock()).total_seconds() if next_try else SWEEP_SECONDS
        return min(max(left, 0.0), SWEEP_SECONDS)

    async def _ask(self, inquiry: Inquiry) -> None:
        house = self._house
        try:
            sites = await look_up(house, inquiry.number)
            async with house.store.write() as tx:
                if await house.inquiries.withdraw(tx, inquiry.id):
                    await self._answer(tx, inquiry, sites)
        except RegisterUnavailable as unavailable:
            await self._put_off(inquiry, unavailable.retry_after, asked=unavailable.asked)
        except StoreUnavailable:  # which could not put it off either
            raise
        except Exception as fault:  # noqa: BLE001 - of one of them: the others, which come after it, have none
            _log.error("register_inquiry_failed", error=type(fault).__name__, exc_info=fault)
            await self._put_off(inquiry, timedelta())

    async def _put_off(self, inquiry: Inquiry, at_least: timedelta, *, asked: bool = True) -> None:
        async with self._house.store.write() as tx:
            await self._house.inquiries.put_off(tx, inquiry, at_least, asked=asked)

    async def _answer(self, tx: Transaction, inquiry: Inquiry, sites: tuple[Site, ...]) -> None:
        try:
            stand = await self._progression.load(tx.connection, inquiry.enrolment_id)
        except UnknownEnrolment:
            return
        s = stand.s
        said = s.registration
        if said.inquiry != inquiry.id or said.type == "":
            return
        said.name_establishment(said.type, said.number, sites)
        await save_record(tx, s.record)
        if s.account:
            await save_account(tx, s.account)
        if _is_there(stand):  # the screen moves by itself when it looks
            tx.after_commit(partial(self._house.changes.tell, s.record.id))
        else:
            await self._write(tx, s)

    async def _write(self, tx: Transaction, s: Situation) -> None:
        """To whoever left: what they said is kept for the account of their address."""
        house, said = self._house, s.registration
        if said.identity is None:
            return
        account = s.account or await take_registrant(house, tx, said.identity.email)
        if account.status != "inactive" or await house.throttle.count(tx, throttle.DESTINATION, said.identity.email):
            return
        wanted = Wanted(
            address=said.identity.email,
            number=None,
            asked_at=s.now,
            enrolment_id=s.record.id,
            locale=s.record.locale,
            facts={"called": said.identity.called, "number": siret.displayed(said.number)},
        )
        await WAYS_IN["registration"].issue(house, tx, wanted, account, wanted.address, "M14")


def _is_there(stand: Stand) -> bool:
    """Whether somebody is at the screen that waits for this."""
    record = stand.s.record
    awaited = stand.step.kind == "pending" and stand.step.awaits == "register"
    return awaited and record.status in LIVING and stand.s.now - record.heard_at <= _THERE
