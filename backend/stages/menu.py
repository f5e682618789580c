"""What to do next: each choice leads down a branch of the journey, and the branch leads back here."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import Journey, JourneyStep
from backend.predicates import holds
from backend.situation import Situation
from backend.stages.current_password import ask_again
from backend.stages.stage import Onward, Outcome, Stage, Stay, To, framed

FINISH = "finish"
"""The choice that goes on along the way."""


def branches_of(journey: Journey, menu: JourneyStep) -> dict[str, list[JourneyStep]]:
    """The branches below a menu with their steps, in the order of the journey's file."""
    found: dict[str, list[JourneyStep]] = {}
    for step in journey.steps[journey.index(menu.place) + 1 :]:
        if step.kind == "menu":
            break
        if step.branch:
            found.setdefault(step.branch, []).append(step)
    return found


class MenuStage(Stage[contract.MenuAnswer]):
    """Its choices are the branches that are for this person, and ``finish``."""

    kind = "menu"
    words = frozenset({"title", "choice_finish"})

    def words_of(self, journey: Journey, step: JourneyStep) -> frozenset[str]:
        return self.words | {f"choice_{branch}" for branch in branches_of(journey, step)}

    def may_say(self, journey: Journey, step: JourneyStep) -> frozenset[str]:
        return self.words_of(journey, step) | {f"detail_{branch}" for branch in branches_of(journey, step)}

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Menu:
        wording = s.wording(step)
        open_ones = [branch for branch, _ in _open_branches(s, step)]
        return contract.Menu(
            choices=tuple(
                contract.Choice(id=branch, label=wording(f"choice_{branch}"), detail=wording(f"detail_{branch}"))
                for branch in (*open_ones, FINISH)
            ),
            choice=s.record.turn.values.get("choice", ""),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.MenuAnswer,
        weighed: None,
    ) -> Outcome:
        if answer.choice == FINISH:
            return Onward()
        first = next((first for branch, first in _open_branches(s, step) if branch == answer.choice), None)
        if first is None:
            return Stay({"choice": s.say("choose_one")})
        return ask_again(s, first.place) or To(first.place)


def _open_branches(s: Situation, menu: JourneyStep) -> list[tuple[str, JourneyStep]]:
    """The branches that are for this person, and where each begins."""
    firsts = (
        (branch, next((one for one in steps if holds(one.when, s)), None))
        for branch, steps in branches_of(s.journey, menu).items()
    )
    return [(branch, first) for branch, first in firsts if first]
