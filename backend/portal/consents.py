"""Consent to « en tant que » sessions of the operator's support: every change of mind is recorded (domain.md §14.4)."""

from backend.audit import Action
from backend.database.store import Transaction
from backend.house import House


async def record_consent(house: House, tx: Transaction, account_id: str, *, before: bool | None, now: bool) -> None:
    """Nothing was given nor withdrawn where nothing changed, or where a first answer is no."""
    if now == bool(before):
        return
    action: Action = "consent.support.given" if now else "consent.support.withdrawn"
    await house.audit.record(tx, actor="person", subject=account_id, action=action, channel="tui")
