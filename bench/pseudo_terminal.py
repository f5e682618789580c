"""A program started on a pseudo terminal of its own, as the leader of its session."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bench.processes import NS_PER_MS


class Started(NamedTuple):
    """A running child: our end of its terminal, its pid, and when it called exec (CLOCK_MONOTONIC, ns).

    ``preamble_ms`` is the processor time that it had spent before, as a copy of the harness: not the program's.
    """

    master: int
    pid: int
    start_ns: int
    preamble_ms: float


def start(command: Sequence[str], env: Mapping[str, str], columns: int, rows: int) -> Started:
    """Fork and exec; the child itself says what time it was just before."""
    master, slave = os.openpty()
    set_size(slave, columns, rows)
    clock_read, clock_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(command, env, slave, clock_write)
    os.close(slave)
    os.close(clock_write)
    preamble_ns, start_ns = struct.unpack("qq", os.read(clock_read, 16))
    os.close(clock_read)
    os.set_blocking(master, False)
    return Started(master, pid, start_ns, preamble_ns / NS_PER_MS)


def set_size(fd: int, columns: int, rows: int) -> None:
    """Tell the kernel, which tells the program (SIGWINCH)."""
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _become(command: Sequence[str], env: Mapping[str, str], slave: int, clock_write: int) -> None:
    try:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in range(3):
            os.dup2(slave, fd)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.write(clock_write, struct.pack("qq", time.process_time_ns(), time.monotonic_ns()))
        os.execvpe(command[0], list(command), dict(env))
    except OSError as error:
        os.write(2, f"{command[0]}: {error}\n".encode())
    finally:
        os._exit(127)
