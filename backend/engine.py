"""What a screen can ask: begin, answer, look, go back, change the language, carry on elsewhere, leave.

Every public method is one request, and returns the enrolment as it then stands. The order of steps is the
journey's; what
a step does is its stage's; how an enrolment moves is ``progression``'s.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection

from api_client import contract
from api_client.codes import canonical, grouped
from api_client.secret import Secret
from backend import throttle
from backend.accounts import find_account
from backend.codes import new_code
from backend.database.store import Transaction
from backend.enrolments import insert_record, touch
from backend.house import House
from backend.journeys import Realm
from backend.progression import Progression, Stand
from backend.route import back_from
from backend.seats import (
    Seat,
    end_replaced,
    end_seats,
    find_hand_over,
    find_seat,
    insert_hand_over,
    open_seat,
    use_hand_over,
)
from backend.situation import LIVING, Claim, EnrolmentRecord, Situation, Turn
from backend.stages.catalogue import OUTCOMES, STAGES, stage_of
from backend.stages.stage import Stage

_HEARD_EVERY = timedelta(seconds=20)
"""Asking for changes is noted as presence, but no more often than this."""
_ANSWERS = {str(answer.__struct_config__.tag): answer for answer in contract.Answer.__subclasses__()}
_WEIGHED = tuple(_ANSWERS[kind] for kind, stage in (STAGES | OUTCOMES).items() if type(stage).weigh is not Stage.weigh)
"""Those that are looked at before their transaction; for the others that would only be to look twice."""


_KNOWN_LABELS: dict[Realm, str] = {
    "university": "known_label",
    "portal": "known_label_address",
    "sign_in": "known_label_address",
}
"""What is asked beside a hand-over code, by whose account it carries."""


class UnknownJourney(Exception):
    """There is no journey of that id."""


class UnknownSeat(Exception):
    """No enrolment is held by this token."""


class TooMany(Exception):
    """This source has begun too many enrolments. Try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many enrolments begun")
        self.retry_after = retry_after


class NothingProved(Exception):
    """Nothing on this way was proved yet, so there is nothing to carry elsewhere."""


class ResumptionRefused(Exception):
    """The hand-over code, or what was to be known beside it, is not right; or too many were tried.

    ``retry_after``: seconds to wait in that case, else 0.
    """

    def __init__(self, retry_after: int = 0) -> None:
        super().__init__("resumption refused")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Visit:
    """What a request leaves with: the enrolment, and the screen's new token if it changed."""

    enrolment: contract.Enrolment
    token: Secret | None = None


class Elsewhere(Exception):
    """Another screen holds the enrolment now."""

    def __init__(self, stand: Stand) -> None:
        super().__init__("held by another screen")
        s = stand.s
        s.record.status, s.record.place, s.record.turn, s.account = "handed_over", "handed_over", Turn(), None
        self._stand = Stand(s)

    def enrolment(self, locale: contract.Locale | None) -> contract.Enrolment:
        """Shows that, and nothing of what goes on there; in ``locale``, since the other screen may speak another."""
        record = self._stand.s.record
        record.locale = locale or record.locale
        return self._stand.drawn()


def _fits(stand: Stand, revision: int, answer: contract.Answer) -> bool:
    """Whether it answers the step that is shown, as it stood when it was shown."""
    known = stand.s.record.revision == revision
    return known and isinstance(answer, (contract.Act, _ANSWERS.get(stand.step.kind, contract.Act)))


