"""R, the yardstick of the README's table: the form that anyone would write first with Textual.

Three fields, the last a password, and six rules that are judged at every key. Nothing is tuned, on purpose.
"""

from collections.abc import Callable

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Button, Input, Label, Static

RULES: dict[str, Callable[[str], bool]] = {
    "at least 12 characters": lambda password: len(password) >= 12,
    "a lower-case letter": lambda password: any(letter.islower() for letter in password),
    "an upper-case letter": lambda password: any(letter.isupper() for letter in password),
    "a digit": lambda password: any(letter.isdigit() for letter in password),
    "a sign": lambda password: any(not letter.isalnum() for letter in password),
    "no space": lambda password: " " not in password,
}


class PlainForm(App[None]):
    """Login, address, new password."""

    CSS = "Screen { align: center middle; } Vertical { width: 50; height: auto; }"
    BINDINGS = [("ctrl+q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Login")
            yield Input(id="login")
            yield Label("Address")
            yield Input(id="address")
            yield Label("New password")
            yield Input(id="password", password=True)
            for number, rule in enumerate(RULES):
                yield Static(f"· {rule}", id=f"rule-{number}")
            yield Button("Continue", id="continue")

    @on(Input.Changed, "#password")
    def judge(self, event: Input.Changed) -> None:
        for number, (rule, holds) in enumerate(RULES.items()):
            self.query_one(f"#rule-{number}", Static).update(f"{'✓' if holds(event.value) else '·'} {rule}")

    @on(Button.Pressed)
    @on(Input.Submitted, "#password")
    def leave(self) -> None:
        self.exit()


if __name__ == "__main__":
    PlainForm().run()
