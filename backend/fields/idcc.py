"""Collective agreements, known by four digits (domain.md §11.7), and whether they are the operator's."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from backend.fields.refusal import FieldRefused

AGREEMENTS_FILE = Path(__file__).parent.parent / "portal" / "idcc.csv"

_FORM = re.compile(r"[0-9]{1,4}")
_DIGITS = 4


@dataclass(frozen=True)
class Agreement:
    """One line of ``idcc.csv``."""

    code: str
    """Four digits."""
    title: str
    in_scope: bool
    """Of the operator's perimeter; others are accepted and marked for review."""


@cache
def agreements() -> Mapping[str, Agreement]:
    """Every agreement that is known, by code, in the order of the codes."""
    with AGREEMENTS_FILE.open(encoding="utf-8", newline="") as source:
        rows = [Agreement(row["code"], row["title"], row["in_scope"] == "yes") for row in csv.DictReader(source)]
    return MappingProxyType({one.code: one for one in sorted(rows, key=lambda one: one.code)})


def checked(typed: str) -> Agreement:
    """``573`` and ``0573`` alike. Raises FieldRefused: ``idcc_empty``, ``idcc_form``, ``idcc_unknown``."""
    text = typed.strip()
    if not text:
        raise FieldRefused("idcc_empty")
    if not _FORM.fullmatch(text):
        raise FieldRefused("idcc_form")
    if (agreement := agreements().get(text.zfill(_DIGITS))) is None:
        raise FieldRefused("idcc_unknown")
    return agreement
