"""A new activation mail, asked for by institutional address; the same screen whoever it is (domain.md §3.3, §5
1-bis)."""

from dataclasses import dataclass

from api_client import contract
from api_client.contract import Locale
from backend import throttle
from backend.accounts import find_account
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.proofs import new_number
from backend.situation import Account, Situation
from backend.stages.addresses import AddressRefused, checked
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class ActivationResendStage(Stage[contract.ActivationResendAnswer]):
    """Reached by an action of the activation code's step, never on the way."""

    kind = "activation_resend"
    later = ("link_sent:activation",)
    words = frozenset({"title", "lead", "label", "hint"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return s.record.place == step.place

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return True

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.ActivationResend:
        wording = s.wording(step)
        address = s.record.turn.values.get("address", s.claim.institutional_address)
        return contract.ActivationResend(
            label=wording("label"), hint=wording("hint"), address=address, **framed(s, step)
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.ActivationResendAnswer,
        weighed: None,
    ) -> Outcome:
        try:
            s.claim.institutional_address = checked(s, answer.address)
        except AddressRefused as refused:
            return Stay({"address": refused.sentence}, values={"address": answer.address[:254]})
        await send_again(house, tx, s)
        return Onward()


async def send_again(house: House, tx: Transaction, s: Situation) -> None:
    """Show a new number now; send, if there is somebody to send to, once this answer is on its way.

    Everything that takes time here is done for any address. The sending is a transaction of its own after this one, so
    that an unknown address takes as long as a known one. Too many: no mail, and the number of the last one stays.
    """
    address = s.claim.institutional_address
    waits = (
        await house.throttle.count(tx, throttle.RESEND_ACCOUNT, address.lower()),
        await house.throttle.count(tx, throttle.RESEND_SOURCE, s.record.source),
    )
    if any(waits) and s.claim.number:
        return
    s.claim.number, s.claim.resent_at, s.claim.code_tries = new_number(), s.now, 0
    if not any(waits):
        mail = _Wanted(address=address, number=s.claim.number, enrolment_id=s.record.id, locale=s.record.locale)
        tx.after_commit(lambda: house.background.run(_send(house, mail)))


@dataclass(frozen=True)
class _Wanted:
    """A mail that was asked for, by somebody who may be anybody."""

    address: str
    number: int
    enrolment_id: str
    locale: Locale


async def _send(house: House, wanted: _Wanted) -> None:
    async with house.store.write() as tx:
        account = await find_account(tx.connection, wanted.address)
        if account is None or not may_be_activated(account):
            return
        until = house.institution.deadline("activation", house.clock())
        backup = activation_address(account)
        proof = await house.proofs.issue(
            tx,
            account_id=account.id,
            purpose="activation",
            address=backup,
            deadline=until,
            enrolment_id=wanted.enrolment_id,
            number=wanted.number,
        )
        await house.audit.record(tx, actor="person", subject=account.id, action="link.issued", channel="tui")
        await house.post.write(
            tx,
            kind="M2",
            recipient=backup,
            locale=wanted.locale,
            account_id=account.id,
            proof_id=proof.id,
            not_after=until,
        )


def may_be_activated(account: Account) -> bool:
    return account.status == "inactive" and bool(activation_address(account))


def activation_address(account: Account) -> str:
    """The address that the person confirmed, or that HR typed."""
    return account.draft.backup_email or account.person.backup_email
