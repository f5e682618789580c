"""F1: answers for the screen one is on, and the keys."""

from textual.app import ComposeResult

from api_client.contract import Catalogue
from screens.page import Page
from screens.widgets.card import Card
from screens.widgets.prose import Prose
from screens.words import _


class HelpScreen(Page):
    """Lies over the screen it explains, and goes away by itself on Esc, Enter or F1 (``dismiss``)."""

    def __init__(self, catalogue: Catalogue | None, kind: str) -> None:
        super().__init__(catalogue)
        self._kind = kind

    def heading(self) -> str:
        return _("Help")

    def next_label(self) -> str:
        return ""

    def back_label(self) -> str:
        return _("Close")

    def compose_fields(self) -> ComposeResult:
        topics = self.catalogue.help if self.catalogue is not None else ()
        # What concerns this very screen first.
        for topic in sorted((t for t in topics if not t.steps or self._kind in t.steps), key=lambda t: not t.steps):
            yield Prose(topic.question, classes="question")
            yield Prose(topic.answer, classes="answer")
        yield Prose(_("The keys"), classes="question")
        yield Card(_keys())
        if self.catalogue is not None:
            yield Prose(self.catalogue.support, classes="answer")

    def action_go_on(self) -> None:
        self.action_go_back()

    def action_help(self) -> None:
        self.action_go_back()

    def go_back(self) -> None:
        self.dismiss()


def _keys() -> tuple[tuple[str, str], ...]:
    return (
        (_("Enter"), _("go on")),
        (_("Esc, Alt+←"), _("go back")),
        (_("Tab, Shift+Tab"), _("next field, field before")),
        (_("Space"), _("tick, press")),
        (_("Arrows, PgUp, PgDn"), _("scroll")),
        ("F1", _("this help")),
        ("F2", _("English / français")),
        ("F4", _("show or hide passwords")),
        ("F10", _("leave")),
    )
