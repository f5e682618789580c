"""Rows 29 and 34 of the hardening table (docs/security.md): what a terminal keeps, and windows of any size.

What can place no text at all is test_terminal_plain.py; who has no terminal, test_cli.py.
"""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.test_rows_input import assert_hears, most_memory
from tests.traveller import Traveller
from tests.walking import PERRON, Walk

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

NOBODY = [PERRON, "--backend", "http://127.0.0.1:1", "--lang", "fr"]


def test_row_29_nothing_is_left_in_the_scrollback_of_who_left(
    tool: Callable[[str], str], town: BackendProcess, tmp_path: Path
) -> None:
    """In tmux, which tells what a terminal keeps; a shell was there before and is there afterwards."""
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PERRON_HOME": str(tmp_path), "PS1": "$ "}
    tmux = [tool("tmux"), "-L", f"row29-{os.getpid()}", "-f", "/dev/null"]

    def ask(*words: str) -> str:
        return subprocess.run([*tmux, *words], capture_output=True, text=True, check=True, env=environment).stdout

    def seen(words: str) -> str:
        limit = time.monotonic() + 40
        while words not in (screen := ask("capture-pane", "-p", "-S", "-")):
            assert time.monotonic() < limit, screen
            time.sleep(0.05)
        return screen

    ask("new-session", "-d", "-x", "80", "-y", "24", "echo avant; exec sh")
    try:
        seen("avant")
        perron = f"{PERRON} --backend {town.url} --lang fr --journey activation-letter; echo apres-$?"
        ask("send-keys", "-l", f"{perron}\r")
        seen("Nom de connexion")
        ask("send-keys", "-l", "canari-visible")
        seen("canari-visible")
        ask("send-keys", "F10")
        seen("Quitter maintenant")
        ask("send-keys", "F10")
        left = seen("apres-0")
        assert "avant" in left
        assert not [word for word in ("canari", "Nom de connexion", "Quitter", "Université") if word in left]
        assert "erron" not in ask("display", "-p", "#{pane_title}")
        assert not ask("list-buffers")
    finally:
        ask("kill-server")


def test_row_34_whatever_the_size_it_goes_on(tmp_path: Path) -> None:
    with Walk(NOBODY, home=tmp_path) as walk:
        walk.see("F10")
        for cols, rows in ((1, 1), (500, 300), (2, 1), (1, 300), (500, 1), (39, 15), (40, 14)):
            walk.resize(cols, rows)
            walk.press("tab", "down")
        walk.see("Agrandissez cette fenêtre|40 colonnes")
        walk.resize(80, 24)
        assert_hears(walk)
        assert most_memory(walk.pid) < 150


def test_row_34_a_terminal_of_no_size_is_told_lines(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P001", home=tmp_path, cols=0, rows=0) as person:
        limit = time.monotonic() + 20
        while b"Nom de connexion" not in person.raw:
            assert time.monotonic() < limit
            person._read(0.1)
        assert b"\x1b[2J" not in person.raw
