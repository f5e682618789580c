"""The mail that lets the owner of an account choose another password, once an agent knows who called (domain.md §7.3).

Nobody asks for it at a screen: ``backend.recovery`` sends it, to the address that was verified and to no other.
"""

from backend.errands.way_in import WayIn
from backend.situation import Account


class Recovery(WayIn):
    """It opens nothing by itself: only the new password does, and the former one is of no more use."""

    purpose = "recovery"
    asked_at = ""
    expired = "expired_recovery"
    offered = "restart"

    def lets_in(self, account: Account) -> bool:
        return account.status in ("active", "unlocking")
