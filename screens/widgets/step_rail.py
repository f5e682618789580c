"""The steps of the journey at the left: what is done, where one is, what is left."""

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from api_client.contract import Progress, RailStep
from screens.looks import QUIET, signs_of
from screens.widgets.prose import plain


class StepRail(Static):
    """One line a step. Signs and words tell its state; colour only repeats it."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(id="rail")
        self._progress = progress

    def show(self, progress: Progress) -> None:
        if progress != self._progress:
            self._progress = progress
            self.refresh(layout=True)

    def render(self) -> Content:
        return Content("\n").join([self._line(step) for step in self._progress.steps])

    def _line(self, step: RailStep) -> Content:
        line = Content(f"{getattr(signs_of(self.app), step.state)} ") + plain(step.label)
        match step.state:
            case "current":
                return line.stylize("bold $accent")
            case "ahead":
                return line.stylize(QUIET)
            case "done":
                return line


def rail_of(progress: Progress) -> VerticalScroll:
    """A rail that scrolls when there are more steps than rows."""
    return VerticalScroll(StepRail(progress), id="side", can_focus=False)
