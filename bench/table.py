"""The README's performance table: numbers of a report beside each other, and beside their budgets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One line: ``value`` in ``unit``, ``ratio`` to the case named ``against`` (None: nothing to compare with)."""

    what: str
    value: float
    unit: str
    against: str
    ratio: float | None
    at_most: float | None
    at_least: float | None = None

    @property
    def held(self) -> bool:
        """Whether the budget, where there is one, is held."""
        measured = self.value if self.ratio is None else self.ratio
        return (self.at_most is None or measured <= self.at_most) and (
            self.at_least is None or measured >= self.at_least
        )

    @property
    def budget(self) -> str:
        """What it was to be, and whether it is."""
        sign, limit = ("≤", self.at_most) if self.at_least is None else ("≥", self.at_least)
        if limit is None:
            return "–"
        return f"{sign} {limit:g}{f' {self.unit}' if self.ratio is None else ' ×'} {'✓' if self.held else '✗'}"


def look_up(case: Mapping[str, Any], path: str) -> float:
    """A number by its path, ``median.ready.ms``: the first word is a group, or ``keys`` and then a label."""
    group, _, rest = path.partition(".")
    if group == "keys":
        label, _, name = rest.partition(".")
        return float(case["keys"][label][name])
    return float(case[group][rest])


def rows_of(table: Sequence[Mapping[str, Any]], cases: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """The rows that ``table`` (``rows`` of the suite) asks for, as far as their cases were measured."""
    rows = []
    for line in table:
        named = [name for name in cases if re.fullmatch(_pattern(line), name)]
        against = line.get("against", "")
        if not named or (against and against not in cases):
            continue
        value = max(look_up(cases[name], line["number"]) for name in named)
        ratio = value / look_up(cases[against], line["number"]) if against else None
        rows.append(Row(line["what"], value, line["unit"], against, ratio, line.get("at_most")))
    return rows


def _pattern(line: Mapping[str, Any]) -> str:
    left_out = "|".join(line.get("except", ("none",)))
    return re.escape(str(line["case"])).replace(r"\{kind\}", rf"(?!(?:{left_out})$)\w+")


def as_markdown(rows: Sequence[Row]) -> str:
    """The table, ready for the README."""
    lines = ["| What | Measured | Ratio | Budget |", "|---|--:|--:|--:|"]
    for row in rows:
        ratio = "–" if row.ratio is None else f"{row.ratio:.2f} × {row.against}"
        lines.append(f"| {row.what} | {_short(row.value)} {row.unit} | {ratio} | {row.budget} |")
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.3g}"
