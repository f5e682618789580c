"""For whom a step of a journey is: the predicates that a journey file may name in ``when``."""

from backend.journeys import When
from backend.people.person import is_meant
from backend.situation import Situation


def holds(when: When, s: Situation) -> bool:
    """Whether every predicate said is true of this person. While nobody is proved, the common case is assumed."""
    if when.address_first not in (None, s.library.institution.registration.verify_email_first):
        return False
    if when.portal not in (None, bool(s.account and s.account.realm == "portal")):
        return False
    if when.second_factor not in (None, s.draft.phone == "paired"):
        return False
    if when.known_contact not in (None, s.is_known_contact):
        return False
    if s.account:
        return is_meant(when, s.account.person, s.library.institution.vacataires)
    return not (when.vacataire or when.student)
