"""The number that an operator gave to a member or a training provider (domain.md §11.10)."""

import re

from backend.fields.refusal import FieldRefused
from backend.fields.separators import without

_FORM = re.compile(r"[A-Z0-9-]{1,20}")


def checked(typed: str) -> str:
    """Upper case, without spaces: as it is kept and compared. Raises FieldRefused: ``member_number_empty``,
    ``member_number_form``."""
    number = without(typed).upper()
    if not number:
        raise FieldRefused("member_number_empty")
    if not _FORM.fullmatch(number):
        raise FieldRefused("member_number_form")
    return number
