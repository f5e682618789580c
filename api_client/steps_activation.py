"""The steps of an activation (domain.md §4–6), each beside its answer. Some of them serve other journeys too."""

from datetime import datetime
from typing import Literal

from api_client.passwords import PasswordPolicy
from api_client.secret import Secret
from api_client.step import Answer, CardLine, Step

Purpose = Literal["backup_email", "activation", "redirection", "registration", "backup_change", "recovery"]
"""What the link or the code of a mail proves, or opens."""


class Login(Step, frozen=True, kw_only=True):
    """The login printed on the letter (domain.md §11.1). Field ``login``."""

    label: str
    login: str = ""
    hint: str = ""
    """What a login looks like here, such as ``p00000000000``."""
    max_length: int = 64


class LoginAnswer(Answer, frozen=True, kw_only=True):
    login: str


class ProvisionalPassword(Step, frozen=True, kw_only=True):
    """The provisional password printed on the letter. Field ``password``."""

    label: str
    check_character: bool = True
    """Ours end with a check character, so that a typing error can be told before it costs an attempt."""
    retry_at: datetime | None = None
    """After too many failures: no attempt is weighed before this instant."""


class ProvisionalPasswordAnswer(Answer, frozen=True, kw_only=True):
    password: Secret


class BackupEmail(Step, frozen=True, kw_only=True):
    """A personal address, typed twice (domain.md §11.2). Fields ``address`` and ``confirmation``."""

    label: str
    confirmation_label: str
    address: str = ""
    refused_domains: tuple[str, ...] = ()
    """The institution's own domains: mail sent there would come back here."""
    common_domains: tuple[str, ...] = ()
    """Well-known domains, to suggest one when the domain typed is a near miss."""


class BackupEmailAnswer(Answer, frozen=True, kw_only=True):
    address: str
    confirmation: str


class LinkSent(Step, frozen=True, kw_only=True):
    """Waiting for the person to open a link, or to type the code of the same mail. Field ``code``."""

    purpose: Purpose
    address_hint: str
    """The address, masked; empty when nobody may know whether there is one."""
    deadline: datetime | None = None
    deadline_text: str = ""
    """« Valable jusqu’au mercredi 4 novembre 2026 à 23 h 59 (heure de Paris) »"""
    number: int | None = None
    """Two digits, 10–99, to type on the page that the link opens; it ties the page to this screen."""
    delivery: Literal["sending", "sent", "refused"] = "sending"
    """``refused``: the mail server of that address will not take it."""


class LinkSentAnswer(Answer, frozen=True, kw_only=True):
    code: Secret
    """Twelve Crockford characters in any grouping, or the whole link."""


class ActivationCode(Step, frozen=True, kw_only=True):
    """The code or the link of a mail that opens a journey, typed or pasted. Field ``code``."""

    label: str


class ActivationCodeAnswer(Answer, frozen=True, kw_only=True):
    code: Secret


class ActivationResend(Step, frozen=True, kw_only=True):
    """The institutional address, to receive a new activation mail. Field ``address``."""

    label: str
    address: str = ""
    hint: str = ""


class ActivationResendAnswer(Answer, frozen=True, kw_only=True):
    address: str


class Charter(Step, frozen=True, kw_only=True):
    """A text to read and accept. Field ``accepted``."""

    label: str
    version: str
    sha256: str
    text: str
    """Headings start with ``# `` or ``## ``, items with ``- ``; paragraphs are separated by blank lines."""
    accepted: bool = False


class CharterAnswer(Answer, frozen=True, kw_only=True):
    accepted: bool
    sha256: str
    """Of the text that was shown, so that nobody accepts a version they have not seen."""


class PublicDirectory(Step, frozen=True, kw_only=True):
    """Appear in the public directory, or not; unticked means no. Field ``listed``."""

    label: str
    note: str
    card: tuple[CardLine, ...]
    """What anyone would see if the box is ticked."""
    listed: bool = False


class PublicDirectoryAnswer(Answer, frozen=True, kw_only=True):
    listed: bool


class Mailbox(Step, frozen=True, kw_only=True):
    """Nothing is asked: a mailbox will be made, and this is its address."""

    address: str


class MailboxAnswer(Answer, frozen=True, kw_only=True):
    """Read."""


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


class RedirectionAnswer(Answer, frozen=True, kw_only=True):
    redirect: bool
    address: str
    keep_copy: bool


class NewPassword(Step, frozen=True, kw_only=True):
    """The person's own password, typed twice. Fields ``password`` and ``confirmation``."""

    label: str
    confirmation_label: str
    policy: PasswordPolicy
    refused_words: tuple[str, ...] = ()
    """Login, alias and names, which it must not contain. (The birth date is known to the backend alone.)"""
    broken: tuple[str, ...] = ()
    """Codes of ``api_client.passwords.Rule`` that the password just sent does not keep."""


class NewPasswordAnswer(Answer, frozen=True, kw_only=True):
    password: Secret
    confirmation: Secret


class RecoveryCodes(Step, frozen=True, kw_only=True):
    """Ten codes to keep for the day the phone is lost. Field ``kept``."""

    label: str
    codes: tuple[Secret, ...] | None = None


class RecoveryCodesAnswer(Answer, frozen=True, kw_only=True):
    kept: bool


class Done(Step, frozen=True, kw_only=True):
    """The end of a journey. What was set up, what is still being prepared, where to go next."""

    facts: tuple[CardLine, ...] = ()
    """What to remember: the login, the address, the number of a request."""
    set_up: tuple[str, ...] = ()
    in_preparation: tuple[str, ...] = ()
    next_url: str = ""


ActivationSteps = (
    Login
    | ProvisionalPassword
    | BackupEmail
    | LinkSent
    | ActivationCode
    | ActivationResend
    | Charter
    | PublicDirectory
    | Mailbox
    | Redirection
    | NewPassword
    | RecoveryCodes
    | Done
)
ActivationAnswers = (
    LoginAnswer
    | ProvisionalPasswordAnswer
    | BackupEmailAnswer
    | LinkSentAnswer
    | ActivationCodeAnswer
    | ActivationResendAnswer
    | CharterAnswer
    | PublicDirectoryAnswer
    | MailboxAnswer
    | RedirectionAnswer
    | NewPasswordAnswer
    | RecoveryCodesAnswer
)
