"""Plain mode: the page that would be drawn is told, asked line by line, and pressed.

The App, the conversation and the page are those of the full screen; only nothing is drawn. So nothing is lost on the
way from one rendering to the other, and what a page checks is checked once.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App
from textual.message_pump import MessagePump
from textual.widget import Widget

from screens.page import Page
from screens.talk import Asking, Interrupted
from screens.widgets.action_row import ActionButton
from screens.widgets.deadline import Deadline
from screens.widgets.field import SecretField
from screens.widgets.question import Question
from screens.words import _
from tui.plain_commands import command_of, how_to_talk
from tui.plain_reading import asking, is_whole, pressable, waits
from tui.plain_telling import Telling
from tui.plain_terminal import PlainTalk

MOMENT = 3.0
"""Seconds of waiting for an answer, after which we say that we wait."""

STILL_WAITING = 60.0
"""Seconds without a word, after which we say that we are still there."""
LOOK_AGAIN = 0.5


class Narrator:
    """Tells the screen that ``app`` has on top, and gives it what it hears. ``wake`` when something has changed."""

    def __init__(self, app: App[Any], talk: PlainTalk, obstacle: Callable[[], str]) -> None:
        self._app, self._talk, self._obstacle = app, talk, obstacle
        self._telling = Telling(app, talk)
        self._changed = asyncio.Event()
        self._page: Page | None = None
        self._due: list[str] = []
        """The ids of what is still to be asked on this page."""
        self._left: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()
        """What is due on pages that were turned away from."""
        self._offered: list[str] = []
        self._sent = False

    def wake(self) -> None:
        """Something on the screen may have changed."""
        self._changed.set()

    async def attend(self) -> None:
        """Until the full screen is asked for."""
        self._telling.say(how_to_talk())
        while True:
            try:
                await self._go_on(await self._settled())
            except Interrupted as cut:
                if await self._follow(cut):
                    return

    # --------------------------------------------------------------------------------------------- one thing at a time

    async def _go_on(self, page: Page) -> None:
        empty = page.catalogue is None and not page.next_label()  # all will be told in a moment
        if page is not self._page and (self._telling.silence >= MOMENT or not empty):
            self._turn_to(page)
        if page is self._page:
            self._telling.tell(page)
        if empty or page.blocked or page.lost:
            await self._stand_by(page)
        elif self._sent:
            self._sent = False
            self._ask_again(page)
        elif self._due:
            await self._ask(page, self._due[0])
        elif page.query(Question) and page.next_label():
            self._send(page)
        else:
            await self._offer(page)

    def _send(self, page: Page) -> None:
        self._telling.forget_problem()  # the same again would be another one
        page.action_go_on()
        self._sent = True

    def _turn_to(self, page: Page) -> None:
        self._talk.forget()
        if self._page is not None:
            self._left[self._page] = self._due
        self._page, self._sent, self._offered = page, False, []
        self._telling.turn_to(page)
        if page in self._left:  # something lay over it
            self._due = self._left.pop(page)
            return
        # Those not shown too: an answer may bring them.
        column = page.query_one("#column")
        self._due = [thing.id or "" for thing in column.walk_children() if isinstance(thing, Asking)]

    async def _ask(self, page: Page, name: str) -> None:
        thing = next((thing for thing in asking(page) if thing.id == name), None)
        if thing is None:  # what was said before made it needless
            self._due.remove(name)
            return
        if isinstance(thing, Question):
            thing.complain("")
        try:
            if not await self._meanwhile(thing.ask(self._talk), page):
                return
            await _heard(thing)
        except Interrupted as cut:
            if isinstance(thing, Question) and cut.draft:
                thing.keep(cut.draft)
            raise
        if isinstance(thing, Question) and thing.flawed:
            self._telling.say(thing.flawed)
        else:
            self._due.remove(name)

    def _ask_again(self, page: Page) -> None:
        """Say what was wrong; ask that, or where nobody knows what it was, everything."""
        questions = [thing for thing in asking(page) if isinstance(thing, Question)]
        wrong = [question for question in questions if question.flawed]
        if wrong or self._telling.problem:
            self._telling.tell_rules(page)
        self._telling.say(*(question.flawed for question in wrong))
        if any(isinstance(question, SecretField) for question in wrong):  # nobody sees which of two has the slip
            wrong = [question for question in questions if question in wrong or isinstance(question, SecretField)]
        self._due = [question.id or "" for question in wrong or questions]

    async def _offer(self, page: Page) -> None:
        """Nothing is asked here: something may be chosen, or waited for."""
        buttons = pressable(page)
        offers = [_("{number} for: {what}").format(number=n, what=b.offered) for n, b in enumerate(buttons, 1)]
        ahead = page.next_label() or ("" if waits(page) else page.back_label())
        if ahead:
            offers.append(_("Enter for: {what}").format(what=ahead))
        self._telling.say("\n".join(offer for offer in offers if offer not in self._offered))
        self._offered = offers
        typed: list[str] = []

        async def hear() -> None:
            prompt = _("Your choice:") if offers else _("Waiting; a command, if you wish:")
            typed.append((await self._talk.hear(prompt)).strip())

        if not await self._meanwhile(hear(), page):
            return
        if not typed[0]:
            self._send(page)
            if page.next_label() == "" and ahead and not page.blocked and page is self._app.screen:
                page.action_go_back()
        elif not await self._choose(page, typed[0]):
            self._telling.say(_("This is none of the choices."))

    async def _choose(self, page: Page, line: str) -> bool:
        """Do what was typed where nothing is asked; whether it meant anything."""
        return await self._press(page, line)

    async def _press(self, page: Page, number: str) -> bool:
        buttons = pressable(page)
        if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= len(buttons)):
            return False
        button = buttons[int(number) - 1]
        if isinstance(button, ActionButton) and button.held:
            self._telling.say(_("Not yet possible: {what}").format(what=button.offered))
        elif not page.lost:
            button.action_press()
            await _heard(button)
        return True

    # ------------------------------------------------------------------------------------------------------ commands

    async def _follow(self, cut: Interrupted) -> bool:
        """Do what was asked for instead of an answer; whether it was to leave plain mode."""
        page = await self._settled()
        match command_of(cut.command):
            case "screen":
                if not (sentence := self._obstacle()):
                    return True
                self._telling.say(sentence)
            case "help":
                page.action_help()
                self._telling.say(how_to_talk())
            case "language":
                page.action_language()
            case "back" if page.back_label():
                page.action_go_back()
            case "back":
                self._telling.say(_("There is no way back from here."))
            case "quit":
                page.action_leave()
            case "repeat":
                self._offered = []
                self._telling.forget()
            case "clear" if self._due:
                self._clear(page)
            case other:
                await self._do(page, other)
        await self._settled()
        return False

    async def _do(self, page: Page, command: str) -> None:
        """What only some pages have."""
        if command == "demo" and page.catalogue is not None and page.catalogue.demonstration:
            await self._app.run_action("demonstrate")
        elif not await self._press(page, command):
            self._telling.say(how_to_talk())

    def _clear(self, page: Page) -> None:
        for question in page.query(Question):
            if question.id == self._due[0]:
                question.value = ""

    # ------------------------------------------------------------------------------------------------------- waiting

    async def _settled(self) -> Page:
        """The page on top, once everything it was told has been done, and what those above it left to do."""
        while True:
            page = self._app.screen if self._app.screen_stack else None
            if isinstance(page, Page) and page.is_mounted:
                done = asyncio.Event()
                page.call_after_refresh(done.set)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), LOOK_AGAIN)
                await _passed(self._app)
                if self._app.screen_stack[-1:] == [page] and is_whole(page):
                    return page
            else:
                await self._change()

    async def _change(self) -> None:
        """Wait until something has changed, or might have."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), LOOK_AGAIN)
        self._changed.clear()

    async def _stand_by(self, page: Page) -> None:
        """Until something has changed, for nothing can be answered now; what needs no answer of ours can be done."""
        if page.blocked and self._telling.silence >= MOMENT:
            self._telling.tell_once(_("One moment…"))
        overhearing = asyncio.create_task(self._talk.overhear())
        changing = asyncio.create_task(self._change())
        await asyncio.wait({overhearing, changing}, return_when=asyncio.FIRST_COMPLETED)
        changing.cancel()
        if overhearing.done():
            overhearing.result()
        overhearing.cancel()

    async def _meanwhile(self, asking: Coroutine[Any, Any, None], page: Page) -> bool:
        """Listen, and tell what happens meanwhile; False when the page has gone on without an answer, or says
        everything anew: then what is asked is to be asked in the words of now."""
        listening, heading = asyncio.create_task(asking), page.query_one("#heading")
        try:
            while not listening.done():
                changing = asyncio.create_task(self._change())
                await asyncio.wait({listening, changing}, return_when=asyncio.FIRST_COMPLETED)
                changing.cancel()
                if listening.done():
                    break
                now = await self._settled()
                if listening.done():  # an answer may itself take the page away
                    break
                if now is not page or page.blocked or not heading.is_attached:
                    return False
                self._telling.tell(page)
                if waits(page) and self._telling.silence >= STILL_WAITING:
                    self._telling.say(_("Still waiting."), *(line.text for line in page.query(Deadline)))
        finally:
            listening.cancel()
        listening.result()
        return True


async def _heard(widget: Widget) -> None:
    """Until all that ``widget`` told those around it was dealt with: one message behind another, up to the page."""
    for node in widget.ancestors_with_self:
        if isinstance(node, Widget):
            await _passed(node)


async def _passed(pump: MessagePump) -> None:
    """Until ``pump`` has dealt with whatever it has been sent until now."""
    done = asyncio.Event()
    if pump.call_later(done.set):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), LOOK_AGAIN)
