"""Waiting for something that is done elsewhere. What is awaited is a matter of its own."""

from typing import Any, ClassVar

from backend.journeys import JourneyStep
from backend.stages.phone_awaited import PhoneAwaited
from backend.stages.register_awaited import RegisterAwaited
from backend.stages.stage import Stage


class PendingStage(Stage[Any]):
    """One kind of step, and one screen, for all that may be awaited."""

    kind = "pending"
    awaited: ClassVar[dict[str, Stage[Any]]] = {
        "phone_sign_in": PhoneAwaited(),
        "phone_answer": PhoneAwaited(),
        "register": RegisterAwaited(),
    }

    def of(self, step: JourneyStep) -> Stage[Any]:
        return self.awaited[step.awaits or ""]
