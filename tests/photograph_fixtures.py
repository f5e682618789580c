"""The fixture ``photographed``: from what a program wrote to what two readers make of its picture in a real xterm."""

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.photographs import Photographed, Tool, photograph


@pytest.fixture
def display(tool: Tool, tmp_path: Path) -> Iterator[str]:
    """An X server that nobody looks at; its name."""
    ready, says_ready = os.pipe()
    server = subprocess.Popen(
        [tool("Xvfb"), "-displayfd", str(says_ready), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
        pass_fds=[says_ready],
        stderr=subprocess.DEVNULL,
    )
    os.close(says_ready)
    with os.fdopen(ready, encoding="ascii") as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def photographed(display: str, tool: Tool, tmp_path: Path) -> Photographed:
    return partial(photograph, display=display, tool=tool, folder=tmp_path)
