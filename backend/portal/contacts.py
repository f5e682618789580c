"""A file of the people whom the operator knows already (domain.md §8.3), one ``Contact`` a line, read strictly."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from api_client.addresses import comparable
from backend.lines import Line, LineError, read_lines
from backend.portal.companies import checked_siret

_OURS = ("email", "civility", "last_name", "first_name", "sirets")
_FRENCH = ("email", "civilite", "nom", "prenom", "etablissements")
CIVILITIES = ("Madame", "Monsieur")


class Contact(Struct, frozen=True, kw_only=True):
    """One row of ``contacts``."""

    email: str
    """In the form by which it is found, however it is typed."""
    civility: str = ""
    last_name: str
    first_name: str = ""
    sirets: tuple[str, ...]
    """Every establishment whose contact it is."""


def read_contacts(file: Path) -> Iterator[Contact]:
    """Every line of ``file``, one at a time. Raises LineError."""
    seen: dict[str, int] = {}
    for line in read_lines(file, _OURS, _FRENCH):
        contact = _contact(line, _OURS if "sirets" in line.cells else _FRENCH)
        if contact.email in seen:
            raise LineError(
                file,
                line.number,
                f"cette adresse est déjà celle de la ligne {seen[contact.email]} : réunissez leurs établissements en "
                "une seule ligne.",
                f"this address is already the one of line {seen[contact.email]}: put their establishments together in "
                "one line.",
            )
        seen[contact.email] = line.number
        yield contact


def _contact(line: Line, columns: tuple[str, ...]) -> Contact:
    email, civility, last_name, first_name, sirets = columns
    listed = filter(None, (one.strip() for one in line[sirets].split("|")))
    return Contact(
        email=comparable(line.needed(email, line.address(email))),
        civility=line.one_of(civility, CIVILITIES) if line[civility] else "",
        last_name=line.needed(last_name, line.name(last_name)),
        first_name=line.name(first_name),
        sirets=tuple(dict.fromkeys(checked_siret(line, sirets, one) for one in listed)),
    )
