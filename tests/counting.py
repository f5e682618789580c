"""What an answer costs, counted: statements, commits, hashes, and tables that are walked from end to end."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_STATEMENTS = 30
"""Of the one answer that ends the journey; those that only say something take ten."""


@dataclass
class Tally:
    """What happened since it was last emptied."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    commits: int = 0
    hashes: int = 0

    def empty(self) -> None:
        self.statements, self.commits, self.hashes = [], 0, 0


def walked(data: Path, statements: list[tuple[str, Any]]) -> list[str]:
    """What SQLite would walk from end to end, or by an index that leaves everybody of a realm."""
    found = []
    with sqlite3.connect(data / "perron.sqlite") as database:
        for sql, parameters in statements:
            if sql.split()[0] not in ("SELECT", "UPDATE", "DELETE") or "LIMIT" in sql:
                continue
            bound = parameters[0] if isinstance(parameters, list) else parameters  # of one statement run many times
            plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", bound)]
            found += [f"{line}: {sql}" for line in plan if line.startswith("SCAN") or line.endswith("(realm=?)")]
    return found
