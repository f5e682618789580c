"""For whom a step of a journey is: the predicates that a journey file may name in ``when``."""

from backend.journeys import When
from backend.people import without_mailbox
from backend.situation import Situation


def holds(when: When, s: Situation) -> bool:
    """Whether every predicate said is true of this person. While nobody is proved, the common case is assumed."""
    vacataire = student = False
    if s.account:
        vacataire = without_mailbox(s.account.person, s.library.institution.vacataires)
        student = s.account.person.is_student
    return when.vacataire in (None, vacataire) and when.student in (None, student)
