"""What plain mode says of a page: all of it at first, then only what is new, each sentence once and in one piece."""

import time
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App

from screens.page import Page
from screens.widgets.banner import Banner
from screens.widgets.deadline import Deadline
from screens.widgets.prose import Prose
from screens.widgets.question import Question
from screens.words import _
from tui.plain_reading import pressable, saying
from tui.plain_terminal import PlainTalk


class Telling:
    """Says on ``talk`` what stands on the pages of ``app``, and remembers what was said."""

    def __init__(self, app: App[Any], talk: PlainTalk) -> None:
        self._app, self._talk = app, talk
        self._told: set[str] = set()
        """On this page."""
        self._told_on: WeakKeyDictionary[Page, set[str]] = WeakKeyDictionary()
        self.problem = ""
        """The sentence above all fields that was told last."""
        self._warned: set[str] = set()
        self._where = ""
        self._news: list[str] = []
        self._collecting = False
        self._spoke = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since something was said."""
        return time.monotonic() - self._spoke

    def say(self, *sentences: str) -> None:
        self._news.extend(filter(None, sentences))
        if not self._collecting:
            self._say_news()

    def turn_to(self, page: Page) -> None:
        """It is ``page`` that is told from now on. One that something lay over is there again, and not told anew."""
        known = page in self._told_on
        self._told, self.problem = self._told_on.setdefault(page, set()), ""
        if known:
            self._talk.say("")
            self.say(page.heading())

    def tell(self, page: Page) -> None:
        """What the page says, as far as it has not been said; all at once, or a question would be asked in between."""
        self._collecting = True
        try:
            self._collect(page)
        finally:
            self._collecting = False
        self._say_news()

    def tell_once(self, *sentences: str) -> None:
        """What has not been said on this page."""
        for sentence in sentences:
            if sentence and sentence not in self._told:
                self._told.add(sentence)
                self.say(sentence)

    def tell_rules(self, page: Page) -> None:
        """Again, for somebody whose answer was refused."""
        for widget in saying(page):
            if getattr(widget, "retold", False):
                self.say(*widget.told())

    def forget(self) -> None:
        """All of the page is to be said again."""
        self._told.clear()
        self._where = ""

    def forget_problem(self) -> None:
        self.problem = ""

    def _say_news(self) -> None:
        if self._news:
            self._talk.say("\n".join(self._news))
            self._news.clear()
            self._spoke = time.monotonic()

    def _collect(self, page: Page) -> None:
        first = not self._told
        if first:
            self._talk.say("")
            where = ", ".join(filter(None, (page.host(), page.journey_title())))
            if where != self._where and page.catalogue is not None:
                self.tell_once(where)
                self._where = where
        for widget in saying(page):
            if first or not (isinstance(widget, Deadline) or getattr(widget, "retold", False)):
                self.tell_once(*widget.told())
        self.tell_once(page.resting().strip())
        problem = page.query_one("#problem", Prose).text
        if problem != self.problem:
            self.problem = problem
            self.say(problem)
        if first and page.query(Question):
            for number, button in enumerate(pressable(page), 1):
                self.tell_once(_("/{number} for: {what}").format(number=number, what=button.offered))
        self._warn(page)

    def _warn(self, page: Page) -> None:
        """What concerns no page: each warning once, without its countdown."""
        shown = {banner.id or "": banner.text for banner in page.query(Banner) if banner.text}
        if any(isinstance(screen, Page) and screen.lost for screen in self._app.screen_stack):
            shown.setdefault("connection", "")  # what lies over the page does not know of it
        elif "connection" in self._warned:
            self.say(_("The connection is back."))
        self.say(*(text for name, text in shown.items() if name not in self._warned))
        self._warned = set(shown)
