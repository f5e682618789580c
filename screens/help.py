"""F1: answers for the screen one is on, and the keys."""

from collections.abc import Iterator

from textual.app import ComposeResult

from api_client.contract import Catalogue, HelpTopic
from screens.looks import drawing_of
from screens.page import Page
from screens.widgets.card import Card
from screens.widgets.prose import Prose
from screens.words import _


class HelpScreen(Page):
    """Lies over the screen it explains, and goes away by itself on Esc, Enter or F1 (``dismiss``)."""

    def __init__(self, catalogue: Catalogue | None, kind: str, journey: str = "") -> None:
        super().__init__(catalogue, journey)
        self._kind = kind

    def heading(self) -> str:
        return _("Help")

    def next_label(self) -> str:
        return ""

    def back_label(self) -> str:
        return _("Close")

    def compose_fields(self) -> ComposeResult:
        for topic in self._topics():
            yield Prose(topic.question, classes="question")
            yield Prose(topic.answer, classes="answer")
        if not self.plain:
            yield Prose(_("The keys"), classes="question")
            yield Card(_keys(drawing_of(self.app).kiosk))
        yield Prose(self.support(), classes="answer")

    def _topics(self) -> Iterator[HelpTopic]:
        """Those of the journey, then the general ones; of both, what concerns this very screen first."""
        for asker in (self.door, self.catalogue):
            here = [topic for topic in asker.help if not topic.steps or self._kind in topic.steps] if asker else []
            yield from sorted(here, key=lambda topic: not topic.steps)

    def action_go_on(self) -> None:
        self.action_go_back()

    def action_help(self) -> None:
        self.action_go_back()

    def go_back(self) -> None:
        self.dismiss()


def _keys(in_kiosk: bool) -> tuple[tuple[str, str], ...]:
    return (
        (_("Enter"), _("go on")),
        (_("Esc, Alt+←"), _("go back")),
        (_("Tab, Shift+Tab"), _("next field, field before")),
        (_("Space"), _("tick, press")),
        (_("Arrows, PgUp, PgDn"), _("scroll")),
        ("F1", _("this help")),
        ("F2", _("English / français")),
        ("F3", _("line by line, for a screen reader")),
        ("F4", _("show or hide passwords")),
        ("F10", _("end my session") if in_kiosk else _("leave")),
    )
