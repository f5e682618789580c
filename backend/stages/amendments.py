"""What the owner of an active account decides otherwise is written at once; before that, all of it at the end."""

from typing import Any

from backend.database.store import Transaction
from backend.house import House
from backend.provisioning import Amendment
from backend.situation import Situation


async def amend(house: House, tx: Transaction, s: Situation, change: str, **decided: Any) -> str:
    """``decided``: fields of Amendment. What there is to say of it; nothing on the way to an activation.

    Raises DirectoryUnavailable, and then nothing of this answer was written.
    """
    if s.known.status != "inactive":
        await house.provisioning.amend(tx, s.known.login, Amendment(**decided))
    return s.note_change(change)
