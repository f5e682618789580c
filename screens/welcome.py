"""The first screen: which door, in which language."""

from textual import on
from textual.app import ComposeResult

from api_client.contract import Catalogue, JourneyOffer
from screens.messages import JourneyChosen, ResumeAsked
from screens.page import Page
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.words import _


class JourneyDoor(PushButton):
    """A journey: its title, what it is for, what one needs to have at hand."""

    def __init__(self, offer: JourneyOffer) -> None:
        parts = (offer.title, offer.summary, offer.prerequisite)
        super().__init__("\n".join(part for part in parts if part), classes="door")
        self.offer = offer


class WelcomeScreen(Page):
    """Shown at once with ``catalogue=None``; ``await retell(catalogue)`` fills it when the catalogue has come.

    Posts ``JourneyChosen`` and ``ResumeAsked``.
    """

    help_kind = "welcome"

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        super().__init__(catalogue)

    def heading(self) -> str:
        return _("Welcome")

    def lead(self) -> str:
        if self.catalogue is None:
            return _("One moment…")
        return _("What would you like to do? The arrow keys move, Enter chooses.")

    def next_label(self) -> str:
        return ""

    def compose_fields(self) -> ComposeResult:
        if self.catalogue is None:
            return
        for offer in self.catalogue.journeys:
            yield JourneyDoor(offer)
        yield PushButton(_("I have a code to go on with a journey begun elsewhere"), id="resume", classes="door")
        if self.catalogue.demonstration:
            yield Prose(_("F9 Demonstration: people to try, and their mailbox"), id="demonstration")

    @on(PushButton.Pressed, ".door")
    def _door_pressed(self, event: PushButton.Pressed) -> None:
        event.stop()
        if self.blocked or self.lost:
            return
        if isinstance(event.button, JourneyDoor):
            self.busy(True)
            self.post_message(JourneyChosen(event.button.offer.id))
        else:
            self.post_message(ResumeAsked())

    def action_read(self, lines: int) -> None:
        """The arrows go from door to door."""
        if lines > 0:
            self.focus_next(PushButton)
        else:
            self.focus_previous(PushButton)
