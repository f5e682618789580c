"""What the operator knows already: its contacts, and the establishments that are members or training providers."""

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.addresses import comparable
from backend.database.tables import contacts, members
from backend.fields.siret import SIRET_DIGITS
from backend.portal.registration import Attached, EstablishmentType


class Member(Struct, frozen=True, kw_only=True):
    """One row of ``members``: an establishment may be there once as each type."""

    siret: str
    type: EstablishmentType
    number: str
    name: str
    idcc: str


async def sirets_of_contact(connection: AsyncConnection, email: str) -> tuple[str, ...] | None:
    """Every establishment whose contact has that address (domain.md §8.3, §3.5); None for nobody's."""
    found = select(contacts.c.sirets).where(contacts.c.email == comparable(email))
    sirets = (await connection.execute(found)).scalar_one_or_none()
    return None if sirets is None else msgspec.json.decode(sirets, type=tuple[str, ...])


async def members_of(connection: AsyncConnection, number: str) -> tuple[Member, ...]:
    """The members of that SIRET, or of that SIREN."""
    # A range rather than LIKE, which walks the whole table.
    first, last = number.ljust(SIRET_DIGITS, "0"), number.ljust(SIRET_DIGITS, "9")
    return await _members(connection, members.c.siret.between(first, last))


async def attachments_of_contact(connection: AsyncConnection, email: str) -> tuple[Attached, ...]:
    """Every establishment where that contact is referenced, as theirs (A-27, A-28)."""
    sirets = await sirets_of_contact(connection, email) or ()
    known = {one.siret: one for one in await _members(connection, members.c.siret.in_(sirets))}
    return tuple(_attached(siret, known.get(siret)) for siret in sirets)


async def _members(connection: AsyncConnection, whose: ColumnElement[bool]) -> tuple[Member, ...]:
    rows = await connection.execute(select(members).where(whose).order_by(members.c.siret, members.c.type))
    return tuple(map(_member, rows))


def _member(row: Row[Any]) -> Member:
    return Member(**row._mapping)


def _attached(siret: str, member: Member | None) -> Attached:
    if member is None:
        return Attached(siret=siret, type="", state="attached")
    return Attached(siret=siret, type=member.type, state="attached", name=member.name, idcc=member.idcc)
