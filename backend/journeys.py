"""Journeys as data: which steps follow each other, and the words they are asked in.

An institution is a folder: ``institution.toml``, one TOML file per journey, ``charter.fr.md`` and ``charter.en.md``.
The words every journey shares are shipped in ``words/`` beside this module; a folder overrides those that it says
otherwise. Files are decoded strictly: what is not understood is named with its path and never ignored. docs/journeys.md
tells every key.
"""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from api_client.contract import Locale, Purpose
from backend.institution import HelpEntry, Institution, StepWords, Text
from backend.mistakes import Mistake

SHIPPED = Path(__file__).parent / "journeys"
_WORDS = Path(__file__).parent / "words"
_T = TypeVar("_T")

Realm = Literal["university", "portal", "sign_in"]
"""Whose accounts: those that HR registers, those that people register, those of an identity provider."""

Awaited = Literal["register", "phone_sign_in", "phone_answer"]
"""What a ``pending`` waits for: the company register; the person on their phone, signing in or answering."""


class JourneyError(Mistake):
    """An institution's file that cannot be used: which file, where in it, and why, in one sentence."""

    def __init__(self, found: str) -> None:
        found = f"{found.removesuffix('.')}."
        super().__init__(
            f"Un fichier de l’établissement est à corriger : {found}", f"Correct a file of the institution: {found}"
        )


class When(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom a step is; what is not said does not matter."""

    vacataire: bool | None = None
    student: bool | None = None
    portal: bool | None = None
    """Their account is one of the portal."""
    known_contact: bool | None = None
    """The portal knows their address as a contact of some establishment."""
    address_first: bool | None = None
    """``registration.verify_email_first`` of the institution."""
    second_factor: bool | None = None
    """They have paired a phone that gives codes."""


class JourneyStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a journey's list."""

    kind: str
    id: str = ""
    """Only where a journey has two steps of one kind; else the kind itself."""
    when: When = When()
    branch: str = ""
    """Only below a ``menu``: which of its choices leads here. After the last step of a branch comes the menu again."""
    purpose: Purpose | None = None
    mandatory: bool = False
    pairs: Literal["totp", "app"] = "totp"
    hidden: bool = False
    awaits: Awaited | None = None
    words: StepWords = {}

    @property
    def place(self) -> str:
        return self.id or self.kind

    @property
    def variant(self) -> str:
        """Its kind, and what makes two of that kind: ``phone_pairing_app``. Words may be said for each."""
        which = self.awaits or ("app" if self.pairs == "app" else "")
        return f"{self.kind}_{which}" if which else self.kind


class Journey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One journey file."""

    id: str
    order: int = 0
    """Where it stands on the welcome screen."""
    title: Text
    summary: Text
    prerequisite: Text | None = None
    host: Text | None = None
    """Who holds this door, where it is not the institution itself."""
    support: Text | None = None
    """Who helps with it, where it is somebody else."""
    leaving: Text | None = None
    """What becomes of it when one leaves in the middle, where not everything is there again afterwards."""
    realms: tuple[Realm, ...] = ("university",)
    """Whose accounts it is about, the first in which a name is found."""
    help: tuple[HelpEntry, ...] = ()
    steps: tuple[JourneyStep, ...]

    def index(self, place: str) -> int:
        """Where ``place`` stands in ``steps``; -1 for an outcome outside of the way."""
        return next((i for i, step in enumerate(self.steps) if step.place == place), -1)


class CharterText(Struct, frozen=True):
    """One language of the charter, and its SHA-256 over the UTF-8 bytes that are shown."""

    text: str
    sha256: str


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of ``words/``, or all of them together."""

    words: dict[str, StepWords] = {}
    say: dict[str, Text] = {}
    help: tuple[HelpEntry, ...] = ()


class Library(Struct, frozen=True, kw_only=True):
    """All that an institution's folder says, checked."""

    institution: Institution
    journeys: dict[str, Journey]
    charter: dict[Locale, CharterText]
    words: dict[str, StepWords]
    say_texts: dict[str, Text]
    help: tuple[HelpEntry, ...]

    def step_words(self, step: JourneyStep) -> StepWords:
        """Words of a step: those of its kind, then of its variant, then of its id, then its own."""
        said = (self.words.get(name, {}) for name in (step.kind, step.variant, step.place))
        return {word: text for words in (*said, step.words) for word, text in words.items()}

    def charter_in(self, locale: Locale) -> CharterText:
        """The charter in ``locale``, or in English where the folder has none in that language."""
        return self.charter.get(locale, self.charter["en"])

    def contact(self, journey: Journey | None, locale: Locale) -> str:
        """Whom to ask: who helps with this journey, or the institution."""
        if journey is None or journey.support is None:
            return self.say("contact", locale)
        return journey.support.fill(locale, self.institution.names())

    def help_at(self, journey: Journey | None, locale: Locale) -> str:
        """The same as the last line of a screen says it."""
        return self.say("support", locale, contact=self.contact(journey, locale))

    def say(self, key: str, locale: Locale, **values: object) -> str:
        """One of the sentences that are not a step's own."""
        return self.say_texts[key].fill(locale, {**self.institution.names(), **values})


@cache
def shipped_words() -> Words:
    """The words that every journey shares. Raises JourneyError when two files say the same thing."""
    words: dict[str, StepWords] = {}
    say: dict[str, Text] = {}
    topics: list[HelpEntry] = []
    for path in sorted(_WORDS.glob("*.toml")):
        said = _decode(path, Words)
        if twice := (words.keys() & said.words.keys()) | (say.keys() & said.say.keys()):
            raise JourneyError(f"{path}: `{min(twice)}` is said in another file too.")
        words |= said.words
        say |= said.say
        topics += said.help
    return Words(words, say, tuple(topics))


def load_library(folder: Path | None = None) -> Library:
    """The institution in ``folder``, or the shipped fictitious one. Raises JourneyError."""
    folder = folder or SHIPPED
    shipped = shipped_words()
    institution = _decode(folder / "institution.toml", Institution)
    journeys: dict[str, Journey] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "institution.toml":
            continue
        journey = _decode(path, Journey)
        if journey.id in journeys:
            raise JourneyError(f"{path}: the id `{journey.id}` is already another file's; choose another one.")
        journeys[journey.id] = journey
    if not journeys:
        raise JourneyError(f"{folder}: no journey file; copy one of the shipped ones there and adapt it.")
    words = {kind: dict(said) for kind, said in shipped.words.items()}
    for kind, said in institution.words.items():
        words.setdefault(kind, {}).update(said)
    return Library(
        institution=institution,
        journeys=dict(sorted(journeys.items(), key=lambda item: (item[1].order, item[0]))),
        charter={locale: _charter(folder / f"charter.{locale}.md") for locale in _charters(folder)},
        words=words,
        say_texts={**shipped.say, **institution.say},
        help=institution.help or shipped.help,
    )


def _charters(folder: Path) -> set[Locale]:
    """Those of a folder, by language; French and English are wanted everywhere."""
    return {"fr", "en", *(path.suffixes[0].removeprefix(".") for path in folder.glob("charter.*.md"))}


def _charter(path: Path) -> CharterText:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise JourneyError(f"{path}: {error}; the charter is needed in this language.") from error
    return CharterText(text, hashlib.sha256(text.encode()).hexdigest())


def _decode(path: Path, wanted: type[_T]) -> _T:
    try:
        found: Any = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(found, wanted, strict=True)
    except OSError as error:
        raise JourneyError(f"{path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise JourneyError(f"{path}: {error}") from error
