"""Telephone numbers, kept as E.164 (domain.md §11.4)."""

import re

from backend.fields.refusal import FieldRefused
from backend.fields.separators import without

_FRENCH = re.compile(r"(?:0|\+33(?:\(0\)|0)?)([1-9][0-9]{8})")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")


def checked(typed: str) -> str:
    """``06 39 98 12 34`` and ``+33 6 39 98 12 34`` → ``+33639981234``; of other countries 7 to 15 digits after ``+`` or
    ``00``. Raises FieldRefused: ``telephone_empty``, ``telephone_form``."""
    number = without(typed, ".-/")
    if not number:
        raise FieldRefused("telephone_empty")
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if french := _FRENCH.fullmatch(number):
        return f"+33{french[1]}"
    if number.startswith("+33") or not _INTERNATIONAL.fullmatch(number):
        raise FieldRefused("telephone_form")
    return number


def displayed(number: str) -> str:
    """A French number as it is read aloud, ``06 39 98 12 34``; another as it is kept."""
    if not number.startswith("+33"):
        return number
    national = f"0{number[3:]}"
    return " ".join(national[at : at + 2] for at in range(0, len(national), 2))


def masked(number: str) -> str:
    """``06 … 34``: enough for its owner to know it, and too little for anybody to call it."""
    shown = displayed(number)
    return f"{shown[:2]} … {shown[-2:]}"
