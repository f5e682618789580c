"""What a person said while registering on the portal (domain.md §8), until it is theirs."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

EstablishmentType = Literal["adherent", "organisme_formation"]
Attachment = Literal["attached", "to_review", "out_of_scope", "pending"]
"""``attached`` at once; ``to_review`` by an agent (IDCC path); the same and ``out_of_scope`` of the operator;
``pending`` while the company register does not answer."""


class Identity(Struct, frozen=True, kw_only=True):
    """Step 1, as typed."""

    role: Literal["self", "client"] = "self"
    civility: str = ""
    last_name: str = ""
    first_name: str = ""
    email: str = ""


class Attached(Struct, frozen=True, kw_only=True):
    """One establishment of the person."""

    siret: str
    type: EstablishmentType
    state: Attachment
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
    siret: str = ""
    """The one establishment, once it is chosen."""
    recognised: bool | None = None
    """Whether the operator knows that establishment."""
    member_number_tries: int = 0
    establishments: tuple[Attached, ...] = ()
    thanked: bool = False
