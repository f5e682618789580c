"""For whom a step of a journey is: the predicates that a journey file may name in ``when``."""

from backend.journeys import When
from backend.people.person import is_meant
from backend.situation import Situation


def holds(when: When, s: Situation) -> bool:
    """Whether every predicate said is true of this person. While nobody is proved, the common case is assumed."""
    if s.account:
        return is_meant(when, s.account.person, s.library.institution.vacataires)
    return not (when.vacataire or when.student)
