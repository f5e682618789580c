"""Ten codes for the day the phone is lost, shown once."""

import msgspec
from textual.app import ComposeResult
from textual.containers import Grid

from api_client.contract import RecoveryCodes, RecoveryCodesAnswer
from api_client.secret import Secret
from screens.frame import StepScreen
from screens.widgets.prose import Prose
from screens.widgets.tick_box import TickBox
from screens.words import _


class RecoveryCodesScreen(StepScreen[RecoveryCodes], shows=RecoveryCodes):
    """To copy by hand, in two columns."""

    _codes: tuple[Secret, ...] | None = None
    """Sent once by the backend, so kept here while the step comes again without them."""

    def _current_codes(self) -> tuple[Secret, ...]:
        if self.step.codes is not None:
            self._codes = self.step.codes
        return self._codes or ()

    def compose_fields(self) -> ComposeResult:
        codes = self._current_codes()
        if not codes:
            yield Prose(_("These codes were shown once and are not kept. You can have new ones."), id="no-codes")
        with Grid(id="codes"):
            for number, code in enumerate(codes, 1):
                yield Prose(f"{number:2d}. {code.reveal()}", classes="code")
        yield TickBox("kept", self.step.label)
        yield self.compose_actions()

    async def refresh_step(self, old: RecoveryCodes) -> bool:
        """The same step without its codes changes nothing: those on the screen still count."""
        return msgspec.structs.replace(old, codes=None, **self._fleeting()) == self.step

    def amiss(self) -> dict[str, str]:
        if self.query_one("#kept", TickBox).value:
            return {}
        return {"kept": _("Copy the codes first, then tick this box.")}

    def given(self) -> RecoveryCodesAnswer:
        return RecoveryCodesAnswer(kept=self.query_one("#kept", TickBox).value)
