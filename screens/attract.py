"""What a public terminal shows while nobody is there: whose it is, in which language, and how to begin."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.timer import Timer

from api_client.languages import languages, own_name
from screens.messages import WelcomeAsked
from screens.page import Page
from screens.widgets.prose import Prose
from screens.words import _

_SCANNING = 0.25
"""Seconds without another sign after which a letter or a digit was a key, and not the beginning of a scanned login."""


class AttractScreen(Page):
    """Any key but F2 begins: posts ``WelcomeAsked``. Nobody's data are here, and F10 leaves nothing.

    ``journey`` is the one that begins, if it is always the same. Shown at once without a catalogue, then
    ``await retell(catalogue)``; ``maintain`` when the service is away.
    """

    DEFAULT_CSS = """
    AttractScreen #top { padding: 2 0 1 0; }
    AttractScreen #begin { text-style: bold; padding: 0 0 1 0; }
    AttractScreen #languages { padding: 1 0 0 0; }
    AttractScreen.-short #top { padding: 0 0 1 0; }
    """

    help_kind: ClassVar[str] = "welcome"

    def __init__(self, journey: str = "") -> None:
        super().__init__(None, journey)
        self._away = False
        self._opening: Timer | None = None

    @property
    def _ready(self) -> bool:
        return self.catalogue is not None and not self._away

    def heading(self) -> str:
        return self.host()

    def lead(self) -> str:
        if self._away:
            return _("The service is being maintained. This screen comes back by itself: please try again later.")
        if self.catalogue is None:
            return _("One moment…")
        return ""

    def next_label(self) -> str:
        return ""

    def leave_label(self) -> str:
        return ""

    def compose_fields(self) -> ComposeResult:
        yield Prose(self._how_to_begin(), id="begin")
        yield Prose(self._doors(), id="doors")
        yield Prose("F2 " + " · ".join(map(own_name, languages())), id="languages")

    def _doors(self) -> str:
        if self.door is not None:
            return "\n".join(filter(None, (self.door.title, self.door.summary)))
        return "\n".join(offer.title for offer in self.catalogue.journeys) if self.catalogue is not None else ""

    def _how_to_begin(self) -> str:
        if not self._ready:
            return ""
        return _("Press Enter to begin.") if self.plain else _("Press any key to begin.")

    def maintain(self, away: bool) -> None:
        """Say that the service is away, or that it is back."""
        self._away = away
        if self.whole:  # else it is being composed, and says so then
            self.query_one("#lead", Prose).show(self.lead())
            self.query_one("#begin", Prose).show(self._how_to_begin())

    def on_key(self, event: events.Key) -> None:
        if event.key == "f2":
            return
        event.stop()
        if self._opening is not None:
            self._opening.stop()
        if event.is_printable:
            self._opening = self.set_timer(_SCANNING, self.begin)
        else:
            self.begin()

    def on_click(self) -> None:
        self.begin()

    def action_go_on(self) -> None:
        self.begin()

    def action_focus_next_field(self) -> None:
        self.begin()

    def action_focus_previous_field(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Somebody is there; with the service away, nothing can be begun."""
        if self._ready and not self.blocked:
            self.busy(True)
            self.post_message(WelcomeAsked())
