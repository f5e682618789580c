"""Where mail is forwarded: a choice for people with a mailbox here, a must for those without (domain.md §6.4, §6.5)."""

from api_client import contract
from api_client.addresses import COMMON_DOMAINS, same
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import RedirectionChoice, Situation
from backend.stages.addresses import AddressRefused, checked
from backend.stages.amendments import amend
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class RedirectionStage(Stage[contract.RedirectionAnswer]):
    """An address equal to the proved backup address needs no mail; any other is proved by a link next (§6.6)."""

    kind = "redirection"
    keys = frozenset({"mandatory"})
    later = ("link_sent:redirection",)
    changes = True
    words = frozenset({"title", "lead", "redirect", "label", "keep_copy"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.draft.redirection is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Redirection:
        wording, said = s.wording(step), s.record.turn.values
        chosen = s.draft.redirection
        return contract.Redirection(
            mandatory=step.mandatory,
            redirect_label=wording("redirect"),
            label=wording("label"),
            keep_copy_label=wording("keep_copy"),
            redirect=said.get("redirect", step.mandatory or bool(chosen and chosen.address)),
            address=said.get("address", (chosen.address if chosen else "") or s.draft.backup_email),
            keep_copy=said.get("keep_copy", chosen.keep_copy if chosen and chosen.address else True),
            refused_domains=s.library.institution.domains,
            common_domains=COMMON_DOMAINS,
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.RedirectionAnswer,
        weighed: None,
    ) -> Outcome:
        draft = s.known.draft
        if not (answer.redirect or step.mandatory):
            await house.proofs.revoke(tx, s.known.id, "redirection")
            draft.redirection = RedirectionChoice(address="", proved_at=s.now)
            return Onward(notice=await amend(house, tx, s, "redirection", redirection=None))
        said = {"redirect": True, "address": answer.address[:254], "keep_copy": answer.keep_copy}
        try:
            address = checked(s, answer.address, house.institution.domains, "redirection_institutional")
        except AddressRefused as refused:
            return Stay({"address": refused.sentence}, values=said)
        warned = bool(s.record.turn.values.get("warned"))
        if not (answer.keep_copy or step.mandatory or warned):
            return Stay({"keep_copy": s.say("keep_copy_unticked")}, values={**said, "warned": True})
        keep_copy = answer.keep_copy and not step.mandatory
        if same(address, draft.backup_email):
            address, proved_at = draft.backup_email, draft.backup_proved_at
        else:
            before = draft.redirection
            proved_at = before.proved_at if before and same(address, before.address) else None
        if not (proof := s.proofs.get("redirection")) or not same(proof.address, address):
            await house.proofs.revoke(tx, s.known.id, "redirection")
            s.proofs.pop("redirection", None)
        draft.redirection = RedirectionChoice(address=address, keep_copy=keep_copy, proved_at=proved_at)
        await house.audit.record(tx, actor="person", subject=s.known.id, action="forward.staged", channel="tui")
        if proved_at is None:
            return Onward()
        return Onward(notice=await amend(house, tx, s, "redirection", redirection=draft.redirection))
