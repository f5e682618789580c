"""The moment when somebody is proved to be somebody: by the letter, or by the code of an activation mail."""

from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from api_client.codes import canonical, from_link
from api_client.secret import Secret
from backend.accounts import load_account
from backend.audit import Action, Channel
from backend.database.store import Transaction
from backend.enrolments import hand_to, rivals_of
from backend.house import House
from backend.proofs import CODE_TRIES, Proof
from backend.situation import Account, Situation
from backend.stages.stage import Onward, Outcome, Stay, To, clock_time, time_over

_HERE = timedelta(seconds=90)
"""A screen that holds an account asks for changes every 25 s; one that has been silent this long is no longer there."""


async def seat_person(house: House, tx: Transaction, s: Situation, account: Account) -> Outcome:
    """This enrolment is now that person's; another screen that still has them is asked about first (security.md §5)."""
    s.account = account
    s.record.account_id = account.id
    s.proofs = await house.proofs.of_account(tx.connection, account.id)
    s.replace_token = True
    rivals = await rivals_of(tx, s.record)
    if rivals and s.now - rivals[0].heard_at < _HERE:
        return To("take_over", values={"since": rivals[0].begun_at.isoformat()})
    return await go_on_here(house, tx, s)


async def go_on_here(house: House, tx: Transaction, s: Situation) -> Outcome:
    """On to the first thing that is not done, saying so when some of it was; every other screen ends."""
    await end_rivals(house, tx, s)
    again = s.known.status == "inactive" and s.draft.charter is not None
    return Onward(notice=s.say("resumed") if again else "", resume=True)


async def end_rivals(house: House, tx: Transaction, s: Situation) -> None:
    """Every other screen of this person ends."""
    for rival in await rivals_of(tx, s.record):
        await hand_to(tx, rival)
        tx.after_commit(partial(house.changes.tell, rival.id))
        await house.audit.record(tx, actor="person", subject=s.known.id, action="seat.taken_over", channel="tui")


async def accept_proof(house: House, tx: Transaction, account: Account, proof: Proof, channel: Channel) -> None:
    """What follows from a proof that was just given: the address is the person's."""
    draft, now = account.draft, house.clock()
    action: Action = "link.consumed"
    if proof.purpose == "redirection":
        if draft.redirection and draft.redirection.address == proof.address:
            draft.redirection = replace(draft.redirection, proved_at=now)
        action = "forward.verified"
    else:
        draft.backup_email, draft.backup_proved_at = proof.address, now
        await house.provisioning.record_backup_email(tx, account.login, proof.address)
    await house.audit.record(tx, actor="person", subject=account.id, action=action, channel=channel)


async def find_typed(house: House, tx: Transaction, typed: Secret) -> tuple[bool, Proof | None]:
    """Whether it has the form of a code or of a link, and the proof it belongs to."""
    text = typed.reveal()
    if token := from_link(text):
        return True, await house.proofs.by_token(tx.connection, token)
    if code := canonical(text):
        return True, await house.proofs.by_code(tx.connection, code)
    return False, None


async def enter_by_code(house: House, tx: Transaction, s: Situation, typed: Secret, wait: datetime | None) -> Outcome:
    """The code or link of an activation mail: it says who the person is, and proves their backup address.

    It stays good until its deadline or until the account is active, so that they can come back to it (domain.md §3.2).
    """
    if wait is not None:
        return Stay({"code": s.say("code_wait", until=clock_time(s, wait))})
    if s.claim.code_tries >= CODE_TRIES:
        return Stay({"code": s.say("code_exhausted")})
    formed, proof = await find_typed(house, tx, typed)
    if not formed:
        return Stay({"code": s.say("code_form")})
    s.claim.code_tries += 1
    if proof is None or proof.purpose != "activation" or proof.revoked_at is not None:
        return Stay({"code": s.say("code_wrong")})
    if not proof.is_live(s.now):
        s.record.status = "expired"
        return time_over(s, "expired_activation", proof.deadline, "resend")
    account = await load_account(tx.connection, proof.account_id)
    if account.status != "inactive":
        return Stay({"code": s.say("code_wrong")})
    s.claim.code_tries = 0
    if await house.proofs.prove(tx, proof):
        await accept_proof(house, tx, account, proof, "tui")
    return await seat_person(house, tx, s, account)
