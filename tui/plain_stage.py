"""A stage that is drawn or told, and changes from one to the other by F3 in the middle of anything."""

import asyncio
from typing import Any, ClassVar

from msgspec import structs
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.geometry import Size

from screens.page import Page
from tui.driver import HardenedDriver
from tui.plain import Narrator
from tui.plain_terminal import PlainTerminal
from tui.settings import Settings
from tui.stage import Stage
from tui.terminal import hindrance


class QuietDriver(HardenedDriver):
    """A driver that leaves the terminal alone while it is ``quiet``."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.quiet = getattr(app, "plain", False)

    def start_application_mode(self) -> None:
        if not self.quiet:
            super().start_application_mode()
            return
        self.heed_signals()
        size = Size(*self._get_terminal_size())
        asyncio.get_running_loop().create_task(self._app._post_message(events.Resize(size, size)))

    def write(self, data: str) -> None:
        if not self.quiet:
            super().write(data)

    def disable_input(self) -> None:
        if not self.quiet:
            super().disable_input()

    def stop_application_mode(self) -> None:
        if not self.quiet:
            super().stop_application_mode()

    def close(self) -> None:
        if not self.quiet:
            super().close()


class PlainStage(Stage):
    """``plain``: whether the pages are told now, rather than drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "tell", show=False, priority=True)]

    def __init__(self, settings: Settings, *, plain: bool = False) -> None:
        super().__init__(settings)
        self.driver_class = QuietDriver
        self._able = self.drawing
        self._narrator: Narrator | None = None
        self._be_plain(plain)

    def _be_plain(self, plain: bool) -> None:
        self.plain = plain
        self.drawing = structs.replace(self._able, plain=True, qr=False) if plain else self._able

    def touched(self) -> None:
        """Somebody is there: a key came."""

    def drawing_changed(self) -> None:
        """``drawing`` is another one now."""

    async def on_mount(self) -> None:
        if self.plain:
            self.run_worker(self._tell_until_asked(), group="telling", exclusive=True)

    def post_display_hook(self) -> None:
        if self._narrator is not None:
            self._narrator.wake()

    async def action_tell(self) -> None:
        """F3: tell what was drawn; from there, F3 or « /écran » draws it again."""
        if not self.plain:
            self._quiet_driver.suspend_application_mode()
            self._quiet_driver.quiet = True
            self._be_plain(True)
            self.drawing_changed()
            self.run_worker(self._tell_until_asked(), group="telling", exclusive=True)

    async def _tell_until_asked(self) -> None:
        with PlainTerminal(self.touched) as terminal:
            await self._say_all_again()
            self._narrator = self.narrator(terminal)
            try:
                await self._narrator.attend()
            finally:
                self._narrator = None
            self._be_plain(False)
            self.drawing_changed()
            # Before any key can come, which would be typed on what is taken away.
            await self._say_all_again()
        self._quiet_driver.quiet = False
        self._quiet_driver.resume_application_mode()

    def narrator(self, terminal: PlainTerminal) -> Narrator:
        """Who tells the pages."""
        return Narrator(self, terminal, hindrance)

    async def _say_all_again(self) -> None:
        for page in list(self.screen_stack):
            if page in self.screen_stack and isinstance(page, Page):  # others may have come and gone meanwhile
                await page.retell(self.catalogue())

    @property
    def _quiet_driver(self) -> QuietDriver:
        assert isinstance(self._driver, QuietDriver), "made by us"
        return self._driver
