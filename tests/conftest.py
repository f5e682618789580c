"""What every test may lean on: the shared data, and the system's tools, which are there or the test fails."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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
