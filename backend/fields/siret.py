"""SIREN and SIRET, kept as digits: leading zeros matter (domain.md §11.6)."""

from stdnum import luhn

from backend.fields.refusal import FieldRefused
from backend.fields.separators import without

SIREN_DIGITS, SIRET_DIGITS = 9, 14

_LA_POSTE = "356000000"


def checked(typed: str) -> str:
    """The SIREN (9 digits) or SIRET (14) that was typed, with or without spaces, dots and hyphens.

    Raises FieldRefused: ``siret_empty``, ``siret_form``, ``siret_length`` or ``siret_check``.
    """
    number = without(typed, ".-")
    if not number:
        raise FieldRefused("siret_empty")
    if not (number.isascii() and number.isdigit()):
        raise FieldRefused("siret_form")
    if len(number) not in (SIREN_DIGITS, SIRET_DIGITS):
        raise FieldRefused("siret_length")
    if not is_valid(number):
        raise FieldRefused("siret_check")
    return number


def is_valid(number: str) -> bool:
    """Whether the check digits of a SIREN or SIRET, digits alone, are right."""
    siren = number[:SIREN_DIGITS]
    if not int(siren) or not luhn.is_valid(siren):
        return False
    if len(number) == SIREN_DIGITS or luhn.is_valid(number):
        return True
    # Its offices outnumber what one check digit can tell apart, so INSEE gave them a rule of their own.
    return siren == _LA_POSTE and sum(map(int, number)) % 5 == 0


def displayed(number: str) -> str:
    """``000 010 017`` or ``000 010 017 00010``."""
    groups = (number[:3], number[3:6], number[6:SIREN_DIGITS], number[SIREN_DIGITS:])
    return " ".join(filter(None, groups))
