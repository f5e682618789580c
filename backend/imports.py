"""What the imports of files have in common: they go batch by batch, and say what they changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from backend.mistakes import Language

_T = TypeVar("_T")


@dataclass(frozen=True)
class Report:
    """How many entries an import touched."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Report") -> "Report":
        return Report(self.created + other.created, self.updated + other.updated, self.unchanged + other.unchanged)

    def told(self, language: Language) -> str:
        if language == "fr":
            return f"Créés : {self.created}. Mis à jour : {self.updated}. Inchangés : {self.unchanged}."
        return f"Created: {self.created}. Updated: {self.updated}. Unchanged: {self.unchanged}."


def batches(entries: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """``entries`` in lists of ``size``, each made when it is asked for."""
    source = iter(entries)
    while batch := list(islice(source, size)):
        yield batch
