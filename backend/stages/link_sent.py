"""Waiting for a link to be opened, or for the code of the same mail to be typed.

One stage serves the three purposes: the backup address (whose link is this journey's heart), the forwarding address,
and an activation mail asked for again, where nobody may know whether there was an account to send one to.
"""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from api_client import contract
from api_client.addresses import mask
from api_client.contract import Purpose
from backend import throttle
from backend.database.store import Transaction
from backend.deadlines import in_words, is_over
from backend.house import House
from backend.journeys import JourneyStep
from backend.mail.composition import Kind
from backend.predicates import holds
from backend.proofs import new_number
from backend.situation import RedirectionChoice, Situation
from backend.stages.entry import accept_proof, enter_by_code, find_typed
from backend.stages.stage import Onward, Outcome, Stage, Stay, To, clock_time, framed, time_over

SPACING = timedelta(seconds=60)
"""Between two mails to the same screen (security.md §2)."""

_MAIL: dict[Purpose, Kind] = {"backup_email": "M3", "redirection": "M4"}


class LinkSentStage(Stage[contract.LinkSentAnswer]):
    """domain.md §3.1, §3.2, §6.6."""

    kind = "link_sent"
    purposes = ("backup_email", "activation", "redirection")
    words = frozenset({"title", "lead", "deadline", "act_resend", "act_change_address", "act_hand_over"})
    names = frozenset({"address", "until"})
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset() if step.purpose == "activation" else frozenset({"person"})

    def waits(self, step: JourneyStep) -> bool:
        return True

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        match step.purpose:
            case "activation":
                return s.account is None and s.claim.number is not None
            case "redirection":
                choice = s.draft.redirection
                return bool(choice and choice.address and choice.proved_at is None)
            case _:
                return bool(s.draft.backup_email) and s.draft.backup_proved_at is None

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return not self.applies(s, step)

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        if step.purpose == "activation":
            return None
        proof = s.open_proof(_purpose(step))
        if proof is None:
            await self._send(house, tx, s, step)
        elif proof.enrolment_id != s.record.id:
            await house.proofs.wait_at(tx, proof, s.record.id)
        return None

    async def _send(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> datetime | None:
        """A new link and its mail; or, when too many were asked for, until when to wait."""
        purpose, account = _purpose(step), s.known
        choice = account.draft.redirection
        address = choice.address if purpose == "redirection" and choice else account.draft.backup_email
        allowances = (
            (throttle.RESEND, (account.id, purpose, address)),
            (throttle.SENDER, (account.id,)),
            (throttle.DESTINATION, (address,)),
        )
        for allowance, whose in allowances:
            if wait := await house.throttle.count(tx, allowance, *whose):
                s.record.turn.errors[""] = s.say("address_throttled", until=clock_time(s, wait.until))
                return wait.until
        until = house.institution.deadline(purpose, s.now)
        proof = await house.proofs.issue(
            tx,
            account_id=account.id,
            purpose=purpose,
            address=address,
            deadline=until,
            enrolment_id=s.record.id,
            number=new_number(),
        )
        s.proofs[purpose] = proof
        await house.audit.record(tx, actor="person", subject=account.id, action="link.issued", channel="tui")
        await house.post.write(
            tx,
            kind=_MAIL[purpose],
            recipient=address,
            locale=s.record.locale,
            account_id=account.id,
            proof_id=proof.id,
            not_after=until,
        )
        return None

    def overdue(self, s: Situation, step: JourneyStep) -> tuple[contract.Status, Outcome] | None:
        if step.purpose == "activation" and s.claim.resent_at:
            until = s.library.institution.deadline("activation", s.claim.resent_at)
            return ("expired", time_over(s, "expired_activation", until, "resend")) if is_over(until, s.now) else None
        proof = s.proofs.get(step.purpose or "")
        if step.purpose == "backup_email" and proof and proof.proved_at is None and not proof.is_live(s.now):
            return "expired", time_over(s, "expired_same_day", proof.deadline, "restart")
        return None

    # --------------------------------------------------------------------------------------------------- showing

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.LinkSent:
        common: dict[str, Any] = self._activation(s) if step.purpose == "activation" else self._waiting(s, step)
        until = in_words(common["deadline"], s.record.locale, s.library.institution.zone) if common["deadline"] else ""
        frame = framed(s, step, address=common["address_hint"])
        if not until and not frame["errors"]:
            frame["errors"] = {"": s.say("link_spent")}
        return contract.LinkSent(
            purpose=_purpose(step),
            deadline_text=s.wording(step)("deadline", {"until": until}) if until else "",
            actions=self._actions(s, step),
            **common,
            **frame,
        )

    def _activation(self, s: Situation) -> dict[str, Any]:
        """The same for a known and an unknown address."""
        asked_at = s.claim.resent_at or s.now
        until = s.library.institution.deadline("activation", asked_at)
        return {"address_hint": "", "deadline": until, "number": s.claim.number, "delivery": "sent"}

    def _waiting(self, s: Situation, step: JourneyStep) -> dict[str, Any]:
        proof = s.proofs.get(_purpose(step))
        choice = s.draft.redirection
        address = choice.address if step.purpose == "redirection" and choice else s.draft.backup_email
        if proof is None or not proof.is_open(s.now):
            return {"address_hint": mask(address), "deadline": None, "number": None, "delivery": "sending"}
        return {
            "address_hint": mask(proof.address),
            "deadline": proof.deadline,
            "number": proof.number,
            "delivery": s.delivery.get(proof.id, "sending"),
        }

    def _actions(self, s: Situation, step: JourneyStep) -> tuple[contract.Action, ...]:
        wording = s.wording(step)
        proof = s.proofs.get(_purpose(step))
        last = s.claim.resent_at if step.purpose == "activation" else (proof.issued_at if proof else None)
        actions = [
            wording.action("resend", last + SPACING if last else None),
            wording.action("change_address", back=True),
        ]
        if step.purpose == "redirection":
            actions.append(wording.action("use_backup" if _chosen_at(s).mandatory else "skip"))
        if s.account:
            actions.append(wording.action("hand_over"))
        return tuple(actions)

    # ------------------------------------------------------------------------------------------------- answering

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.LinkSentAnswer
    ) -> datetime | None:
        return await count_code(house, s)

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.LinkSentAnswer,
        weighed: datetime | None,
    ) -> Outcome:
        if step.purpose == "activation":
            return await enter_by_code(house, tx, s, answer.code, weighed)
        if weighed:
            return Stay({"code": s.say("code_wait", until=clock_time(s, weighed))})
        formed, found = await find_typed(house, tx, answer.code)
        if not formed:
            return Stay({"code": s.say("code_form")})
        awaited = s.open_proof(_purpose(step))
        if awaited is None or not await house.proofs.count_try(tx, awaited.id):
            return Stay({"code": s.say("code_exhausted")})
        if found is None or found.id != awaited.id or not await house.proofs.prove(tx, awaited):
            return Stay({"code": s.say("code_wrong")})
        await accept_proof(house, tx, s.known, awaited, "tui")
        return Onward(notice=s.say("address_confirmed"))

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        if action == "hand_over":  # asked for by a request of its own: as an answer it says nothing
            return Stay()
        if action == "change_address":
            return self._change_address(s, step)
        if action == "skip":
            s.known.draft.redirection = RedirectionChoice(address="", proved_at=s.now)
            await house.proofs.revoke(tx, s.known.id, "redirection")
            return Onward()
        if action == "use_backup":
            draft = s.known.draft
            draft.redirection = RedirectionChoice(
                address=draft.backup_email, keep_copy=False, proved_at=draft.backup_proved_at
            )
            await house.proofs.revoke(tx, s.known.id, "redirection")
            return Onward()
        if step.purpose == "activation":
            from backend.stages.activation_resend import send_again

            await send_again(house, tx, s)
            return Stay(notice=s.say("mail_resent"))
        if await self._send(house, tx, s, step):
            return Stay(dict(s.record.turn.errors))
        return Stay(notice=s.say("mail_resent"))

    def _change_address(self, s: Situation, step: JourneyStep) -> Outcome:
        if step.purpose == "activation":
            s.claim.number = None
            return To("activation_resend")
        if step.purpose == "redirection":
            choice = s.known.draft.redirection
            if choice:
                s.known.draft.redirection = replace(choice, proved_at=None)
            return To(_chosen_at(s).place)
        return To("backup_email")


async def count_code(house: House, s: Situation) -> datetime | None:
    """Count one typed code of this source before it is compared; until when to wait if there were too many."""
    async with house.store.write() as tx:
        wait = await house.throttle.count(tx, throttle.CODE, s.record.source)
    return wait.until if wait else None


def _chosen_at(s: Situation) -> JourneyStep:
    """The step that asked this person where their mail goes."""
    return next(step for step in s.journey.steps if step.kind == "redirection" and holds(step.when, s))


def _purpose(step: JourneyStep) -> Purpose:
    return step.purpose or "backup_email"
