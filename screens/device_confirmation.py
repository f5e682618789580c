"""A phone has read the code: is it the right one?"""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from api_client.contract import DeviceConfirmation, DeviceConfirmationAnswer
from screens.frame import StepScreen
from screens.widgets.card import Card
from screens.widgets.deadline import Deadline
from screens.widgets.push_button import PushButton
from screens.words import _


class DeviceConfirmationScreen(StepScreen[DeviceConfirmation], shows=DeviceConfirmation):
    """Two answers, two buttons that stay in sight; Enter pairs the phone."""

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield Card(((_("Phone"), step.model), (_("System"), step.platform)), id="device")
        yield Deadline(self.clock, step.expires_at, _how_long, id="deadline")
        yield self.compose_actions()

    def compose_foot(self) -> Iterable[Widget]:
        yield PushButton(_("No, it is not my phone"), id="decline", classes="action -back")

    def next_label(self) -> str:
        return _("Yes, pair it")

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def given(self) -> DeviceConfirmationAnswer:
        return DeviceConfirmationAnswer(pair=True)

    @on(PushButton.Pressed, "#decline")
    def _declined(self, event: PushButton.Pressed) -> None:
        event.stop()
        self.answer(DeviceConfirmationAnswer(pair=False))


def _how_long(left: str) -> str:
    return _("Please answer within {left}; otherwise the phone is not paired.").format(left=left)
