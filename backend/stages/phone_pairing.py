"""Pairing a phone by a QR code. What is paired is a matter of its own: an authenticator, or the application."""

from typing import Any, ClassVar

from backend.journeys import JourneyStep
from backend.stages.application import ApplicationStage
from backend.stages.authenticator import AuthenticatorStage
from backend.stages.stage import Stage


class PhonePairingStage(Stage[Any]):
    """One kind of step, and one screen, for both."""

    kind = "phone_pairing"
    paired: ClassVar[dict[str, Stage[Any]]] = {"totp": AuthenticatorStage(), "app": ApplicationStage()}

    def of(self, step: JourneyStep) -> Stage[Any]:
        return self.paired[step.pairs]
