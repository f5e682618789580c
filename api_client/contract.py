"""What the terminal and the backend say to each other: every Step, every Answer, and the Enrolment around them.

The backend decides the next Step; the terminal draws it and sends one Answer. Both sides use these types, and only
these. On the wire each step and answer is a JSON object whose ``kind`` is its class name in snake case (answers
without their ``Answer``). Instants are RFC 3339 in UTC. Texts are in the language of the enrolment, ready to show as
plain text, never as markup. docs/architecture.md tells the protocol; docs/openapi.json is generated from this file.

A wrong answer brings back the same step with ``errors`` and the values that are safe to show again. A ``Secret`` that
travels to the terminal (a TOTP key, recovery codes) travels once: when the step is sent again it is ``None``.
"""

import re
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from api_client.passwords import PasswordPolicy
from api_client.secret import Secret

_T = TypeVar("_T")

Locale = Literal["fr", "en"]
Status = Literal["active", "waiting", "locked", "expired", "handed_over", "completed", "cancelled"]


def _kind(class_name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name.removesuffix("Answer")).lower()


# ------------------------------------------------------------------------------------------------ parts of steps


class Action(Struct, frozen=True, kw_only=True):
    """Something else the person can do on this step; chosen by answering ``Act(action=id)``."""

    id: str
    label: str
    available_at: datetime | None = None
    """Not before this instant (a re-send is spaced); the button shows the countdown."""
    leads_back: bool = False
    """The way out of a dead end (restart, change the address) rather than a way on: drawn less loudly."""


class CardLine(Struct, frozen=True):
    """One line of the public directory card: what it is, and the person's value."""

    label: str
    value: str


class TotpOffer(Struct, frozen=True, kw_only=True):
    """The second factor about to be paired (RFC 6238: SHA-1, 6 digits, 30 s). Sent once."""

    uri: Secret
    """``otpauth://totp/…`` short enough for a QR of version 5 at level L."""
    key: Secret
    """The same key in base32, 32 characters, for people without a camera."""


# ---------------------------------------------------------------------------------------------------- every step


class Step(Struct, frozen=True, kw_only=True, tag_field="kind", tag=_kind, forbid_unknown_fields=True):
    """What the terminal is to show now. ``errors`` maps a field's name to a sentence; ``""`` is the whole step's."""

    title: str
    lead: str = ""
    """Why this is asked, and what to do: a paragraph or more, separated by blank lines."""
    errors: dict[str, str] = {}
    notice: str = ""
    """Something that just happened and is no error: « Un nouveau mail est parti. »"""
    actions: tuple[Action, ...] = ()


class Login(Step, frozen=True, kw_only=True):
    """The login printed on the letter (domain.md §11.1). Field ``login``."""

    label: str
    login: str = ""
    hint: str = ""
    """What a login looks like here, such as ``p00000000000``."""
    max_length: int = 64


class ProvisionalPassword(Step, frozen=True, kw_only=True):
    """The provisional password printed on the letter. Field ``password``."""

    label: str
    check_character: bool = True
    """Ours end with a check character, so that a typing error can be told before it costs an attempt."""
    retry_at: datetime | None = None
    """After too many failures: no attempt is weighed before this instant."""


class BackupEmail(Step, frozen=True, kw_only=True):
    """A personal address, typed twice (domain.md §11.2). Fields ``address`` and ``confirmation``."""

    label: str
    confirmation_label: str
    address: str = ""
    refused_domains: tuple[str, ...] = ()
    """The institution's own domains: mail sent there would come back here."""
    common_domains: tuple[str, ...] = ()
    """Well-known domains, to suggest one when the domain typed is a near miss."""


class LinkSent(Step, frozen=True, kw_only=True):
    """Waiting for the person to open a link, or to type the code of the same mail. Field ``code``."""

    purpose: Literal["backup_email", "activation", "redirection"]
    address_hint: str
    """The address, masked; empty when nobody may know whether there is one."""
    deadline: datetime | None = None
    deadline_text: str = ""
    """« Valable jusqu’au mercredi 4 novembre 2026 à 23 h 59 (heure de Paris) »"""
    number: int | None = None
    """Two digits, 10–99, to type on the page that the link opens; it ties the page to this screen."""
    delivery: Literal["sending", "sent", "refused"] = "sending"
    """``refused``: the mail server of that address will not take it."""


class ActivationCode(Step, frozen=True, kw_only=True):
    """The code or the link of the activation mail, typed or pasted. Field ``code``."""

    label: str


class ActivationResend(Step, frozen=True, kw_only=True):
    """The institutional address, to receive a new activation mail. Field ``address``."""

    label: str
    address: str = ""
    hint: str = ""


class TakeOver(Step, frozen=True, kw_only=True):
    """The same account is being activated on another screen: go on here, or leave it there."""

    since: datetime
    since_text: str


class Charter(Step, frozen=True, kw_only=True):
    """A text to read and accept. Field ``accepted``."""

    label: str
    version: str
    sha256: str
    text: str
    """Headings start with ``# `` or ``## ``, items with ``- ``; paragraphs are separated by blank lines."""
    accepted: bool = False


class PublicDirectory(Step, frozen=True, kw_only=True):
    """Appear in the public directory, or not; unticked means no. Field ``listed``."""

    label: str
    note: str
    card: tuple[CardLine, ...]
    """What anyone would see if the box is ticked."""
    listed: bool = False


class Mailbox(Step, frozen=True, kw_only=True):
    """Nothing is asked: a mailbox will be made, and this is its address."""

    address: str


