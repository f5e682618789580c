"""What follows from the password that somebody chose: an account becomes active, or has another password from now on.

Whoever calls these is told DirectoryUnavailable when nothing of it happened.
"""

from backend import throttle
from backend.database.store import Transaction
from backend.house import House
from backend.mail.composition import Kind
from backend.people.person import without_mailbox
from backend.portal.attachment import attach_establishments
from backend.provisioning import Activation, Credential
from backend.situation import Situation
from backend.stages.entry import end_rivals


async def set_first(house: House, tx: Transaction, s: Situation, credential: Credential) -> None:
    """The one write that makes the account (domain.md §6.7, §10.4)."""
    account = s.known
    await house.provisioning.activate(tx, _activation(house, s), credential)
    await _close(house, tx, s)
    s.claim.activated = True
    await house.audit.record(tx, actor="person", subject=account.id, action="password.set", channel="tui")
    await house.audit.record(tx, actor="person", subject=account.id, action="account.activated", channel="tui")
    if account.realm == "portal":  # who just proved that address need not be written to again
        await attach_establishments(house, tx, account)
        return
    await _write(house, tx, s, "M5", account.draft.backup_email)
    if not without_mailbox(account.person, house.institution.vacataires):
        await _write(house, tx, s, "M5", account.institutional_email)


async def change(house: House, tx: Transaction, s: Situation, credential: Credential) -> None:
    """Effective at once; an account that an agent unlocked opens again by it (domain.md §7.2).

    The mail goes to the backup address alone: an intruder reads the institutional one (§16).
    """
    account, was = s.known, s.known.status
    await house.provisioning.change_password(tx, account.login, credential)
    await _close(house, tx, s)
    await house.throttle.succeed(tx, throttle.PASSWORD_ACCOUNT, account.login)
    await house.audit.record(tx, actor="person", subject=account.id, action="password.changed", channel="tui")
    if was == "unlocking":
        await house.audit.record(tx, actor="person", subject=account.id, action="account.unlocked", channel="tui")
    s.note_change("password")
    await _write(house, tx, s, "M6p" if account.realm == "portal" else "M6", account.draft.backup_email)


async def _close(house: House, tx: Transaction, s: Situation) -> None:
    """What an account whose password was just chosen no longer needs goes: the letter, every link, other screens."""
    account = s.known
    account.draft.password_set_at = s.claim.password_set_at = s.now
    account.status = "active"
    account.provisional_hash = None
    s.replace_token = True
    await house.proofs.revoke(tx, account.id)
    await end_rivals(house, tx, s)


def _activation(house: House, s: Situation) -> Activation:
    account, draft = s.known, s.known.draft
    without = without_mailbox(account.person, house.institution.vacataires)
    return Activation(
        login=account.login,
        backup_email=draft.backup_email,
        listed=bool(draft.listed),
        redirection=draft.redirection if draft.redirection and draft.redirection.address else None,
        charter=draft.charter,
        mailbox="none" if without else "queued",
    )


async def _write(house: House, tx: Transaction, s: Situation, kind: Kind, recipient: str) -> None:
    await house.post.write(tx, kind=kind, recipient=recipient, locale=s.record.locale, account_id=s.known.id)
