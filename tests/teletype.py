"""A terminal in this process: bytes go in as a keyboard sends them, and every byte that is written is kept.

The driver is ours, with its thread, its decoder, its guarded parser and its limits; the wizard, its screens and its
display are ours too. What is missing of a real terminal is the terminal: a pipe stands for the keyboard, a list for the
screen. So a thousand runs take as long as a few on a pty::

    async with Teletype.showing(wizard) as teletype:
        teletype.type(b"\\xff\\x1b[200~")
        assert await teletype.redraws()
"""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size

from tests.scripted_backend import ScriptedBackend
from tui.driver import KEYS_A_SECOND, KEYS_AT_ONCE, Bucket, HardenedDriver
from tui.settings import Settings
from tui.wizard import Wizard


def speaking_to(backend: ScriptedBackend, home: Path, journey: str = "") -> Wizard:
    """A French wizard for this backend, in the journey at once where one is named."""

    async def reach() -> Any:
        return backend

    return Wizard(reach, Settings("fr", True, home, home / "logs"), journey=journey)


class Heartbeat:
    """How long the event loop was kept by one thing, at most: in seconds of the processor, which a busy machine does
    not make longer. A context."""

    longest = 0.0

    async def __aenter__(self) -> Self:
        self._beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            begun = time.thread_time()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.thread_time() - begun)


class Teletype(HardenedDriver):
    """What ``App.run_async`` is given as a driver; ``showing`` does it."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        # Not LinuxDriver's own: it would take the signals and the standard input of whoever runs the tests.
        Driver.__init__(self, app, debug=debug, mouse=mouse, size=size)
        self._told: list[str] = []
        self._hearing = threading.Thread(target=self.run_input_thread, daemon=True)

    @classmethod
    @asynccontextmanager
    async def showing(cls, app: App[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator["Teletype"]:
        """``app`` on a terminal of ``size``, until the end of the context or until it leaves by itself."""
        app.driver_class = cls
        running = asyncio.ensure_future(app.run_async(size=size))
        while not app.is_running or app._driver is None:
            assert not running.done(), running
            await asyncio.sleep(0.01)
        teletype = app._driver
        assert isinstance(teletype, cls)
        try:
            yield teletype
        finally:
            if app.is_running:
                app.exit()
            await running

    @property
    def written(self) -> str:
        """All that was written so far."""
        return "".join(self._told)

    def type(self, data: bytes) -> None:
        """Send ``data``, at most what a pipe holds (64 KiB)."""
        os.write(self._typing, data)

    def refill(self) -> None:
        """Allow as many keys as at a start."""
        self._bucket = Bucket(KEYS_A_SECOND, KEYS_AT_ONCE)

    async def redraws(self, seconds: float = 60) -> bool:
        """Whether it is still there, once it has obeyed Ctrl+L, which has every row drawn again.

        Pressed again and again, since after a flood of keys the first ones are dropped.
        """
        already, limit, drawn = len(self._told), time.monotonic() + seconds, ""
        while self._app.is_running:
            self.type(b"\x0c")
            for _ in range(100):
                await asyncio.sleep(0.001)
                drawn = "".join(self._told[already:])
                if all(f"\x1b[{row}H" in drawn for row in range(1, self._rows + 1)):
                    return True
            assert time.monotonic() < limit, f"nothing is drawn any more, but {drawn!r}"
        return False

    def write(self, data: str) -> None:
        self._told.append(data)

    def start_application_mode(self) -> None:
        self.fileno, self._typing = os.pipe()
        self._wake, self._waker = os.pipe()
        self.refill()
        self._hearing.start()
        columns, self._rows = self._size or (80, 24)
        size = Size(columns, self._rows)
        self._app.post_message(events.Resize(size, size))

    def stop_application_mode(self) -> None:
        """There is no mode to leave."""

    def disable_input(self) -> None:
        if self._hearing.is_alive():
            os.write(self._waker, b"x")
            self._hearing.join()

    def close(self) -> None:
        for end in (self.fileno, self._typing, self._wake, self._waker):
            os.close(end)
