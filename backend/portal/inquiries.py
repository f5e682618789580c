"""Questions that the company register could not answer: kept in the database until it does (domain.md §8.7)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.clock import Clock
from backend.database.store import Transaction
from backend.database.tables import inquiries

_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900))
"""Before each next try, the last one for ever; the register may ask for longer."""


class Inquiry(Struct, frozen=True, kw_only=True):
    """One row of ``inquiries``."""

    id: str
    enrolment_id: str
    """The last screen that waited for it."""
    number: str
    """SIREN or SIRET."""
    tries: int
    next_try_at: datetime


class Inquiries:
    """Asks, withdraws, finds what is due; ``resumption`` does the asking again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.on_asked: Callable[[], None] = lambda: None
        """Told once a new one is committed."""

    async def ask(self, tx: Transaction, enrolment_id: str, number: str) -> str:
        """The id of the new inquiry, whose first try has just failed."""
        inquiry = Inquiry(
            id=uuid4().hex, enrolment_id=enrolment_id, number=number, tries=0, next_try_at=self._clock() + _PAUSES[0]
        )
        values = {name: getattr(inquiry, name) for name in Inquiry.__struct_fields__}
        await tx.connection.execute(insert(inquiries).values(values))
        tx.after_commit(self.on_asked)
        return inquiry.id

    async def withdraw(self, tx: Transaction, inquiry_id: str) -> bool:
        """It is answered, or of no use any more. Exactly one caller is told True."""
        return bool((await tx.connection.execute(delete(inquiries).where(inquiries.c.id == inquiry_id))).rowcount == 1)

    async def wait_at(self, tx: Transaction, inquiry_id: str, enrolment_id: str) -> bool:
        """Another screen of the same person now waits for it; False where it is none any more."""
        moved = update(inquiries).where(inquiries.c.id == inquiry_id).values(enrolment_id=enrolment_id)
        return bool((await tx.connection.execute(moved)).rowcount == 1)

    async def put_off(self, tx: Transaction, inquiry: Inquiry, at_least: timedelta, *, asked: bool = True) -> None:
        """Still no answer: try again later, and not before ``at_least``. Where the register was not even asked that
        was no try, and the pause does not grow."""
        tries = inquiry.tries + 1 if asked else inquiry.tries
        pause = max(at_least, _PAUSES[min(tries, len(_PAUSES) - 1) if asked else 0])
        values = {"tries": tries, "next_try_at": self._clock() + pause}
        await tx.connection.execute(update(inquiries).where(inquiries.c.id == inquiry.id).values(values))

    async def due(self, connection: AsyncConnection) -> list[Inquiry]:
        """What may be tried now, the longest due first."""
        columns = (inquiries.c[name] for name in Inquiry.__struct_fields__)
        query = select(*columns).where(inquiries.c.next_try_at <= self._clock()).order_by(inquiries.c.next_try_at)
        return [Inquiry(**row._mapping) for row in await connection.execute(query)]

    async def next_try(self, connection: AsyncConnection) -> datetime | None:
        """When something is due next."""
        query = select(inquiries.c.next_try_at).order_by(inquiries.c.next_try_at).limit(1)
        return (await connection.execute(query)).scalar_one_or_none()
