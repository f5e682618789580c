"""What agents do with a request, one act at a time, each in its place and in the audit.

An agent never sees what the person gave to be compared, and opens no account by hand: what opens it is a new password,
chosen through a link to the address that was verified (domain.md §7.3).
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.accounts import find_account
from backend.assistance.glossary import STATES
from backend.assistance.identity import Agreement, compare
from backend.assistance.number import NumberMisread, read_number
from backend.assistance.request import Request, State, find_request
from backend.audit import Action
from backend.database.store import Transaction
from backend.database.tables import assistance
from backend.house import House
from backend.mistakes import Mistake
from backend.recovery import issue_recovery
from backend.situation import Account

MOST_CALLS = 3
"""Without an answer: the request is closed."""


class UnknownRequest(Mistake):
    """No request has that number."""

    exit_status = 2


class ActRefused(Mistake):
    """It is not the time for that act, or the act cannot be done."""


async def open_request(connection: AsyncConnection, typed: str) -> Request:
    """The request of that number, as somebody says it. Raises UnknownRequest."""
    try:
        found = await find_request(connection, read_number(typed))
    except NumberMisread:
        raise UnknownRequest(
            f"« {typed} » n’est pas un numéro de demande : un chiffre est faux. Il ressemble à A-2026-00042-5.",
            f"“{typed}” is not the number of a request: a digit is wrong. It looks like A-2026-00042-5.",
        ) from None
    if found is None:
        raise UnknownRequest(
            f"Il n’y a pas de demande {typed} : voir « assistance list ».",
            f"There is no request {typed}: see “assistance list”.",
        )
    return found


async def find_owner(connection: AsyncConnection, request: Request) -> Account | None:
    """Whose account it is about; None where there is none of that address."""
    return await find_account(connection, request.institutional_email)


async def weigh_identity(house: House, connection: AsyncConnection, request: Request) -> Agreement:
    """Whether the INE or the birth date is the one that the directory has."""
    owner = await find_owner(connection, request)
    return compare(house.keys, request.profile, request.sealed_identity, owner.person if owner else None)


async def take_up(house: House, tx: Transaction, typed: str) -> Request:
    """An agent is going to call."""
    request = await _expect(tx.connection, typed, "submitted")
    return await _move(house, tx, request, "assistance.taken", state="callback", taken_at=house.clock())


async def confirm(house: House, tx: Transaction, typed: str) -> Request:
    """The agent has the right person on the telephone, and the directory agrees."""
    request = await _expect(tx.connection, typed, "callback")
    if await weigh_identity(house, tx.connection, request) is not Agreement.AGREES:
        raise ActRefused(
            f"L’identité donnée dans {request.number} ne concorde pas avec l’annuaire : « assistance differ ».",
            f"The identity given in {request.number} does not agree with the directory: “assistance differ”.",
        )
    return await _move(house, tx, request, "assistance.called", result="agrees", state="unlocking")


async def reject(house: House, tx: Transaction, typed: str) -> Request:
    """It is not the right person."""
    request = await _expect(tx.connection, typed, "callback")
    return await _close(house, tx, request, "differs", state="rejected")


async def note_no_answer(house: House, tx: Transaction, typed: str) -> Request:
    """Nobody took the call; after the third time the request is closed, and its owner told."""
    request = await _expect(tx.connection, typed, "callback")
    calls = request.calls + 1
    if calls < MOST_CALLS:
        return await _move(house, tx, request, "assistance.called", result="no answer", calls=calls)
    told = {"number": request.number}
    await house.post.write(tx, kind="M8b", recipient=request.personal_email, locale=request.locale, facts=told)
    return await _close(house, tx, request, "no answer", calls=calls)


async def unlock(house: House, tx: Transaction, typed: str) -> Request:
    """The owner gets a link to choose another password; only that password opens the account."""
    request = await _expect(tx.connection, typed, "unlocking")
    owner = await find_owner(tx.connection, request)
    if owner is None:
        raise ActRefused(
            f"Il n’y a plus de compte à l’adresse de {request.number} : « assistance close ».",
            f"There is no account of the address in {request.number} any more: “assistance close”.",
        )
    await issue_recovery(house, tx, owner, locale=request.locale)
    return await _close(house, tx, request, "unlocked")


async def close(house: House, tx: Transaction, typed: str) -> Request:
    """Helped in another way: a new letter, an activation mail, advice."""
    request = await _expect(tx.connection, typed, "callback", "unlocking")
    return await _close(house, tx, request, "helped")


async def _expect(connection: AsyncConnection, typed: str, *states: State) -> Request:
    request = await open_request(connection, typed)
    if request.state not in states:
        state = STATES[request.state]
        raise ActRefused(
            f"La demande {request.number} est « {state.fr} » : voir « assistance show {request.number} ».",
            f"The request {request.number} is “{state.en}”: see “assistance show {request.number}”.",
        )
    return request


async def _close(
    house: House, tx: Transaction, request: Request, result: str, *, state: State = "closed", **changes: Any
) -> Request:
    changes |= {"state": state, "closed_at": house.clock()}
    return await _move(house, tx, request, "assistance.closed", result=result, **changes)


async def _move(
    house: House, tx: Transaction, request: Request, action: Action, *, result: str = "ok", **changes: Any
) -> Request:
    await tx.connection.execute(update(assistance).where(assistance.c.number == request.number).values(changes))
    await house.audit.record(tx, actor="agent", subject=request.number, action=action, channel="cli", result=result)
    return await open_request(tx.connection, request.number)
