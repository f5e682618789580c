"""A kiosk told line by line: a letter may be scanned there too, since a scanner types one quick line."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from screens.page import Page
from tui.kiosk_scanner import Scanner
from tui.plain import Narrator
from tui.plain_terminal import PlainTalk


class ScanningNarrator(Narrator):
    """``begin`` begins the journey of a letter, or says that this is not the moment."""

    def __init__(
        self,
        app: App[Any],
        talk: PlainTalk,
        obstacle: Callable[[], str],
        *,
        scanner: Scanner,
        begin: Callable[[], bool],
    ) -> None:
        super().__init__(app, talk, obstacle)
        self._scanner, self._begin = scanner, begin
        self._login = ""
        """Scanned, and not yet asked for."""

    async def _choose(self, page: Page, line: str) -> bool:
        login = self._scanner.read(line, self._talk.pace)
        if login and self._begin():
            self._login = login
            return True
        return await super()._choose(page, line)

    async def _ask(self, page: Page, name: str) -> None:
        if not name or name != page.on_barcode:
            await super()._ask(page, name)
            return
        if self._login:
            page.restore({name: self._login})
            self._login = ""
            self._due.remove(name)
            return
        await super()._ask(page, name)
        if name in (typed := page.typed()):  # unless the page went away over it
            page.restore({name: self._scanner.trim(str(typed[name]))})
