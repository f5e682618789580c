"""A session: one program on one pseudo terminal, every chunk of its output stamped as it arrives."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import re
import select
import signal
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.processes import NS_PER_MS, Usage, is_alive, process_tree
from bench.pseudo_terminal import set_size, start
from bench.terminal import PROFILES, QUERY, Terminal


class BenchError(Exception):
    """The program under test did not do what the scenario asked for."""


@dataclass
class Setup:
    """How to start the program and how patient to be."""

    columns: int = 80
    rows: int = 24
    term: str = "xterm-256color"
    profile: str = "xterm"
    env: dict[str, str] = field(default_factory=dict)
    #: Output is taken to have ended when nothing came for this long.
    quiet_ms: float = 80.0
    #: Random extra pause before a key, so that keys do not fall in step with the app's timers.
    jitter_ms: float = 20.0
    #: How long a key may stay without any effect before that is accepted.
    key_limit_ms: float = 1000.0
    #: Delay of the terminal's answers, to stand for the round trip of a remote session.
    reply_delay_ms: float = 0.0
    timeout_s: float = 20.0


@dataclass
class Key:
    """What one key press did; times in ms from the write of the key, None if nothing changed."""

    label: str
    key: str
    first_byte_ms: float | None
    paint_ms: float | None
    settle_ms: float | None
    bytes: int
    frames: int


def environment(setup: Setup) -> dict[str, str]:
    """Little of ours, so that a run does not depend on the shell that started it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"LANG": "C.UTF-8", "TERM": setup.term} | setup.env


