"""What ``deploy/kiosk/`` holds is understood by the programs that will read it, and strict enough."""

import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.walking import PERRON, Walk

DEPLOY = ROOT / "deploy" / "kiosk"
UNIT = DEPLOY / "perron-kiosk.service"
KIOSK_MD = (ROOT / "docs" / "kiosk.md").read_text(encoding="utf-8")

EXPOSURE = 15
"""Tenths, of what ``systemd-analyze security`` counts: a kiosk needs a network, a terminal, and little else."""


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)


def lines_of(name: str) -> list[str]:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A root directory with the unit, and the programs that it starts."""
    programs = re.findall(r"^Exec\w+=\+?(\S+)", UNIT.read_text(), re.MULTILINE)
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    shutil.copy(UNIT, units)
    for program in programs:
        there = tmp_path / program.lstrip("/")
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DEPLOY / "kiosk", there)
    return tmp_path


def verify(tool: Callable[[str], str], machine: Path) -> "subprocess.CompletedProcess[str]":
    unit = machine / "etc" / "systemd" / "system" / UNIT.name
    return run(tool("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no", f"--root={machine}", str(unit))


def test_systemd_understands_every_line_of_the_unit(tool: Callable[[str], str], machine: Path) -> None:
    verified = verify(tool, machine)
    assert verified.stderr + verified.stdout == ""
    assert verified.returncode == 0


@pytest.mark.parametrize(
    ("line", "instead"),
    [("RestartSec=1", "RestartSec=soon"), ("NoNewPrivileges", "NoPrivileges"), ("loadkeys", "keys")],
)
def test_a_line_that_it_does_not_understand_would_be_told(
    tool: Callable[[str], str], machine: Path, line: str, instead: str
) -> None:
    unit = machine / "etc" / "systemd" / "system" / UNIT.name
    unit.write_text(unit.read_text().replace(line, instead))
    assert verify(tool, machine).returncode != 0


def test_the_unit_is_hardened(tool: Callable[[str], str]) -> None:
    judged = run(
        tool("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", str(UNIT)
    )
    assert judged.returncode == 0, judged.stdout


@pytest.mark.parametrize(
    "line",
    [
        "TTYPath=/dev/tty1",
        "StandardInput=tty-force",
        "Restart=always",
        "StartLimitIntervalSec=0",
        "NoNewPrivileges=yes",
        "MemorySwapMax=0",
        "LimitCORE=0",
        "OOMPolicy=continue",
        "Conflicts=getty@tty1.service rescue.service",
    ],
)
def test_what_no_score_counts_is_said(line: str) -> None:
    assert line in lines_of(UNIT.name)


def test_no_key_leaves_the_console(tool: Callable[[str], str]) -> None:
    keymap = DEPLOY / "console.kmap"
    assert run(tool("loadkeys"), "--parse", str(keymap)).returncode == 0
    lines = lines_of(keymap.name)
    function_keys = [*range(59, 69), 87, 88]
    for code in function_keys:
        for modifier in ("alt", "control alt", "altgr"):
            assert f"{modifier} keycode {code} = VoidSymbol" in lines
    assert "control alt keycode 111 = VoidSymbol" in lines, "Ctrl+Alt+Del"
    assert 'string F100 = "\\033[1;3D"' in lines, "Alt+Left still goes back"


def test_the_wrapper_is_a_script_that_root_owns_and_a_shell_reads(tool: Callable[[str], str]) -> None:
    assert (DEPLOY / "kiosk").stat().st_mode & 0o111
    for script in ("kiosk", "kiosk.conf"):
        assert run(tool("sh"), "-n", str(DEPLOY / script)).returncode == 0


@pytest.mark.slow
def test_row_24_nothing_of_the_environment_goes_through_the_wrapper(tmp_path: Path) -> None:
    configuration = tmp_path / "kiosk.conf"
    configuration.write_text(
        f"set -- --backend http://127.0.0.1:1 --lang fr --scan-prefix '~ '\npython={Path(PERRON).parent}/python\n"
        "language=C.UTF-8\n"
    )
    poisoned = {"TEXTUAL_LOG": str(tmp_path / "log"), "PYTHONPATH": str(tmp_path), "LD_BIND_NOW": "1"}
    with Walk([str(DEPLOY / "kiosk"), str(configuration)], home=tmp_path, environment=poisoned) as walk:
        walk.see("Le service est en maintenance", 30)
        environment = Path(f"/proc/{walk.pid}/environ").read_bytes()
        words = Path(f"/proc/{walk.pid}/cmdline").read_bytes().split(b"\0")
        walk.signal(signal.SIGTERM)
        assert walk.end() == 0
    names = {entry.partition(b"=")[0].decode() for entry in environment.split(b"\0") if entry}
    assert names == {"PATH", "TERM", "LANG", "HOME", "PERRON_HOME", "PERRON_THEME", "PERRON_CONTRAST"}
    assert words[1:4] == [b"-I", b"-m", b"tui.cli"]
    assert b"~ " in words, "a value with a space is one word"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("sysctl.conf", "kernel.sysrq = 0"),
        ("sysctl.conf", "kernel.core_pattern = |/bin/false"),
        ("logind.conf", "NAutoVTs=0"),
        ("logind.conf", "ReserveVT=0"),
        ("usb.rules", 'ATTR{authorized}="0"'),
    ],
)
def test_the_notes_close_what_perron_cannot(name: str, line: str) -> None:
    assert line in lines_of(name)


@pytest.mark.parametrize("file", sorted(path.name for path in DEPLOY.iterdir()))
def test_every_file_is_installed_by_the_document(file: str) -> None:
    assert f"deploy/kiosk/{file}" in KIOSK_MD


@pytest.mark.parametrize(
    "word", ["Ctrl+Alt+Del", "ctrl-alt-del.target", "SysRq", "NAutoVTs", "USB", "BIOS", "tmux", "DontVTSwitch", "swap"]
)
def test_row_30_33_37_are_a_checklist(word: str) -> None:
    assert word in KIOSK_MD[KIOSK_MD.index("## Checklist") :]
