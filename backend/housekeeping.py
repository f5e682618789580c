"""What is no longer needed goes: throttles that forgot, and what domain.md §14.2 keeps for thirty days, or a year."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select

from backend.assistance.request import forget_requests
from backend.background import one_round
from backend.database.store import Transaction
from backend.database.tables import enrolments, hand_overs, inquiries, mails, pairings, proofs, seats, sign_ins
from backend.house import House
from backend.portal.registrants import forget_registrations
from backend.suspension import end_contracts

EVERY_SECONDS = 3600.0
KEPT = timedelta(days=30)


async def keep_house(house: House) -> None:
    """Once an hour, until it is cancelled."""
    while True:
        with one_round("housekeeping"):
            await _sweep(house)
        with one_round("ends_of_contracts"):
            await end_contracts(house)
        await asyncio.sleep(EVERY_SECONDS)


async def _sweep(house: House) -> None:
    async with house.store.write() as tx:
        await house.throttle.sweep(tx)
        await forget(tx, house.clock() - KEPT)
        await forget_registrations(tx, house.clock() - KEPT)
        await forget_requests(tx, house.clock())


async def forget(tx: Transaction, before: datetime) -> None:
    """Enrolments nobody saw since ``before``, proofs that ended before it, what hangs on them, mails about no account.

    The account, its draft and the audit stay; a person who comes back later still finds what they gave.
    """
    old = select(enrolments.c.id).where(enrolments.c.heard_at < before).scalar_subquery()
    for table in (seats, hand_overs, sign_ins, pairings, inquiries):
        await tx.connection.execute(delete(table).where(table.c.enrolment_id.in_(old)))
    await tx.connection.execute(delete(enrolments).where(enrolments.c.heard_at < before))
    over = or_(proofs.c.deadline < before, proofs.c.revoked_at < before)
    ended = select(proofs.c.id).where(over).scalar_subquery()
    of_nobody = and_(mails.c.account_id.is_(None), mails.c.proof_id.is_(None), mails.c.written_at < before)
    await tx.connection.execute(delete(mails).where(or_(mails.c.proof_id.in_(ended), of_nobody)))
    await tx.connection.execute(delete(proofs).where(over))
