"""Errands that let somebody in: whoever has the mail is its addressee, and nobody else learns whether there was one.

Everything that takes time on the way is done for any address. The sending is a transaction of its own after the answer,
so that an unknown address takes as long as a known one (domain.md §3.3). That it is due is written with the answer,
whatever the address, so that neither a busy database nor a kill loses it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from api_client.contract import Locale, Status
from api_client.secret import Secret
from backend import throttle
from backend.accounts import load_account
from backend.audit import Channel
from backend.database.store import StoreUnavailable, Transaction
from backend.deadlines import is_over
from backend.enrolments import load_record, save_claim
from backend.errands.errand import Errand, Waiting
from backend.errands.typed import find_typed, give_code_back
from backend.house import House
from backend.mail.composition import Kind
from backend.proofs import CODE_TRIES, Proof, new_number
from backend.situation import Account, Claim, EnrolmentRecord, Situation
from backend.stages.entry import seat_person
from backend.stages.stage import Outcome, Stay, To, clock_time, time_over


@dataclass(frozen=True)
class Wanted:
    """A mail that was asked for, by somebody who may be anybody."""

    address: str
    number: int | None
    """Shown by the screen that asked, to be typed on the page of the link; None where no screen waits."""
    asked_at: datetime
    """What its deadline is reckoned from, as the screen does."""
    enrolment_id: str
    locale: Locale
    facts: dict[str, str]
    """What the mail tells beside the account."""


class WayIn(Errand):
    """Its code stays good until its deadline, or until there is nothing left to enter for (domain.md §3.2)."""

    needs = frozenset()
    gives = frozenset({"person", "address"})
    discreet = True
    asked_at: ClassVar[str]
    """Kind of the step where such a mail is asked for."""
    aside: ClassVar[bool] = False
    """The step where its code is typed lies beside the way; an action leads to it."""
    expired: ClassVar[str]
    """What is said past the deadline, and what may be done about it."""
    offered: ClassVar[str]

    def address(self, claim: Claim) -> str:
        """The address typed, whose owner is looked for."""
        raise NotImplementedError(self.purpose)

    def facts(self, claim: Claim) -> dict[str, str]:
        """What the mail tells beside the account."""
        return {}

    def lets_in(self, account: Account) -> bool:
        """Whether its code still opens anything."""
        raise NotImplementedError(self.purpose)

    async def find_addressee(self, house: House, tx: Transaction, wanted: Wanted) -> "tuple[Account, str, Kind] | None":
        """Whose mail it is, where it goes and which one it is; None where there is nobody to write to."""
        raise NotImplementedError(self.purpose)

    # ------------------------------------------------------------------------------------ the screen that waits

    def applies(self, s: Situation) -> bool:
        return s.account is None and s.claim.number is not None

    def awaits(self, s: Situation, proof: Proof) -> bool:
        return s.account is None and s.claim.number == proof.number

    def waiting(self, s: Situation) -> Waiting:
        """The same for everybody."""
        asked_at = s.claim.resent_at or s.now
        until = s.library.institution.deadline(self.purpose, asked_at)
        return Waiting("", deadline=until, number=s.claim.number, delivery="sent", sent_at=s.claim.resent_at)

    def overdue(self, s: Situation) -> tuple[Status, Outcome] | None:
        if not s.claim.resent_at:
            return None
        until = s.library.institution.deadline(self.purpose, s.claim.resent_at)
        return ("expired", time_over(self.expired, until, self.offered)) if is_over(until, s.now) else None

    def change_address(self, s: Situation) -> Outcome:
        s.claim.number = None
        return To(self.asked_at)

    # -------------------------------------------------------------------------------------------- the sending

    async def send(self, house: House, tx: Transaction, s: Situation) -> datetime | None:
        """Show a new number now; send, if there is somebody to send to, once this answer is on its way.

        Too many: no mail, and the number of the last one stays.
        """
        address = self.address(s.claim)
        tries = (throttle.RESEND_ACCOUNT, address.lower()), (throttle.RESEND_SOURCE, s.record.source)
        too_many = await house.throttle.count_all(tx, *tries) is not None
        if too_many and s.claim.number:
            return None
        s.claim.number, s.claim.resent_at, s.claim.code_tries = new_number(), s.now, 0
        s.claim.mail_due = None if too_many else self.purpose
        if not too_many:
            tx.after_commit(lambda: house.background.run(self.write_due(house, s.record.id, s.now)))
        return None

    async def write_due(self, house: House, enrolment_id: str, asked_at: datetime) -> None:
        """The mail that this screen was told of, as soon as the database takes it, until its link would be past."""
        until = house.institution.deadline(self.purpose, asked_at)
        with suppress(StoreUnavailable):  # the store has said so, and it is still due when the service starts again
            await house.store.insist(
                lambda tx: self._write(house, tx, enrolment_id), lambda: not is_over(until, house.clock())
            )

    async def _write(self, house: House, tx: Transaction, enrolment_id: str) -> None:
        """Once, with the number that the screen shows now: whoever comes second finds that none is due."""
        record = await load_record(tx.connection, enrolment_id)
        if record is None or record.claim.mail_due != self.purpose:
            return
        record.claim.mail_due = None
        await save_claim(tx, record)
        wanted = self._wanted(record, house.clock())
        if is_over(house.institution.deadline(self.purpose, wanted.asked_at), house.clock()):
            return
        if found := await self.find_addressee(house, tx, wanted):
            await self.issue(house, tx, wanted, *found)

    def _wanted(self, record: EnrolmentRecord, now: datetime) -> Wanted:
        claim = record.claim
        return Wanted(
            address=self.address(claim),
            number=claim.number,
            asked_at=claim.resent_at or now,
            enrolment_id=record.id,
            locale=record.locale,
            facts=self.facts(claim),
        )

    async def issue(
        self, house: House, tx: Transaction, wanted: Wanted, account: Account, address: str, kind: Kind
    ) -> Proof:
        """A new proof for that account, and the mail that carries it."""
        until = house.institution.deadline(self.purpose, wanted.asked_at)
        proof = await house.proofs.issue(
            tx,
            account_id=account.id,
            purpose=self.purpose,
            address=address,
            deadline=until,
            enrolment_id=wanted.enrolment_id,
            number=wanted.number,
        )
        await house.audit.record(tx, actor="person", subject=account.id, action="link.issued", channel="tui")
        await house.post.write(
            tx,
            kind=kind,
            recipient=address,
            locale=wanted.locale,
            account_id=account.id,
            proof_id=proof.id,
            not_after=until,
            facts=wanted.facts,
        )
        return proof

    # -------------------------------------------------------------------------------------------- the coming in

    async def weigh_code(
        self, house: House, tx: Transaction, s: Situation, typed: Secret, wait: datetime | None
    ) -> Outcome:
        """It says who the person is, and proves their address."""
        if wait is not None:
            return Stay({"code": s.say("code_wait", until=clock_time(s, wait))})
        if s.claim.code_tries >= CODE_TRIES:
            return Stay({"code": s.say("code_exhausted")})
        formed, proof = await find_typed(house, tx, typed)
        if not formed:
            return Stay({"code": s.say("code_form")})
        s.claim.code_tries += 1
        if proof is None or proof.purpose != self.purpose or proof.revoked_at is not None:
            return Stay({"code": s.say("code_wrong")})
        if not proof.is_live(s.now):
            s.record.status = "expired"
            return time_over(self.expired, proof.deadline, self.offered)
        account = await load_account(tx.connection, proof.account_id)
        if not self.lets_in(account):
            return Stay({"code": s.say("code_wrong")})
        s.claim.code_tries = 0
        await give_code_back(house, tx, s)
        if await house.proofs.prove(tx, proof):
            await self.accept(house, tx, account, proof, "tui")
        return await self.follow(house, tx, s, account, proof)

    async def follow(self, house: House, tx: Transaction, s: Situation, account: Account, proof: Proof) -> Outcome:
        return await seat_person(house, tx, s, account)

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        await house.audit.record(tx, actor="person", subject=account.id, action="link.consumed", channel=channel)
