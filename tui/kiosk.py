"""``perron kiosk``: one process per person on this terminal, which is wiped in between, whatever ended the process.

This is the process that must never fail, so it does little and knows nothing of anybody: it starts a wizard, waits,
wipes (kiosk_terminal.py), starts the next. Standard library only. It has no signal handlers: it sleeps until one of
the signals it has blocked comes, so that none comes at a bad moment.
"""

import contextlib
import os
import signal
import syslog
import time
from collections.abc import Sequence

from tui.confinement import ignore_keyboard_signals
from tui.kiosk_terminal import KioskTerminal

EXIT_TERMINAL_GONE = 75
"""``EX_TEMPFAIL`` of sysexits.h, as the wizard itself says it."""

SETTLED = 5.0
"""Seconds: a wizard that fails sooner would fail again at once."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

GRACE = 1.3
"""Seconds to end by itself: a wizard says goodbye to the service, and takes 0.9 at most."""

_ENDS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
_HEARD = _ENDS | {signal.SIGCHLD}


class _Told(Exception):
    """Somebody outside wants this to end. ``number`` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Kiosk:
    """``command`` is the wizard for one person. ``sentence`` stands on the screen while none can be started."""

    def __init__(self, command: Sequence[str], sentence: str, terminal: KioskTerminal) -> None:
        self._command = list(command)
        self._sentence = sentence
        self._terminal = terminal

    def attend(self) -> int:
        """One person after the other, until a signal says that it is enough: returns the exit status.

        0 after SIGTERM or SIGINT, 75 when the terminal is gone (SIGHUP, or nothing can be written to it).
        """
        syslog.openlog("perron-kiosk")
        _listen()
        try:
            self._terminal.take()
            self._attend_all()
        except _Told as told:
            if told.number != signal.SIGHUP:
                with contextlib.suppress(OSError):
                    self._terminal.give_back()
                return 0
        except OSError as error:
            syslog.syslog(syslog.LOG_ERR, f"the terminal is gone: {error.strerror}")
        return EXIT_TERMINAL_GONE

    def _attend_all(self) -> None:
        failures = 0
        while True:
            started = time.monotonic()
            status = self._attend_one()
            failed = status != 0 and time.monotonic() - started < SETTLED
            failures = failures + 1 if failed else 0
            if status:
                syslog.syslog(syslog.LOG_WARNING, f"a wizard ended with status {status}; the next one starts")
            self._terminal.wipe(self._sentence if failures else "")
            if failures:
                _rest(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)))

    def _attend_one(self) -> int:
        """The status of one wizard, minus the signal that ended it. However we leave, it does not outlive this."""
        wizard = os.posix_spawn(
            self._command[0], self._command, os.environ, setsigmask=(), setsigdef=(signal.SIGINT, *_ENDS)
        )
        ended = False
        try:
            while True:
                heard = signal.sigwaitinfo(_HEARD).si_signo
                if heard in _ENDS:
                    raise _Told(heard)
                if (status := _status_of(wizard)) is not None:
                    ended = True
                    return status
        finally:
            if not ended:
                _stop(wizard)


def _listen() -> None:
    """Signals wait until they are asked for; but for those of the keyboard, which mean nothing here."""
    ignore_keyboard_signals()
    for number in _HEARD:
        signal.signal(number, signal.SIG_DFL)  # what is ignored, as under nohup, would not even wait
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)


def _rest(pause: float) -> None:
    heard = signal.sigtimedwait(_ENDS, pause)
    if heard is not None:
        raise _Told(heard.si_signo)


def _status_of(wizard: int) -> int | None:
    pid, status = os.waitpid(wizard, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _stop(wizard: int) -> None:
    os.kill(wizard, signal.SIGTERM)
    limit = time.monotonic() + GRACE
    while (left := limit - time.monotonic()) > 0:
        signal.sigtimedwait({signal.SIGCHLD}, left)
        if _status_of(wizard) is not None:
            return
    os.kill(wizard, signal.SIGKILL)
    os.waitpid(wizard, 0)
