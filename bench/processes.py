"""What a tree of processes costs, read from /proc."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

NS_PER_MS = 1e6


def _read(path: str) -> str:
    """The text of a /proc file; empty when the process has gone."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _kib_fields(path: str) -> dict[str, int]:
    """The ``Name: 123 kB`` lines of a /proc file."""
    return {name: int(kib) for name, kib in re.findall(r"^(\w+):\s+(\d+) kB", _read(path), re.MULTILINE)}


def process_tree(roots: Iterable[int]) -> list[int]:
    """The pids of ``roots`` and of all their living descendants."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = _read(f"/proc/{name}/stat")
            if stat:
                state, parent = stat.rpartition(")")[2].split()[:2]
                if state != "Z":
                    children.setdefault(int(parent), []).append(int(name))
    found: list[int] = []
    queue = [pid for pid in roots if os.path.exists(f"/proc/{pid}")]
    while queue:
        pid = queue.pop()
        if pid not in found:
            found.append(pid)
            queue.extend(children.get(pid, ()))
    return found


def is_alive(pid: int) -> bool:
    """Whether it still runs: neither gone nor only waiting to be reaped."""
    stat = _read(f"/proc/{pid}/stat")
    return bool(stat) and stat.rpartition(")")[2].split()[0] != "Z"


@dataclass
class Usage:
    """Resources held by a set of processes at one moment (memory in KiB, time in ms)."""

    processes: int = 0
    threads: int = 0
    rss_kib: int = 0
    pss_kib: int = 0
    uss_kib: int = 0
    peak_rss_kib: int = 0
    cpu_ms: float = 0.0
    wakeups: int = 0

    @classmethod
    def of(cls, roots: Iterable[int]) -> Usage:
        """Add up the usage of ``roots`` and their descendants."""
        total = cls()
        for pid in process_tree(roots):
            total.processes += 1
            memory = _kib_fields(f"/proc/{pid}/smaps_rollup")
            total.rss_kib += memory.get("Rss", 0)
            total.pss_kib += memory.get("Pss", 0)
            total.uss_kib += memory.get("Private_Clean", 0) + memory.get("Private_Dirty", 0)
            total.peak_rss_kib += _kib_fields(f"/proc/{pid}/status").get("VmHWM", 0)
            total._add_threads(pid)
        return total

    def _add_threads(self, pid: int) -> None:
        """Add run time (exact, in ns, from the scheduler) and context switches per thread."""
        try:
            tasks = os.listdir(f"/proc/{pid}/task")
        except OSError:
            return
        for task in tasks:
            self.threads += 1
            if schedstat := _read(f"/proc/{pid}/task/{task}/schedstat").split():
                self.cpu_ms += int(schedstat[0]) / NS_PER_MS
            status = _read(f"/proc/{pid}/task/{task}/status")
            if switches := re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.MULTILINE):
                self.wakeups += int(switches[1])
