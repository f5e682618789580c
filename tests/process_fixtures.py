"""The fixture ``backend_process``: a test module says ``pytest_plugins = ["tests.process_fixtures"]``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess


@pytest.fixture
def backend_process(tmp_path: Path) -> Iterator[BackendProcess]:
    """A running backend that knows the people of tests/data/people.csv."""
    process = BackendProcess(tmp_path / "backend")
    process.import_people()
    process.start()
    yield process
    process.stop()
