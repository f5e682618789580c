"""Who the institution is, and the rules that all its journeys share: ``institution.toml``. docs/journeys.md tells
every key."""

import re
import string
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from api_client.addresses import AddressFlaw, check
from api_client.contract import Locale, Purpose
from api_client.languages import translated
from api_client.passwords import PROFILES, PasswordPolicy
from backend.deadlines import LinkPolicy, deadline


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """The same sentence in French and in English, side by side; translators say it in further languages."""

    fr: str
    en: str

    def fill(self, locale: Locale, values: Mapping[str, object]) -> str:
        """In ``locale``, with each ``{name}`` replaced."""
        said = {"fr": self.fr, "en": self.en}.get(locale) or translated(self.en, locale)
        return said.format_map(values)

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
    registration: LinkPolicy = LinkPolicy(policy="duration", duration=timedelta(days=7))
    backup_change: LinkPolicy = LinkPolicy(policy="duration", duration=timedelta(minutes=30))
    recovery: LinkPolicy = LinkPolicy(policy="duration", duration=timedelta(minutes=30))


class Operator(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[operator]``: who runs the portal (domain.md §8). Texts call these ``{operator_name}`` and so on."""

    name: str
    space: str
    """What the portal is called."""
    space_url: str
    contact_url: str
    dpo_email: str
    site: str


class Application(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[application]``: what a phone is paired with (domain.md §9). Texts call these ``{app_web}`` and so on."""

    host: str
    """Whose application it is."""
    web: str
    phone: str
    url: str
    support_email: str
    support_phone: str
    it_email: str
    it_phone: str
    store_ios: str = ""
    store_android: str = ""


class Registration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[registration]``: the rules of the portal (domain.md §17)."""

    verify_email_first: bool = True
    """Off: the order of the paper guide, whose screens tell who is known."""
    idcc_required_for: tuple[Literal["adherent", "organisme_formation"], ...] = ("adherent",)
    member_number_tries: int = 5
    allow_on_behalf: bool = True


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
    operator: Operator | None = None
    application: Application | None = None
    registration: Registration = Registration()
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
        said = {field: getattr(self, field) for field in plain}
        for prefix, table in (("operator_", self.operator), ("app_", self.application)):
            if table is not None:
                said |= {f"{prefix}{field}": getattr(table, field) for field in table.__struct_fields__}
        return said
