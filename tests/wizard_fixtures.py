"""The fixtures ``backend``, ``play`` and ``at_login``; see scripted_backend.py.

``pytest_plugins = ["tests.wizard_fixtures"]``
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.scripted_backend import Play, ScriptedBackend, begun
from tui import patience
from tui.settings import Settings
from tui.wizard import Wizard


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(patience, "LONGEST_PAUSE", 0.1)


@pytest.fixture
def play(backend: ScriptedBackend, tmp_path: Path) -> Play:
    @asynccontextmanager
    async def run(journey: str = "", size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
        async def reach() -> Any:
            return backend

        wizard = Wizard(reach, Settings("fr", True, tmp_path, tmp_path / "logs"), journey=journey)
        async with wizard.run_test(size=size, notifications=True) as pilot:
            yield pilot

    return run


@pytest.fixture
def at_login(play: Play, backend: ScriptedBackend) -> Play:
    """The same, from the first step on: ``pilot.app.screen`` asks for the login."""

    @asynccontextmanager
    async def run() -> AsyncIterator[Pilot[None]]:
        async with play() as pilot:
            await begun(pilot, backend)
            yield pilot

    return run