class Engine:
    """All that a screen can ask of the backend. Methods that take a token raise UnknownSeat and Elsewhere."""

    def __init__(self, house: House, progression: Progression) -> None:
        self._house, self._progression = house, progression
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One answer of an enrolment at a time, so that a double Enter is weighed, and counted, once."""

    # ------------------------------------------------------------------------------------------------- beginning

    async def begin(self, wish: contract.Begin, source: str) -> contract.Seated:
        """A new enrolment at the first step. Raises UnknownJourney, TooMany."""
        house, now = self._house, self._house.clock()
        journey = house.library.journeys.get(wish.journey)
        if journey is None:
            raise UnknownJourney(wish.journey)
        record = EnrolmentRecord(
            id=uuid4().hex,
            journey=journey.id,
            locale=wish.locale,
            revision=1,
            status="active",
            place=journey.steps[0].place,
            turn=Turn(),
            claim=Claim(),
            drawing=wish.drawing,
            account_id=None,
            source=source,
            seat=1,
            begun_at=now,
            seen_at=now,
            heard_at=now,
        )
        stand = Stand(Situation(record=record, journey=journey, library=house.library, now=now))
        async with house.store.write() as tx:
            if wait := await house.throttle.count(tx, throttle.BEGINNING, source):
                raise TooMany(wait.seconds(now))
            await self._progression.arrive(tx, stand, record.place)
            await insert_record(tx, record)
            token = await open_seat(tx, record.id, now)
        return contract.Seated(enrolment=stand.drawn(), token=token)

    async def resume(self, wish: contract.Resume, source: str) -> contract.Seated:
        """Carry on at another screen: a code, and something proved on the way. Raises ResumptionRefused."""
        house = self._house
        code = canonical(wish.code.reveal())
        async with house.store.write() as tx:  # the try counts, whatever comes of it
            wait = await house.throttle.count(tx, throttle.CODE, source)
            mac = house.keys.mac("hand-over code", (code or "").encode())
            enrolment_id = None if wait else await find_hand_over(tx, mac, house.clock())
        if enrolment_id is None:
            raise ResumptionRefused(wait.seconds(house.clock()) if wait else 0)
        async with house.store.write() as tx:
            stand = await self._progression.load(tx.connection, enrolment_id)
            s = stand.s
            if s.account is None or not await self._is_known(tx, s, wish.known):
                raise ResumptionRefused
            if not await use_hand_over(tx, mac, s.now):  # another screen was faster
                raise ResumptionRefused
            await house.throttle.give_back(tx, throttle.CODE, source)
            await end_seats(tx, enrolment_id, s.now)
            token = await open_seat(tx, enrolment_id, s.now)
            s.record.seat += 1
            s.record.locale, s.record.drawing, s.record.source = wish.locale, wish.drawing, source
            s.record.turn = Turn(notice=s.say("resumed"), values=s.record.turn.values)
            stand.changed = True
            await house.audit.record(tx, actor="person", subject=s.account.id, action="seat.handed_over", channel="tui")
            await self._progression.settle(tx, stand)
            await self._progression.write(tx, stand)
        return contract.Seated(enrolment=stand.drawn(), token=token)

    async def _is_known(self, tx: Transaction, s: Situation, typed: str) -> bool:
        """Whether it is the login, or the backup address once it was proved."""
        if s.draft.backup_proved_at and typed.strip().lower() == s.draft.backup_email.lower():
            return True
        named = await find_account(tx.connection, typed, s.journey.realms)
        return named is not None and s.account is not None and named.id == s.account.id

    async def hand_over(self, token: Secret, enrolment_id: str) -> contract.HandOver:
        """A code to carry on elsewhere with. Raises NothingProved."""
        house = self._house
        async with self._visit(token, enrolment_id) as (tx, stand):
            if stand.s.account is None or stand.s.record.status not in LIVING:
                raise NothingProved
            code = new_code()
            mac = house.keys.mac("hand-over code", code.encode())
            expires_at = await insert_hand_over(tx, mac, enrolment_id, stand.s.now)
        known = stand.s.say(_KNOWN_LABELS[stand.s.account.realm])
        return contract.HandOver(code=Secret(grouped(code)), expires_at=expires_at, known_label=known)

    # ------------------------------------------------------------------------------------------------- answering

    async def answer(self, token: Secret, enrolment_id: str, revision: int, answer: contract.Answer) -> Visit:
        """Take one answer. One that is stale, or of another step, has no effect and gets the current step."""
        async with self._turns.setdefault(enrolment_id, asyncio.Lock()):
            return await self._answer(token, enrolment_id, revision, answer)

    async def _answer(self, token: Secret, enrolment_id: str, revision: int, answer: contract.Answer) -> Visit:
        weighed, ready = None, True
        if isinstance(answer, _WEIGHED):
            async with self._house.store.read() as connection:
                seen, _ = await self._seated(connection, token, enrolment_id)
            ready = _fits(seen, revision, answer) and self._progression.verdict_of_time(seen) is None
            if ready:
                weighed = await stage_of(seen.step).weigh(self._house, seen.s, seen.step, answer)
        async with self._visit(token, enrolment_id) as (tx, stand):
            # Weighing takes a while: a lock or a deadline may have come meanwhile, and then the answer is to nothing.
            if ready and not stand.changed and _fits(stand, revision, answer):
                await self._progression.take(tx, stand, answer, weighed)
                stand.s.record.seen_at = stand.s.now
                await self._progression.settle(tx, stand)  # what falls due on arrival, a code to show, goes with it
            fresh = await open_seat(tx, enrolment_id, stand.s.now, token) if stand.s.replace_token else None
        return Visit(stand.drawn(), fresh)

    async def back(self, token: Secret, enrolment_id: str, revision: int) -> Visit:
        """One step back, nothing lost; no effect when there is nowhere to go back to."""
        async with self._visit(token, enrolment_id) as (tx, stand):
            place = back_from(stand.s)
            if place and stand.s.record.revision == revision:
                stand.s.record.turn = Turn()
                await self._progression.arrive(tx, stand, place)
                await self._progression.settle(tx, stand)  # as after an answer
        return Visit(stand.drawn())

    async def switch_locale(self, token: Secret, enrolment_id: str, locale: contract.Locale) -> Visit:
        """The same step in the other language; its errors go with the words they were said in."""
        async with self._visit(token, enrolment_id) as (_, stand):
            if stand.s.record.locale != locale:
                stand.s.record.locale, stand.changed = locale, True
                stand.s.record.turn = Turn(values=stand.s.record.turn.values)
        return Visit(stand.drawn())

    async def current(self, token: Secret, enrolment_id: str, known: int | None, wait: float) -> Visit | None:
        """As it stands now; None when it is still at the revision ``known`` after ``wait`` seconds."""
        house = self._house
        patience = house.clock() + timedelta(seconds=wait)
        while True:
            async with house.store.read() as connection:
                stand, seat = await self._seated(connection, token, enrolment_id)
            s, fresh = stand.s, None
            unheard = s.record.status in LIVING and s.now - s.record.heard_at > _HEARD_EVERY
            if unheard or seat.to_renew or self._progression.verdict_of_time(stand):
                async with self._visit(token, enrolment_id) as (tx, stand):
                    if not stand.changed:
                        await touch(tx, stand.s.record, stand.s.now)
                    if seat.to_renew:
                        fresh = await open_seat(tx, enrolment_id, stand.s.now, token)
            if stand.s.record.revision != known or fresh:
                return Visit(stand.drawn(), fresh)
            if (left := (patience - house.clock()).total_seconds()) <= 0 or house.changes.over:
                return None
            await house.changes.wait(enrolment_id, left)

    # ----------------------------------------------------------------------------------------------------- seats

    async def leave(self, token: Secret, enrolment_id: str) -> None:
        """The screen goes for good: what was given is kept, what needs a screen ends."""
        async with self._visit(token, enrolment_id) as (tx, stand):
            if stand.s.record.status in LIVING:
                await stage_of(stand.step).left(self._house, tx, stand.s, stand.step)
                stand.changed = stand.gone = True
            await end_seats(tx, enrolment_id, stand.s.now)

    @asynccontextmanager
    async def _visit(self, token: Secret, enrolment_id: str) -> AsyncIterator[tuple[Transaction, Stand]]:
        """One write by the screen that holds the enrolment, brought up to date with time first."""
        async with self._house.store.write() as tx:
            stand, seat = await self._seated(tx.connection, token, enrolment_id)
            if seat.replaces:  # the first use of a new token ends the one before
                await end_replaced(tx, token, seat.replaces, stand.s.now)
            await self._progression.settle(tx, stand)
            yield tx, stand
            await self._progression.write(tx, stand)

    async def _seated(self, connection: AsyncConnection, token: Secret, enrolment_id: str) -> tuple[Stand, Seat]:
        """The enrolment that this token holds. Raises UnknownSeat, Elsewhere."""
        seat = await find_seat(connection, token)
        if seat is None or seat.enrolment_id != enrolment_id:
            raise UnknownSeat
        stand = await self._progression.load(connection, enrolment_id)
        if not seat.held:
            raise Elsewhere(stand)
        return stand, seat
