"""A personal address, typed twice: the activation link goes there, and help if the password is forgotten."""

from textual.app import ComposeResult

from api_client.addresses import same
from api_client.contract import BackupEmail, BackupEmailAnswer
from screens.frame import StepScreen
from screens.widgets.address_field import AddressField
from screens.widgets.field import TextField
from screens.words import _


class BackupEmailScreen(StepScreen[BackupEmail], shows=BackupEmail):
    """Checked here as far as the form goes; whether mail arrives is for the link to tell."""

    on_paper = frozenset({"address", "confirmation"})
    known_by = frozenset({"address"})

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield AddressField(
            "address",
            step.label,
            step.address,
            refused_domains=step.refused_domains,
            common_domains=step.common_domains,
        )
        yield TextField("confirmation", step.confirmation_label, step.address)
        yield self.compose_actions()

    def on_address_field_corrected(self, event: AddressField.Corrected) -> None:
        """Whoever typed the same slip twice corrects it once."""
        confirmation = self.query_one("#confirmation", TextField)
        if same(confirmation.value, event.old):
            confirmation.value = event.new

    def amiss(self) -> dict[str, str]:
        address = self.query_one("#address", AddressField)
        if flaw := address.flaw():
            return {"address": flaw}
        if unfilled := self.unfilled("confirmation"):
            return unfilled
        if not same(address.value, self.query_one("#confirmation", TextField).value):
            return {"confirmation": _("The two addresses differ: please check both.")}
        return {}

    def given(self) -> BackupEmailAnswer:
        address, confirmation = self.query_one("#address", AddressField), self.query_one("#confirmation", TextField)
        return BackupEmailAnswer(address=address.value, confirmation=confirmation.value)
