"""The end of a journey: what to remember, what was set up, what is still to come, where to go next."""

from collections.abc import Sequence

from textual.app import ComposeResult

from api_client.contract import Done
from screens.frame import StepScreen
from screens.looks import signs_of
from screens.messages import LeaveAsked
from screens.widgets.card import Card
from screens.widgets.prose import Prose
from screens.words import _


class DoneScreen(StepScreen[Done], shows=Done):
    """The end is an end: posts ``LeaveAsked``."""

    def compose_fields(self) -> ComposeResult:
        step = self.step
        where = ((_("Go to"), step.next_url),) if step.next_url else ()
        if facts := (*((fact.label, fact.value) for fact in step.facts), *where):
            yield Card(facts, id="facts")
        signs = signs_of(self.app)
        yield from _items(_("Set up:"), signs.done, step.set_up)
        yield from _items(_("Still being prepared:"), signs.ahead, step.in_preparation)
        yield self.compose_actions()

    def next_label(self) -> str:
        return _("Finish")

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def say(self) -> None:
        self.post_message(LeaveAsked())


def _items(title: str, sign: str, items: Sequence[str]) -> ComposeResult:
    if items:
        yield Prose(title, classes="label")
        yield Prose("\n".join(f"{sign} {item}" for item in items), classes="items")
