"""The mail that opens a registration on the portal, for whoever owns the address that was typed (domain.md §8)."""

from api_client.addresses import mask, same
from backend.audit import Channel
from backend.database.store import Transaction
from backend.enrolments import load_record
from backend.errands.backup_email import record_backup
from backend.errands.errand import Waiting
from backend.errands.way_in import Wanted, WayIn
from backend.house import House
from backend.mail.composition import Kind
from backend.portal.consents import record_consent
from backend.portal.records import sirets_of_contact
from backend.portal.registrants import name_registrant, take_registrant
from backend.portal.registration import Registration as Said
from backend.proofs import Proof
from backend.situation import Account, Claim, Situation
from backend.stages.entry import seat_person
from backend.stages.stage import Outcome


class Registration(WayIn):
    """Known, unknown and registered already: the same screen for all, and a mail that says which (M9, M10)."""

    purpose = "registration"
    needs = frozenset({"identity"})
    asked_at = "identity"
    aside = True
    expired = "expired_registration"
    offered = "restart"

    def address(self, claim: Claim) -> str:
        said = claim.registration.identity
        return said.email if said else ""

    def facts(self, claim: Claim) -> dict[str, str]:
        said = claim.registration.identity
        return {"called": said.called if said else ""}

    def lets_in(self, account: Account) -> bool:
        return account.status == "inactive"

    def applies(self, s: Situation) -> bool:
        return s.account is None and s.claim.registration.identity is not None

    def awaits(self, s: Situation, proof: Proof) -> bool:
        return super().awaits(s, proof) and same(proof.address, self.address(s.claim))

    async def begin(self, house: House, tx: Transaction, s: Situation) -> None:
        if not same(s.claim.written_to, self.address(s.claim)):
            s.claim.number, s.claim.written_to = None, self.address(s.claim)
            await self.send(house, tx, s)

    def waiting(self, s: Situation) -> Waiting:
        waiting = super().waiting(s)
        return Waiting(mask(self.address(s.claim)), waiting.deadline, waiting.number, waiting.delivery, waiting.sent_at)

    async def find_addressee(self, house: House, tx: Transaction, wanted: Wanted) -> tuple[Account, str, Kind] | None:
        account = await take_registrant(house, tx, wanted.address)
        if account.status == "active":
            await house.post.write(
                tx, kind="M10", recipient=wanted.address, locale=wanted.locale, account_id=account.id
            )
        return (account, wanted.address, "M9") if self.lets_in(account) else None

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        await record_backup(house, tx, account, proof)
        await super().accept(house, tx, account, proof, channel)

    async def follow(self, house: House, tx: Transaction, s: Situation, account: Account, proof: Proof) -> Outcome:
        """What was said before anybody was proved is theirs now."""
        said = account.draft.registration
        before = said.support_consent
        if proof.enrolment_id not in (None, s.record.id):
            said.renew(await _left_at(tx, str(proof.enrolment_id), proof.address))
        said.renew(_of_address(s.claim.registration, proof.address))
        s.claim.registration = Said()
        said.known_contact = await sirets_of_contact(tx.connection, proof.address) is not None
        await record_consent(house, tx, account.id, before=before, now=bool(said.support_consent))
        await name_registrant(tx, account)
        return await seat_person(house, tx, s, account)


async def _left_at(tx: Transaction, enrolment_id: str, address: str) -> Said:
    """What was said at the screen that asked for the mail. Whoever sat there consented for themselves alone."""
    record = await load_record(tx.connection, enrolment_id)
    if record is None:
        return Said()
    said = _of_address(record.claim.registration, address)
    said.support_consent = said.support_consent_at = None
    return said


def _of_address(said: Said, address: str) -> Said:
    """``said``, without an identity of another address."""
    if said.identity and not same(said.identity.email, address):
        said.identity = None
    return said
