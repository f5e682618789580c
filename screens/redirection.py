"""To have one's mail forwarded, or not; people without a mailbox here must."""

from textual.app import ComposeResult

from api_client.contract import Redirection, RedirectionAnswer
from screens.frame import StepScreen
from screens.widgets.address_field import AddressField
from screens.widgets.tick_box import Tick, TickBox


class RedirectionScreen(StepScreen[Redirection], shows=Redirection):
    """The address and the copy are asked only of those who want the mail forwarded."""

    def compose_fields(self) -> ComposeResult:
        step = self.step
        if not step.mandatory:
            yield TickBox("redirect", step.redirect_label, step.redirect)
        yield AddressField(
            "address",
            step.label,
            step.address,
            refused_domains=step.refused_domains,
            common_domains=step.common_domains,
        )
        if not step.mandatory:
            yield TickBox("keep_copy", step.keep_copy_label, step.keep_copy)
        yield self.compose_actions()

    def on_mount(self) -> None:
        self._show_what_is_asked()

    def on_tick_changed(self, event: Tick.Changed) -> None:
        self._show_what_is_asked()

    async def recompose(self) -> None:
        await super().recompose()
        if self.whole:
            self._show_what_is_asked()

    @property
    def _redirects(self) -> bool:
        return self.step.mandatory or self.query_one("#redirect", TickBox).value

    def _show_what_is_asked(self) -> None:
        for field in self.query("#address, #keep_copy"):
            field.display = self._redirects

    def amiss(self) -> dict[str, str]:
        flaw = self.query_one("#address", AddressField).flaw() if self._redirects else ""
        return {"address": flaw} if flaw else {}

    def given(self) -> RedirectionAnswer:
        redirect = self._redirects
        return RedirectionAnswer(
            redirect=redirect,
            address=self.query_one("#address", AddressField).value if redirect else "",
            keep_copy=not self.step.mandatory and self.query_one("#keep_copy", TickBox).value,
        )
