"""The company register kept in our own database, loaded from files (``loading``)."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from backend.database.store import Store
from backend.database.tables import companies
from backend.portal.register import MOST, Found, RegisterUnavailable

_RETRY_AFTER = timedelta(seconds=30)


class CompanyState(StrEnum):
    """What a file says of an establishment."""

    ACTIVE = "active"
    CLOSED = "closed"
    UNAVAILABLE = "unavailable"
    """Of a demonstration: asking about it fails, as when INSEE's service is down, until a file says otherwise."""


class EmbeddedRegister:
    """Answers from the table ``companies``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, siret: str) -> Found | None:
        async with self._store.read() as connection:
            row = (await connection.execute(select(companies).where(companies.c.siret == siret))).one_or_none()
        return None if row is None else _found(row)

    async def of_siren(self, siren: str) -> tuple[Found, ...]:
        query = (
            select(companies)
            .where(companies.c.siren == siren, companies.c.state != CompanyState.CLOSED)
            .order_by(companies.c.head_office.desc(), companies.c.siret)
            .limit(MOST)
        )
        async with self._store.read() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(map(_found, rows))

    async def close(self) -> None:
        """The store is closed by whoever opened it."""


def _found(row: Row[Any]) -> Found:
    if row.state == CompanyState.UNAVAILABLE:
        raise RegisterUnavailable(_RETRY_AFTER)
    return Found(
        siret=row.siret,
        name=row.name,
        active=row.state == CompanyState.ACTIVE,
        head_office=row.head_office,
        activity=row.activity,
        postcode=row.postcode,
        town=row.town,
    )
