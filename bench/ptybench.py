"""Measure any terminal program the way its user meets it: on a pty, by what is on the screen.

It starts a command on a pseudo terminal of a chosen size and TERM, plays a scenario (wait for this text, press that
key, sit idle, …) and reports, as JSON:

* start-up: exec to first byte, to the first frame that is not blank, and to a regex being on screen;
* typing: per key, the time to the first byte, to the first visible change ("paint") and to the last one ("settle");
* terminal traffic: bytes and frames for start-up, per key and per screen change;
* memory (RSS, PSS, USS, peak RSS), processor time, threads and processes of the whole process tree;
* idle cost: processor, wake-ups and bytes while nothing is typed.

Output is read as soon as it arrives and stamped with CLOCK_MONOTONIC; the (slow, pure Python) screen emulation runs
afterwards, over the stamped chunks, whenever the program pauses. So the emulator never delays a timestamp. Only when a
chunk holds a terminal query is it emulated at once, so that the program gets its answer without a pause. A frame drawn
between the "synchronized output" marks (mode 2026) counts at its end, since a real terminal shows it then. The clock of
a run starts in the child, immediately before exec.

    python -m bench.ptybench run --size 80x24 --runs 7 --ready 'Password' -- python app.py
    python -m bench.ptybench run --scenario steps.toml --runs 7 -- python app.py
    python -m bench.ptybench suite bench/suite.toml -o result.json     several programs, interleaved

A scenario is a list of ``steps``. Each is an object with one of these verbs (and ``label`` and ``timeout`` where they
make sense):

``{wait = REGEX}``                  wait until REGEX matches the emulated screen
``{type = TEXT}``                   send TEXT key by key, each key measured
``{press = [KEY, …]}``              send named keys (``enter``, ``ctrl+c``, ``down``…), measured
``{go = KEY, until = REGEX}``       press KEY and time the change of screen until REGEX shows
``{send = TEXT}``                   send TEXT at once, nothing measured (bracketed if asked for)
``{idle = SECONDS}``                measure processor, wake-ups and bytes while nothing is typed
``{snapshot = LABEL}``              memory, processor time and process counts of the tree, now
``{screen = LABEL}``                keep the text of the screen in the report
``{expect = REGEX}``                fail unless REGEX is on the screen now
``{sleep = SECONDS}``               let time pass (output is still read)
``{resize = [COLUMNS, ROWS]}``      change the size of the terminal
``{adopt = PATH}``                  also account for the process whose pid is in this file
``{exit = SECONDS}``                wait for the program to end, and time it from the last key
``{hang_up = SECONDS}``             take the terminal away, and time how long any process of the tree stays

On a shared machine compare programs in one suite (the cases take turns) and report ratios and processor time.
Needs Linux (/proc, pidfd).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.scenario import Run, Step, play, summarise
from bench.session import BenchError, Setup
from bench.terminal import PROFILES


def make_setup(options: Mapping[str, Any]) -> Setup:
    """A Setup from the options of a suite or of the command line (unknown names are errors)."""
    options = dict(options)
    if size := options.pop("size", None):
        options["columns"], options["rows"] = size
    return Setup(**options)


def fill_in(value: Any, words: Mapping[str, str]) -> Any:
    """``value`` with every ``{name}`` of ``words`` replaced, in strings at any depth."""
    match value:
        case str():
            return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), value)
        case list():
            return [fill_in(item, words) for item in value]
        case dict():
            return {name: fill_in(item, words) for name, item in value.items()}
        case _:
            return value


def run_suite(
    suite: Mapping[str, Any], words: Mapping[str, str], only: str | None = None, runs: int | None = None
) -> dict[str, Any]:
    """Run the cases of a suite in turn, so that noise on the machine hits all alike.

    ``suite``: ``{runs, warmups, defaults: {…}, cases: [{name, command, steps, runs?, …options of Setup}]}``; a case
    with ``runs`` of its own is played only so often, and never to warm up.
    ``words``: what stands for ``{name}`` in commands, environments and steps.
    """
    cases = [case for case in suite["cases"] if not only or re.search(only, case["name"])]
    runs, warmups = runs or suite.get("runs", 5), suite.get("warmups", 1)
    collected: dict[str, list[Run]] = {case["name"]: [] for case in cases}
    failures: dict[str, list[str]] = {}
    for turn in range(warmups + runs):
        for case in cases:
            options = fill_in(suite.get("defaults", {}) | case, words)
            name, command, steps = options.pop("name"), options.pop("command"), options.pop("steps")
            own_runs = options.pop("runs", None)
            if turn not in range(warmups if own_runs else 0, warmups + (own_runs or runs)):
                continue
            try:
                run = play(command, steps, make_setup(options))
            except BenchError as error:
                failures.setdefault(name, []).append(str(error))
                continue
            if turn >= warmups:
                collected[name].append(run)
        print(f"bench: round {turn + 1} of {warmups + runs}", file=sys.stderr)
    results = {name: summarise(done) for name, done in collected.items() if done}
    return {"machine": machine(), "cases": results} | ({"failures": failures} if failures else {})


def machine() -> dict[str, Any]:
    """What the numbers were taken on."""
    return {
        "cpus": os.cpu_count(),
        "python": sys.version.split()[0],
        "load": os.getloadavg(),
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def report_as_json(report: Mapping[str, Any]) -> str:
    """One metric a line, so that two reports can be compared by eye."""
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def _measure_one(arguments: argparse.Namespace) -> dict[str, Any]:
    command: Sequence[str] = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    steps: list[Step] = [{"wait": arguments.ready}, {"snapshot": "memory"}, {"idle": 5}]
    if arguments.scenario:
        steps = tomllib.loads(arguments.scenario.read_text())["steps"]
    setup = {
        "size": [int(number) for number in arguments.size.split("x")],
        "term": arguments.term,
        "profile": arguments.profile,
        "env": dict(pair.split("=", 1) for pair in arguments.env),
    }
    played = [play(command, steps, make_setup(setup)) for _ in range(arguments.warmups + arguments.runs)]
    return {"machine": machine(), **summarise(played[arguments.warmups :])}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.ptybench", description=(__doc__ or "").split("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("run", help="measure one program")
    one.add_argument("--scenario", type=Path, help="a TOML file with `steps`")
    one.add_argument("--ready", default=r"\S", help="regex on the screen that means ready (without a scenario)")
    one.add_argument("--size", default="80x24", help="columns x rows (default 80x24)")
    one.add_argument("--term", default="xterm-256color")
    one.add_argument("--profile", default="xterm", choices=PROFILES)
    one.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    one.add_argument("--runs", type=int, default=5)
    one.add_argument("--warmups", type=int, default=1)
    one.add_argument("command", nargs=argparse.REMAINDER)
    many = verbs.add_parser("suite", help="measure several programs side by side")
    many.add_argument("file", type=Path)
    many.add_argument("--only", help="regex: only the cases with such a name")
    many.add_argument("--runs", type=int)
    many.add_argument("-o", "--output", type=Path)
    return parser


def main() -> int:
    """Exit status: 0 measured, 1 a program did not do what its scenario asked for."""
    arguments = _parser().parse_args()
    if arguments.verb == "suite":
        suite = tomllib.loads(arguments.file.read_text())
        report = run_suite(suite, {"python": sys.executable}, arguments.only, arguments.runs)
    else:
        try:
            report = _measure_one(arguments)
        except BenchError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    text = report_as_json(report)
    if getattr(arguments, "output", None):
        arguments.output.write_text(text)
    else:
        print(text, end="")
    return 1 if "failures" in report else 0


if __name__ == "__main__":
    sys.exit(main())
