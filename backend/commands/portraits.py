"""What ``show`` tells of an account: for each realm what its owners said, and what came of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.database.tables import second_factors
from backend.house import House
from backend.journeys import Realm
from backend.pairing.devices import devices_of
from backend.situation import Account, CharterRecord, RedirectionChoice

Portrait = dict[str, Any]


async def portray(house: House, account: Account) -> Portrait:
    """As JSON would have it."""
    told: Portrait = {"login": account.login, "realm": account.realm, "status": account.status}
    return told | await _PORTRAITS[account.realm](house, account)


async def _university(house: House, account: Account) -> Portrait:
    """What the directory holds, and before the activation what the person said so far."""
    draft, entry = account.draft, await house.provisioning.entry(account.login)
    confirmed = select(second_factors.c.confirmed_at).where(second_factors.c.account_id == account.id)
    async with house.store.read() as connection:
        paired = (await connection.execute(confirmed)).scalar_one_or_none()
    return {
        "backup_email": entry.backup_email if entry else draft.backup_email or account.person.backup_email,
        "listed": entry.listed if entry else draft.listed,
        "redirection": _redirection(entry.redirection if entry else draft.redirection),
        "charter": _charter(entry.charter if entry else draft.charter),
        "mailbox": entry.mailbox if entry else "none",
        "second_factor": "totp" if paired else "none",
        "activated_at": _instant(entry.activated_at) if entry else None,
    }


async def _portal(house: House, account: Account) -> Portrait:
    said, entry = account.draft.registration, await house.provisioning.entry(account.login)
    return {
        "name": account.person.full_name,
        "known_contact": said.known_contact,
        "establishments": [
            {"siret": one.siret, "type": one.type, "state": one.state, "idcc": one.idcc} for one in said.standing
        ],
        "topics": list(said.topics or ()),
        "consents": {"support": bool(said.support_consent)},
        "activated_at": _instant(entry.activated_at) if entry else None,
    }


async def _sign_in(house: House, account: Account) -> Portrait:
    async with house.store.read() as connection:
        devices = await devices_of(connection, account.id)
    return {
        "name": account.person.full_name,
        "devices": [
            {
                "id": one.id,
                "platform": one.platform,
                "model": one.model,
                "paired_at": _instant(one.paired_at),
                "biometric": one.biometric,
            }
            for one in devices
        ],
    }


_PORTRAITS: dict[Realm, Callable[[House, Account], Awaitable[Portrait]]] = {
    "university": _university,
    "portal": _portal,
    "sign_in": _sign_in,
}


def _redirection(choice: RedirectionChoice | None) -> Portrait | None:
    if choice is None or not choice.address:
        return None
    return {"address": choice.address, "keep_copy": choice.keep_copy, "proved_at": _instant(choice.proved_at)}


def _charter(record: CharterRecord | None) -> Portrait | None:
    if record is None:
        return None
    return {"version": record.version, "sha256": record.sha256, "accepted_at": _instant(record.accepted_at)}


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat().replace("+00:00", "Z") if instant else None
