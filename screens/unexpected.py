"""Our fault, with a reference to find it by."""

from textual.app import ComposeResult

from api_client.contract import Unexpected
from screens.outcome import OutcomeScreen
from screens.widgets.prose import Prose
from screens.words import _


class UnexpectedScreen(OutcomeScreen[Unexpected], shows=Unexpected):
    """The reference is what support asks for."""

    def compose_reason(self) -> ComposeResult:
        yield Prose(_("Reference: {reference}").format(reference=self.step.reference), id="reference")
