"""A line to type on, and its variant for what nobody must see."""

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import Input

from api_client.secret import Secret
from api_client.wording import clean, is_plain
from screens.looks import MONOCHROME, drawing_of
from screens.talk import Talk
from screens.widgets.prose import Prose
from screens.widgets.typed import TypedQuestion, hidden_characters, too_long
from screens.words import _

_SHORTEST_SHOUT = 3
"""Fewer capital letters than this say nothing about Caps Lock."""


class Line(Input):
    """Textual's ``Input`` without blinking, without clipboard, and that says why it takes something or not."""

    virtual_size = var(Size(0, 0))
    """As long as the text: no reason to lay out the whole screen anew at every key, as Textual 8.2.8 does."""

    def __init__(self, value: str, *, max_length: int, secret: bool) -> None:
        super().__init__(value, password=secret, max_length=max_length, select_on_focus=False)
        self.cursor_blink = False

    def render_line(self, y: int) -> Strip:
        """With its blanks ruled where there is no colour to tell a line by."""
        line = super().render_line(y)
        if drawing_of(self.app).colours > MONOCHROME:
            return line
        typed, width = cell_len(self.value) + self.has_focus, self.scrollable_content_region.width
        return Strip([*line.crop(0, typed), Segment("_" * max(0, width - typed), self.rich_style)])

    # The clipboard of Textual writes OSC 52: a password would reach the terminal's clipboard, over SSH the agent's.
    def action_copy(self) -> None:
        """Nothing is copied."""

    def action_cut(self) -> None:
        """Nothing is cut."""

    def action_paste(self) -> None:
        """Only the terminal pastes, as text typed quickly."""

    def restricted(self) -> None:
        self.post_message(too_long(self.max_length or 0))

    def on_key(self, event: events.Key) -> None:
        character = event.character
        if character and ord(character) > 0x9F and not is_plain(character):
            event.prevent_default()
            self.post_message(hidden_characters())

    def on_paste(self, event: events.Paste) -> None:
        """A final newline comes with a copied line and is left out; any other hidden character is refused."""
        event.prevent_default()
        event.stop()
        pasted = event.text.strip("\r\n")
        if is_plain(pasted):
            self.replace(pasted, *self.selection)
        else:
            self.post_message(hidden_characters())


class LineField(TypedQuestion):
    """A label, a line to type on, a note and an error underneath. A subclass says what its value is."""

    secret = False

    def __init__(self, name: str, label: str, value: str = "", *, hint: str = "", max_length: int = 254) -> None:
        super().__init__(name)
        self.label = label
        self.note = Prose(hint, classes="note")
        self.line = Line(clean(value), max_length=max_length, secret=self.secret)

    def compose(self) -> ComposeResult:
        with Horizontal(classes="label-row"):
            yield Prose(self.label, classes="label")
            yield Prose(self.beside(), classes="beside")
        yield self.line
        yield self.note
        yield self.complaint

    def beside(self) -> str:
        """A few words at the right of the label."""
        return ""

    async def ask(self, talk: Talk) -> None:
        hint = _("({hint})").format(hint=self.note.text) if self.note.text and not self.secret else ""
        typed = await talk.hear(_("{label}:").format(label=" ".join(filter(None, (self.label, hint, self._kept())))))
        if typed:
            self.take(typed)

    def _kept(self) -> str:
        return _("(Enter keeps {value})").format(value=self.line.value) if self.line.value else ""

    def take(self, typed: str) -> None:
        """Fill in ``typed``, or say why not."""
        most = self.line.max_length or 0
        if not is_plain(typed):
            self.complain(hidden_characters().reason)
        elif len(typed) > most:
            self.complain(too_long(most).reason)
        else:
            self.complain("")
            self.write(typed)

    def keep(self, draft: str) -> None:
        self.write(draft)

    def write(self, text: str) -> None:
        """Put ``text`` on the line, with the cursor behind it."""
        self.line.value = text
        self.line.cursor_position = len(self.line.value)

    @property
    def control(self) -> Line:
        return self.line

    @on(Input.Changed)
    def _take_back(self) -> None:
        self.forget_declined()


class TextField(LineField):
    """A field whose value is what stands on its line."""

    @property
    def value(self) -> str:
        return self.line.value

    @value.setter
    def value(self, value: object) -> None:
        self.write(str(value))


class SecretField(TextField):
    """What is typed shows as dots until F4; the dots tell its length and nothing else."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "screen.reveal", show=False)]

    secret = True

    def __init__(self, name: str, label: str, *, max_length: int = 254, mention_caps_lock: bool = True) -> None:
        super().__init__(name, label, max_length=max_length)
        self._mention_caps_lock = mention_caps_lock

    def beside(self) -> str:
        return _("F4 Show")

    async def ask(self, talk: Talk) -> None:
        kept = bool(self.line.value)
        how = _("(hidden; Enter keeps what you typed)") if kept else _("(hidden while you type)")
        typed = await talk.hear(_("{label}:").format(label=f"{self.label} {how}"), hidden=True, kept=kept)
        if typed:
            self.take(typed)

    @property
    def given(self) -> Secret:
        return Secret(self.line.value)

    @property
    def shown(self) -> bool:
        return not self.line.password

    @shown.setter
    def shown(self, shown: bool) -> None:
        self.line.password = not shown
        self.query_one(".beside", Prose).show(_("F4 Hide") if shown else _("F4 Show"))

    @on(Input.Changed)
    def _look_at_capitals(self, event: Input.Changed) -> None:
        if not self._mention_caps_lock:
            return
        letters = [character for character in event.value if character.isalpha()]
        shouting = len(letters) >= _SHORTEST_SHOUT and all(map(str.isupper, letters))
        self.note.show(_("All letters are capitals: is Caps Lock on?") if shouting else "")
