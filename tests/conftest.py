"""What every test may lean on: the shared data, and the system's tools, which are there or the test fails."""

import gc
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


logging.getLogger("dbos").addHandler(logging.NullHandler())
"""Before DBOS is imported: it would write to what is standard error in that moment, which a test may close."""

_LONG = ("test_terminal", "test_kiosk", "test_secret", "test_panel", "test_rows")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files of long walks come first: begun last, one of them would keep us waiting when all others are done."""
    items.sort(key=lambda item: not item.path.name.startswith(_LONG))


@pytest.fixture(scope="session")
def data() -> Path:
    """The directory of test data, all of it fictitious."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """``tool("tmux")``: the path of a program of the system. A missing one fails the test, which is never skipped."""

    def locate(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.fail(f"{name} is not installed here: run `make system` as root, then try again.", pytrace=False)
        return path

    return locate


def pytest_collection_finish() -> None:
    """Thousands of tests and all they import are there to stay: to look at them again every second is a sixth of the
    processor's time."""
    gc.set_threshold(20_000, 20, 200)
