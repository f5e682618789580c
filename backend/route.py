"""The way through a journey for one person: what comes next, what lies behind, and how far they are."""

from api_client.contract import Progress, RailStep
from backend.journeys import JourneyStep
from backend.predicates import holds
from backend.situation import Situation
from backend.stages.catalogue import stage_of


def _applies(s: Situation, step: JourneyStep) -> bool:
    return holds(step.when, s) and stage_of(step).applies(s, step)


def forward_from(s: Situation, place: str) -> str:
    """The next step of the same branch that applies, else the menu above; the way itself ends with one that does."""
    index = s.journey.index(place)
    branch = s.journey.steps[index].branch if index >= 0 else ""
    later = (step for step in s.journey.steps[index + 1 :] if step.branch == branch)
    found = next((step.place for step in later if _applies(s, step)), None)
    return found or next(step.place for step in reversed(s.journey.steps[:index]) if step.kind == "menu")


def first_unfinished(s: Situation) -> str:
    """Where a person who comes back goes on."""
    way = (step for step in s.journey.steps if not step.branch)
    return next(step.place for step in way if _applies(s, step) and not stage_of(step).finished(s, step))


def back_from(s: Situation) -> str | None:
    """The step before this one that may be returned to; None at the beginning, and past a barrier."""
    index = s.journey.index(s.record.place)
    if index < 0 or s.record.status not in ("active", "waiting"):
        return None
    if origin := stage_of(s.journey.steps[index]).came_from(s):
        return origin
    branch = s.journey.steps[index].branch
    for step in reversed(s.journey.steps[:index]):
        if step.branch not in ("", branch):
            continue
        stage = stage_of(step)
        if not _applies(s, step):
            continue
        if stage.barrier and stage.finished(s, step):
            return None
        if stage.returnable:
            return step.place
    return None


def progress_at(s: Situation) -> Progress:
    """The rail: the steps that have a word for it. One that has none belongs to the one before."""
    index = s.journey.index(s.record.place)
    branch = s.journey.steps[index].branch if index >= 0 else ""
    on_the_rail = [
        (position, step)
        for position, step in enumerate(s.journey.steps)
        if step.branch in ("", branch) and holds(step.when, s) and _rail(s, step)
    ]
    here = max((n for n, (position, _) in enumerate(on_the_rail) if position <= index), default=-1)
    over = s.record.status == "completed"
    lines = tuple(
        RailStep(
            label=_rail(s, step),
            state="done" if n < here or (over and n == here) else "current" if n == here else "ahead",
        )
        for n, (_, step) in enumerate(on_the_rail)
    )
    if index < 0:
        return Progress(position=0, total=0, steps=())
    return Progress(position=here + 1, total=len(lines), steps=lines)


def _rail(s: Situation, step: JourneyStep) -> str:
    return s.wording(step)("rail")
