"""The cases of ``cases.toml``: whom to try where no file of people says it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from api_client.demonstration_contract import Filling
from api_client.secret import Secret
from backend.institution import Text

_FILE = Path(__file__).parent / "cases.toml"


class Registrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who registers on the portal."""

    id: str
    name: str
    story: Text
    works: bool = True
    fills: dict[str, Filling]

    @property
    def email(self) -> str:
        return str(self.fills["identity"]["email"])


class PhoneHabits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody's phone."""

    agent: str
    """What its browser says it is."""
    by_hand: bool = False
    """The digits are typed, for want of a camera."""
    upn: str = ""
    """Who signs in on it; empty for its owner."""
    biometric: bool = False


class Employee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody of the demonstration's identity provider."""

    upn: str
    story: Text
    works: bool = True
    sign_in: Literal["approved", "declined", "late"] = "approved"
    """``late``: the first code expires."""
    phone: PhoneHabits


class Owner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody whose account is active."""

    login: str
    password: Secret
    story: Text
    second_factor: bool = False


class Cases(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    registrants: tuple[Registrant, ...]
    employees: tuple[Employee, ...]
    owners: tuple[Owner, ...]


@cache
def shipped_cases() -> Cases:
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), Cases, dec_hook=_secret)


def _secret(wanted: type, text: object) -> object:
    if wanted is Secret:
        return Secret(str(text))
    raise NotImplementedError(wanted)
