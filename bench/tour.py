"""A tour of the real wizard through its demonstration: whole journeys by the keyboard, with the panel of F9 alone.

For the README's pictures, and for the test that a newcomer can do the same. What is pressed on a screen follows from
its kind and from what the panel has for the person; no journey is known here.
"""

import asyncio
import time
from collections.abc import Callable, Mapping

from textual import events
from textual.pilot import Pilot
from textual.widgets import OptionList

from screens.frame import StepScreen
from tui.demonstration import MAILBOX_SECONDS, DemonstrationScreen, MailScreen
from tui.wizard import Wizard

PATIENCE = 20.0
PASSWORD = "Montagne-42!"
_AT_REST = 0.5
"""Seconds until nothing moves on a screen any more."""

_LOOKED_AT = 0.3
"""Seconds that anybody needs to see that a screen waits, before a key."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "charter": ("space", "enter"),
    "new_password": (PASSWORD, "tab", PASSWORD, "enter"),
    "assistance_message": ("tab", "enter"),
    "menu": ("end", "enter"),
    "recovery_codes": ("space", "enter"),
}
"""What goes on where it is not Enter alone; the last line of a menu is the way out."""


class Tour:
    """One wizard at one terminal. ``draw`` is told of each screen, by its kind, when it is complete."""

    def __init__(self, wizard: Wizard, pilot: Pilot[None], draw: Callable[[str], None] | None = None) -> None:
        self._wizard, self._pilot, self._drawn = wizard, pilot, draw
        self._read = ""
        """The mail that was read last."""

    async def begin(self, journey: str) -> None:
        """From the welcome, through the door of ``journey``."""
        await self._until(lambda: self._wizard.catalogue() is not None)
        await self._draw("welcome")
        catalogue = self._wizard.catalogue()
        doors = [offer.id for offer in catalogue.journeys] if catalogue else []
        await self._pilot.press(*["down"] * doors.index(journey), "enter")
        await self._until(lambda: isinstance(self._wizard.page, StepScreen) and self._is_settled())

    async def end(self, person: str, *, keys: Mapping[str, tuple[str, ...]] | None = None) -> list[str]:
        """Go on as that person until « done »; the kinds of the screens on the way. ``keys`` overrides ``KEYS``."""
        way = [self.kind]
        while self.kind != "done":
            before = self._state()
            if not self._wizard.page.next_label():  # what waits may go on by itself
                await asyncio.sleep(_LOOKED_AT)
            if self._state() == before:
                await self._answer(person, {**KEYS, **(keys or {})})
            await self._until(lambda: self._is_settled() and self._state() != before)  # noqa: B023 - awaited at once
            if self.kind != way[-1]:  # a screen that waits may be told anew what it shows
                way.append(self.kind)
        await self._draw(self.kind)
        await self._pilot.pause(_AT_REST)
        return way

    @property
    def kind(self) -> str:
        return self._wizard.page.help_kind

    async def choose(self, person: str) -> None:
        """F9, and Enter on that person, if they have anything to do here; Esc where the panel stays."""
        panel = await self._panel()
        if panel is None:
            return
        if not self._read:
            await self._note_mails(panel)
        place = [one.id for one in panel.people].index(person)
        chosen, people = panel.people[place], panel.query_one("#people", OptionList)
        people.focus()
        if people.highlighted != place:  # whoever was tried before lies under the marker already
            await self._pilot.press("home", *["down"] * place)
        await self._draw(f"panel_{self.kind}")
        if self.kind in {*chosen.fills, *chosen.acts}:
            await self._pilot.press("enter")
            await self._until(lambda: self._wizard.screen is not panel or bool(panel.said))
        if self._wizard.screen is panel:
            await self._pilot.press("escape")
            await self._until(self._is_settled)

    async def read_mail(self) -> None:
        """F9, Enter on the newest mail once there is a new one, Enter on what the mail is for."""
        panel = await self._panel()
        if panel is None:
            return
        box = panel.query_one("#mails", OptionList)
        await self._until(lambda: self._lies_on(box, panel) not in ("", self._read))
        self._read = self._lies_on(box, panel)
        box.focus()
        await self._pilot.press("enter")
        await self._until(lambda: isinstance(self._wizard.screen, MailScreen))
        await self._pilot.pause(0.1)
        await self._pilot.press("enter")
        await self._until(self._is_settled)

    async def _note_mails(self, panel: DemonstrationScreen) -> None:
        """What has arrived until now is not what is waited for; nor is what was on its way."""
        seen = None
        while seen != panel.mails:
            seen = panel.mails
            await asyncio.sleep(1.5 * MAILBOX_SECONDS)
        self._read = panel.mails[0].id if panel.mails else ""

    async def _answer(self, person: str, keys: Mapping[str, tuple[str, ...]]) -> None:
        page, state = self._wizard.page, self._state()
        opens_link = page.number_of_mail() is not None
        if opens_link or not page.next_label():
            await self._draw(self.kind)
        if not opens_link and (page.on_paper or not page.next_label()):
            await self.choose(person)
        if page.awaits_mail:
            await self.read_mail()
        if self._state() == state and page.next_label() and not opens_link:
            *filling, last = keys.get(self.kind, ("enter",))
            await self._press(*filling)
            await self._draw(self.kind)
            await self._press(last)

    async def _press(self, *keys: str) -> None:
        """The password is pasted, as it comes from where people keep theirs: by keys, every letter is drawn."""
        for key in keys:
            if key == PASSWORD:
                self._wizard.post_message(events.Paste(PASSWORD))
                await self._pilot.pause()
            else:
                await self._pilot.press(key)

    def _state(self) -> tuple[object, ...]:
        page = self._wizard.page
        return (page.help_kind, page.enrolment.revision if isinstance(page, StepScreen) else 0)

    def _is_settled(self) -> bool:
        return self._wizard.screen is self._wizard.page and not self._wizard.page.blocked

    def _lies_on(self, box: OptionList, panel: DemonstrationScreen) -> str:
        """The id of the mail under the marker."""
        return panel.mails[box.highlighted].id if box.highlighted is not None else ""

    async def _draw(self, name: str) -> None:
        if self._drawn is not None:
            await self._pilot.pause(_AT_REST)
            self._drawn(name)

    async def _panel(self) -> DemonstrationScreen | None:
        """F9; None when the screen went on by itself meanwhile."""
        before = self._state()
        await self._pilot.press("f9")
        await self._until(lambda: isinstance(self._wizard.screen, DemonstrationScreen) or self._state() != before)
        panel = self._wizard.screen
        if not isinstance(panel, DemonstrationScreen):
            return None
        await self._until(lambda: panel.query_one("#people", OptionList).option_count > 0)
        return panel

    async def _until(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > until:
                errors = self._wizard.page.step.errors if isinstance(self._wizard.page, StepScreen) else {}
                raise TimeoutError(f"nothing comes after {self._state()} {errors}: {self._wizard.screen!r}")
            await asyncio.sleep(0.02)
