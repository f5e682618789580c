"""What this process keeps from others of the same machine, whatever it is: no core dump, no look into its memory.

What a person types cannot be wiped in Python: so nobody else may read it, and on a kiosk every person has a process of
their own, which ends with the one that started it (security.md §3, rows 5, 5b, 32 and 33).
"""

import os
import resource
import signal
import sys

_SET_PARENT_DEATH_SIGNAL, _SET_DUMPABLE = 1, 4
"""Of prctl(2)."""

KEYBOARD_SIGNALS = (signal.SIGTSTP, signal.SIGQUIT, signal.SIGINT)
"""What Ctrl+Z, Ctrl+\\ and Ctrl+C send where a terminal is left to itself for a moment."""


def leave_no_core() -> None:
    """From here on a crash writes no core; a child inherits that."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def hide_memory() -> None:
    """From here on nobody of the same user reads memory or environment, nor attaches a debugger; root still may.

    Not for a child: whatever is executed can be read again.
    """
    _prctl(_SET_DUMPABLE, 0)


def end_with(parent: int) -> None:
    """From here on this process is asked to leave (SIGTERM) when ``parent``, a pid, ends, however it ends.

    Raises ``SystemExit`` when it is gone already.
    """
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(f"perron: process {parent} did not start this one.")


def ignore_keyboard_signals() -> None:
    """From here on no key of any terminal stops or ends this process."""
    for ignored in KEYBOARD_SIGNALS:
        signal.signal(ignored, signal.SIG_IGN)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes  # two milliseconds: who starts for a person calls this once there is something to see

        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(option, value, 0, 0, 0):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
