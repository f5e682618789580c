"""The least that Textual can do: one label. What Perron's start and memory are compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Label


class OneLabel(App[None]):
    """Nothing but a word, and a way out."""

    BINDINGS = [("ctrl+q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Label("Bienvenue")


if __name__ == "__main__":
    OneLabel().run()
