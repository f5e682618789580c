"""A field of several lines, where Enter begins a new one."""

import re
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from api_client.wording import clean, is_plain
from screens.talk import Talk
from screens.widgets.prose import Prose
from screens.widgets.typed import TypedQuestion, hidden_characters, too_long
from screens.words import _

_LINE_END = re.compile(r"\r\n?")


class Lines(TextArea):
    """Textual's ``TextArea`` without blinking, without clipboard, and that says why it takes something or not."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+enter", "screen.go_on", show=False)]

    keeps_enter = True
    """What ``Page.keeps_enter`` asks of what has the focus."""

    def __init__(self, text: str, *, longest: int) -> None:
        super().__init__(text, highlight_cursor_line=False, compact=True)
        self.cursor_blink = False
        self._longest = longest

    # As for ``Line``: the clipboard of Textual writes OSC 52.
    def action_copy(self) -> None:
        """Nothing is copied."""

    def action_cut(self) -> None:
        """Nothing is cut."""

    def action_paste(self) -> None:
        """Only the terminal pastes, as text typed quickly."""

    def on_key(self, event: events.Key) -> None:
        typed = "\n" if event.key == "enter" else event.character or ""
        # What is invisible is not printable, and declined with a sentence; the control characters are keys.
        if typed == "\n" or event.is_printable or typed > "\x9f":
            event.prevent_default()
            event.stop()
            self._take(typed)

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._take(_LINE_END.sub("\n", event.text).replace("\t", " ").rstrip("\n"))

    def _take(self, typed: str) -> None:
        """Put ``typed`` in the place of what is selected, all of it or nothing."""
        if not all(map(is_plain, typed.split("\n"))):
            self.post_message(hidden_characters())
        elif len(self.text) - len(self.selected_text) + len(typed) > self._longest:
            self.post_message(too_long(self._longest))
        else:
            self.replace(typed, *self.selection, maintain_selection_offset=False)


class LongField(TypedQuestion):
    """A label and its lines; underneath how much was written, how to go on, and what is wrong."""

    def __init__(self, name: str, label: str, value: str = "", *, shortest: int, longest: int) -> None:
        super().__init__(name)
        self._label = label
        self._shortest, self._longest = shortest, longest
        self.lines = Lines(clean(value, lines=True), longest=longest)
        self._count = Prose(self._counted(), classes="note")

    def compose(self) -> ComposeResult:
        yield Prose(self._label, classes="label")
        yield self.lines
        yield self._count
        yield Prose(_("Enter begins a line; Tab leads to “Next”."), classes="note")
        yield self.complaint

    @property
    def value(self) -> str:
        return self.lines.text

    @value.setter
    def value(self, value: object) -> None:
        self.lines.text = str(value)
        self.lines.move_cursor(self.lines.document.end)

    @property
    def control(self) -> Lines:
        return self.lines

    @property
    def written(self) -> str:
        """The text without the blank around it, which is what counts."""
        return self.value.strip()

    async def ask(self, talk: Talk) -> None:
        """Line by line; an empty one ends."""
        talk.say(_("{label}:").format(label=self._label))
        if self.written:
            talk.say(self.written)
            talk.say(_("Type more lines, then an empty one; an empty one at once keeps this."))
        else:
            talk.say(_("Type as many lines as you like, then an empty one."))
        while typed := await talk.hear(_("Line:")):
            self.keep(typed)

    def keep(self, draft: str) -> None:
        longer = "\n".join(filter(None, (self.value, draft)))
        if not is_plain(draft):
            self.complain(hidden_characters().reason)
        elif len(longer) > self._longest:
            self.complain(too_long(self._longest).reason)
        else:
            self.value = longer

    def flaw(self) -> str:
        """Why this is not enough, as a sentence; empty when it is."""
        if not self.written:
            return self.wanting()
        if len(self.written) < self._shortest:
            return _("Please say a little more: {n} characters at least.").format(n=self._shortest)
        return ""

    @on(TextArea.Changed)
    def _count_again(self) -> None:
        self.forget_declined()
        self._count.show(self._counted())

    def _counted(self) -> str:
        written = len(self.written)
        if written < self._shortest:
            return _("{n} of {least} at least").format(n=written, least=self._shortest)
        return _("{n} of {most} at most").format(n=written, most=self._longest)
