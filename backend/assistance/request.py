"""A request for help: what its owner says of it, and how far it is (domain.md §7.3).

::

    submitted ─▶ callback ─▶ unlocking ─▶ closed
                    ├─▶ rejected     the identity is not theirs
                    └─▶ closed       three calls without an answer, or helped in another way
"""

from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from msgspec import Struct
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.contract import Locale
from backend.database.store import Transaction
from backend.database.tables import assistance

Motive = Literal["blocked", "link", "activation"]
"""The account is blocked; no link was received; it cannot be activated."""
Profile = Literal["student", "staff"]
"""Who shows an INE, and who a birth date."""
State = Literal["submitted", "callback", "unlocking", "rejected", "closed"]

MOTIVES: tuple[Motive, ...] = get_args(Motive)
PROFILES: tuple[Profile, ...] = get_args(Profile)
WAITING: tuple[State, ...] = ("submitted", "callback", "unlocking")
"""For an agent."""
KEPT = timedelta(days=366)
"""A year (domain.md §14.2), and a whole one, so that no number of a year is given twice."""


class Asking(Struct, kw_only=True):
    """What was said so far at one screen, kept with its enrolment until the request has it."""

    motive: Motive | Literal[""] = ""
    profile: Profile | Literal[""] = ""
    institutional: str = ""
    """Lower case; nobody has looked whether there is such an account."""
    personal: str = ""
    telephone: str = ""
    """E.164."""
    description: str = ""
    number: str = ""
    """Once it is submitted; of the rest only the telephone is still known then."""

    def submitted_as(self, number: str) -> "Asking":
        """What its screen still shows: the rest is the agents' now."""
        return Asking(number=number, telephone=self.telephone)


class Request(Struct, frozen=True, kw_only=True):
    """One row of ``assistance``; nothing in it can be read as an INE or a birth date."""

    number: str
    state: State
    motive: Motive
    profile: Profile
    institutional_email: str
    personal_email: str
    telephone: str
    description: str
    sealed_identity: bytes
    locale: Locale
    submitted_at: datetime
    taken_at: datetime | None
    calls: int
    """Without an answer."""
    closed_at: datetime | None


async def find_request(connection: AsyncConnection, number: str) -> Request | None:
    """By its number in full."""
    row = (await connection.execute(select(assistance).where(assistance.c.number == number))).one_or_none()
    return _request(row) if row else None


async def list_requests(connection: AsyncConnection, states: tuple[State, ...]) -> list[Request]:
    """Those in one of ``states``, the one that has waited longest first."""
    query = select(assistance).where(assistance.c.state.in_(states)).order_by(assistance.c.submitted_at)
    return [_request(row) for row in await connection.execute(query)]


async def forget_requests(tx: Transaction, now: datetime) -> None:
    """Those closed a year ago, or never answered in one."""
    last = func.coalesce(assistance.c.closed_at, assistance.c.submitted_at, type_=assistance.c.submitted_at.type)
    await tx.connection.execute(delete(assistance).where(last < now - KEPT))


def _request(row: Any) -> Request:
    return Request(**row._mapping)
