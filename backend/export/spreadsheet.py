"""A spreadsheet as a CSV file (RFC 4180), written row by row: it may be as long as one likes.

Made for a double click in France: with a byte order mark, without which Excel reads « Ã© » for « é », and with « ; »,
since the comma is in decimals there; LibreOffice and our own imports read both. Every cell is quoted, so that where the
comma separates after all, one within a cell does not; none is a formula, and none holds what cannot be seen.
"""

import csv
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TextIO, TypeVar
from zoneinfo import ZoneInfo

from api_client.contract import Locale
from api_client.wording import spreadsheet_cell
from backend.audit import Action
from backend.house import House
from backend.institution import Text

ENCODING, SEPARATOR = "utf-8-sig", ";"
LIST = " | "
"""Between the several values of one cell, as in the files that are imported."""

_T = TypeVar("_T")
_YES, _NO = Text(fr="oui", en="yes"), Text(fr="non", en="no")


@dataclass(frozen=True)
class Tongue:
    """How cells are said: in the reader's language, by the institution's clock."""

    locale: Locale
    zone: ZoneInfo

    def say(self, text: Text) -> str:
        return text.fill(self.locale, {})

    def yes(self, is_so: bool | None) -> str:
        """« oui » or « non »; nothing where nobody said."""
        return "" if is_so is None else self.say(_YES if is_so else _NO)

    def instant(self, at: datetime | None) -> str:
        """``2026-11-04 14:05:09``, which spreadsheets of every country read as a date; nothing where it never was."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}" if at else ""


@dataclass(frozen=True)
class Column(Generic[_T]):
    """Its title, and the text of its cell."""

    french: str
    english: str
    cell: Callable[[_T, Tongue], str]

    def title(self, tongue: Tongue) -> str:
        return tongue.say(Text(fr=self.french, en=self.english))


@dataclass(frozen=True)
class Spreadsheet(Generic[_T]):
    """One that may be asked for: what the audit calls that, whom it lists one after the other, what it says of each."""

    action: Action
    listed: Callable[[House], AsyncIterator[_T]]
    columns: tuple[Column[_T], ...]

    async def write(self, house: House, target: TextIO, tongue: Tongue) -> int:
        """Titles, then a row for each; how many. It is on record before the first of them can be read."""
        async with house.store.write() as tx:
            await house.audit.record(tx, actor="administrator", subject="", action=self.action, channel="cli")
        rows = csv.writer(target, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL)
        rows.writerow(column.title(tongue) for column in self.columns)
        count = 0
        async for one in self.listed(house):
            rows.writerow(spreadsheet_cell(column.cell(one, tongue)) for column in self.columns)
            count += 1
        return count
