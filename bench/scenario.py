"""Playing a scenario, step by step, and adding up what several plays measured. The steps: see bench/ptybench.py."""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.session import BenchError, Key, Session, Setup, elapsed_ms

Step = dict[str, Any]


@dataclass
class Run:
    """Everything measured in one run of a scenario."""

    metrics: dict[str, float] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    screens: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, values: dict[str, Any]) -> None:
        """Record a group of numbers under ``name.key``."""
        for key, value in values.items():
            if value is not None:
                self.metrics[f"{name}.{key}"] = value


def play(command: Sequence[str], steps: Sequence[Step], setup: Setup) -> Run:
    """Start ``command``, do the steps, and return what was measured."""
    run = Run()
    with Session(command, setup) as session:
        for number, step in enumerate(steps):
            try:
                _play_step(session, step, run)
            except BenchError as error:
                raise BenchError(f"step {number} {step}: {error}") from None
        session.catch_up()
        start = session.start_ns
        run.put(
            "start",
            {
                "first_byte_ms": elapsed_ms(session.first_byte_ns, start),
                "first_frame_ms": elapsed_ms(session.first_frame_ns, start),
            },
        )
        run.put("total", {"bytes": session.output_bytes, "chunks": session.output_chunks})
    cpu_ms = session.total_cpu_ms()
    run.put("total", {"cpu_ms": None if cpu_ms is None else round(cpu_ms, 2)})
    run.put("exit", {"code": os.waitstatus_to_exitcode(session.wait_status or 0)})
    return run


def _play_step(session: Session, step: Step, run: Run) -> None:  # noqa: C901 - one case a verb, and nothing but cases
    timeout = step.get("timeout")
    label = step.get("label", "")
    match step:
        case {"wait": regex}:
            shown = session.wait_for(regex, timeout)
            name = label or "ready"
            run.put(name, {"ms": elapsed_ms(shown, session.start_ns)})
            session.settle()
            run.put(name, {"bytes": session.output_bytes})
            if not session.ended:
                run.put(name, {"cpu_ms": round(session.usage().cpu_ms, 2)})
        case {"type": text}:
            run.keys += [session.press(char, label or "type") for char in text]
        case {"press": keys}:
            names = [keys] if isinstance(keys, str) else keys
            run.keys += [session.press(name, label or "press") for name in names]
        case {"go": key, "until": regex}:
            run.put(label or "go", session.go(key, regex, timeout))
        case {"send": text}:
            session.send(text)
        case {"idle": seconds}:
            run.put(label or "idle", session.idle(seconds))
        case {"snapshot": name}:
            run.put(name, asdict(session.usage()))
        case {"screen": name}:
            session.settle()
            run.screens[name] = session.terminal.text
        case {"expect": regex}:
            session.settle()
            if not re.search(regex, session.terminal.text, re.MULTILINE):
                raise BenchError(f"not on screen:\n{session.terminal.text}")
        case {"sleep": seconds}:
            session.pump(time.monotonic_ns() + int(seconds * 1e9))
            session.catch_up()
        case {"resize": [columns, rows]}:
            session.resize(columns, rows)
        case {"adopt": path}:
            session.extra_pids.append(int(Path(path).read_text()))
        case {"exit": seconds}:
            run.put(label or "exit", {"ms": session.wait_exit(seconds)})
        case {"hang_up": seconds}:
            run.put(label or "hang_up", {"ms": session.hang_up(seconds)})
        case _:
            raise BenchError("no such step")


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest-rank percentile."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


def summarise(runs: Sequence[Run]) -> dict[str, Any]:
    """Medians of the metrics over the runs, and percentiles of the keys of all runs together."""
    names = {name: None for run in runs for name in run.metrics}
    medians, spread = {}, {}
    for name in names:
        values = [run.metrics[name] for run in runs if name in run.metrics]
        medians[name] = round(statistics.median(values), 3)
        spread[name] = [min(values), max(values)]
    keys: dict[str, Any] = {}
    for label in {key.label: None for run in runs for key in run.keys}:
        pressed = [key for run in runs for key in run.keys if key.label == label]
        keys[label] = summarise_keys(pressed)
    return {
        "runs": len(runs),
        "median": medians,
        "min_max": spread,
        "keys": keys,
        "screens": runs[-1].screens if runs else {},
    }


def summarise_keys(pressed: Sequence[Key]) -> dict[str, Any]:
    """Percentiles of latency and medians of traffic for keys with one label."""
    result: dict[str, Any] = {"count": len(pressed)}
    for name in ("first_byte_ms", "paint_ms", "settle_ms"):
        values = [value for key in pressed if (value := getattr(key, name)) is not None]
        if values:
            for percent in (50, 95, 99):
                result[f"{name}_p{percent}"] = percentile(values, percent)
    result["without_effect"] = sum(key.paint_ms is None for key in pressed)
    result["bytes_median"] = statistics.median(key.bytes for key in pressed)
    result["bytes_mean"] = round(statistics.mean(key.bytes for key in pressed), 1)
    result["bytes_max"] = max(key.bytes for key in pressed)
    result["frames_mean"] = round(statistics.mean(key.frames for key in pressed), 2)
    return result
