"""The lines of a file that is imported: CSV in UTF-8, each cell checked for what none may hold, and refused by its
column."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from api_client.addresses import AddressFlaw, check
from api_client.wording import NameFlaw, is_plain, person_name
from backend.mistakes import Mistake

_LONGEST_CELL = 1000
_DATES = ("%Y-%m-%d", "%d/%m/%Y")


class LineError(Mistake):
    """The file cannot be used as it is: where, why, and what to do."""

    def __init__(self, file: Path, line: int, french: str, english: str) -> None:
        super().__init__(f"{file}, ligne {line} : {french}", f"{file}, line {line}: {english}")
        self.file = file
        self.line = line


@dataclass(frozen=True)
class Line:
    """One line's cells by column. What a method cannot read, it refuses with a LineError."""

    file: Path
    number: int
    cells: dict[str, str] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def refuse(self, column: str, french: str, english: str) -> LineError:
        return LineError(self.file, self.number, f"colonne « {column} » : {french}", f"column “{column}”: {english}")

    def needed(self, column: str, value: str) -> str:
        if not value:
            raise self.refuse(column, "la case est vide : remplissez-la.", "the cell is empty: fill it in.")
        return value

    def one_of(self, column: str, known: tuple[str, ...], otherwise: str = "") -> str:
        value = self[column] or otherwise
        if value not in known:
            listed = ", ".join(known)
            raise self.refuse(column, f"écrivez l’un de : {listed}.", f"write one of: {listed}.")
        return value

    def yes(self, column: str, said: str = "oui", otherwise: str = "non") -> bool:
        """``said``, or ``otherwise`` or nothing."""
        return self.one_of(column, (said, otherwise), otherwise=otherwise) == said

    def name(self, column: str) -> str:
        """A person's name (domain.md §11.3), or nothing."""
        try:
            return person_name(self[column]) if self[column] else ""
        except NameFlaw as flaw:
            raise self.refuse(
                column,
                "un nom compte de 1 à 80 lettres, espaces, traits d’union, apostrophes ou points : corrigez-le dans "
                "le logiciel d’où il vient.",
                "a name has 1 to 80 letters, spaces, hyphens, apostrophes or full stops: correct it in the "
                "software it comes from.",
            ) from flaw

    def address(self, column: str) -> str:
        """An e-mail address (domain.md §11.2), or nothing."""
        try:
            return check(self[column]) if self[column] else ""
        except AddressFlaw as flaw:
            raise self.refuse(
                column,
                "ce n’est pas une adresse de messagerie : corrigez-la, ou laissez la case vide.",
                "this is no e-mail address: correct it, or leave the cell empty.",
            ) from flaw

    def day(self, column: str) -> date | None:
        """``1978-04-12`` or ``12/04/1978``, or nothing."""
        if not self[column]:
            return None
        for form in _DATES:
            try:
                return datetime.strptime(self[column], form).date()  # noqa: DTZ007 - a birth date has no time zone
            except ValueError:
                continue
        raise self.refuse(column, "écrivez la date comme 1978-04-12.", "write the date like 1978-04-12.")


def read_lines(file: Path, *dialects: tuple[str, ...]) -> Iterator[Line]:
    """Every line that holds something, one at a time. Columns are separated by ``,`` or ``;``. Raises LineError.

    ``dialects``: the columns that must be there, in each of the ways in which such a file may be written.
    """
    number = 1
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            first = source.readline(_LONGEST_CELL)
            source.seek(0)
            rows = csv.reader(source, delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
            header = [name.strip() for name in next(rows, [])]
            _check_header(file, header, dialects)
            number = rows.line_num + 1
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    yield _line(file, number, header, cells)
                number = rows.line_num + 1
    except OSError as error:
        raise LineError(
            file,
            number,
            f"fichier illisible ({error.strerror}) : vérifiez son chemin et ses droits.",
            f"the file cannot be read ({error.strerror}): check its path and its rights.",
        ) from error
    except UnicodeDecodeError as error:
        raise LineError(
            file,
            number,
            "à partir d’ici, le fichier n’est pas en UTF-8 : enregistrez-le en « CSV UTF-8 ».",
            "from here on, the file is not in UTF-8: save it as “CSV UTF-8”.",
        ) from error
    except csv.Error as error:
        raise LineError(
            file,
            number,
            f"ce n’est pas du CSV ({error}) : vérifiez les guillemets et la longueur des cases.",
            f"this is no CSV ({error}): check the quotes and the length of the cells.",
        ) from error


def _check_header(file: Path, header: list[str], dialects: tuple[tuple[str, ...], ...]) -> None:
    lacking = [[name for name in required if name not in header] for required in dialects]
    nearest = min(lacking, key=len)
    if nearest:
        missing = ", ".join(nearest)
        raise LineError(
            file,
            1,
            f"il manque {missing} ; la première ligne nomme les colonnes, séparées par « , » ou « ; ».",
            f"{missing} is missing; the first line names the columns, separated by “,” or “;”.",
        )
    if twice := next((name for name in header if header.count(name) > 1), ""):
        raise LineError(
            file,
            1,
            f"la colonne « {twice} » y est deux fois : supprimez-en une.",
            f"the column “{twice}” is there twice: delete one.",
        )


def _line(file: Path, number: int, header: list[str], cells: list[str]) -> Line:
    if len(cells) != len(header):
        raise LineError(
            file,
            number,
            f"{len(cells)} cases au lieu de {len(header)} : mettez entre guillemets celles qui contiennent un "
            "séparateur.",
            f"{len(cells)} cells instead of {len(header)}: put those that contain a separator between quotes.",
        )
    line = Line(file, number, dict(zip(header, cells, strict=True)))
    if max(map(len, cells)) > _LONGEST_CELL or not is_plain("".join(cells)):
        bad = (column for column, cell in line.cells.items() if len(cell) > _LONGEST_CELL or not is_plain(cell))
        raise line.refuse(
            next(bad),
            f"plus de {_LONGEST_CELL} caractères, ou un caractère de contrôle ou invisible : retapez la case.",
            f"more than {_LONGEST_CELL} characters, or a control or invisible character: type the cell again.",
        )
    return line
