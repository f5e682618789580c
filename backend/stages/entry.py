"""The moment when somebody is proved to be somebody: by the letter, or by the code of an activation mail."""

from datetime import timedelta
from functools import partial

from backend.database.store import Transaction
from backend.enrolments import hand_to, rivals_of
from backend.house import House
from backend.situation import Account, RedirectionChoice, Situation
from backend.stages.stage import Onward, Outcome, To

_HERE = timedelta(seconds=90)
"""A screen that holds an account asks for changes every 25 s; one that has been silent this long is no longer there."""


async def seat_person(house: House, tx: Transaction, s: Situation, account: Account) -> Outcome:
    """This enrolment is now that person's, if no other screen is in the way."""
    await recognise(house, tx, s, account)
    return await take_seat(house, tx, s)


async def recognise(house: House, tx: Transaction, s: Situation, account: Account) -> None:
    """It is that person. Nothing of theirs changes yet: a second factor, or another screen, may still say no."""
    s.account = account
    s.record.account_id = account.id
    s.proofs = await house.proofs.of_account(tx.connection, account.id)
    s.replace_token = True


async def recall(house: House, tx: Transaction, account: Account) -> None:
    """What was said and not carried through is forgotten: the draft is what the directory holds, whoever wrote it
    there. The link of a forwarding that is forgotten ends, since it would change nothing and be told as done."""
    if (entry := await house.provisioning.entry(account.login)) is None:
        return
    draft = account.draft
    if draft.redirection and draft.redirection.proved_at is None:
        await house.proofs.revoke(tx, account.id, "redirection")
    if draft.backup_email != entry.backup_email or draft.backup_proved_at is None:
        draft.backup_email, draft.backup_proved_at = entry.backup_email, entry.activated_at
    draft.listed, draft.charter = entry.listed, entry.charter
    draft.redirection = entry.redirection or RedirectionChoice(proved_at=entry.activated_at)


async def take_seat(house: House, tx: Transaction, s: Situation) -> Outcome:
    """Go on here; another screen that still has the same person is asked about first (security.md §5)."""
    rivals = await rivals_of(tx, s.record)
    if rivals and s.now - rivals[0].heard_at < _HERE:
        return To("take_over", values={"since": rivals[0].begun_at.isoformat()})
    return await go_on_here(house, tx, s)


async def go_on_here(house: House, tx: Transaction, s: Situation) -> Outcome:
    """On to the first thing that is not done, saying so when some of it was; every other screen ends. Somebody whose
    account was made begins with what the directory holds."""
    await end_rivals(house, tx, s)
    if s.known.status != "inactive":
        await recall(house, tx, s.known)
    again = s.known.status == "inactive" and s.draft.charter is not None
    return Onward(notice=s.say("resumed") if again else "", resume=True)


async def end_rivals(house: House, tx: Transaction, s: Situation) -> None:
    """Every other screen of this person ends."""
    for rival in await rivals_of(tx, s.record):
        await hand_to(tx, rival)
        tx.after_commit(partial(house.changes.tell, rival.id))
        await house.audit.record(tx, actor="person", subject=s.known.id, action="seat.taken_over", channel="tui")
