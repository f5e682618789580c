"""Backends for the tests on a real terminal: ``pytest_plugins = ["tests.terminal_fixtures"]``.

People are imported once and their folder copied, since sixty mails take a while to leave.
"""

import os
import shutil
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.traveller import MakeBackend


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that knows the sixty people of tests/data/people.csv: one for all who test at the same time."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    data = folder / "peopled" / "data"
    with (folder / "peopled.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not data.exists():
            BackendProcess(data).import_people()
    return data


@pytest.fixture(scope="module")
def make_backend(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeBackend]:
    """``make_backend(*options)``: a backend of one's own, not started yet; ended with the module."""
    made: list[BackendProcess] = []

    def make(*options: str) -> BackendProcess:
        data = tmp_path_factory.mktemp("backend") / "data"
        shutil.copytree(peopled, data)
        made.append(BackendProcess(data, *options))
        return made[-1]

    yield make
    for backend in made:
        backend.stop()


@pytest.fixture(scope="module")
def town(make_backend: MakeBackend) -> BackendProcess:
    """One running backend for a whole module: take another person in each test."""
    backend = make_backend()
    backend.start()
    return backend
