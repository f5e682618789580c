"""Which test walks which row of ``transitions.csv``: a row is claimed by its machine, the place it leaves and its
event, and where that is not enough by words of its guard."""

import csv
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.backend_house import BackendHouse
from tests.conftest import ROOT

Walk = Callable[[BackendHouse], Awaitable[None]]
WAY_IN = ("account", "link", "activation_pass", "activation_mail")
TAIL = ("activation_tail",)
CHANGES = ("backup_change", "password_change")
PAIRING = ("pairing",)
REGISTRATION = ("registration",)


@dataclass(frozen=True)
class Row:
    """One transition, as the file tells it."""

    machine: str
    leaves: str
    event: str
    guard: str
    reaches: str

    def __str__(self) -> str:
        guard = f" [{self.guard}]" if self.guard else ""
        return f"{self.machine}: {self.leaves} --{self.event}{guard}--> {self.reaches}"


def rows(*machines: str) -> list[Row]:
    """Those of these machines."""
    text = (ROOT / "tests" / "data" / "transitions.csv").read_text(encoding="utf-8")
    return [
        Row(one["machine"], one["from"], one["event"], one["guard"], one["to"])
        for one in csv.DictReader(text.splitlines())
        if one["machine"] in machines
    ]


class Walks:
    """The rows that a module claims, each with what walks it."""

    def __init__(self) -> None:
        self._claims: list[tuple[tuple[str, str, str], str, Walk]] = []

    def row(self, machine: str, leaves: str, event: str, guard: str = "") -> Callable[[Walk], Walk]:
        """Claims it for the function below; ``guard``: words that its guard contains."""

        def claim(walk: Walk) -> Walk:
            self._claims.append(((machine, leaves, event), guard, walk))
            return walk

        return claim

    def of(self, row: Row) -> list[Walk]:
        """All that claim this row."""
        named = (row.machine, row.leaves, row.event)
        near = [(guard, walk) for claimed, guard, walk in self._claims if claimed == named and guard in row.guard]
        exact = [walk for guard, walk in near if guard == row.guard]
        return exact or [walk for _, walk in near]

    async def walk(self, row: Row, house: BackendHouse) -> None:
        """Fails for a row that nobody claims, or that two do."""
        claimed = self.of(row)
        assert len(claimed) == 1, f"{row} has {len(claimed)} tests instead of one"
        await claimed[0](house)

    def idle(self, *machines: str) -> set[str]:
        """Claims of a row that is not in the file."""
        walked = {walk.__name__ for row in rows(*machines) for walk in self.of(row)}
        return {walk.__name__ for _, _, walk in self._claims} - walked
