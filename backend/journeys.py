"""Journeys as data: who the institution is, which steps follow each other, and the words they are asked in.

An institution is a folder: ``institution.toml``, one TOML file per journey, ``charter.fr.md`` and
``charter.en.md``. The words
every journey shares are shipped in ``words.toml`` beside this module; a folder overrides those that it says otherwise.
Files are decoded strictly: what is not understood is named with its path and never ignored. docs/journeys.md tells
every key.
"""

import hashlib
import re
import string
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from api_client.addresses import AddressFlaw, check
from api_client.contract import Locale
from api_client.passwords import PROFILES, PasswordPolicy
from backend.deadlines import LinkPolicy, deadline
from backend.mistakes import Mistake

SHIPPED = Path(__file__).parent / "journeys"
_WORDS = Path(__file__).parent / "words.toml"
_T = TypeVar("_T")

Purpose = Literal["backup_email", "activation", "redirection"]
"""What a link proves."""


class JourneyError(Mistake):
    """An institution's file that cannot be used: which file, where in it, and why, in one sentence."""

    def __init__(self, found: str) -> None:
        found = f"{found.removesuffix('.')}."
        super().__init__(
            f"Un fichier de l’établissement est à corriger : {found}", f"Correct a file of the institution: {found}"
        )


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """The same sentence in each language, side by side."""

    fr: str
    en: str

    def fill(self, locale: Locale, values: Mapping[str, object]) -> str:
        """In ``locale``, with each ``{name}`` replaced."""
        return (self.en if locale == "en" else self.fr).format_map(values)

    def names(self) -> set[str]:
        """Every ``{name}`` used in either language. Raises ValueError when a brace is left open."""
        return {
            name for text in (self.fr, self.en) for _, name, _, _ in string.Formatter().parse(text) if name is not None
        }


StepWords = dict[str, Text]


class Vacataires(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who has no mailbox here: the first rule that matches (domain.md §10.2)."""

    corps: tuple[str, ...] = ("{NCORPS}758", "{NCORPS}759")
    population: tuple[str, ...] = ()
    employee_type_contains: tuple[str, ...] = ("vacat",)


class Links(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until when each kind of link works (domain.md §3.1)."""

    backup_email: LinkPolicy
    activation: LinkPolicy
    redirection: LinkPolicy


class Provisional(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The letter's password."""

    lifetime: timedelta = timedelta(days=30)
    check_character: bool = True
    """Off where an HR system prints thirteen characters of Crockford's alphabet that end with no check character."""

    def __post_init__(self) -> None:
        if self.lifetime <= timedelta():
            raise ValueError("`lifetime` must be more than nothing")


class HelpEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    question: Text
    answer: Text
    steps: tuple[str, ...] = ()


class Institution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``institution.toml``: who we are, and the rules that all our journeys share."""

    name: str
    acronym: str
    domains: tuple[str, ...]
    hr: str
    it: str
    letter: str
    """What the paper that HR hands over is called."""
    login_form: str
    portal_url: str
    support_email: str
    support_phone: str
    mail_from: str
    accent: str = "#0b5c8a"
    time_zone: str = "Europe/Paris"
    password_profile: Literal["cnil80", "nist", "anssi"] = "cnil80"
    charter_version: str
    services: tuple[Text, ...]
    """What the account opens, for the last screen; ``mailbox_service`` is added for people who get a mailbox."""
    mailbox_service: Text
    links: Links
    provisional: Provisional = Provisional()
    vacataires: Vacataires = Vacataires()
    words: dict[str, StepWords] = {}
    say: dict[str, Text] = {}
    help: tuple[HelpEntry, ...] = ()

    def __post_init__(self) -> None:
        if not self.domains:
            raise ValueError("`domains` must name at least one")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.accent):
            raise ValueError("`accent` must be a colour such as `#0b5c8a`")
        try:
            check(self.mail_from)
        except AddressFlaw as flaw:
            raise ValueError("`mail_from` must be an address") from flaw
        try:
            _ = self.zone
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("`time_zone` must be a name such as `Europe/Paris`") from error

    def deadline(self, purpose: Purpose, issued_at: datetime) -> datetime:
        """The last second, in UTC, in which a link of that purpose still works: by its policy, on our own clock."""
        policy: LinkPolicy = getattr(self.links, purpose)
        return deadline(issued_at, policy, self.zone)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def domain(self) -> str:
        return self.domains[0]

    @property
    def password_policy(self) -> PasswordPolicy:
        return PROFILES[self.password_profile]

    def names(self) -> dict[str, str]:
        """What texts may call by ``{name}`` anywhere."""
        plain = (
            "name",
            "acronym",
            "domain",
            "hr",
            "it",
            "letter",
            "login_form",
            "portal_url",
            "support_email",
            "support_phone",
        )
        return {field: getattr(self, field) for field in plain}


class When(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom a step is; what is not said does not matter."""

    vacataire: bool | None = None
    student: bool | None = None


class JourneyStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a journey's list."""

    kind: str
    id: str = ""
    """Only where a journey has two steps of one kind; else the kind itself."""
    when: When = When()
    purpose: Purpose | None = None
    mandatory: bool = False
    words: StepWords = {}

    @property
    def place(self) -> str:
        return self.id or self.kind


class Journey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One journey file."""

    id: str
    order: int = 0
    """Where it stands on the welcome screen."""
    title: Text
    summary: Text
    prerequisite: Text | None = None
    steps: tuple[JourneyStep, ...]

    def index(self, place: str) -> int:
        """Where ``place`` stands in ``steps``; -1 for an outcome outside of the way."""
        return next((i for i, step in enumerate(self.steps) if step.place == place), -1)


class CharterText(Struct, frozen=True):
    """One language of the charter, and its SHA-256 over the UTF-8 bytes that are shown."""

    text: str
    sha256: str


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """``words.toml``."""

    words: dict[str, StepWords]
    say: dict[str, Text]
    help: tuple[HelpEntry, ...] = ()


class Library(Struct, frozen=True, kw_only=True):
    """All that an institution's folder says, checked."""

    institution: Institution
    journeys: dict[str, Journey]
    charter: dict[str, CharterText]
    words: dict[str, StepWords]
    say_texts: dict[str, Text]
    help: tuple[HelpEntry, ...]

    def step_words(self, step: JourneyStep) -> StepWords:
        """Words of a step: the shipped ones of its kind, then of its id, then the institution's, then its own."""
        return {**self.words.get(step.kind, {}), **self.words.get(step.place, {}), **step.words}

    def say(self, key: str, locale: Locale, **values: object) -> str:
        """One of the sentences that are not a step's own."""
        return self.say_texts[key].fill(locale, {**self.institution.names(), **values})


@cache
def shipped_words() -> Words:
    """The words that every journey shares."""
    return _decode(_WORDS, Words)


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
        charter={locale: _charter(folder / f"charter.{locale}.md") for locale in ("fr", "en")},
        words=words,
        say_texts={**shipped.say, **institution.say},
        help=institution.help or shipped.help,
    )


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
