"""How one enrolment moves: loaded, brought up to date with time, moved where a stage says, written, drawn.

Everything that changes an enrolment goes through here, whether a person answered, a link was opened or time passed.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api_client import contract
from backend.accounts import changeable, load_account, load_delivery, save_account
from backend.database.store import Transaction
from backend.enrolments import load_record, save_record
from backend.house import House
from backend.journeys import JourneyStep
from backend.route import back_from, first_unfinished, forward_from, progress_at
from backend.situation import IDLE, LIVING, Situation, Turn
from backend.stages.catalogue import stage_of
from backend.stages.current_password import ask_again
from backend.stages.stage import Outcome, Stay, To
from backend.suspension import said_of


class UnknownEnrolment(Exception):
    """There is no such enrolment."""


@dataclass
class Stand:
    """A situation on its way through one request."""

    s: Situation
    once: object = None
    """For this one response, written nowhere."""
    changed: bool = False
    gone: bool = False
    """Its screen has left: nobody is there whom another screen would have to ask about."""
    account_before: object = None
    """What could have been changed of the account, as it was loaded."""

    @property
    def step(self) -> JourneyStep:
        """The journey's entry for the place, or one made up for an outcome outside of it."""
        index = self.s.journey.index(self.s.record.place)
        return self.s.journey.steps[index] if index >= 0 else JourneyStep(kind=self.s.record.place)

    def shown(self) -> contract.AnyStep:
        return stage_of(self.step).show(self.s, self.step, self.once)

    def drawn(self) -> contract.Enrolment:
        """What the screen is sent."""
        s = self.s
        return contract.Enrolment(
            id=s.record.id,
            revision=s.record.revision,
            journey=s.journey.id,
            journey_title=s.journey.title.fill(s.record.locale, s.library.institution.names()),
            status=s.record.status,
            server_time=s.now,
            expires_at=s.record.seen_at + IDLE,
            locale=s.record.locale,
            seat=s.record.seat,
            progress=progress_at(s),
            can_go_back=back_from(s) is not None,
            step=self.shown(),
        )


class Progression:
    """Moves enrolments, always inside a transaction of the caller."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def load(self, connection: AsyncConnection, enrolment_id: str) -> Stand:
        """Raises UnknownEnrolment."""
        house = self._house
        record = await load_record(connection, enrolment_id)
        if record is None or record.journey not in house.library.journeys:
            raise UnknownEnrolment(enrolment_id)
        s = Situation(
            record=record,
            journey=house.library.journeys[record.journey],
            library=house.library,
            now=house.clock(),
        )
        if record.account_id:
            s.account = await load_account(connection, record.account_id)
            s.proofs = await house.proofs.of_account(connection, record.account_id)
            s.delivery = await load_delivery(connection, s.proofs)
        return Stand(s, account_before=changeable(s.account) if s.account else None)

    async def follow(self, tx: Transaction, stand: Stand, outcome: Outcome) -> None:
        """Go where a stage says."""
        s, place = stand.s, stand.s.record.place
        stand.changed = True
        s.record.turn = Turn(notice=outcome.notice)
        if isinstance(outcome, Stay):
            s.record.turn = Turn(errors=outcome.errors, notice=outcome.notice, values=outcome.values)
            stand.once = outcome.once
        elif isinstance(outcome, To):
            s.record.turn.values = outcome.values
            await self.arrive(tx, stand, outcome.place)
        else:
            await self.arrive(tx, stand, first_unfinished(s) if outcome.resume else forward_from(s, place))

    async def arrive(self, tx: Transaction, stand: Stand, place: str) -> None:
        """Enter a step, which may issue a link or a key."""
        s = stand.s
        s.record.place = place
        stand.changed = True
        stand.once = await stage_of(stand.step).enter(self._house, tx, s, stand.step)
        if s.record.status in LIVING:
            s.record.status = "waiting" if stage_of(stand.step).waits(stand.step) else "active"

    async def settle(self, tx: Transaction, stand: Stand) -> None:
        """Let time have its say, before the person has theirs. Where it leads may be due for something at once."""
        for _ in range(2):
            if verdict := self.verdict_of_time(stand):
                status, outcome = verdict
                stand.s.record.status = status
                await self.follow(tx, stand, outcome)

    def verdict_of_time(self, stand: Stand) -> tuple[contract.Status, Outcome] | None:
        """A lock put on meanwhile, a screen left alone, a link past its deadline: where they lead, if they do."""
        s, step = stand.s, stand.step
        if s.record.status not in LIVING:
            return None
        if s.account and s.account.status in ("locked", "expired"):
            return "locked", To("locked", values=dict(said_of(s.account.status)))
        if s.now - s.record.seen_at > IDLE and s.record.place != s.journey.steps[0].place:
            return "expired", To("expired", values={"say": "expired_idle" if s.account else "expired_unproved"})
        return stage_of(step).overdue(s, step)

    async def write(self, tx: Transaction, stand: Stand) -> None:
        """Save what changed, as the next revision, and wake those who wait for it."""
        if not stand.changed:
            return
        s = stand.s
        s.record.revision += 1
        s.record.seen_at = s.now
        s.record.heard_at = s.now - IDLE if stand.gone else s.now
        if s.account:
            if changeable(s.account) != stand.account_before:
                await save_account(tx, s.account)
            s.proofs = await self._house.proofs.of_account(tx.connection, s.account.id)
        await save_record(tx, s.record)
        tx.after_commit(lambda: self._house.changes.tell(s.record.id))

    async def take(self, tx: Transaction, stand: Stand, answer: contract.Answer, weighed: Any) -> None:
        """One answer to the step that is shown; an action that it does not offer, or not yet, has no effect."""
        stage, s, step = stage_of(stand.step), stand.s, stand.step
        if isinstance(answer, contract.Act):
            offers = {
                offer.id for offer in stand.shown().actions if not offer.available_at or offer.available_at <= s.now
            }
            if answer.action not in offers:
                return
            await self.follow(tx, stand, await stage.act(self._house, tx, s, step, answer.action))
        else:
            asked = ask_again(s, step.place) if stage.changes else None
            await self.follow(tx, stand, asked or await stage.take(self._house, tx, s, step, answer, weighed))
