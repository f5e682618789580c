"""What a person said while registering on the portal (domain.md §8), until it is theirs."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

EstablishmentType = Literal["adherent", "organisme_formation"]
Attachment = Literal["attached", "to_review", "out_of_scope", "pending"]
"""``attached`` at once; ``to_review`` by an agent (IDCC path, or closed); the same, and ``out_of_scope`` of the
operator; ``pending`` while the company register does not answer."""


class Identity(Struct, frozen=True, kw_only=True):
    """Step 1, as typed."""

    role: Literal["self", "client"] = "self"
    civility: str = ""
    """``madame``, ``monsieur``, ``undisclosed``, or nothing."""
    last_name: str = ""
    first_name: str = ""
    """Empty for somebody who has none."""
    email: str = ""

    @property
    def called(self) -> str:
        """What a mail calls them."""
        return self.first_name or self.last_name


class Site(Struct, frozen=True, kw_only=True):
    """An establishment that a number stands for, as it was found."""

    siret: str
    """14 digits."""
    name: str = ""
    """Empty where its publication is restricted."""
    postcode: str = ""
    town: str = ""
    recognised: bool
    """The operator knows it."""
    closed: bool = False


class Attached(Struct, frozen=True, kw_only=True):
    """One establishment of the person."""

    siret: str
    """14 digits; the 9 of a SIREN where nothing else is known yet."""
    type: EstablishmentType | Literal[""]
    """Nothing where the operator's contact names an establishment that is no member of its own."""
    state: Attachment
    name: str = ""
    idcc: str = ""


class Registration(Struct, kw_only=True):
    """Kept in the claim of an enrolment until the address is proved, in the account's draft from then on."""

    identity: Identity | None = None
    known_contact: bool = False
    """The address is one of the operator's contacts."""
    support_consent: bool | None = None
    support_consent_at: datetime | None = None
    topics: tuple[str, ...] | None = None
    type: EstablishmentType | Literal[""] = ""
    number: str = ""
    """SIREN or SIRET as last accepted, digits only."""
    inquiry: str = ""
    """Id of the question that the company register has not answered yet."""
    sites: tuple[Site, ...] = ()
    """What ``number`` stands for, once that is known."""
    siret: str = ""
    """The one establishment, once it is chosen."""
    member_number_tries: int = 0
    establishments: tuple[Attached, ...] = ()

    @property
    def site(self) -> Site | None:
        """The establishment that was chosen."""
        return next((one for one in self.sites if one.siret == self.siret), None)

    @property
    def standing(self) -> tuple[Attached, ...]:
        """The person's establishments, the one that nobody could look up yet included."""
        if not self.inquiry:
            return self.establishments
        return (*self.establishments, Attached(siret=self.number, type=self.type, state="pending"))

    def name_establishment(self, belongs_as: EstablishmentType, number: str, sites: tuple[Site, ...] = ()) -> None:
        """Another number was typed: whatever followed from the one before goes. A single site is chosen at once."""
        self.type, self.number, self.inquiry, self.sites = belongs_as, number, "", sites
        self.siret = sites[0].siret if len(sites) == 1 else ""
        self.establishments = ()

    def attach(self, state: Attachment, idcc: str = "") -> None:
        """The chosen establishment is the person's, in that state."""
        if (site := self.site) is not None:
            self.establishments = (Attached(siret=site.siret, type=self.type, state=state, name=site.name, idcc=idcc),)

    def renew(self, newer: "Registration") -> None:
        """What was said in ``newer`` wins, what was not said there stays."""
        self.identity = newer.identity or self.identity
        if newer.support_consent is not None:
            self.support_consent, self.support_consent_at = newer.support_consent, newer.support_consent_at
        if newer.topics is not None:
            self.topics = newer.topics
        if newer.number:
            self.type, self.number, self.inquiry = newer.type, newer.number, newer.inquiry
            self.sites, self.siret, self.establishments = newer.sites, newer.siret, newer.establishments
        self.member_number_tries = max(self.member_number_tries, newer.member_number_tries)
