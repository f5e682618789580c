"""Dates as they are typed in France (domain.md §11.9)."""

import re
from datetime import date

from backend.fields.refusal import FieldRefused

_FORM = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_OLDEST_YEARS = 120


def checked(typed: str) -> date:
    """``29/02/2024``, ``29-2-2024`` or ``29.02.2024``. Raises FieldRefused: ``date_empty``, ``date_form``,
    ``date_unknown``."""
    text = typed.strip()
    if not text:
        raise FieldRefused("date_empty")
    found = _FORM.fullmatch(text)
    if found is None:
        raise FieldRefused("date_form")
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise FieldRefused("date_unknown") from None


def birth_date(typed: str, today: date) -> date:
    """A day on which somebody alive may be born. Raises FieldRefused, as ``checked`` does, or ``date_of_nobody``."""
    born = checked(typed)
    if not today.year - _OLDEST_YEARS <= born.year or born > today:
        raise FieldRefused("date_of_nobody")
    return born
