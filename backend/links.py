"""What happens to a waiting screen when its mail is taken or refused, and when the link of it is opened elsewhere."""

from typing import Literal

from backend.accounts import load_account, save_account
from backend.database.store import Transaction
from backend.errands.catalogue import ERRANDS
from backend.house import House
from backend.progression import Progression, Stand
from backend.proofs import Proof
from backend.seats import renew_seats
from backend.stages.stage import Stay


class Links:
    """Joins the pages and the post to the enrolments; each is told inside the transaction of the act."""

    def __init__(self, house: House, progression: Progression) -> None:
        self._house, self._progression = house, progression
        house.proofs.on_proved = self._proved
        house.proofs.on_disowned = self._disowned

    async def _proved(self, tx: Transaction, proof: Proof) -> None:
        """The button of the page: the draft knows, and a screen that waits goes on."""
        house = self._house
        account = await load_account(tx.connection, proof.account_id)
        errand = ERRANDS[proof.purpose]
        await errand.accept(house, tx, account, proof, "web")
        await save_account(tx, account)
        if (stand := await self._waiting(tx, proof)) is None:
            return
        outcome = await errand.follow(house, tx, stand.s, account, proof)
        if stand.s.replace_token:
            await renew_seats(tx, stand.s.record.id)
        await self._progression.follow(tx, stand, outcome)
        await self._progression.write(tx, stand)

    async def _disowned(self, tx: Transaction, proof: Proof) -> None:
        """« Ce n’est pas moi »: the screen that waits says so."""
        await self._house.audit.record(
            tx, actor="person", subject=proof.account_id, action="link.revoked", channel="web", result="not me"
        )
        await self._tell(tx, proof, "link_disowned")

    async def mail_left(self, mail_id: str, outcome: Literal["sent", "refused"]) -> None:
        """A mail server said its last word on a mail. That it took one is no news to whoever was told it was sent."""
        if outcome == "sent":
            return
        async with self._house.store.write() as tx:
            proof = await self._house.proofs.of_mail(tx.connection, mail_id)
            if proof and not ERRANDS[proof.purpose].discreet:
                await self._tell(tx, proof, "mail_refused")

    async def _tell(self, tx: Transaction, proof: Proof, sentence: str) -> None:
        """Show the waiting screen again, with a sentence."""
        if stand := await self._waiting(tx, proof):
            await self._progression.follow(tx, stand, Stay({"": stand.s.say(sentence)}))
            await self._progression.write(tx, stand)

    async def _waiting(self, tx: Transaction, proof: Proof) -> Stand | None:
        """The enrolment whose screen shows this very proof, if it still does."""
        if proof.enrolment_id is None:
            return None
        stand = await self._progression.load(tx.connection, proof.enrolment_id)
        waits = stand.s.record.status == "waiting" and stand.step.purpose == proof.purpose
        return stand if waits and ERRANDS[proof.purpose].awaits(stand.s, proof) else None
