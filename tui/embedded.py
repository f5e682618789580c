"""The backend as a child on loopback, when no other is named: started, watched, started again, and never left behind.

The child gets two pipes. On one it writes its address, one line, once it listens. The other it only holds: when our end
closes - because we left, crashed, were killed or lost our terminal - it ends too. One thread watches it and sleeps in
between.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlsplit

MOST_DEATHS = 5
"""In a row, each sooner than ``SETTLED`` seconds after its start: then another start would not help."""

SETTLED = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 3.0
GRACE = 0.4
"""Seconds to end by itself, out of the one second that leaving may take."""


class EmbeddedFailed(Exception):
    """The backend does not stay up. ``reason`` is the last thing that it said, ``log`` where the rest is."""

    def __init__(self, reason: str, log: Path) -> None:
        super().__init__(reason)
        self.reason = reason
        self.log = log


class Embedded:
    """``perron-backend serve`` on a free port of loopback, with its data in ``data`` and what it says in ``log``."""

    def __init__(self, data: Path, log: Path, command: tuple[str, ...] = ("-I", "-m", "backend.cli")) -> None:
        self.address: Future[str] = Future()
        """Where it listens, as soon as it does; or why it never will."""
        self.on_failure: Callable[[EmbeddedFailed], None] | None = None
        """Called from the watching thread when a backend that once listened cannot be kept up."""
        self._data, self._log, self._command = data, log, command
        self._listen = "127.0.0.1:0"
        self._leaving = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._life = -1
        self._said_from = 0

    def start(self) -> None:
        """Start the child and the thread that watches it; returns at once."""
        threading.Thread(target=self._watch, name="embedded-backend", daemon=True).start()

    def close(self) -> None:
        """End the child now."""
        self._leaving.set()
        with self._lock:
            child = self._child
            self._let_go()
        if child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(GRACE)
                return
            child.kill()

    def _watch(self) -> None:
        deaths = 0
        while not self._leaving.is_set():
            started = time.monotonic()
            try:
                ready = self._spawn()
            except OSError as error:
                self._give_up(EmbeddedFailed(f"{error.strerror} ({error.filename})", self._log))
                return
            self._await_address(ready)
            if self._child is not None:
                self._child.wait()
            deaths = 1 if time.monotonic() - started > SETTLED else deaths + 1
            if deaths >= MOST_DEATHS and not self._leaving.is_set():
                self._give_up(EmbeddedFailed(self._last_words(), self._log))
                return
            self._leaving.wait(min(LONGEST_PAUSE, FIRST_PAUSE * 2**deaths))

    def _spawn(self) -> int:
        """Start the child; returns our end of the pipe on which it says that it listens."""
        self._data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        ready, says_ready = os.pipe()
        held, life = os.pipe()
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            with self._lock:
                self._let_go()
                self._life = life
                self._said_from = os.fstat(log).st_size
                if not self._leaving.is_set():
                    # A session of its own: what the keyboard or a closing terminal signals is for the wizard alone.
                    self._child = subprocess.Popen(
                        [sys.executable, *self._command, *self._arguments(says_ready, held)],
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        pass_fds=(says_ready, held),
                        start_new_session=True,
                    )
        finally:
            for descriptor in (says_ready, held, log):
                os.close(descriptor)
        return ready

    def _arguments(self, says_ready: int, held: int) -> list[str]:
        return [
            *("serve", "--demonstration"),
            *("--listen", self._listen),
            *("--data", str(self._data)),
            *("--ready-fd", str(says_ready)),
            *("--until-eof-fd", str(held)),
        ]

    def _await_address(self, ready: int) -> None:
        with open(ready, encoding="ascii", errors="replace") as pipe:
            address = pipe.readline().strip()
        if address and not self.address.done():
            # Started again, it must be found where the client looks for it.
            self._listen = urlsplit(address).netloc
            self.address.set_result(address)

    def _let_go(self) -> None:
        if self._life >= 0:
            os.close(self._life)
            self._life = -1

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._said_from)
            lines = log.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def _give_up(self, failed: EmbeddedFailed) -> None:
        if not self.address.done():
            self.address.set_exception(failed)
        elif self.on_failure is not None:
            self.on_failure(failed)
