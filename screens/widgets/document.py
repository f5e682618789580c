"""A text to read in the terminal: headings, items and paragraphs, with how much of it was seen."""

import re

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.talk import Talk
from screens.widgets.prose import Prose, plain
from screens.words import _

_HEADING = re.compile(r"^(?:#{1,2}|-) ")
_LINES_A_PAGE = 12
"""Paragraphs, each of which may be several lines of the terminal."""


def laid_out(text: str) -> Content:
    """``text`` of the contract's little markup (``# ``, ``## ``, ``- ``, blank lines) as it is drawn."""
    return Content("\n").join(_line(line) for line in text.splitlines())


def _line(line: str) -> Content:
    for mark, style in (("## ", "bold"), ("# ", "bold underline")):
        if line.startswith(mark):
            return plain(line.removeprefix(mark)).stylize(style)
    if line.startswith("- "):
        return plain(f"  – {line.removeprefix('- ')}")
    return plain(line)


class Document(Vertical):
    """Scrolled from wherever the focus is: the screen hands it the arrows and the page keys."""

    def __init__(self, text: str) -> None:
        super().__init__(id="document")
        self._text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="pages", can_focus=False):
            yield Static(laid_out(self._text), id="text")
        yield Prose(id="read-so-far")

    async def ask(self, talk: Talk) -> None:
        """Page by page, as long as somebody wants to hear more."""
        lines = [_HEADING.sub("", line) for line in self._text.splitlines() if line.strip()]
        for start in range(0, len(lines), _LINES_A_PAGE):
            for line in lines[start : start + _LINES_A_PAGE]:
                talk.say(line)
            left = len(lines) - start - _LINES_A_PAGE
            if left > 0 and (await talk.hear(_("Enter goes on reading; 0 and Enter skips the rest:"))).strip() == "0":
                return

    @property
    def pages(self) -> VerticalScroll:
        """What scrolls."""
        return self.query_one("#pages", VerticalScroll)

    def on_mount(self) -> None:
        self.watch(self.pages, "scroll_y", self._tell, init=False)
        self.watch(self.pages, "virtual_size", self._tell, init=False)

    def _tell(self) -> None:
        pages = self.pages
        bottom = pages.scroll_offset.y + pages.scrollable_content_region.height
        read = min(100, round(100 * bottom / max(1, pages.virtual_size.height)))
        self.query_one("#read-so-far", Prose).show(_("{read} read; the arrows scroll").format(read=f"{read} %"))
