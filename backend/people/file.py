"""The HR file, one ``Registration`` a line (columns: tests/data/README.md), read strictly.

A line that cannot be right ends the reading with one sentence that names file, line, column and remedy: nobody is
imported half, and no name is changed behind HR's back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from api_client.secret import Secret
from backend.lines import Line, LineError, read_lines
from backend.people.person import Person

REQUIRED = ("id", "role", "login", "prenom", "nom", "mail_institutionnel", "mail_secours")
_ROLES = ("titulaire", "contractuel", "vacataire", "heberge", "etudiant")
_READ_BY_NAME = {
    *REQUIRED,
    "supannAliasLogin",
    "civilite",
    "nom_naissance",
    "date_naissance",
    "date_fin",
    "telephone",
    "corps_libelle",
    "composante",
    "supannEmpCorps",
    "eduPersonPrimaryAffiliation",
    "etat_initial",
    "mdp_provisoire_test",
    "mail_redirection",
    "garder_copie",
    "annuaire_public",
}
_LOGIN = re.compile(r"[A-Za-z0-9._-]{2,64}")


class InitialState(StrEnum):
    """How somebody stands when Perron first hears of them."""

    LINK_SENT = "lien_envoye"
    LINK_EXPIRED = "lien_expire"
    NO_BACKUP_EMAIL = "sans_mail_secours"
    ACTIVE = "active"
    LOCKED = "bloque"
    REDIRECTION_AWAITED = "redirection_en_attente"
    CHARTER_ACCEPTED = "charte_acceptee"


@dataclass(frozen=True)
class Registration:
    """One line: the person, and how they stand."""

    person: Person
    line: int
    state: InitialState = InitialState.LINK_SENT
    provisional: Secret | None = None
    """As another system printed it."""
    redirection: str = ""
    keep_copy: bool = False
    listed: bool = False


def read_people(file: Path) -> Iterator[Registration]:
    """Every line of ``file``, one at a time. Raises LineError."""
    seen: dict[str, int] = {}
    for line in read_lines(file, REQUIRED):
        registration = _register(line)
        for name in registration.person.names:
            if name in seen:
                raise LineError(
                    file,
                    line.number,
                    f"« {name} » désigne déjà la personne de la ligne {seen[name]} : donnez à chacune un login, un "
                    "alias et une adresse à elle.",
                    f"“{name}” is already the person of line {seen[name]}: give each a login, an alias and an "
                    "address of their own.",
                )
            seen[name] = line.number
        yield registration


def _register(line: Line) -> Registration:
    provisional = line["mdp_provisoire_test"]
    return Registration(
        person=_person(line),
        line=line.number,
        state=InitialState(line.one_of("etat_initial", tuple(InitialState), otherwise=InitialState.LINK_SENT)),
        provisional=Secret(provisional) if provisional else None,
        redirection=line.address("mail_redirection"),
        keep_copy=line.yes("garder_copie"),
        listed=line.yes("annuaire_public"),
    )


def _person(line: Line) -> Person:
    login = line["login"].lower()
    if not _LOGIN.fullmatch(login):
        raise line.refuse(
            "login",
            "un login compte de 2 à 64 lettres, chiffres, points, tirets ou soulignés.",
            "a login has 2 to 64 letters, digits, dots, hyphens or underscores.",
        )
    return Person(
        id=line["id"] or login,
        role=line.one_of("role", _ROLES),
        login=login,
        alias=line["supannAliasLogin"].lower(),
        civility=line["civilite"],
        first_name=line.name("prenom"),
        last_name=line.needed("nom", line.name("nom")),
        birth_name=line.name("nom_naissance"),
        birth_date=line.day("date_naissance"),
        contract_end=line.day("date_fin"),
        institutional_email=line.needed("mail_institutionnel", line.address("mail_institutionnel")).lower(),
        backup_email=line.address("mail_secours"),
        telephone=line["telephone"],
        position=line["corps_libelle"],
        component=line["composante"],
        corps=tuple(filter(None, line["supannEmpCorps"].split("|"))),
        affiliation=line["eduPersonPrimaryAffiliation"],
        attributes={name: value for name in line.cells if name not in _READ_BY_NAME and (value := line[name])},
    )
