"""What every errand says: who waits for the mail, what their screen shows, and what follows from the proof."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from api_client.contract import Purpose, Status
from api_client.secret import Secret
from backend.audit import Channel
from backend.database.store import Transaction
from backend.house import House
from backend.proofs import Proof
from backend.situation import Account, Delivery, Situation
from backend.stages.stage import Outcome, Stay


@dataclass(frozen=True)
class Waiting:
    """What is shown while the mail is awaited. No ``deadline``: its link is spent."""

    address_hint: str
    deadline: datetime | None = None
    number: int | None = None
    delivery: Delivery = "sending"
    sent_at: datetime | None = None


class Errand:
    """One purpose of a mail with a link. It has no state: it looks at a ``Situation`` and changes it."""

    purpose: ClassVar[Purpose]
    needs: ClassVar[frozenset[str]] = frozenset({"person"})
    """What must be known before somebody waits for it (``FACTS`` of the stages' catalogue)."""
    gives: ClassVar[frozenset[str]] = frozenset()
    discreet: ClassVar[bool] = False
    """Nobody may learn from a screen whether a mail was sent."""

    # ------------------------------------------------------------------------------------ the screen that waits

    def applies(self, s: Situation) -> bool:
        """Whether this person waits for it at all."""
        raise NotImplementedError(self.purpose)

    def awaits(self, s: Situation, proof: Proof) -> bool:
        """Whether the screen, which waits for such a mail, waits for this very one."""
        return True

    async def begin(self, house: House, tx: Transaction, s: Situation) -> None:
        """The person arrives at the screen that waits."""

    async def send(self, house: House, tx: Transaction, s: Situation) -> datetime | None:
        """A new link and its mail; or, when too many were asked for, until when to wait, said in the turn's errors."""
        raise NotImplementedError(self.purpose)

    def waiting(self, s: Situation) -> Waiting:
        raise NotImplementedError(self.purpose)

    def overdue(self, s: Situation) -> tuple[Status, Outcome] | None:
        """What time has done to the screen that waits."""
        return None

    def offers(self, s: Situation) -> tuple[str, ...]:
        """Ways on without the mail, beside sending it again, changing the address and going on elsewhere."""
        return ()

    async def act(self, house: House, tx: Transaction, s: Situation, action: str) -> Outcome:
        """One of ``offers``."""
        return Stay()

    def change_address(self, s: Situation) -> Outcome:
        """Where another address is typed."""
        raise NotImplementedError(self.purpose)

    async def weigh_code(
        self, house: House, tx: Transaction, s: Situation, typed: Secret, wait: datetime | None
    ) -> Outcome:
        """The code or link, typed at the screen; ``wait``: until when none of its source is weighed."""
        raise NotImplementedError(self.purpose)

    # ---------------------------------------------------------------------------------------------- the proof

    async def accept(self, house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
        """What follows for the account from a proof that was just given."""
        raise NotImplementedError(self.purpose)

    async def follow(self, house: House, tx: Transaction, s: Situation, account: Account, proof: Proof) -> Outcome:
        """What follows for the screen that waits, once ``account`` accepted the proof: where it goes."""
        raise NotImplementedError(self.purpose)
