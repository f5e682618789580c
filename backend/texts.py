"""Whether every text of an institution can be said: each key means something, each brace closes, each name is known.

Found when the service starts, with file and place, rather than by the first person to whom it would be said.
"""

from collections.abc import Iterator, Set
from itertools import chain
from pathlib import Path

from backend.institution import Text
from backend.journeys import JourneyError, Library, shipped_words
from backend.stages.catalogue import OUTCOMES, STAGES

Place = tuple[str, Text, Set[str]]
"""Where a text stands (file and path), what it says, and what it may call by ``{name}``."""


def check_texts(library: Library, folder: Path) -> None:
    """Raises JourneyError for the first text that could not be said."""
    _check_keys(library, folder / "institution.toml")
    for where, text, allowed in chain(_of_the_institution(library, folder), _of_the_journeys(library, folder)):
        try:
            unknown = text.names() - allowed
        except ValueError as error:
            raise JourneyError(f"{where}: {error}.") from error
        if unknown:
            raise JourneyError(f"{where}: nothing is called `{{{min(unknown)}}}` here.")


def _check_keys(library: Library, file: Path) -> None:
    """A sentence or word that nobody says is a spelling mistake."""
    kinds = {**STAGES, **OUTCOMES}
    shipped, institution = shipped_words(), library.institution
    places = kinds.keys() | shipped.words.keys() | {s.place for j in library.journeys.values() for s in j.steps}
    entries = [STAGES[s.kind].of(s).may_say(j, s) for j in library.journeys.values() for s in j.steps]
    known = {word for said in shipped.words.values() for word in said}.union(
        *(k.words for k in kinds.values()), *entries
    )
    asked = [
        *(("say", key, shipped.say.keys()) for key in institution.say),
        *(("words", place, places) for place in institution.words),
        *((f"words.{place}", word, known) for place, said in institution.words.items() for word in said),
        *(("help", kind, kinds.keys()) for entry in institution.help for kind in entry.steps),
        *((f"{j.id}: help", kind, kinds.keys()) for j in library.journeys.values() for e in j.help for kind in e.steps),
        *((f"{j.id}: words", word, known) for j in library.journeys.values() for s in j.steps for word in s.words),
    ]
    for table, key, there in asked:
        if key not in there:
            raise JourneyError(f"{file}, `{table}`: nothing is called `{key}`; there are {', '.join(sorted(there))}.")


def _of_the_institution(library: Library, folder: Path) -> Iterator[Place]:
    file, institution = folder / "institution.toml", library.institution
    names = set(institution.names())
    kinds = {**STAGES, **OUTCOMES}
    shipped = shipped_words()
    for text in (*institution.services, institution.mailbox_service):
        yield f"{file}, `services`", text, names
    for entry in institution.help:
        yield f"{file}, `help`", entry.question, names
        yield f"{file}, `help`", entry.answer, names
    for key, text in institution.say.items():
        yield f"{file}, `say.{key}`", text, names | shipped.say[key].names()
    for place, said in institution.words.items():
        for word, text in said.items():
            calls = kinds[place].names if place in kinds else frozenset().union(*(k.names for k in kinds.values()))
            yield f"{file}, `words.{place}.{word}`", text, names | calls


def _of_the_journeys(library: Library, folder: Path) -> Iterator[Place]:
    names = set(library.institution.names())
    for journey in library.journeys.values():
        where = f"{folder}: journey `{journey.id}`"
        yield f"{where}, `title`", journey.title, names
        yield f"{where}, `summary`", journey.summary, names
        for key in ("prerequisite", "host", "support", "leaving"):
            if text := getattr(journey, key):
                yield f"{where}, `{key}`", text, names
        for entry in journey.help:
            yield f"{where}, `help`", entry.question, names
            yield f"{where}, `help`", entry.answer, names
