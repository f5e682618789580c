"""The charter: shown whole in the terminal, accepted in the very version that was shown (domain.md §6.1)."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import CharterRecord, Situation
from backend.stages.amendments import amend
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class CharterStage(Stage[contract.CharterAnswer]):
    """A new version asks again; the one that was accepted is not shown to the owner of an active account."""

    kind = "charter"
    words = frozenset({"title", "lead", "label"})
    names = frozenset({"version"})

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return s.account is None or s.account.status == "inactive" or not self.finished(s, step)

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        accepted = s.draft.charter
        return accepted is not None and accepted.version == s.library.institution.charter_version

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Charter:
        version = s.library.institution.charter_version
        document = s.library.charter_in(s.record.locale)
        return contract.Charter(
            label=s.wording(step)("label", {"version": version}),
            version=version,
            sha256=document.sha256,
            text=document.text,
            accepted=self.finished(s, step),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.CharterAnswer,
        weighed: None,
    ) -> Outcome:
        if not answer.accepted:
            s.known.draft.charter = None
            return Stay({"accepted": s.say("charter_needed")})
        if answer.sha256 not in {document.sha256 for document in s.library.charter.values()}:
            return Stay({"accepted": s.say("charter_changed")})
        version = s.library.institution.charter_version
        accepted = CharterRecord(version=version, sha256=answer.sha256, accepted_at=s.now)
        s.known.draft.charter = accepted
        await house.audit.record(
            tx, actor="person", subject=s.known.id, action="charter.accepted", channel="tui", result=version
        )
        return Onward(notice=await amend(house, tx, s, "charter", charter=accepted))
