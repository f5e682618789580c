"""What the wizard's process keeps to itself, looked at from outside; security.md §3, rows 5, 5b and 32."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.backend_process import is_running
from tests.walking import PERRON, Walk

NOBODY = [PERRON, "--backend", "http://127.0.0.1:1", "--lang", "fr"]

_MOTHER = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]])
print(child.pid, flush=True)
sys.stdin.read()
"""
_CHILD = """
import os, sys, time
from tui.confinement import end_with
end_with({parent})
print("here", flush=True)
time.sleep(60)
"""


@pytest.fixture
def ordinary(tool: Callable[[str], str]) -> list[str]:
    """What to put before a command so that it has no rights of root, whoever runs the test."""
    return [tool("setpriv"), "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


@pytest.mark.slow
def test_row_32_memory_and_environment_are_nobody_else_s(tmp_path: Path, ordinary: list[str]) -> None:
    def readable(pid: int, part: str) -> bool:
        reading = [*ordinary, "head", "-c1", f"/proc/{pid}/{part}"]
        return subprocess.run(reading, capture_output=True, check=False).returncode == 0

    with Walk([*ordinary, *NOBODY], home=tmp_path) as walk, subprocess.Popen([*ordinary, "sleep", "60"]) as other:
        walk.see("F10")
        for part in ("environ", "maps"):
            assert readable(other.pid, part), "any other process can be read"
            assert not readable(walk.pid, part)
        other.kill()


@pytest.mark.slow
def test_row_05b_no_core_whatever_ends_it(tmp_path: Path) -> None:
    with Walk(NOBODY, home=tmp_path) as walk:
        walk.see("F10")
        limits = Path(f"/proc/{walk.pid}/limits").read_text(encoding="ascii")
        assert re.search(r"Max core file size +0 +0 ", limits)
        walk.signal(signal.SIGQUIT)
        assert walk.end() == -signal.SIGQUIT
    assert not list(tmp_path.rglob("core*"))


def test_who_is_started_for_a_kiosk_ends_with_it() -> None:
    child = _CHILD.format(parent="os.getppid()")
    with subprocess.Popen(
        [sys.executable, "-c", _MOTHER, child], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as mother:
        assert mother.stdout is not None
        pid = int(mother.stdout.readline())
        assert mother.stdout.readline() == "here\n"
        mother.kill()
        mother.wait()
        limit = time.monotonic() + 5
        while is_running(pid):
            assert time.monotonic() < limit
            time.sleep(0.01)


def test_who_was_started_by_somebody_else_does_not_begin() -> None:
    done = subprocess.run([sys.executable, "-c", _CHILD.format(parent=1)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "did not start" in done.stderr
    assert not done.stdout
