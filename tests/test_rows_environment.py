"""Rows 5b, 22 to 25, 32 and 36 of the hardening table (docs/security.md): what the environment could have it do.

Row 32, and that no core is written, are test_confinement.py; the client's half of row 36 is test_client.py.
"""

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

from tests.scripted_backend import Play, ScriptedBackend, begun
from tests.walking import PERRON, Walk

pytest_plugins = ["tests.wizard_fixtures"]
pytestmark = pytest.mark.slow

NOBODY = [PERRON, "--backend", "http://127.0.0.1:1", "--lang", "fr"]
TYPED = "Canari-Tape-88"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every variable was set that could listen or run something, and the program was played."""
    folder = tmp_path_factory.mktemp("poisoned")
    (folder / "stolen.py").write_text(
        "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n"
        "from textual.drivers.linux_driver import LinuxDriver as Driver\n",
        encoding="utf-8",
    )
    browser = folder / "browser"
    browser.write_text(f"#!/bin/sh\ntouch {folder}/ran\n", encoding="utf-8")
    browser.chmod(0o755)
    environment = {
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_LOG": str(folder / "textual.log"),
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_DRIVER": "stolen:Driver",
        "TEXTUAL_PRESS": "f10",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_ALLOW_SIGNALS": "1",
        "DEVTOOLS_HOST": "127.0.0.1",
        "BROWSER": str(browser),
        "SSLKEYLOGFILE": str(folder / "keys"),
        "PYTHONSTARTUP": str(folder / "stolen.py"),
        "PYTHONPATH": str(folder),
    }
    before = Path.cwd()
    os.chdir(folder)  # Textual's keys.log would come here
    try:
        with Walk(NOBODY, home=folder, environment=environment) as walk:
            walk.see("F10")
            walk.type(TYPED).press("ctrl+c").send(b"\x1a\x1c").see("F10 pour quitter")
            walk.press("f10")
            assert walk.end() == 0
    finally:
        os.chdir(before)
    return folder


def test_row_05b_no_variable_gives_the_keyboard_its_signals_back(poisoned: Path) -> None:
    """It was asked to obey Ctrl+C, Ctrl+Z and Ctrl+\\, and went on until F10."""
    assert not list(poisoned.rglob("core*"))


def test_row_22_textual_log_hears_nothing(poisoned: Path) -> None:
    assert not (poisoned / "textual.log").exists()


def test_row_23_textual_debug_writes_no_keys(poisoned: Path) -> None:
    assert not list(poisoned.rglob("keys*"))
    files = [path for path in poisoned.rglob("*") if path.is_file()]
    assert not [path for path in files if TYPED.encode() in path.read_bytes()]


def test_row_24_no_variable_runs_code_presses_keys_or_takes_a_picture(poisoned: Path) -> None:
    assert not (poisoned / "ran").exists()
    assert not list(poisoned.rglob("*.svg"))


def test_row_24_the_program_of_a_kiosk_looks_at_no_variable_of_python_s(tmp_path: Path) -> None:
    """``-I``, as its wrapper and its supervisor start it: neither a path nor a folder of the user's counts."""
    (tmp_path / "sitecustomize.py").write_text("print('ran')", encoding="utf-8")
    environment = {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]}
    words = [sys.executable, "-I", "-m", "tui.cli", "--version"]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("perron ")
    assert "ran" not in done.stdout


async def test_row_25_no_link_opens_a_browser(
    play: Play, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    async with play() as pilot:
        await begun(pilot, backend)
        pilot.app.open_url("https://univ-exemple.example")
        await pilot.app.run_action("app.open_url('https://univ-exemple.example')")
        await pilot.pause()
    assert not opened


async def test_row_36_neither_a_proxy_nor_a_file_of_keys_is_taken_from_the_environment(tmp_path: Path) -> None:
    """The keys of a connection are written down by OpenSSL itself, whoever asks httpx for what."""
    told = (
        "import os, tui.cli, ssl; from tui.settings import scrub; scrub(os.environ);"
        "print(ssl.create_default_context().keylog_filename)"
    )
    environment = os.environ | {"SSLKEYLOGFILE": str(tmp_path / "keys")}
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
    assert not list(tmp_path.iterdir())