class Redirection(Step, frozen=True, kw_only=True):
    """Forward the mail elsewhere. Fields ``redirect``, ``address``, ``keep_copy``."""

    mandatory: bool
    """For people without a mailbox here: no ``redirect`` box and no ``keep_copy`` box."""
    redirect_label: str
    label: str
    keep_copy_label: str
    redirect: bool = False
    address: str = ""
    keep_copy: bool = True
    refused_domains: tuple[str, ...] = ()
    common_domains: tuple[str, ...] = ()


class NewPassword(Step, frozen=True, kw_only=True):
    """The person's own password, typed twice. Fields ``password`` and ``confirmation``."""

    label: str
    confirmation_label: str
    policy: PasswordPolicy
    refused_words: tuple[str, ...] = ()
    """Login, alias and names, which it must not contain. (The birth date is known to the backend alone.)"""
    broken: tuple[str, ...] = ()
    """Codes of ``api_client.passwords.Rule`` that the password just sent does not keep."""


class PhonePairing(Step, frozen=True, kw_only=True):
    """A phone's authenticator, proved by one code before it counts. Field ``code``."""

    label: str
    offer: TotpOffer | None = None
    """``None`` when the step is sent again: keep showing the first one, or ask for another by ``Act("renew")``."""
    expires_at: datetime | None = None
    optional: bool = True


class RecoveryCodes(Step, frozen=True, kw_only=True):
    """Ten codes to keep for the day the phone is lost. Field ``kept``."""

    label: str
    codes: tuple[Secret, ...] | None = None


class Done(Step, frozen=True, kw_only=True):
    """The account is active. What was set up, what is still being prepared, where to go next."""

    login: str
    address: str
    set_up: tuple[str, ...] = ()
    in_preparation: tuple[str, ...] = ()
    next_url: str = ""


class Outcome(Step, frozen=True, kw_only=True):
    """The journey stops here for now; ``actions`` say what can be done about it."""

    contact: str = ""


class Refused(Outcome, frozen=True, kw_only=True):
    """It cannot be done, and why."""


class Locked(Outcome, frozen=True, kw_only=True):
    """Too many failures: the letter is void, or the account is blocked."""


class Expired(Outcome, frozen=True, kw_only=True):
    """A deadline has passed, or nothing happened for too long; what was given is kept."""


class HandedOver(Outcome, frozen=True, kw_only=True):
    """The journey goes on at another screen."""


class Unexpected(Outcome, frozen=True, kw_only=True):
    """Our fault. ``reference`` finds the cause in the log."""

    reference: str


AnyStep = (
    Login
    | ProvisionalPassword
    | BackupEmail
    | LinkSent
    | ActivationCode
    | ActivationResend
    | TakeOver
    | Charter
    | PublicDirectory
    | Mailbox
    | Redirection
    | NewPassword
    | PhonePairing
    | RecoveryCodes
    | Done
    | Refused
    | Locked
    | Expired
    | HandedOver
    | Unexpected
)

# -------------------------------------------------------------------------------------------------- every answer


class Answer(Struct, frozen=True, kw_only=True, tag_field="kind", tag=_kind, forbid_unknown_fields=True):
    """What the person said on the step of the same kind."""


class LoginAnswer(Answer, frozen=True, kw_only=True):
    login: str


class ProvisionalPasswordAnswer(Answer, frozen=True, kw_only=True):
    password: Secret


class BackupEmailAnswer(Answer, frozen=True, kw_only=True):
    address: str
    confirmation: str


class LinkSentAnswer(Answer, frozen=True, kw_only=True):
    code: Secret
    """Twelve Crockford characters in any grouping, or the whole link."""


class ActivationCodeAnswer(Answer, frozen=True, kw_only=True):
    code: Secret


class ActivationResendAnswer(Answer, frozen=True, kw_only=True):
    address: str


class TakeOverAnswer(Answer, frozen=True, kw_only=True):
    here: bool


class CharterAnswer(Answer, frozen=True, kw_only=True):
    accepted: bool
    sha256: str
    """Of the text that was shown, so that nobody accepts a version they have not seen."""


class PublicDirectoryAnswer(Answer, frozen=True, kw_only=True):
    listed: bool


class MailboxAnswer(Answer, frozen=True, kw_only=True):
    """Read."""


class RedirectionAnswer(Answer, frozen=True, kw_only=True):
    redirect: bool
    address: str
    keep_copy: bool


class NewPasswordAnswer(Answer, frozen=True, kw_only=True):
    password: Secret
    confirmation: Secret


class PhonePairingAnswer(Answer, frozen=True, kw_only=True):
    code: Secret


class RecoveryCodesAnswer(Answer, frozen=True, kw_only=True):
    kept: bool


class Act(Answer, frozen=True, kw_only=True):
    """One of the step's ``actions`` instead of its question."""

    action: str


AnyAnswer = (
    LoginAnswer
    | ProvisionalPasswordAnswer
    | BackupEmailAnswer
    | LinkSentAnswer
    | ActivationCodeAnswer
    | ActivationResendAnswer
    | TakeOverAnswer
    | CharterAnswer
    | PublicDirectoryAnswer
    | MailboxAnswer
    | RedirectionAnswer
    | NewPasswordAnswer
    | PhonePairingAnswer
    | RecoveryCodesAnswer
    | Act
)

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


class JourneyOffer(Struct, frozen=True, kw_only=True):
    """One of the doors on the welcome screen."""

    id: str
    title: str
    summary: str
    prerequisite: str = ""


class HelpTopic(Struct, frozen=True, kw_only=True):
    """A question that people have, and its answer; ``steps`` are the step kinds it helps with, none for all."""

    question: str
    answer: str
    steps: tuple[str, ...] = ()


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
