"""``make bench``: measure every case of ``bench/suite.toml``, print the README's table, keep ``bench/results.json``.

Exit status: 0 every budget is held, 1 one is not, or a program did not do what its scenario asked for.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.backend_load import measure
from bench.ptybench import fill_in, report_as_json, run_suite
from bench.table import as_markdown, rows_of
from tests.screens_gallery import STEPS

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"


@contextmanager
def open_desk() -> Iterator[str]:
    """The address of ``bench/desk.py``, in a process of its own as long as the context lasts."""
    with subprocess.Popen([sys.executable, "-m", "bench.desk"], stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None, "asked for above"
        try:
            yield desk.stdout.readline().strip()
        finally:
            desk.kill()  # its long polls have nothing to say any more


def for_each_kind(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``cases`` with those that ask for it repeated for every step kind."""
    spread = []
    for case in cases:
        plain = {name: value for name, value in case.items() if name != "each_kind"}
        spread += [fill_in(plain, {"kind": kind}) for kind in STEPS] if case.get("each_kind") else [plain]
    return spread


def main() -> int:
    """The whole suite, then the load; ``--only REGEX`` and ``--runs N`` are for trying, and leave the results alone."""
    parser = argparse.ArgumentParser(prog="bench.run")
    parser.add_argument("--only", help="regex: only the cases with such a name (`backend` is the load)")
    parser.add_argument("--runs", type=int, help="instead of what the suite says")
    arguments = parser.parse_args()
    suite = tomllib.loads((HERE / "suite.toml").read_text())
    suite["cases"] = for_each_kind(suite["cases"])
    perron = str(Path(sys.executable).parent / "perron")
    with tempfile.TemporaryDirectory(prefix="perron-bench-") as scratch, open_desk() as desk:
        words = {"python": sys.executable, "perron": perron, "scratch": scratch, "desk": desk}
        report = run_suite(suite, words, arguments.only, arguments.runs)
    rows = rows_of(suite["rows"], report["cases"])
    if not arguments.only or re.search(arguments.only, "backend"):
        rows += measure()
    print(as_markdown(rows))
    for name, errors in report.get("failures", {}).items():
        print(f"bench: {name}: {errors[0]}", file=sys.stderr)
    if not (arguments.only or arguments.runs or "failures" in report):
        RESULTS.write_text(report_as_json(report | {"table": [row._asdict() | {"held": row.held} for row in rows]}))
    return 0 if all(row.held for row in rows) and "failures" not in report else 1


if __name__ == "__main__":
    sys.exit(main())