class Session:
    """A program running on a pty, with the screen it has painted so far."""

    def __init__(self, command: Sequence[str], setup: Setup) -> None:
        self.setup = setup
        self.terminal = Terminal(setup.columns, setup.rows, PROFILES[setup.profile])
        self.output_bytes = 0
        self.output_chunks = 0
        self.first_byte_ns: int | None = None
        self.first_frame_ns: int | None = None
        self.last_key_ns = 0
        self.extra_pids: list[int] = []
        self.wait_status: int | None = None
        self.rusage: Any = None
        self.ended_ns: int | None = None
        self._random = random.Random(0)
        self._pending: deque[tuple[int, bytes]] = deque()
        self._delayed_replies: deque[tuple[int, bytes]] = deque()
        self._changes: list[int] = []
        self._query_tail = b""
        self._watch: re.Pattern[str] | None = None
        self._watch_ns: int | None = None
        self.master, self.pid, self.start_ns, self._preamble_ms = start(
            command, environment(setup), setup.columns, setup.rows
        )
        self._pidfd = os.pidfd_open(self.pid)
        self._poll = select.poll()
        self._poll.register(self.master, select.POLLIN)
        self._poll.register(self._pidfd, select.POLLIN)
        self._fingerprint = self.terminal.fingerprint()

    # -- life and death

    @property
    def ended(self) -> bool:
        """Whether the program has exited (its output may still be unread)."""
        return self.ended_ns is not None

    def close(self) -> None:
        """Hang up, end what still runs of this session, and reap it."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
        if not self.ended:
            for sent, patience in ((signal.SIGTERM, 1.0), (signal.SIGKILL, 5.0)):
                for pid in process_tree([self.pid]):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, sent)
                if select.select([self._pidfd], [], [], patience)[0]:
                    break
            self._reap()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def _reap(self) -> None:
        _, self.wait_status, self.rusage = os.wait4(self.pid, 0)
        self.ended_ns = time.monotonic_ns()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading

    def pump(self, until_ns: int, quiet_ms: float | None = None) -> None:
        """Read output until a moment, or sooner: until output came and then paused."""
        got_output = False
        last_ns = time.monotonic_ns()
        while True:
            now = time.monotonic_ns()
            self._send_due_replies(now)
            end = until_ns
            if quiet_ms is not None and got_output:
                end = min(end, last_ns + int(quiet_ms * NS_PER_MS))
            if self._delayed_replies:
                end = min(end, self._delayed_replies[0][0])
            if now >= end and not (self._delayed_replies and end < until_ns):
                return
            for fd, _ in self._poll.poll(max(0.0, (end - now) / NS_PER_MS)):
                if fd == self._pidfd and not self.ended:
                    self._poll.unregister(self._pidfd)
                    self._reap()
                elif fd == self.master:
                    if not self._read_chunk():
                        return
                    got_output = True
                    last_ns = time.monotonic_ns()

    def _read_chunk(self) -> bool:
        """Read and stamp one chunk; False at the end of the terminal's output."""
        try:
            data = os.read(self.master, 65536)
        except BlockingIOError:
            return True
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        now = time.monotonic_ns()
        if not data:
            self._poll.unregister(self.master)
            if not self.ended:
                select.select([self._pidfd], [], [], 5.0)
                self._poll.unregister(self._pidfd)
                self._reap()
            return False
        self.first_byte_ns = self.first_byte_ns or now
        self.output_bytes += len(data)
        self.output_chunks += 1
        self._pending.append((now, data))
        recent = self._query_tail + data
        self._query_tail = recent[-24:]
        if QUERY.search(recent):
            self.catch_up()
        return True

    def _send_due_replies(self, now: int) -> None:
        while self._delayed_replies and self._delayed_replies[0][0] <= now:
            os.write(self.master, self._delayed_replies.popleft()[1])

    def catch_up(self) -> None:
        """Emulate what was read, and note when each visible change had arrived."""
        terminal = self.terminal
        while self._pending:
            stamp, data = self._pending.popleft()
            terminal.feed(data)
            if terminal.replies:
                due = time.monotonic_ns() + int(self.setup.reply_delay_ms * NS_PER_MS)
                self._delayed_replies.append((due, bytes(terminal.replies)))
                terminal.replies.clear()
                self._send_due_replies(time.monotonic_ns())
            if terminal.holding_frame:
                continue
            fingerprint = terminal.fingerprint()
            if fingerprint == self._fingerprint:
                continue
            self._fingerprint = fingerprint
            self._changes.append(stamp)
            if self.first_frame_ns is None and not terminal.blank:
                self.first_frame_ns = stamp
            if self._watch and self._watch_ns is None and self._watch.search(terminal.text):
                self._watch_ns = stamp

    # -- what a scenario can do

    def wait_for(self, regex: str, timeout_s: float | None = None) -> int:
        """Wait until ``regex`` is on the screen; the moment its last byte had arrived."""
        self.catch_up()
        self._watch, self._watch_ns = re.compile(regex, re.MULTILINE), None
        deadline = time.monotonic_ns() + int((timeout_s or self.setup.timeout_s) * 1e9)
        if not self.terminal.holding_frame and self._watch.search(self.terminal.text):
            self._watch_ns = time.monotonic_ns()
        while self._watch_ns is None:
            if time.monotonic_ns() > deadline or (self.ended and not self._pending):
                reason = "ended" if self.ended else "timed out"
                raise BenchError(f"{reason} waiting for {regex!r}; screen:\n{self.terminal.text}")
            self.pump(min(deadline, time.monotonic_ns() + 50_000_000), quiet_ms=5)
            self.catch_up()
        self._watch = None
        return self._watch_ns

    def settle(self) -> None:
        """Read until output pauses for the quiet time."""
        quiet = int(self.setup.quiet_ms * NS_PER_MS)
        self.pump(time.monotonic_ns() + quiet, self.setup.quiet_ms)
        self.catch_up()

    def press(self, key: str, label: str = "key") -> Key:
        """Send one key and see what it does to the screen."""
        setup = self.setup
        jitter = int(self._random.uniform(0, setup.jitter_ms) * NS_PER_MS)
        self.pump(time.monotonic_ns() + jitter)
        self.catch_up()
        self._changes.clear()
        before = self.output_bytes
        encoded = self.terminal.encode(key)
        sent = self.last_key_ns = time.monotonic_ns()
        os.write(self.master, encoded)
        self.pump(sent + int(setup.key_limit_ms * NS_PER_MS), setup.quiet_ms)
        first = self._pending[0][0] if self._pending else None
        self.catch_up()
        return Key(
            label=label,
            key=key,
            first_byte_ms=elapsed_ms(first, sent),
            paint_ms=elapsed_ms(self._changes[0] if self._changes else None, sent),
            settle_ms=elapsed_ms(self._changes[-1] if self._changes else None, sent),
            bytes=self.output_bytes - before,
            frames=len(self._changes),
        )

    def go(self, key: str, regex: str, timeout_s: float | None) -> dict[str, Any]:
        """Press a key and time the change of screen it should lead to."""
        self.catch_up()
        before, chunks = self.output_bytes, self.output_chunks
        cpu = self.usage().cpu_ms
        encoded = self.terminal.encode(key)
        sent = self.last_key_ns = time.monotonic_ns()
        os.write(self.master, encoded)
        shown = self.wait_for(regex, timeout_s)
        self.settle()
        return {
            "ms": elapsed_ms(shown, sent),
            "bytes": self.output_bytes - before,
            "chunks": self.output_chunks - chunks,
            "cpu_ms": round(self.usage().cpu_ms - cpu, 2),
        }

    def send(self, text: str) -> None:
        """Send text at once, as a paste if the program enabled bracketed paste."""
        data = text.encode()
        if self.terminal.modes.get(2004):
            data = b"\x1b[200~" + data + b"\x1b[201~"
        self.last_key_ns = time.monotonic_ns()
        os.write(self.master, data)

    def idle(self, seconds: float) -> dict[str, Any]:
        """What the program costs while nothing is typed."""
        self.settle()
        before, start_bytes, start = self.usage(), self.output_bytes, time.monotonic_ns()
        self.pump(start + int(seconds * 1e9))
        self.catch_up()
        after, span = self.usage(), (time.monotonic_ns() - start) / 1e9
        return {
            "cpu_percent": round((after.cpu_ms - before.cpu_ms) / span / 10, 3),
            "wakeups_per_s": round((after.wakeups - before.wakeups) / span, 1),
            "bytes_per_s": round((self.output_bytes - start_bytes) / span, 1),
        }

    def usage(self) -> Usage:
        """Resources of the process tree now."""
        usage = Usage.of([self.pid, *self.extra_pids])
        usage.cpu_ms -= self._preamble_ms
        return usage

    def total_cpu_ms(self) -> float | None:
        """User and system time of the ended program and of the children it waited for."""
        if self.rusage is None:
            return None
        seconds: float = self.rusage.ru_utime + self.rusage.ru_stime
        return seconds * 1e3 - self._preamble_ms

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size, in the kernel and on the emulated screen."""
        self.setup.columns, self.setup.rows = columns, rows
        set_size(self.master, columns, rows)
        self.terminal.resize(columns, rows)

    def wait_exit(self, timeout_s: float) -> float | None:
        """Wait until the program ends; ms since the last key."""
        deadline = time.monotonic_ns() + int(timeout_s * 1e9)
        while not self.ended and time.monotonic_ns() < deadline:
            self.pump(min(deadline, time.monotonic_ns() + 100_000_000))
            self.catch_up()
        if not self.ended:
            raise BenchError(f"still running after {timeout_s} s; screen:\n{self.terminal.text}")
        return elapsed_ms(self.ended_ns, self.last_key_ns or self.start_ns)

    def hang_up(self, timeout_s: float) -> float | None:
        """Take the terminal away; ms until no process of the tree is left."""
        left = process_tree([self.pid])
        began = time.monotonic_ns()
        os.close(self.master)
        self.master = -1
        while left := [pid for pid in left if is_alive(pid)]:
            if time.monotonic_ns() - began > timeout_s * 1e9:
                raise BenchError(f"{len(left)} still running {timeout_s} s after the terminal went away")
            time.sleep(0.002)
        self._reap()
        return elapsed_ms(time.monotonic_ns(), began)


def elapsed_ms(stamp: int | None, since: int) -> float | None:
    """Milliseconds between two CLOCK_MONOTONIC stamps in ns; None when nothing happened."""
    return None if stamp is None else round((stamp - since) / NS_PER_MS, 3)
