"""The address that mail is forwarded to, where it is another than the backup address (domain.md §6.6)."""

from msgspec.structs import replace

from api_client.addresses import same
from backend.audit import Channel
from backend.database.store import Transaction
from backend.errands.own import OwnAddress
from backend.house import House
from backend.journeys import JourneyStep
from backend.predicates import holds
from backend.proofs import Proof
from backend.provisioning import Amendment
from backend.situation import Account, RedirectionChoice, Situation
from backend.stages.amendments import amend
from backend.stages.entry import recall
from backend.stages.stage import Onward, Outcome, To


class Redirection(OwnAddress):
    """Nobody is kept by an address that does not answer: they may do without, or use their backup address."""

    purpose = "redirection"
    mail = "M4"

    def address(self, s: Situation) -> str:
        return s.draft.redirection.address if s.draft.redirection else ""

    def applies(self, s: Situation) -> bool:
        choice = s.draft.redirection
        return bool(choice and choice.address and choice.proved_at is None)

    def offers(self, s: Situation) -> tuple[str, ...]:
        return ("use_backup",) if _chosen_at(s).mandatory else ("skip",)

    async def act(self, house: House, tx: Transaction, s: Situation, action: str) -> Outcome:
        account, draft = s.known, s.known.draft
        await house.proofs.revoke(tx, account.id, self.purpose)
        if action == "use_backup":
            draft.redirection = RedirectionChoice(
                address=draft.backup_email, keep_copy=False, proved_at=draft.backup_proved_at
            )
            return Onward(notice=await amend(house, tx, s, "redirection", redirection=draft.redirection))
        if account.status == "inactive":
            draft.redirection = RedirectionChoice(address="", proved_at=s.now)
        else:
            await recall(house, tx, account)
        return Onward()

    def change_address(self, s: Situation) -> Outcome:
        if choice := s.known.draft.redirection:
            s.known.draft.redirection = replace(choice, proved_at=None)
        return To(_chosen_at(s).place)

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        choice = account.draft.redirection
        if choice is None or not same(choice.address, proof.address):
            return
        account.draft.redirection = replace(choice, address=proof.address, proved_at=house.clock())
        if account.status != "inactive":
            await house.provisioning.amend(tx, account.login, Amendment(redirection=account.draft.redirection))
        await house.audit.record(tx, actor="person", subject=account.id, action="forward.verified", channel=channel)

    async def follow(self, house: House, tx: Transaction, s: Situation, account: Account, proof: Proof) -> Outcome:
        return Onward(notice=s.note_change("redirection") or s.say("address_confirmed"))


def _chosen_at(s: Situation) -> JourneyStep:
    """The step that asked this person where their mail goes."""
    return next(step for step in s.journey.steps if step.kind == "redirection" and holds(step.when, s))
