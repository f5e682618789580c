"""How often something may be tried: counted before the secret is weighed, so that parallel tries gain nothing.

Subjects are kept as MACs, never in clear. A refused try is not counted, neither by the limit that refused it nor by any
other, so nobody is kept out for longer by insisting, nor by somebody who insists elsewhere; and no allowance locks an
account: the worst is a wait, and a new letter after a hundred failures.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.clock import Clock
from backend.database.store import Transaction
from backend.database.tables import throttles
from backend.keys import Keys

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Tally:
    """What was counted: tries in the present window, and since the last success."""

    tries: int
    consecutive: int
    since: datetime
    waits_until: datetime | None = None


@dataclass(frozen=True)
class Budget:
    """At most ``most`` tries in a window that runs from the first of them."""

    most: int
    within: timedelta

    def refused_until(self, tally: Tally, now: datetime) -> datetime | None:
        end = tally.since + self.within
        return end if tally.tries >= self.most and now < end else None

    def counted(self, tally: Tally | None, now: datetime) -> Tally:
        if tally and now < tally.since + self.within:
            return Tally(tally.tries + 1, tally.consecutive + 1, tally.since)
        return Tally(1, tally.consecutive + 1 if tally else 1, now)


@dataclass(frozen=True)
class Patience:
    """``free`` tries, then a wait after each one, doubling; forgotten after ``within`` without any try.

    After ``most`` tries the wait is the whole of ``within``: no more than that many fall into any such time.
    """

    free: int
    within: timedelta = _DAY
    most: int | None = None
    first_wait: timedelta = _MINUTE
    longest_wait: timedelta = _HOUR

    def refused_until(self, tally: Tally, now: datetime) -> datetime | None:
        return tally.waits_until if tally.waits_until and now < tally.waits_until else None

    def counted(self, tally: Tally | None, now: datetime) -> Tally:
        tries = tally.tries + 1 if tally and now < tally.since + self.within else 1
        return Tally(tries, tally.consecutive + 1 if tally else 1, now, self._wait_after(tries, now))

    def _wait_after(self, tries: int, now: datetime) -> datetime | None:
        if self.most is not None and tries >= self.most:
            return now + self.within
        if tries < self.free:
            return None
        doublings = min(tries - self.free, 16)  # enough to pass any longest wait, and no overflow
        return now + min(self.first_wait * (1 << doublings), self.longest_wait)


Limit = Budget | Patience


@dataclass(frozen=True)
class Allowance:
    """What may be tried how often; every limit must agree."""

    kind: str
    limits: tuple[Limit, ...]


Try = tuple[Allowance, *tuple[str, ...]]
"""One way in which a try is counted: the allowance, and whose try it is, as its ``kind`` names the parts."""


@dataclass(frozen=True)
class Wait:
    """The try was neither counted nor allowed; the next one may be made at ``until``."""

    until: datetime

    def seconds(self, now: datetime) -> int:
        """How long that is, in whole seconds, at least one."""
        return max(1, int((self.until - now).total_seconds()) + 1)


VOID_LETTER_AFTER = 100
"""Consecutive wrong provisional passwords after which the letter is void (NIST SP 800-63B-4 §3.2.2; security.md §2)."""

PROVISIONAL_PAIR = Allowance("provisional password: login, source", (Patience(free=5, most=25),))
PROVISIONAL_ACCOUNT = Allowance("provisional password: login", (Patience(free=VOID_LETTER_AFTER, within=60 * _DAY),))
PASSWORD_PAIR = Allowance("password: login, source", (Patience(free=5, most=25),))
PASSWORD_ACCOUNT = Allowance("password: login", (Patience(free=100, within=60 * _DAY),))
RECOVERY_CODE = Allowance("recovery codes: account", (Patience(free=5),))
SOURCE = Allowance("passwords: source", (Budget(30, 5 * _MINUTE),))
RESEND = Allowance("mails: account, purpose, address", (Budget(1, _MINUTE), Budget(5, _HOUR)))
SENDER = Allowance("mails: account", (Budget(10, _HOUR), Budget(20, _DAY)))
RESEND_ACCOUNT = Allowance("re-send: account", (Budget(3, _HOUR), Budget(10, _DAY)))
RESEND_SOURCE = Allowance("re-send: source", (Budget(20, _HOUR),))
DESTINATION = Allowance("mails: address", (Budget(10, _DAY),))
LINK_PAGE = Allowance("unknown links: source", (Budget(30, 5 * _MINUTE),))
BEGINNING = Allowance("enrolments begun: source", (Budget(600, 5 * _MINUTE),))
CODE = Allowance("typed codes: source", (Budget(30, _HOUR),))
MEMBER_NUMBER = Allowance("member numbers: source", (Budget(30, _HOUR),))
REGISTER = Allowance("company register: source", (Budget(10, _MINUTE),))
ASSISTANCE = Allowance("assistance: address", (Budget(3, _DAY),))
ASSISTANCE_SOURCE = Allowance("assistance: source", (Budget(10, _DAY),))
SIGN_IN = Allowance("sign-ins: source", (Budget(60, 5 * _MINUTE),))
PAIRING_CODE = Allowance("pairing codes: enrolment", (Budget(10, _MINUTE),))
PAIRING_DIGITS = Allowance("pairing digits: source", (Budget(5, 2 * _MINUTE), Budget(30, _HOUR)))

ALLOWANCES = {
    PROVISIONAL_PAIR: "security.md §2 (CNIL 2022-100): 5 free, then 60 s doubling to 1 h, at most 25 in 24 h",
    PROVISIONAL_ACCOUNT: "security.md §2 (NIST SP 800-63B-4): slows nobody down before VOID_LETTER_AFTER",
    PASSWORD_PAIR: "security.md §2 (CNIL 2022-100): 5 free, then 60 s doubling to 1 h, at most 25 in 24 h",
    PASSWORD_ACCOUNT: "security.md §1 (NIST SP 800-63B-4): 100 in a row, then a wait of an hour at most",
    RECOVERY_CODE: "security.md §2, as for a phone’s codes: 5 free, then 60 s doubling",
    SOURCE: "security.md §2: 30 in 5 min",
    RESEND: "security.md §2: one a minute, 5 an hour",
    SENDER: "ours: nobody writes to the whole world with one letter",
    RESEND_ACCOUNT: "domain.md §3.4: 3 an hour, 10 a day",
    RESEND_SOURCE: "domain.md §3.4: 20 an hour",
    DESTINATION: "security.md §2: 10 in 24 h",
    LINK_PAGE: "security.md §5: 30 in 5 min",
    BEGINNING: "ours: a room full of kiosks behind one address is well below it",
    CODE: "domain.md §3.4: 30 wrong ones an hour",
    MEMBER_NUMBER: "domain.md §3.4: 30 wrong ones an hour; the 5 of a registration are counted in it",
    REGISTER: "ours: a third of the 30 a minute of INSEE (domain.md §12.1): nobody uses them all up",
    ASSISTANCE: "domain.md §3.4: 3 a day",
    ASSISTANCE_SOURCE: "domain.md §3.4: 10 a day",
    SIGN_IN: "ours: each asks the identity provider for a code, and a room full of kiosks may be one source",
    PAIRING_CODE: "domain.md §3.4: 10 a minute",
    PAIRING_DIGITS: "domain.md §9.2: 5 wrong ones while a code lives, 30 an hour",
}
"""Every allowance, and where its numbers come from."""

# Made once: making a statement costs twice what running it does.
_THESE = throttles.c.subject.in_(bindparam("subjects", expanding=True))
_TALLIES = select(throttles).where(_THESE).with_for_update()
_COUNT = insert(throttles)
_FORGET = delete(throttles).where(_THESE)
_GIVE_BACK = update(throttles).where(_THESE, throttles.c.failures > 0).values(failures=throttles.c.failures - 1)


class Throttle:
    """Counts tries. ``parts`` say whose, in the order that the allowance's ``kind`` names them."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def count(self, tx: Transaction, allowance: Allowance, *parts: str) -> Wait | None:
        """Count one try and let it go ahead, or say until when to wait; decided and written as one."""
        return await self.count_all(tx, (allowance, *parts))

    async def count_all(self, tx: Transaction, *tries: Try) -> Wait | None:
        """Count one try in several ways: in each of them, or in none where one refuses (then the longest wait)."""
        now = self._clock()
        found = await self._tallies(tx.connection, *tries)
        if wait := _wait(found, now):
            return wait
        # The same two statements whatever was there: or the time would tell who was tried before (domain.md §3.3).
        await tx.connection.execute(_FORGET, {"subjects": [subject for _, subject, _ in found]})
        counted = [{"subject": subject, **_kept(limit.counted(before, now))} for limit, subject, before in found]
        await tx.connection.execute(_COUNT, counted)
        return None

    async def waiting(self, connection: AsyncConnection, allowance: Allowance, *parts: str) -> Wait | None:
        """Until when the next try would be refused, without counting one."""
        return _wait(await self._tallies(connection, (allowance, *parts)), self._clock())

    async def consecutive(self, connection: AsyncConnection, allowance: Allowance, *parts: str) -> int:
        """Tries since the last success, however long ago."""
        tallies = [tally for _, _, tally in await self._tallies(connection, (allowance, *parts))]
        return max(tally.consecutive if tally else 0 for tally in tallies)

    async def succeed(self, tx: Transaction, allowance: Allowance, *parts: str) -> None:
        """It was the right one, or there is nothing left to guess: forget the tries."""
        subjects = [subject for _, subject in self._subjects(allowance, *parts)]
        await tx.connection.execute(_FORGET, {"subjects": subjects})

    async def give_back(self, tx: Transaction, allowance: Allowance, *parts: str) -> None:
        """The try was the right one: it does not count, and the others still do (a whole campus may be one source)."""
        subjects = [subject for _, subject in self._subjects(allowance, *parts)]
        await tx.connection.execute(_GIVE_BACK, {"subjects": subjects})

    async def sweep(self, tx: Transaction) -> None:
        """Delete what no limit remembers any more."""
        now = self._clock()
        longest = max(limit.within for allowance in ALLOWANCES for limit in allowance.limits)
        no_wait = or_(throttles.c.waits_until.is_(None), throttles.c.waits_until <= now)
        await tx.connection.execute(delete(throttles).where(throttles.c.window_began_at <= now - longest, no_wait))

    def _subjects(self, allowance: Allowance, *parts: str) -> list[tuple[Limit, str]]:
        return [
            (limit, self._keys.mac("throttle", msgspec.json.encode([allowance.kind, place, *parts])).hex())
            for place, limit in enumerate(allowance.limits)
        ]

    async def _tallies(self, connection: AsyncConnection, *tries: Try) -> list[tuple[Limit, str, Tally | None]]:
        subjects = [found for each in tries for found in self._subjects(*each)]
        wanted = {"subjects": [subject for _, subject in subjects]}
        tallies = {
            row.subject: Tally(row.failures, row.consecutive, row.window_began_at, row.waits_until)
            for row in await connection.execute(_TALLIES, wanted)
        }
        return [(limit, subject, tallies.get(subject)) for limit, subject in subjects]


def _kept(tally: Tally) -> dict[str, object]:
    return {
        "failures": tally.tries,
        "consecutive": tally.consecutive,
        "window_began_at": tally.since,
        "waits_until": tally.waits_until,
    }


def _wait(found: list[tuple[Limit, str, Tally | None]], now: datetime) -> Wait | None:
    waits = [until for limit, _, tally in found if tally and (until := limit.refused_until(tally, now))]
    return Wait(max(waits)) if waits else None
