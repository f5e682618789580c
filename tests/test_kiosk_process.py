"""The supervisor of a kiosk: whatever happens to a wizard, the terminal is empty and the next one is there."""

import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess, is_running
from tests.public_terminal import ATTRACT, MAINTENANCE, PublicTerminal
from tests.test_walking import children_of
from tests.traveller import MakeBackend
from tests.walking import PERRON, USUALLY_ON, Walk, modes_on
from tui.kiosk import EXIT_TERMINAL_GONE
from tui.kiosk_terminal import WIPE

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

GONE_WITHIN = 3.0
_COOKED = termios.ECHO | termios.ICANON | termios.ISIG


@pytest.fixture
def kiosk(town: BackendProcess, tmp_path: Path) -> Iterator[PublicTerminal]:
    with PublicTerminal(town, home=tmp_path) as kiosk:
        kiosk.attract()
        yield kiosk


def assert_gone(*pids: int) -> None:
    limit = time.monotonic() + GONE_WITHIN
    while any(map(is_running, pids)):
        assert time.monotonic() < limit, "something runs on"
        time.sleep(0.01)


def flags_of(walk: Walk) -> int:
    return int(termios.tcgetattr(walk.descriptor)[3]) & _COOKED


def test_it_stands_on_the_standard_library_alone() -> None:
    """So that what wizards are made of cannot break it, and an idle kiosk weighs little."""
    told = "import sys, tui.kiosk, tui.kiosk_terminal; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-I", "-c", told], capture_output=True, text=True, check=True)
    ours = {"tui", "__main__", "sitecustomize", "usercustomize"}
    assert not {name for name in done.stdout.split() if not name.startswith("_")} - ours - sys.stdlib_module_names


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT], ids=lambda how: how.name)
def test_row_28_a_wizard_that_is_killed_is_wiped_and_the_next_one_comes(
    kiosk: PublicTerminal, how: signal.Signals
) -> None:
    first = kiosk.wizard
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    before = len(kiosk.raw)
    os.kill(first, how)
    assert kiosk.attract() != first
    left = kiosk.raw[before:]
    assert left.startswith(WIPE.encode()), "nothing else is drawn before"
    assert modes_on(kiosk.raw[: before + len(WIPE)]) <= USUALLY_ON
    kiosk.come().at("welcome")


def test_row_20_what_is_typed_while_nobody_is_served_is_nobody_s(kiosk: PublicTerminal) -> None:
    first = kiosk.wizard
    os.kill(first, signal.SIGSTOP)
    kiosk.type("secret-de-trop\r\x03\x1a\x1c")
    os.kill(first, signal.SIGKILL)
    kiosk.type("\x03\x1c\x1a")
    assert kiosk.attract() != first
    assert not flags_of(kiosk), "between two people too: no echo, and no key is a signal"
    assert "secret" not in kiosk.text
    kiosk.see(ATTRACT)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_row_26_the_administrator_ends_it_and_has_their_terminal_back(
    town: BackendProcess, tmp_path: Path, how: signal.Signals
) -> None:
    with PublicTerminal(town, home=tmp_path) as kiosk:
        kiosk.attract()
        wizard = kiosk.wizard
        kiosk.scan(kiosk.row["login"]).at("provisional_password")
        kiosk.signal(how)
        assert kiosk.end(GONE_WITHIN) == 0
        assert_gone(wizard)
        assert flags_of(kiosk) == _COOKED
        assert modes_on(kiosk.raw) == USUALLY_ON
        assert not kiosk.text


@pytest.mark.parametrize("how", [signal.SIGTSTP, signal.SIGQUIT], ids=lambda how: how.name)
def test_row_05_the_signals_of_a_keyboard_mean_nothing(kiosk: PublicTerminal, how: signal.Signals) -> None:
    wizard = kiosk.wizard
    for pid in (kiosk.pid, wizard):
        os.kill(pid, how)
    os.kill(wizard, signal.SIGINT)
    kiosk.come().at("welcome")
    assert kiosk.wizard == wizard


@pytest.mark.parametrize("ignored", [False, True], ids=["hung up", "hung up under nohup"])
def test_row_27_a_terminal_that_goes_away_takes_everything_with_it(
    town: BackendProcess, tmp_path: Path, ignored: bool
) -> None:
    prefix = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh"] if ignored else []
    with Walk([*prefix, PERRON, "kiosk", "--backend", town.url, "--lang", "fr"], home=tmp_path) as walk:
        walk.see(ATTRACT, 40)
        wizards = children_of(walk.pid)
        walk.hang_up()
        assert_gone(walk.pid, *wizards)


def test_row_26_sighup_alone_ends_it_too(kiosk: PublicTerminal) -> None:
    wizard = kiosk.wizard
    kiosk.signal(signal.SIGHUP)
    assert kiosk.end(GONE_WITHIN) == EXIT_TERMINAL_GONE
    assert_gone(wizard)


def test_no_wizard_outlives_a_killed_supervisor(kiosk: PublicTerminal) -> None:
    wizard = kiosk.wizard
    kiosk.signal(signal.SIGKILL)
    assert_gone(kiosk.pid, wizard)


def test_a_wizard_that_hangs_is_killed_with_the_kiosk(kiosk: PublicTerminal) -> None:
    wizard = kiosk.wizard
    os.kill(wizard, signal.SIGSTOP)
    kiosk.signal(signal.SIGTERM)
    assert kiosk.end(GONE_WITHIN) == 0
    assert_gone(wizard)


def test_wizards_that_fail_at_once_are_started_more_and_more_seldom(town: BackendProcess, tmp_path: Path) -> None:
    options = ["--backend", town.url, "--lang", "fr", "--journey", "no-such-journey"]
    with Walk([PERRON, "kiosk", *options], home=tmp_path) as walk:
        for _ in range(3):
            walk.see("Ce poste est en maintenance", 40)
            assert not flags_of(walk)
            walk.see_no_more("Ce poste est en maintenance", 40)
        walk.see("Ce poste est en maintenance", 40)
        walk.signal(signal.SIGTERM)
        assert walk.end(GONE_WITHIN) == 0


def test_it_needs_a_terminal_and_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [PERRON, "kiosk", "--lang", "fr"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "terminal" in done.stderr


def test_a_service_that_is_away_is_maintained_and_comes_back(make_backend: MakeBackend, tmp_path: Path) -> None:
    backend = make_backend()
    with PublicTerminal(backend, home=tmp_path) as kiosk:
        kiosk.see(MAINTENANCE, 40)
        wizard = kiosk.wizard
        kiosk.press("enter").type("abc").scan(kiosk.row["login"])
        kiosk.press("f2").see("under maintenance|being maintained")
        kiosk.press("f2").see(MAINTENANCE)
        backend.start()
        assert kiosk.attract() == wizard
        backend.kill()
        kiosk.see(MAINTENANCE, 40)
        kiosk.press("enter")
        backend.start()
        kiosk.attract()
        kiosk.come().at("welcome")
        assert kiosk.wizard == wizard
