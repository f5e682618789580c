"""Steps of somebody who has an account, and of somebody who cannot reach it (domain.md §7), each beside its answer."""

from datetime import datetime
from typing import Literal

from api_client.secret import Secret
from api_client.step import Answer, Choice, Step


class Notice(Step, frozen=True, kw_only=True):
    """Nothing is asked: something to read before going on."""

    lines: tuple[str, ...] = ()


class NoticeAnswer(Answer, frozen=True, kw_only=True):
    """Read."""


class Menu(Step, frozen=True, kw_only=True):
    """What to do next. Field ``choice``."""

    choices: tuple[Choice, ...]
    choice: str = ""
    """Where the marker stands when the menu comes again."""


class MenuAnswer(Answer, frozen=True, kw_only=True):
    choice: str


class CurrentPassword(Step, frozen=True, kw_only=True):
    """The password of an account that is active. Field ``password``."""

    label: str
    retry_at: datetime | None = None


class CurrentPasswordAnswer(Answer, frozen=True, kw_only=True):
    password: Secret


class SecondFactor(Step, frozen=True, kw_only=True):
    """The six digits of the paired phone, or a recovery code. Field ``code``."""

    label: str
    retry_at: datetime | None = None


class SecondFactorAnswer(Answer, frozen=True, kw_only=True):
    code: Secret


class AssistanceSubject(Step, frozen=True, kw_only=True):
    """What is wrong, and for whom. Fields ``motive`` and ``profile``."""

    motives_label: str
    motives: tuple[Choice, ...]
    profiles_label: str
    profiles: tuple[Choice, ...]
    motive: str = ""
    profile: str = ""


class AssistanceSubjectAnswer(Answer, frozen=True, kw_only=True):
    motive: str
    profile: str


class AssistanceContact(Step, frozen=True, kw_only=True):
    """Which account, and how to reach its owner. Fields ``institutional``, ``personal``, ``telephone``."""

    labels: dict[str, str]
    hint: str = ""
    institutional: str = ""
    personal: str = ""
    telephone: str = ""


class AssistanceContactAnswer(Answer, frozen=True, kw_only=True):
    institutional: str
    personal: str
    telephone: str


class AssistanceMessage(Step, frozen=True, kw_only=True):
    """What happened, in the person's words. Field ``text``; lengths in characters."""

    label: str
    text: str = ""
    shortest: int = 20
    longest: int = 4000


class AssistanceMessageAnswer(Answer, frozen=True, kw_only=True):
    text: str


class AssistanceIdentity(Step, frozen=True, kw_only=True):
    """What an agent compares by telephone: an INE or a birth date. Never shown again. Field ``value``."""

    wanted: Literal["ine", "birth_date"]
    label: str
    hint: str = ""


class AssistanceIdentityAnswer(Answer, frozen=True, kw_only=True):
    value: Secret


AccountSteps = (
    Notice
    | Menu
    | CurrentPassword
    | SecondFactor
    | AssistanceSubject
    | AssistanceContact
    | AssistanceMessage
    | AssistanceIdentity
)
AccountAnswers = (
    NoticeAnswer
    | MenuAnswer
    | CurrentPasswordAnswer
    | SecondFactorAnswer
    | AssistanceSubjectAnswer
    | AssistanceContactAnswer
    | AssistanceMessageAnswer
    | AssistanceIdentityAnswer
)
