"""``make bench``: measure every case of ``bench/suite.toml``, print the README's table, keep ``bench/results.json``.

Exit status: 0 every budget is held, 1 one is not, or a program did not do what its scenario asked for.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from pathlib import Path

from bench.ptybench import report_as_json, run_suite
from bench.table import as_markdown, rows_of

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"


def main() -> int:
    """The whole suite; ``--only REGEX`` and ``--runs N`` are for trying things out, and leave the results alone."""
    parser = argparse.ArgumentParser(prog="bench.run")
    parser.add_argument("--only", help="regex: only the cases with such a name")
    parser.add_argument("--runs", type=int, help="instead of what the suite says")
    arguments = parser.parse_args()
    suite = tomllib.loads((HERE / "suite.toml").read_text())
    with tempfile.TemporaryDirectory(prefix="perron-bench-") as scratch:
        words = {"python": sys.executable, "perron": str(Path(sys.executable).parent / "perron"), "scratch": scratch}
        report = run_suite(suite, words, arguments.only, arguments.runs)
    for name, errors in report.get("failures", {}).items():
        print(f"bench: {name}: {errors[0]}", file=sys.stderr)
    if report.get("failures"):
        return 1
    measured = report["cases"]
    rows = rows_of(
        [row for row in suite["rows"] if {row["case"], row.get("against", row["case"])} <= set(measured)], measured
    )
    print(as_markdown(rows))
    if not (arguments.only or arguments.runs):
        RESULTS.write_text(report_as_json(report | {"table": [row._asdict() | {"held": row.held} for row in rows]}))
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
