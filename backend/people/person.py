"""Who may enrol: a person as HR registered them, and what follows from that for everybody (domain.md §10.2, §11)."""

from collections.abc import Collection
from datetime import date

from msgspec import Struct
from sqlalchemy import ColumnElement, or_

from backend.database.tables import accounts
from backend.institution import Vacataires
from backend.journeys import When

SELF_REGISTERED = "inscrit"
"""The role of people whom no HR department registered: their addresses are elsewhere."""


class Person(Struct, frozen=True, kw_only=True):
    """One line of the HR file: what the journeys need by name, the rest in ``attributes`` under its column's name."""

    id: str
    role: str
    """``titulaire``, ``contractuel``, ``vacataire``, ``heberge`` or ``etudiant``; or ``SELF_REGISTERED``."""
    login: str
    """Lower case."""
    alias: str = ""
    """Lower case."""
    civility: str = ""
    first_name: str = ""
    """Empty for a mononym."""
    last_name: str
    birth_name: str = ""
    birth_date: date | None = None
    contract_end: date | None = None
    """The last day; None without one."""
    institutional_email: str
    """Lower case."""
    backup_email: str = ""
    """As HR typed it: proved by nobody yet."""
    telephone: str = ""
    position: str = ""
    component: str = ""
    corps: tuple[str, ...] = ()
    """Labelled, such as ``{NCORPS}758``."""
    affiliation: str = ""
    """``eduPersonPrimaryAffiliation``."""
    provisional_mac: str = ""
    """Of the provisional password that came with the line, so that importing it again is known to change nothing."""
    attributes: dict[str, str] = {}

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def names(self) -> frozenset[str]:
        """What may be typed to mean this person: each belongs to one person alone (domain.md §11.1)."""
        return frozenset({self.login, self.alias, self.institutional_email} - {""})

    @property
    def is_student(self) -> bool:
        return self.affiliation == "student" or self.role == "etudiant"

    @property
    def identity(self) -> tuple[str, ...]:
        """The words that a password must not contain (domain.md §11.8)."""
        local_part = self.institutional_email.partition("@")[0]
        words = (self.login, self.alias, self.first_name, self.last_name, self.birth_name, local_part)
        return tuple(dict.fromkeys(word for word in words if word))


def without_mailbox(person: Person, rule: Vacataires) -> bool:
    """Whether the person is a *vacataire*, or registered by themselves: no mailbox here, their mail goes elsewhere.

    The first that says something decides: HR's own word, the corps, the population, the type of employee. Somebody who
    has a contract of another corps beside it is none (domain.md §10.2).
    """
    if person.corps and not set(person.corps) <= set(rule.corps):
        return False
    if person.role in ("vacataire", SELF_REGISTERED) or person.corps:
        return True
    if populations := set(filter(None, person.attributes.get("supannCodePopulation", "").split("|"))):
        return populations <= set(rule.population)
    employee_type = person.attributes.get("employeeType", "").casefold()
    return any(part.casefold() in employee_type for part in rule.employee_type_contains)


def is_meant(when: When, person: Person, rule: Vacataires) -> bool:
    """Whether every predicate that ``when`` says is true of the person; one it does not say does not matter."""
    vacataire = without_mailbox(person, rule)
    return when.vacataire in (None, vacataire) and when.student in (None, person.is_student)


def plain_provisional(typed: str) -> str:
    """What counts of a provisional password that another system printed: not its spaces, not its hyphens."""
    return "".join(character for character in typed if not character.isspace() and character != "-")


def is_called(typed: str) -> ColumnElement[bool]:
    """The condition on ``accounts`` that finds who types this login, alias or institutional address (domain.md §11.1).

    One query for all three, so that finding nobody takes as long as finding somebody.
    """
    return is_called_one_of([typed.strip().lower()])


def is_called_one_of(names: Collection[str]) -> ColumnElement[bool]:
    """The same condition for several names in lower case."""
    return or_(*(column.in_(names) for column in (accounts.c.login, accounts.c.alias, accounts.c.institutional_email)))
