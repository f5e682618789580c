"""Errands about an address of somebody who is known: the person said it, the link proves it."""

from datetime import datetime
from typing import ClassVar

from api_client.addresses import mask
from api_client.secret import Secret
from backend import throttle
from backend.audit import Channel
from backend.database.store import Transaction
from backend.errands.errand import Errand, Waiting
from backend.errands.typed import find_typed, give_code_back
from backend.house import House
from backend.mail.composition import Kind
from backend.proofs import Proof, new_number
from backend.situation import Account, Situation
from backend.stages.stage import Onward, Outcome, Stay, clock_time


class OwnAddress(Errand):
    """One mail at a time: coming back to the screen waits for the same one, another address ends it."""

    mail: ClassVar[Kind]

    def address(self, s: Situation) -> str:
        """What is to be proved; empty when nothing is."""
        raise NotImplementedError(self.purpose)

    async def begin(self, house: House, tx: Transaction, s: Situation) -> None:
        proof = s.open_proof(self.purpose)
        if proof is None:
            await self.send(house, tx, s)
        elif proof.enrolment_id != s.record.id:
            await house.proofs.wait_at(tx, proof, s.record.id)

    async def send(self, house: House, tx: Transaction, s: Situation) -> datetime | None:
        account, address = s.known, self.address(s)
        wait = await house.throttle.count_all(
            tx,
            (throttle.RESEND, account.id, self.purpose, address),
            (throttle.SENDER, account.id),
            (throttle.DESTINATION, address),
        )
        if wait:
            s.record.turn.errors[""] = s.say("address_throttled", until=clock_time(s, wait.until))
            return wait.until
        until = house.institution.deadline(self.purpose, s.now)
        proof = await house.proofs.issue(
            tx,
            account_id=account.id,
            purpose=self.purpose,
            address=address,
            deadline=until,
            enrolment_id=s.record.id,
            number=new_number(),
        )
        s.proofs[self.purpose] = proof
        await house.audit.record(tx, actor="person", subject=account.id, action="link.issued", channel="tui")
        await house.post.write(
            tx,
            kind=self.mail,
            recipient=address,
            locale=s.record.locale,
            account_id=account.id,
            proof_id=proof.id,
            not_after=until,
        )
        return None

    def waiting(self, s: Situation) -> Waiting:
        proof = s.proofs.get(self.purpose)
        issued_at = proof.issued_at if proof else None
        if proof is None or not proof.is_open(s.now):
            return Waiting(address_hint=mask(self.address(s)), sent_at=issued_at)
        return Waiting(
            address_hint=mask(proof.address),
            deadline=proof.deadline,
            number=proof.number,
            delivery=s.delivery.get(proof.id, "sending"),
            sent_at=issued_at,
        )

    async def weigh_code(
        self, house: House, tx: Transaction, s: Situation, typed: Secret, wait: datetime | None
    ) -> Outcome:
        if wait:
            return Stay({"code": s.say("code_wait", until=clock_time(s, wait))})
        formed, found = await find_typed(house, tx, typed)
        if not formed:
            return Stay({"code": s.say("code_form")})
        awaited = s.open_proof(self.purpose)
        if awaited is None or not await house.proofs.count_try(tx, awaited.id):
            return Stay({"code": s.say("code_exhausted")})
        if found is None or found.id != awaited.id or not await house.proofs.prove(tx, awaited):
            return Stay({"code": s.say("code_wrong")})
        await give_code_back(house, tx, s)
        await self.accept(house, tx, s.known, awaited, "tui")
        return await self.follow(house, tx, s, s.known, awaited)

    async def follow(self, house: House, tx: Transaction, s: Situation, account: Account, proof: Proof) -> Outcome:
        return Onward(notice=s.say("address_confirmed"))

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        await house.audit.record(tx, actor="person", subject=account.id, action="link.consumed", channel=channel)
