"""What INSEE's Sirene API answers (3.11, domain.md §12.1), as much of it as we need, strictly read."""

from typing import Literal

import msgspec
from msgspec import Struct, field

from api_client.wording import clean
from backend.portal.companies import WITHHELD
from backend.portal.register import Found

_LONGEST = 200


class Malformed(Exception):
    """This is not what Sirene says."""


class _Unit(Struct):
    name: str | None = field(name="denominationUniteLegale", default=None)
    first_name: str | None = field(name="prenomUsuelUniteLegale", default=None)
    usage_name: str | None = field(name="nomUsageUniteLegale", default=None)
    last_name: str | None = field(name="nomUniteLegale", default=None)


class _Address(Struct):
    postcode: str | None = field(name="codePostalEtablissement", default=None)
    town: str | None = field(name="libelleCommuneEtablissement", default=None)


class _Period(Struct):
    state: Literal["A", "F"] = field(name="etatAdministratifEtablissement")
    usual_name: str | None = field(name="denominationUsuelleEtablissement", default=None)
    sign: str | None = field(name="enseigne1Etablissement", default=None)
    activity: str | None = field(name="activitePrincipaleEtablissement", default=None)


class _Establishment(Struct):
    siret: str
    periods: list[_Period] = field(name="periodesEtablissement")
    head_office: bool = field(name="etablissementSiege", default=False)
    unit: _Unit = field(name="uniteLegale", default_factory=_Unit)
    address: _Address = field(name="adresseEtablissement", default_factory=_Address)


class _Header(Struct):
    status: int = field(name="statut")
    total: int = 0


class _Answer(Struct):
    header: _Header
    one: _Establishment | None = field(name="etablissement", default=None)
    several: list[_Establishment] | None = field(name="etablissements", default=None)


def read_one(body: bytes, siret: str) -> Found | None:
    """The establishment of that number. None for the numbers that were merged into another: Sirene answers those with
    a list, of somebody else. Raises Malformed."""
    answer = _decoded(body)
    if answer.one is None:
        if answer.several is None:
            raise Malformed
        return None
    return _found(answer.one) if answer.one.siret == siret else None


def read_several(body: bytes) -> tuple[tuple[Found, ...], int]:
    """Those listed in an answer to a search, and how many there are in all. Raises Malformed."""
    answer = _decoded(body)
    if answer.several is None:
        raise Malformed
    return tuple(map(_found, answer.several)), answer.header.total


def is_nothing_found(body: bytes) -> bool:
    """Whether a 404 is Sirene's own, rather than that of something else at a wrong address."""
    try:
        return _decoded(body).header.status == 404
    except Malformed:
        return False


def _decoded(body: bytes) -> _Answer:
    try:
        return msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        # The message may quote what a company or a person is called, which belongs in no trace.
        raise Malformed from None


def _found(said: _Establishment) -> Found:
    if not said.periods:
        raise Malformed
    # The present period comes first; what stands one level up is the state of something else.
    period, unit = said.periods[0], said.unit
    person = f"{_shown(unit.first_name)} {_shown(unit.usage_name) or _shown(unit.last_name)}".strip()
    return Found(
        siret=said.siret,
        name=_shown(unit.name) or person or _shown(period.usual_name) or _shown(period.sign),
        active=period.state == "A",
        head_office=said.head_office,
        activity=_shown(period.activity),
        postcode=_shown(said.address.postcode),
        town=_shown(said.address.town),
    )


def _shown(text: str | None) -> str:
    """Harmless, and empty where its publication is restricted."""
    return "" if text is None or text == WITHHELD else clean(text)[:_LONGEST].strip()
