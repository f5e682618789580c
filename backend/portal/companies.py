"""A file of establishments, one ``Listed`` a line, read strictly (docs/operating.md tells the columns).

The same facts come in three ways of writing: our own columns, the same in French, and INSEE's « StockEtablissement ».
A line that cannot be right ends the reading with one sentence that names file, line, column and remedy.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast, get_args

from msgspec import Struct

from backend.fields import member_number, siret
from backend.fields.refusal import FieldRefused
from backend.lines import Line, read_lines
from backend.portal.embedded import CompanyState
from backend.portal.records import Member
from backend.portal.registration import EstablishmentType

WITHHELD = "[ND]"
"""What INSEE writes where the publication of a fact is restricted."""

_TYPES: tuple[str, ...] = get_args(EstablishmentType)
_STATES = {"A": CompanyState.ACTIVE, "F": CompanyState.CLOSED}
_IDCC = re.compile(r"[0-9]{1,4}")


class Company(Struct, frozen=True, kw_only=True):
    """One row of ``companies``."""

    siret: str
    siren: str
    name: str
    state: str
    head_office: bool
    activity: str
    postcode: str
    town: str


class Listed(Struct, frozen=True, kw_only=True):
    """One line: what the register says of an establishment, and what the operator says; either may say nothing."""

    company: Company | None
    member: Member | None = None


def read_companies(file: Path) -> Iterator[Listed]:
    """Every line of ``file``, one at a time. Raises LineError."""
    read: Callable[[Line], Listed] | None = None
    for line in read_lines(file, *_READERS):
        if read is None:
            read = next(reader for columns, reader in _READERS.items() if all(name in line.cells for name in columns))
        yield read(line)


def _ours(line: Line) -> Listed:
    state = line.one_of("state", tuple(CompanyState)) if line["state"] else ""
    number, name = checked_siret(line, "siret", line["siret"]), _published(line["name"])
    head_office = line.yes("head_office", "yes", "no")
    return Listed(
        company=_company(number, name, state, line, _OUR_FACTS, head_office=head_office),
        member=_member(line, number, name, "member_number") if line["member_number"] else None,
    )


def _french(line: Line) -> Listed:
    number, name = checked_siret(line, "siret", line["siret"]), _published(line["denomination"])
    return Listed(
        company=_company(number, name, _state_in_french(line), line, _FRENCH_FACTS, head_office=line.yes("siege")),
        member=_member(line, number, name, "numero_adherent_ou_of") if line.yes("connu_organisme") else None,
    )


def _state_in_french(line: Line) -> str:
    match line.one_of("connu_insee", ("oui", "non", "indisponible")):
        case "oui":
            return _STATES[line.one_of("etat_administratif", tuple(_STATES))]
        case "non":
            return ""
        case _:
            return CompanyState.UNAVAILABLE


def _official(line: Line) -> Listed:
    state = _STATES[line.one_of("etatAdministratifEtablissement", tuple(_STATES))]
    name = next(filter(None, (_published(line[column]) for column in _OFFICIAL_NAMES)), "")
    head_office = line.yes("etablissementSiege", "true", "false")
    number = checked_siret(line, "siret", line["siret"])
    return Listed(company=_company(number, name, state, line, _OFFICIAL_FACTS, head_office=head_office))


_OUR_FACTS = ("activity", "postcode", "town")
_FRENCH_FACTS = ("naf", "code_postal", "commune")
_OFFICIAL_FACTS = ("activitePrincipaleEtablissement", "codePostalEtablissement", "libelleCommuneEtablissement")
_OFFICIAL_NAMES = ("denominationUniteLegale", "denominationUsuelleEtablissement", "enseigne1Etablissement")
_READERS: dict[tuple[str, ...], Callable[[Line], Listed]] = {
    ("siret", "name", "state"): _ours,
    ("siret", "denomination", "etat_administratif", "connu_insee"): _french,
    ("siret", "etatAdministratifEtablissement", "etablissementSiege"): _official,
}
"""By the columns that each needs."""


def _company(
    number: str, name: str, state: str, line: Line, facts: tuple[str, ...], *, head_office: bool
) -> Company | None:
    """Nothing where the register has no such establishment."""
    if not state:
        return None
    activity, postcode, town = (_published(line[column]) for column in facts)
    return Company(
        siret=number,
        siren=number[: siret.SIREN_DIGITS],
        name=name,
        state=state,
        head_office=head_office,
        activity=activity,
        postcode=postcode,
        town=town,
    )


def _member(line: Line, number: str, name: str, column: str) -> Member:
    try:
        given = member_number.checked(line[column])
    except FieldRefused as refused:
        raise line.refuse(
            column,
            "un numéro compte de 1 à 20 lettres, chiffres ou traits d’union.",
            "a number has 1 to 20 letters, digits or hyphens.",
        ) from refused
    if line["idcc"] and not _IDCC.fullmatch(line["idcc"]):
        raise line.refuse("idcc", "un IDCC compte 4 chiffres.", "an IDCC has 4 digits.")
    return Member(
        siret=number,
        type=cast(EstablishmentType, line.one_of("type", _TYPES)),
        number=given,
        name=name,
        idcc=line["idcc"].zfill(4) if line["idcc"] else "",
    )


def checked_siret(line: Line, column: str, value: str) -> str:
    """``value``, a SIRET found in that column. Raises LineError."""
    try:
        number = siret.checked(value)
    except FieldRefused:
        number = ""
    if len(number) != siret.SIRET_DIGITS:
        raise line.refuse(
            column,
            "ce n’est pas un SIRET : 14 chiffres, dont une clé. Un tableur a pu supprimer les zéros du début : "
            "lisez la colonne comme du texte.",
            "this is no SIRET: 14 digits, one of them a check digit. A spreadsheet may have taken the leading zeros: "
            "read the column as text.",
        )
    return number


def _published(text: str) -> str:
    return "" if text == WITHHELD else text
