"""What a stage may look at and change: the person, what they said so far, the words to say it in.

A ``Situation`` is one enrolment at one moment, loaded inside the transaction that may change it. Stages change its
``claim``, ``draft`` and ``turn``; the engine writes them back when the stage is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from api_client.contract import Action, Drawing, Locale, Purpose, Status
from backend.assistance.request import Asking
from backend.journeys import Journey, JourneyStep, Library, Realm
from backend.people.person import Person
from backend.portal.registration import Registration
from backend.proofs import Proof


class CharterRecord(Struct, frozen=True, kw_only=True):
    """Which text was accepted, and when (domain.md §6.1)."""

    version: str
    sha256: str
    accepted_at: datetime


class RedirectionChoice(Struct, frozen=True, kw_only=True):
    """Where mail goes. ``address`` empty: nowhere else. ``proved_at`` is None while a link is awaited."""

    address: str = ""
    keep_copy: bool = True
    proved_at: datetime | None = None


class Draft(Struct, kw_only=True):
    """What a person gave so far, kept with the account from one enrolment to the next, without any secret."""

    backup_email: str = ""
    backup_proved_at: datetime | None = None
    new_backup_email: str = ""
    """Asked for in its place, and not proved."""
    charter: CharterRecord | None = None
    listed: bool | None = None
    mailbox_read: bool = False
    redirection: RedirectionChoice | None = None
    password_set_at: datetime | None = None
    phone: str = ""
    """``paired`` or ``declined`` once said."""
    recovery_codes_kept: bool = False
    registration: Registration = msgspec.field(default_factory=Registration)


class Claim(Struct, kw_only=True):
    """What was said in this enrolment and is not proved."""

    login: str = ""
    institutional_address: str = ""
    candidate: str = ""
    """Id of the account it may be about; never shown, and empty for an unknown one."""
    number: int | None = None
    """Shown while waiting for an activation mail, whether or not one was sent."""
    resent_at: datetime | None = None
    code_tries: int = 0
    written_to: str = ""
    """The address that the last mail of a registration was asked for."""
    mail_due: Purpose | None = None
    """A mail was asked for that nobody has written yet, nor looked whether there is anybody to write to."""
    read: tuple[str, ...] = ()
    """Places whose notice was read."""
    password_given_at: datetime | None = None
    """When the present password was last given, here."""
    second_factor_given_at: datetime | None = None
    wanted: str = ""
    """The place that the password was asked again for."""
    password_set_at: datetime | None = None
    activated: bool = False
    """The account became active here."""
    changed: tuple[str, ...] = ()
    """What somebody whose account was active before changed here, each once: ``say.changed_…`` tells it."""
    registration: Registration = msgspec.field(default_factory=Registration)
    """Until somebody is proved; then the draft has it."""
    assistance: Asking = msgspec.field(default_factory=Asking)


class Turn(Struct, kw_only=True):
    """What the last answer left to be said on the step that is shown now."""

    errors: dict[str, str] = {}
    notice: str = ""
    values: dict[str, Any] = {}
    """Safe values to show again, and small facts of the step (never a secret)."""


class Account(Struct, kw_only=True):
    """One row of ``accounts``."""

    id: str
    realm: Realm
    login: str
    institutional_email: str
    person: Person
    status: str
    draft: Draft
    provisional_hash: str | None
    provisional_issued: bool
    provisional_expires_at: datetime | None
    imported_at: datetime
    """Or, on the portal, when somebody registered."""


class EnrolmentRecord(Struct, kw_only=True):
    """One row of ``enrolments``."""

    id: str
    journey: str
    locale: Locale
    revision: int
    status: Status
    place: str
    turn: Turn
    claim: Claim
    drawing: Drawing
    account_id: str | None
    source: str
    seat: int
    begun_at: datetime
    seen_at: datetime
    """When the person last did something, or their screen last waited for a mail."""
    heard_at: datetime
    """When their screen last asked for changes."""


IDLE = timedelta(minutes=30)
"""Of silence before the enrolment ends and the first proof is asked again (domain.md §3.6)."""


Delivery = Literal["sending", "sent", "refused"]
"""How a mail fares."""

LIVING = ("active", "waiting")
"""Statuses of an enrolment that goes on."""


@dataclass
class Situation:
    """One enrolment at the instant ``now``."""

    record: EnrolmentRecord
    journey: Journey
    library: Library
    now: datetime
    account: Account | None = None
    proofs: dict[str, Proof] = field(default_factory=dict)
    """The newest unrevoked proof of each purpose."""
    delivery: dict[str, Delivery] = field(default_factory=dict)
    """Of the mail of each of those proofs."""
    replace_token: bool = False
    """Set by a stage after which the screen's token must change (ASVS 7.2.4)."""

    @property
    def draft(self) -> Draft:
        """Of the account; an empty one, to look at only, while nobody is proved."""
        return self.account.draft if self.account else Draft()

    @property
    def claim(self) -> Claim:
        return self.record.claim

    @property
    def registration(self) -> Registration:
        """What was said on the portal: of the account, or of this enrolment alone while nobody is proved."""
        return self.account.draft.registration if self.account else self.claim.registration

    @property
    def is_known_contact(self) -> bool:
        return self.registration.known_contact

    @property
    def known(self) -> Account:
        """The account of a step that comes after the entry proof."""
        if self.account is None:
            raise LookupError(f"the step {self.record.place} needs somebody who proved who they are")
        return self.account

    def wording(self, step: JourneyStep) -> "Wording":
        return Wording(self.library, step, self.record.locale)

    def say(self, key: str, **values: object) -> str:
        return self.library.say(key, self.record.locale, **values)

    @property
    def contact(self) -> str:
        """Whom to ask: who helps with this journey, or the institution."""
        return self.library.contact(self.journey, self.record.locale)

    def note_change(self, what: str) -> str:
        """Keep for the end that ``what`` was changed, and say it; an activation says everything at its own end."""
        if self.known.status == "inactive" or self.claim.activated:
            return ""
        self.claim.changed = tuple(dict.fromkeys((*self.claim.changed, what)))
        return self.say(f"changed_{what}")

    def open_proof(self, purpose: str) -> Proof | None:
        """The proof that may still be given, if any."""
        proof = self.proofs.get(purpose)
        return proof if proof and proof.is_open(self.now) else None


@dataclass(frozen=True)
class Wording:
    """The words of one step in one language."""

    library: Library
    step: JourneyStep
    locale: Locale

    def __call__(self, word: str, values: Mapping[str, object] | None = None) -> str:
        """``word`` of this step (``title``, ``lead``, ``label`` …), or nothing where the step has no such word."""
        texts = self.library.step_words(self.step)
        if word not in texts:
            return ""
        return texts[word].fill(self.locale, {**self.library.institution.names(), **(values or {})})

    def action(self, id: str, available_at: datetime | None = None, *, back: bool = False) -> Action:
        """One of the step's actions; its label is the word ``act_<id>``."""
        return Action(id=id, label=self(f"act_{id}"), available_at=available_at, leads_back=back)
