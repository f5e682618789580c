"""Where the steps of a pairing stand in a journey, whatever an institution calls them."""

from backend.journeys import Journey
from backend.situation import Situation
from backend.stages.stage import To


def place_of(journey: Journey, kind: str, awaits: str | None = None) -> str:
    """The first step of that kind that awaits that; empty where there is none."""
    return next((step.place for step in journey.steps if (step.kind, step.awaits) == (kind, awaits)), "")


def back_to_the_code(s: Situation, why: str = "") -> To:
    """To the step that showed the code, for a new one; ``pairing_WHY`` says what went wrong."""
    return To(origin_of(s), values={"why": why})


def origin_of(s: Situation) -> str:
    """The step that showed the code."""
    return str(s.record.turn.values["back"])
