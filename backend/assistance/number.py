"""The number of a request, made to be said on the telephone: ``A-2026-00042-5``.

The year on the institution's clock, a count that begins again each year, and Damm's check digit, which catches every
wrong digit and every exchange of two neighbours.
"""

import re

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from stdnum import damm

from backend.database.tables import assistance

_FORM = re.compile(r"A?([0-9]{4})([0-9]{5,9})([0-9])")
_BETWEEN = re.compile(r"[\s.\u2010-\u2015-]+")
"""What people type, or paste, between the parts."""


class NumberMisread(ValueError):
    """What was typed is the number of no request: a digit is wrong, or it is no number at all."""


def number_of(year: int, count: int) -> str:
    """The ``count``-th of that year."""
    return f"A-{year}-{count:05}-{damm.calc_check_digit(f'{year}{count:05}')}"


def read_number(typed: str) -> str:
    """``a 2026 00042 5`` → ``A-2026-00042-5``. Raises NumberMisread."""
    found = _FORM.fullmatch(_BETWEEN.sub("", typed).upper())
    if found is None or not damm.is_valid("".join(found.groups())):
        raise NumberMisread
    return "A-{}-{}-{}".format(*found.groups())


async def next_number(connection: AsyncConnection, year: int) -> str:
    """To be used in the same write."""
    number = assistance.c.number
    # A longer one is a later one, once a year has more than 99 999.
    query = select(number).where(number.startswith(f"A-{year}-")).order_by(func.length(number).desc(), number.desc())
    last = (await connection.execute(query.limit(1))).scalar_one_or_none()
    return number_of(year, int(last.split("-")[2]) + 1 if last else 1)
