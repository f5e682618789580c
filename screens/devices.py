"""The paired phones, any of which can be taken off the account."""

from textual import on
from textual.app import ComposeResult

from api_client.contract import Device, Devices, DevicesAnswer
from screens.frame import StepScreen
from screens.widgets.card import Card
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.words import _


class RevokeButton(PushButton):
    """Pressed once it asks again, pressed twice it is meant; it forgets when the focus goes elsewhere."""

    def __init__(self, device: Device) -> None:
        super().__init__(_("Remove this phone"), classes="action -back")
        self.device = device
        self.asked_again = False

    def ask_again(self, asked: bool) -> None:
        self.asked_again = asked
        again = _("Remove {phone}? Enter confirms").format(phone=self.device.model)
        self.show(again if asked else _("Remove this phone"))

    def on_blur(self) -> None:
        self.ask_again(False)


class DevicesScreen(StepScreen[Devices], shows=Devices):
    """Enter on Next leaves them as they are."""

    def compose_fields(self) -> ComposeResult:
        if not self.step.devices:
            yield Prose(_("No phone is paired."), id="no-device")
        for device in self.step.devices:
            yield Card(((device.model, device.paired_text),))
            yield RevokeButton(device)
        yield self.compose_actions()

    def focus_first(self) -> None:
        self.query_one("#next").focus()

    def given(self) -> DevicesAnswer:
        return DevicesAnswer(revoke="")

    @on(RevokeButton.Pressed)
    def _revoke_pressed(self, event: RevokeButton.Pressed) -> None:
        button = event.button
        if not isinstance(button, RevokeButton):
            return
        event.stop()
        if button.asked_again:
            self.answer(DevicesAnswer(revoke=button.device.id))
        else:
            button.focus()  # a click does not move it
            button.ask_again(True)
