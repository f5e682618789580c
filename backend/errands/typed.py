"""The code of a mail, or its whole link, as people type or paste it."""

from datetime import datetime

from api_client.codes import canonical, from_link
from api_client.secret import Secret
from backend import throttle
from backend.database.store import Transaction
from backend.house import House
from backend.proofs import Proof
from backend.situation import Situation


async def count_code(house: House, s: Situation) -> datetime | None:
    """Count one typed code of this source before it is compared; until when to wait if there were too many."""
    async with house.store.write() as tx:
        wait = await house.throttle.count(tx, throttle.CODE, s.record.source)
    return wait.until if wait else None


async def give_code_back(house: House, tx: Transaction, s: Situation) -> None:
    """It was the right one: no guess, and it leaves the others of its source theirs."""
    await house.throttle.give_back(tx, throttle.CODE, s.record.source)


async def find_typed(house: House, tx: Transaction, typed: Secret) -> tuple[bool, Proof | None]:
    """Whether it has the form of a code or of a link, and the proof it belongs to."""
    text = typed.reveal()
    if token := from_link(text):
        return True, await house.proofs.by_token(tx.connection, token)
    if code := canonical(text):
        return True, await house.proofs.by_code(tx.connection, code)
    return False, None
