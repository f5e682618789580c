"""The first screen: which door, in which language."""

from collections.abc import Iterable, Mapping

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from api_client.contract import Catalogue, JourneyOffer
from screens.messages import JourneyChosen, ResumeAsked
from screens.page import Page
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.words import _

_ROWS_OF_A_DOOR = 4
"""Of one that tells everything, and the gap below it."""
_ROWS_AROUND = 10
"""Everything on the screen that is no journey's door."""


class JourneyDoor(PushButton):
    """A journey: its title, whose it is, what it is for, what one needs to have at hand."""

    def __init__(self, offer: JourneyOffer) -> None:
        super().__init__(offer.title, classes="door")
        self.offer = offer
        self.about = "\n".join(
            filter(None, (" · ".join(filter(None, (offer.host, offer.summary))), offer.prerequisite))
        )

    def tell(self, everything: bool) -> None:
        self.show("\n".join(filter(None, (self.offer.title, self.about if everything else ""))))


class WelcomeScreen(Page):
    """Shown at once with ``catalogue=None``; ``await retell(catalogue)`` fills it when the catalogue has come.

    Where the doors have no room for all that they say, they say their titles, and the one with the focus says the rest
    below them. Posts ``JourneyChosen`` and ``ResumeAsked``.
    """

    help_kind = "welcome"
    on_paper = frozenset({"journey"})

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        super().__init__(catalogue)

    def heading(self) -> str:
        return _("Welcome")

    def lead(self) -> str:
        if self.catalogue is None:
            return _("One moment…")
        if self.plain:
            return _("What would you like to do?")
        return _("What would you like to do? The arrow keys move, Enter chooses.")

    def next_label(self) -> str:
        return ""

    def compose_fields(self) -> ComposeResult:
        if self.catalogue is None:
            return
        for offer in self.catalogue.journeys:
            yield JourneyDoor(offer)
        yield PushButton(_("I have a code to go on with what I began elsewhere"), id="resume", classes="door")
        if self.catalogue.demonstration:
            yield Prose(self._demonstration(), id="demonstration")

    def _demonstration(self) -> str:
        if self.plain:
            return _("This is a demonstration: /demo tells whom to try on each screen, and has their mailbox.")
        return _("F9 Demonstration: people to try, and their mailbox")

    def compose_foot(self) -> Iterable[Widget]:
        yield Vertical(Prose(id="about"), id="about-door")

    def on_mount(self) -> None:
        self._find_room()

    def on_resize(self) -> None:
        self._find_room()

    async def recompose(self) -> None:
        await super().recompose()
        self._find_room()

    def _find_room(self) -> None:
        doors = self.query(JourneyDoor)
        roomy = self.plain or len(doors) * _ROWS_OF_A_DOOR <= self.size.height - _ROWS_AROUND
        self.set_class(not roomy, "-crowded")
        for door in doors:
            door.tell(everything=roomy)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.query_one("#about", Prose).show(event.widget.about if isinstance(event.widget, JourneyDoor) else "")

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

    def copy_out(self, paper: Mapping[str, object]) -> None:
        """Go through the door that is named."""
        for door in self.query(JourneyDoor):
            if door.offer.id == paper.get("journey"):
                door.action_press()

    def action_read(self, lines: int) -> None:
        """The arrows go from door to door."""
        if lines > 0:
            self.focus_next(PushButton)
        else:
            self.focus_previous(PushButton)
