"""Who registers, and for whom."""

from textual.app import ComposeResult

from api_client.contract import Identity, IdentityAnswer
from screens.frame import StepScreen
from screens.widgets.address_field import AddressField
from screens.widgets.choice_list import ChoiceList
from screens.widgets.field import TextField
from screens.widgets.tick_box import Tick, TickBox

_LONGEST_NAME = 80


class IdentityScreen(StepScreen[Identity], shows=Identity):
    """A first name is asked only of those who have one; whether a name can be one is for the backend to tell."""

    on_paper = frozenset({"role", "civility", "last_name", "first_name", "no_first_name", "email"})
    known_by = frozenset({"email"})

    def compose_fields(self) -> ComposeResult:
        step, labels = self.step, self.step.labels
        if step.roles:
            yield ChoiceList("role", labels["role"], step.roles, step.role, abreast=True)
        if step.civilities:
            yield ChoiceList("civility", labels["civility"], step.civilities, step.civility, abreast=True)
        yield TextField("last_name", labels["last_name"], step.last_name, max_length=_LONGEST_NAME)
        yield TextField("first_name", labels["first_name"], step.first_name, max_length=_LONGEST_NAME)
        yield TickBox("no_first_name", labels["no_first_name"], step.no_first_name)
        yield AddressField("email", labels["email"], step.email, common_domains=step.common_domains)
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
    def _has_first_name(self) -> bool:
        return not self.query_one("#no_first_name", TickBox).value

    def _show_what_is_asked(self) -> None:
        self.query_one("#first_name").display = self._has_first_name

    def amiss(self) -> dict[str, str]:
        names = ("last_name", "first_name") if self._has_first_name else ("last_name",)
        flaws = {**self.unfilled(*names), "email": self.query_one("#email", AddressField).flaw()}
        return {name: flaw for name, flaw in flaws.items() if flaw}

    def given(self) -> IdentityAnswer:
        typed = self.typed()
        return IdentityAnswer(
            role=str(typed.get("role", self.step.role)),
            civility=str(typed.get("civility", "")),
            last_name=str(typed["last_name"]),
            first_name=str(typed["first_name"]) if self._has_first_name else "",
            no_first_name=not self._has_first_name,
            email=str(typed["email"]),
        )
