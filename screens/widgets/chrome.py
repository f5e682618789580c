"""The first line and the last ones: who we are, which journey, which keys, who helps."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from screens.widgets.prose import Prose
from screens.words import _, language_ahead


class KeyHint(Prose):
    """A key and what it does, such as « F1 Aide »; a click does the same."""

    def __init__(self, key: str, label: str, action: str, *, classes: str = "") -> None:
        super().__init__(f"{key} {label}" if label else "", classes=f"key {classes}")
        self._action = action

    async def on_click(self) -> None:
        await self.screen.run_action(self._action)


class Header(Horizontal):
    """Who holds the door, and the journey, at the left; the next language at the right."""

    def __init__(self, host: str, journey_title: str) -> None:
        super().__init__(id="header")
        self._text = " · ".join(part for part in (host, journey_title) if part)

    def compose(self) -> ComposeResult:
        yield Prose(self._text, id="institution")
        yield KeyHint("F2", language_ahead(), "language")


class Footer(Vertical):
    """Who helps, and the keys. Drawn by us: the labels of BINDINGS keep the language of the import."""

    def __init__(
        self,
        support: str,
        *,
        next_key: str,
        next_label: str,
        back_label: str,
        leave_label: str,
        short_leave_label: str,
    ) -> None:
        super().__init__(id="footer")
        self._support = support
        self._next_key = next_key
        self._next_label = next_label
        self._back_label = back_label
        self._leave_label = leave_label
        self._short_leave_label = short_leave_label

    def compose(self) -> ComposeResult:
        yield Prose(self._support, id="support")
        with Horizontal(id="keys"):
            yield KeyHint(self._next_key, self._next_label, "go_on", classes="-spacious")
            yield KeyHint(_("Esc"), self._back_label, "go_back")
            yield KeyHint("F1", _("Help"), "help")
            yield KeyHint("F10", self._leave_label, "leave", classes="-spacious")
            yield KeyHint("F10", self._short_leave_label, "leave", classes="-cramped")
