"""One mail from its row to its verdict: its link and code derived, its text composed, carried, the outcome noted."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast

import structlog
from sqlalchemy import select, update

from api_client.contract import Locale
from api_client.secret import Secret
from backend.clock import Clock
from backend.database.rows import from_text
from backend.database.store import Store, StoreUnavailable
from backend.database.tables import accounts, mails, proofs
from backend.deadlines import is_over
from backend.institution import Institution
from backend.keys import Keys
from backend.mail.carriers import Carrier
from backend.mail.composition import Facts, Kind, compose
from backend.mail.durable import LATER
from backend.pairing.revocations import revocation
from backend.people.person import Person, without_mailbox
from backend.proofs import Proofs

GIVE_UP_AFTER = timedelta(days=5)
"""For mails without a deadline (RFC 5321 §4.5.4.1: four to five days)."""
AT_ONCE = 4
"""How many are spoken to the mail server at a time."""

OnOutcome = Callable[[str, Literal["sent", "refused"]], None]
"""Told after the mail's row says so: the mail's id and what became of it."""

_log = structlog.get_logger()


class Delivery:
    """The two steps of the durable work. Neither raises; neither says an address, a link or a code to anybody else."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        proofs: Proofs,
        institution: Institution,
        *,
        carrier: Carrier,
        clock: Clock,
        public_url: str,
        on_outcome: OnOutcome,
    ) -> None:
        self._store, self._keys, self._proofs, self._institution = store, keys, proofs, institution
        self._carrier, self._clock, self._on_outcome = carrier, clock, on_outcome
        self._public_url = public_url.rstrip("/")
        self._counter = asyncio.Semaphore(AT_ONCE)

    async def attempt(self, mail_id: str) -> str:
        """One try: ``sent``, ``refused CODE``, ``dropped WHY`` or ``later WHY``."""
        try:
            async with self._counter:
                verdict = await self._try(mail_id)
        except StoreUnavailable:
            verdict = f"{LATER} store"
        except Exception as error:  # noqa: BLE001 - an error of ours must not lose the mail: it is tried again
            # The exception's name and place, never its text, which may hold an address.
            _log.error("mail_failed", mail=mail_id, error=type(error).__name__, at=_where(error))
            verdict = f"{LATER} {type(error).__name__}"
        _log.info("mail_tried", mail=mail_id, verdict=verdict)
        return verdict

    async def note(self, mail_id: str, verdict: str) -> bool:
        """Write the verdict into the mail's row; False when the database cannot take it now."""
        outcome, _, reason = verdict.partition(" ")
        changes: dict[str, object] = {"reason": reason}
        if outcome in ("sent", "refused"):
            changes[f"{outcome}_at"] = self._clock()
        open_row = (mails.c.id == mail_id, mails.c.sent_at.is_(None), mails.c.refused_at.is_(None))
        try:
            async with self._store.write() as tx:
                changed = await tx.connection.execute(update(mails).where(*open_row).values(**changes))
        except StoreUnavailable:
            return False
        if changed.rowcount == 1 and outcome in ("sent", "refused"):
            self._on_outcome(mail_id, cast(Literal["sent", "refused"], outcome))
        return True

    async def _try(self, mail_id: str) -> str:
        row = await self._row(mail_id)
        if row is None or row.sent_at is not None or row.refused_at is not None:
            return "dropped done"
        if why := self._useless(row):
            return f"dropped {why}"
        kind, locale = cast(Kind, row.kind), cast(Locale, row.locale)
        message = await asyncio.to_thread(compose, kind, locale, self._institution, self._facts(row))
        dispatch = await self._carrier.carry(message)
        return f"{dispatch.outcome} {dispatch.reason}".strip()

    async def _row(self, mail_id: str) -> Any:
        query = (
            select(mails, proofs.c.deadline, proofs.c.proved_at, proofs.c.revoked_at, accounts.c.person)
            .select_from(mails.outerjoin(accounts).outerjoin(proofs, proofs.c.id == mails.c.proof_id))
            .where(mails.c.id == mail_id)
        )
        async with self._store.read() as connection:
            return (await connection.execute(query)).first()

    def _useless(self, row: Any) -> str:
        """Why this mail would help nobody any more; empty when it would."""
        now = self._clock()
        last = row.not_after or row.written_at + GIVE_UP_AFTER
        if is_over(last, now) or (row.deadline is not None and is_over(row.deadline, now)):
            return "late"
        if row.revoked_at is not None:
            return "revoked"
        return "proved" if row.proved_at is not None else ""

    def _facts(self, row: Any) -> Facts:
        person = from_text(row.person, Person) if row.person else None
        link = code = None
        if row.proof_id is not None:
            link = Secret(f"{self._public_url}/l/{self._proofs.link_token(row.proof_id)}")
            code = Secret(self._proofs.code(row.proof_id))
        return Facts(
            mail_id=row.id,
            recipient=row.recipient,
            written_at=row.written_at,
            full_name=person.full_name if person else "",
            login=person.login if person else "",
            institutional_email=person.institutional_email if person else "",
            url=link,
            code=code,
            deadline=row.deadline,
            has_mailbox=person is not None and not without_mailbox(person, self._institution.vacataires),
            told=self._told(from_text(row.facts, dict[str, str])),
        )

    def _told(self, facts: dict[str, str]) -> dict[str, str]:
        """The facts, and of a phone the address that revokes it: that one is kept nowhere."""
        if phone := facts.get("phone_id"):
            facts["revocation_url"] = f"{self._public_url}/p/revoke/{revocation(self._keys, phone)}"
        return facts


def _where(error: BaseException) -> str:
    """``module.py:line`` of the innermost frame."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
