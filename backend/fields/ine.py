"""The national student number (domain.md §11.5): its families, and a check letter that is only ever a warning."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from backend.fields.refusal import FieldRefused
from backend.fields.separators import without

_CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class Family(StrEnum):
    """Who gave the number."""

    RNIE = "RNIE"
    """Everybody since 2018."""
    BEA = "BEA"
    BASE36 = "BASE36"
    """Older higher education."""
    SIFA = "SIFA"
    """Apprentices."""
    PROVISIONAL = "PROVISOIRE"


_FORMS = {
    Family.RNIE: re.compile(r"[0-9]{9}[A-HJK]{2}"),
    Family.BEA: re.compile(r"[0-9]{10}[A-HJ-NPR-Z]"),
    Family.BASE36: re.compile(r"[0-9A-Z]{10}[0-9]"),
    Family.SIFA: re.compile(r"[0-9]{4}A[0-9]{5}[A-HJ-NPR-Z]"),
    Family.PROVISIONAL: re.compile(r"[0-9]{4}D[0-9]{5}[A-HJ-NPR-Z]"),
}


@dataclass(frozen=True)
class Ine:
    """A number of the right form. Nobody can tell from it whether it was given to anybody."""

    number: str = field(repr=False)
    """11 characters, upper case."""
    family: Family

    @property
    def is_doubtful(self) -> bool:
        """The letter of a BEA number is not the one that the usual formula gives. The formula is a guess: warn, and go
        on."""
        if self.family is not Family.BEA:
            return False
        return self.number[-1] != _CHECK_LETTERS[int(self.number[:-1]) % len(_CHECK_LETTERS)]


def checked(typed: str) -> Ine:
    """The number that was typed, in any case, with or without spaces. Raises FieldRefused: ``ine_empty``,
    ``ine_form``."""
    number = without(typed).upper()
    if not number:
        raise FieldRefused("ine_empty")
    for family, form in _FORMS.items():
        if form.fullmatch(number):
            return Ine(number, family)
    raise FieldRefused("ine_form")
