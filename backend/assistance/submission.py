"""A request reaches the support desk. Nothing here asks whether the account exists, so nothing can tell (A-24)."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.contract import Locale
from backend import throttle
from backend.assistance.glossary import IDENTITIES, MOTIVES, PROFILES, said
from backend.assistance.identity import Identity, seal
from backend.assistance.number import next_number
from backend.assistance.request import Asking
from backend.database.store import Transaction
from backend.database.tables import assistance
from backend.fields import telephone
from backend.house import House
from backend.throttle import Allowance

_SUBMIT = insert(assistance)


async def is_too_much(house: House, connection: AsyncConnection, asking: Asking, source: str) -> bool:
    """Whether no more is taken today: for that address, or from that place (domain.md §3.4)."""
    waits = [
        await house.throttle.waiting(connection, allowance, whose) for allowance, whose in _allowances(asking, source)
    ]
    return any(waits)


async def submit(
    house: House, tx: Transaction, asking: Asking, identity: Identity, *, locale: Locale, source: str
) -> str:
    """The number of the new request. Its owner gets M8 at their personal address, the agents M12."""
    now = house.clock()
    for allowance, whose in _allowances(asking, source):
        await house.throttle.count(tx, allowance, whose)
    number = await next_number(tx.connection, now.astimezone(house.institution.zone).year)
    values: dict[str, Any] = {
        "number": number,
        "state": "submitted",
        "motive": asking.motive,
        "profile": asking.profile,
        "institutional_email": asking.institutional,
        "personal_email": asking.personal,
        "telephone": asking.telephone,
        "description": asking.description,
        "sealed_identity": seal(house.keys, identity),
        "locale": locale,
        "submitted_at": now,
        "calls": 0,
    }
    await tx.connection.execute(_SUBMIT, values)
    await house.audit.record(tx, actor="person", subject=number, action="assistance.submitted", channel="tui")
    await _tell(house, tx, asking, number, locale)
    return number


def _allowances(asking: Asking, source: str) -> tuple[tuple[Allowance, str], ...]:
    return (throttle.ASSISTANCE, asking.institutional), (throttle.ASSISTANCE_SOURCE, source)


async def _tell(house: House, tx: Transaction, asking: Asking, number: str, locale: Locale) -> None:
    """The personal address was proved by nobody: its mail repeats nothing that was typed, and is one of a few a day."""
    if await house.throttle.count(tx, throttle.DESTINATION, asking.personal) is None:
        facts = {"number": number, "telephone": telephone.masked(asking.telephone)}
        await house.post.write(tx, kind="M8", recipient=asking.personal, locale=locale, facts=facts)
    ticket = {
        "number": number,
        "institutional": asking.institutional,
        "personal": asking.personal,
        "telephone": telephone.displayed(asking.telephone),
        "description": asking.description,
        "motive": said(MOTIVES[asking.motive], locale) if asking.motive else "",
        "profile": said(PROFILES[asking.profile], locale) if asking.profile else "",
        "identity": said(IDENTITIES[asking.profile], locale) if asking.profile else "",
    }
    await house.post.write(tx, kind="M12", recipient=house.institution.support_email, locale=locale, facts=ticket)
