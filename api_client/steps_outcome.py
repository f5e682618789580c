"""Steps that stand outside of every journey: where it stops for now, and which of two screens goes on."""

from datetime import datetime

from api_client.step import Answer, Step


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


class TakeOver(Step, frozen=True, kw_only=True):
    """The same account is being activated on another screen: go on here, or leave it there."""

    since: datetime
    since_text: str


class TakeOverAnswer(Answer, frozen=True, kw_only=True):
    here: bool


OutcomeSteps = Refused | Locked | Expired | HandedOver | Unexpected | TakeOver
OutcomeAnswers = TakeOverAnswer
