"""What the terminal and the backend say to each other: every Step, every Answer, and the Enrolment around them.

The backend decides the next Step; the terminal draws it and sends one Answer. Both sides use these types, and only
these. On the wire each step and answer is a JSON object whose ``kind`` is its class name in snake case (answers
without their ``Answer``). Instants are RFC 3339 in UTC. Texts are in the language of the enrolment, ready to show as
plain text, never as markup. docs/architecture.md tells the protocol; docs/openapi.json is generated from this file.

A wrong answer brings back the same step with ``errors`` and the values that are safe to show again. A ``Secret`` that
travels to the terminal (a TOTP key, recovery codes) travels once: when the step is sent again it is ``None``.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from api_client.secret import Secret

# The kinds are said in rooms of their own; whoever speaks the contract finds them all here.
from api_client.step import *
from api_client.steps_account import *
from api_client.steps_activation import *
from api_client.steps_outcome import *
from api_client.steps_pairing import *
from api_client.steps_portal import *

_T = TypeVar("_T")

Locale = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(?!\s)$")]
"""A language by its code of two or three letters (ISO 639). Whoever does not speak it answers in English."""
Status = Literal["active", "waiting", "locked", "expired", "handed_over", "completed", "cancelled"]

AnyStep = ActivationSteps | PortalSteps | PairingSteps | AccountSteps | OutcomeSteps
AnyAnswer = ActivationAnswers | PortalAnswers | PairingAnswers | AccountAnswers | OutcomeAnswers | Act

# ------------------------------------------------------------------------------------------- around the two of them


class RailStep(Struct, frozen=True, kw_only=True):
    """One line of the rail at the left: a step of the journey and whether it lies behind."""

    label: str
    state: Literal["done", "current", "ahead"]


class Progress(Struct, frozen=True, kw_only=True):
    """Where the person is. ``position`` counts from 1; both are 0 on a step that is no part of the way."""

    position: int
    total: int
    steps: tuple[RailStep, ...]


class Enrolment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's way through one journey, as it stands at ``revision``."""

    id: str
    revision: int
    journey: str
    journey_title: str
    status: Status
    server_time: datetime
    expires_at: datetime
    """When it ends if nothing more happens; what was given is kept for the account."""
    locale: Locale
    seat: int
    """Which screen holds it: 1 for the first, one more at each take-over."""
    progress: Progress
    can_go_back: bool
    step: AnyStep


class Drawing(Struct, frozen=True, kw_only=True):
    """What this terminal can draw, so that nothing is offered that it cannot show."""

    cols: int = 80
    rows: int = 24
    colours: int = 256
    unicode: bool = True
    qr: bool = True
    plain: bool = False
    kiosk: bool = False
    assisted: bool = False


class Begin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``POST /v1/enrolments``."""

    journey: str
    locale: Locale = "fr"
    drawing: Drawing = Drawing()


class Resume(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``POST /v1/resumptions``: a hand-over code, and something that was already proved on the way."""

    code: Secret
    known: str
    """The login, or the backup address once it was confirmed."""
    locale: Locale = "fr"
    drawing: Drawing = Drawing()


class SwitchLocale(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of ``PUT /v1/enrolments/{id}/locale``."""

    locale: Locale


class Seated(Struct, frozen=True, kw_only=True):
    """An enrolment and the token of the screen that holds it, sent back as ``Authorization: Bearer``."""

    enrolment: Enrolment
    token: Secret


class HandOver(Struct, frozen=True, kw_only=True):
    """A code that carries the enrolment to another screen; usable once."""

    code: Secret
    expires_at: datetime
    known_label: str
    """What will be asked beside it, such as « votre nom de connexion »."""


class HelpTopic(Struct, frozen=True, kw_only=True):
    """A question that people have, and its answer; ``steps`` are the step kinds it helps with, none for all."""

    question: str
    answer: str
    steps: tuple[str, ...] = ()


class JourneyOffer(Struct, frozen=True, kw_only=True):
    """One of the doors on the welcome screen."""

    id: str
    title: str
    summary: str
    prerequisite: str = ""
    host: str = ""
    """Who holds this door, where it is not the institution itself; shown in its place."""
    support: str = ""
    """Who helps with this journey, where it is somebody else than ``Catalogue.support``."""
    leaving: str = ""
    """What becomes of it when one leaves in the middle, where not everything is there again afterwards."""
    help: tuple[HelpTopic, ...] = ()
    """The questions that people have on this journey; those of ``Catalogue.help`` come after them."""


class Catalogue(Struct, frozen=True, kw_only=True):
    """Answer of ``GET /v1/catalogue?locale=fr``: who we are and which doors there are."""

    institution: str
    acronym: str
    accent: str
    """``#rrggbb``, used where it reaches a contrast of 4.5:1."""
    support: str
    """One line: who helps, and how to reach them."""
    journeys: tuple[JourneyOffer, ...]
    help: tuple[HelpTopic, ...] = ()
    demonstration: bool = False


class Problem(Struct, frozen=True, kw_only=True):
    """RFC 9457, for what is not about an answer. ``type`` is a word of ours; docs/api.md lists them."""

    type: str
    title: str
    status: int
    detail: str = ""
    reference: str = ""


# ------------------------------------------------------------------------------------------------------ the wire


def _to_wire(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(f"{type(value).__name__} is no part of the contract")


def _from_wire(wanted: type, value: Any) -> Any:
    if wanted is Secret and isinstance(value, str):
        return Secret(value)
    raise msgspec.ValidationError(f"Expected `{wanted.__name__}`")


def schema_of_secret(wanted: type) -> dict[str, Any]:
    """JSON Schema of the one type of ours that msgspec does not know (OpenAPI's ``format: password``)."""
    if wanted is Secret:
        return {"type": "string", "format": "password"}
    raise NotImplementedError(wanted.__name__)


def encode(message: Struct) -> bytes:
    """JSON bytes of any type of this module."""
    return msgspec.json.encode(message, enc_hook=_to_wire)


def decode(body: bytes, wanted: type[_T]) -> _T:
    """``body`` as ``wanted``; raises ``msgspec.ValidationError`` naming the path of what is wrong."""
    return msgspec.json.decode(body, type=wanted, dec_hook=_from_wire)
