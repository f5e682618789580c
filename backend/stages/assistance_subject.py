"""What is wrong, and whether it is a student's account or an employee's: what is asked for next depends on it."""

from api_client import contract
from backend.assistance.request import MOTIVES, PROFILES
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class AssistanceSubjectStage(Stage[contract.AssistanceSubjectAnswer]):
    """domain.md §7.3: three motives, two profiles."""

    kind = "assistance_subject"
    gives = frozenset({"subject"})
    later = ("assistance_identity",)
    words = frozenset(
        {"title", "lead", "motives", "profiles"}
        | {f"motive_{motive}" for motive in MOTIVES}
        | {f"profile_{profile}" for profile in PROFILES}
    )

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.AssistanceSubject:
        wording, said, asking = s.wording(step), s.record.turn.values, s.claim.assistance
        return contract.AssistanceSubject(
            motives_label=wording("motives"),
            motives=tuple(contract.Choice(id=one, label=wording(f"motive_{one}")) for one in MOTIVES),
            profiles_label=wording("profiles"),
            profiles=tuple(contract.Choice(id=one, label=wording(f"profile_{one}")) for one in PROFILES),
            motive=said.get("motive", asking.motive),
            profile=said.get("profile", asking.profile),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.AssistanceSubjectAnswer,
        weighed: None,
    ) -> Outcome:
        motive = next((one for one in MOTIVES if one == answer.motive), None)
        profile = next((one for one in PROFILES if one == answer.profile), None)
        if motive is None or profile is None:
            chosen = {"motive": motive or "", "profile": profile or ""}
            return Stay({field: s.say("choose_one") for field, one in chosen.items() if not one}, values=chosen)
        s.claim.assistance.motive, s.claim.assistance.profile = motive, profile
        return Onward()
