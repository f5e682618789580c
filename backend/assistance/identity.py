"""What an agent compares by telephone: an INE or a birth date, sealed at once, and never shown to anybody again.

It is no proof by itself, since others may know it (NIST SP 800-63B-4 allows no question about what somebody knows): it
only says that the person on the telephone may be the right one, and what opens the account goes to an address that was
verified long before.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from api_client.secret import Secret
from backend.assistance.request import Profile
from backend.fields import dates, ine
from backend.fields.refusal import FieldRefused
from backend.keys import Keys
from backend.people.person import Person

YOUNGEST, OLDEST = 14, 100
"""Years of age (domain.md §7.3)."""
_SEALED_FOR = "assistance identity"


@dataclass(frozen=True)
class Identity:
    """One value that may be somebody's."""

    value: Secret
    """An INE of 11 characters, or a date as ``1978-04-12``."""
    is_doubtful: bool = field(default=False, compare=False)
    """Its form is right and its check letter unusual."""


class Agreement(StrEnum):
    """What the comparison with the directory says, and all that it says."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    """The directory has no such account, or not this of it."""


def checked(profile: Profile, typed: Secret, today: date) -> Identity:
    """What was typed, in its one form. Raises FieldRefused, whose sentence says nothing of it."""
    if profile == "student":
        number = ine.checked(typed.reveal())
        return Identity(Secret(number.number), number.is_doubtful)
    born = dates.birth_date(typed.reveal(), today)
    if not YOUNGEST <= _age(born, today) <= OLDEST:
        raise FieldRefused("date_of_nobody")
    return Identity(Secret(born.isoformat()))


def seal(keys: Keys, identity: Identity) -> bytes:
    return keys.seal(_SEALED_FOR, identity.value.reveal().encode())


def compare(keys: Keys, profile: Profile, sealed: bytes, person: Person | None) -> Agreement:
    """Whether what was sealed is what the directory has of ``person``. Raises Unsealable."""
    known = _known_of(profile, person)
    if not known:
        return Agreement.UNKNOWN
    return Agreement.AGREES if keys.unseal(_SEALED_FOR, sealed) == known.encode() else Agreement.DIFFERS


def _known_of(profile: Profile, person: Person | None) -> str:
    if person is None:
        return ""
    if profile == "staff":
        return person.birth_date.isoformat() if person.birth_date else ""
    try:
        return ine.checked(person.attributes.get("ine", "")).number
    except FieldRefused:  # HR typed none, or none that can be one
        return ""


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
