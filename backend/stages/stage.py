"""What every stage can do, and what it may answer to the engine.

A stage has no state: it looks at a ``Situation`` and changes it. It takes an answer in two phases. ``weigh`` runs
outside of
the write transaction and does what is slow (hashing; counting an attempt in a transaction of its own). ``take``
runs inside
the one write transaction of this answer, after the revision was compared, and says where to go.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from api_client.contract import Answer, AnyStep, Purpose, Status
from backend.database.store import Transaction
from backend.dates import clock_in_words, day_in_words
from backend.house import House
from backend.journeys import Journey, JourneyStep
from backend.situation import Situation

A = TypeVar("A", bound=Answer)


@dataclass(frozen=True)
class Stay:
    """The same step again: ``errors`` per field, something to notice, safe values to show again."""

    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    once: object = None
    """Handed to ``show`` for this one response, and written nowhere."""


@dataclass(frozen=True)
class Onward:
    """The next step that applies; with ``resume``, the next one that is not finished."""

    notice: str = ""
    resume: bool = False


@dataclass(frozen=True)
class To:
    """A certain place: a step of the journey, or an outcome outside of it."""

    place: str
    notice: str = ""
    values: dict[str, Any] = field(default_factory=dict)


Outcome = Stay | Onward | To


class Stage(Generic[A]):
    """One kind of step. The methods given here suit a step that only informs."""

    kind: ClassVar[str]
    words: ClassVar[frozenset[str]] = frozenset({"title"})
    """Words that an institution's files must have for it."""
    names: ClassVar[frozenset[str]] = frozenset()
    """What those words may call by ``{name}`` beside the institution's own."""
    keys: ClassVar[frozenset[str]] = frozenset()
    """Keys of a journey's entry, beside those of every step, that mean something for it."""
    purposes: ClassVar[tuple[Purpose, ...]] = ()
    """What a mail of it may be for; the first where the journey does not say."""
    gives: ClassVar[frozenset[str]] = frozenset()
    """What is known of the person once it is behind (``FACTS`` of the catalogue)."""
    later: ClassVar[tuple[str, ...]] = ()
    """Kinds, or ``link_sent:purpose``, that must come after it for the same people."""
    barrier: ClassVar[bool] = False
    """Once it is behind, nobody goes back to it nor before it."""
    changes: ClassVar[bool] = False
    """Its answer changes an active account, so that it asks for a password given a moment ago."""
    returnable: ClassVar[bool] = True
    """Whether going back may stop here."""

    def of(self, step: JourneyStep) -> "Stage[Any]":
        """The stage of this very entry, where a key of the entry makes two of one kind."""
        return self

    def needs(self, step: JourneyStep) -> frozenset[str]:
        """What must be known of the person before it."""
        return frozenset({"person"})

    def gives_of(self, step: JourneyStep) -> frozenset[str]:
        """What this very entry gives."""
        return self.gives

    def later_of(self, step: JourneyStep) -> tuple[str, ...]:
        """What must come after this very entry."""
        return self.later

    def waits(self, step: JourneyStep) -> bool:
        """Whether the screen advances by itself, so that its presence is as good as the person's."""
        return False

    def overdue(self, s: Situation, step: JourneyStep) -> "tuple[Status, Outcome] | None":
        """What time has done to it: the enrolment's status now, and where that leads. Asked before every look."""
        return None

    def came_from(self, s: Situation) -> str:
        """Where going back leads, for a step that is never come to along the way; else nothing."""
        return ""

    def words_of(self, journey: Journey, step: JourneyStep) -> frozenset[str]:
        """The words that this very entry must have."""
        return self.words

    def may_say(self, journey: Journey, step: JourneyStep) -> frozenset[str]:
        """Those, and the ones that it says where an institution has written them."""
        return self.words_of(journey, step)

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        """Whether this person passes here at all."""
        return True

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        """Whether a person who comes back later may skip it."""
        return False

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        """The person arrives. What is returned goes to ``show`` once, and is written nowhere.

        At the first step of a journey the enrolment is not in the database yet.
        """
        return None

    async def left(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> None:
        """The screen that showed it has gone: end what makes no sense without one."""

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> AnyStep:
        """The step to draw now, errors and safe values included."""
        raise NotImplementedError(self.kind)

    async def weigh(self, house: House, s: Situation, step: JourneyStep, answer: A) -> Any:
        """Slow work on an answer, outside of the transaction; its result goes to ``take``."""
        return None

    async def take(
        self, house: House, tx: Transaction, s: Situation, step: JourneyStep, answer: A, weighed: Any
    ) -> Outcome:
        """The answer, inside the transaction."""
        return Onward()

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        """One of the actions that ``show`` offered (the engine has checked that it did, and that it is time)."""
        return Stay()


def framed(s: Situation, step: JourneyStep, **values: object) -> dict[str, Any]:
    """What every step has: title, lead, errors and notice."""
    wording = s.wording(step)
    turn = s.record.turn
    return {
        "title": wording("title", values),
        "lead": wording("lead", values),
        "errors": turn.errors,
        "notice": turn.notice,
    }


def time_over(key: str, until: datetime, *offers: str) -> To:
    """The outcome « expired », with the sentence ``key`` and what may be done about it."""
    return To("expired", values={"say": key, "until": until.isoformat(), "offers": list(offers)})


def on_day(s: Situation, instant: datetime) -> str:
    """« 4 novembre 2026 » or “4 November 2026”, in the institution's time zone."""
    return day_in_words(instant, s.record.locale, s.library.institution.zone)


def clock_time(s: Situation, instant: datetime) -> str:
    """« 14 h 05 » or “14:05”, in the institution's time zone."""
    return clock_in_words(instant, s.record.locale, s.library.institution.zone)
