"""However the wizard of the demonstration ends, nothing runs on and the terminal is as it was.

test_terminal.py does the same without a backend; here a journey is under way and a child must end too.
"""

import re
import signal
import termios
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess, is_running
from tests.test_walking import children_of
from tests.traveller import Traveller
from tests.walking import PERRON, USUALLY_ON, modes_on
from tui.driver import EXIT_TERMINAL_GONE

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = [pytest.mark.slow, pytest.mark.alone]  # a second is a second only on a machine of its own

_GONE_WITHIN = 1.0
_COOKED = termios.ECHO | termios.ICANON | termios.ISIG


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, since people are imported at the first start only."""
    return tmp_path_factory.mktemp("home")


def _on_the_way(home: Path, *prefix: str) -> Traveller:
    """In the middle of the demonstration's journey."""
    backend = BackendProcess(home / "perron" / "data" / "demonstration")
    command = [*prefix, PERRON, "--lang", "fr", "--journey", "activation-letter"]
    person = Traveller(backend, "P001", home=home, command=command)
    person.at("login", seconds=60)
    person.type("p0000").see("p0000")
    return person


def _ended(*pids: int) -> bool:
    limit = time.monotonic() + _GONE_WITHIN
    while any(map(is_running, pids)) and time.monotonic() < limit:
        time.sleep(0.01)
    return not any(map(is_running, pids))


def assert_restored(written: bytes) -> None:
    """Every mode as usual, the keyboard's and the title's stacks as high as they were."""
    assert modes_on(written) == USUALLY_ON
    counted = Counter(re.findall(rb"\x1b\[[<>](?=[0-9]*u)", written))
    assert counted[b"\x1b[>"] == counted[b"\x1b[<"], "the keyboard mode is not popped"
    titles = len(re.findall(rb"\x1b\][012];", written))
    pushed, popped = (len(re.findall(rb"\x1b\[%d(?:;[0-9])*t" % code, written)) for code in (22, 23))
    assert pushed == popped
    assert titles == 0 or pushed, "a title was set that nobody puts back"


@pytest.mark.parametrize(
    ("how", "status"),
    [("f10", 0), (signal.SIGTERM, EXIT_TERMINAL_GONE), (signal.SIGHUP, EXIT_TERMINAL_GONE)],
    ids=["F10 twice", "SIGTERM", "SIGHUP"],
)
def test_row_26_leaving_in_the_middle(home: Path, how: str | signal.Signals, status: int) -> None:
    with _on_the_way(home) as person:
        (child,) = children_of(person.pid)
        if isinstance(how, str):
            person.press("f10").see("Quitter maintenant")
            person.press("escape").see("p0000")
            person.press("f10").see("Quitter maintenant")
            person.press("f10")
        else:
            person.signal(how)
        assert _ended(person.pid, child)
        assert person.end() == status
        assert termios.tcgetattr(person.descriptor)[3] & (termios.ECHO | termios.ICANON | termios.ISIG) == _COOKED
        assert_restored(person.raw)
        assert not person.text


@pytest.mark.parametrize("ignored", [False, True], ids=["hung up", "hung up under nohup"])
def test_row_27_a_closed_terminal_takes_wizard_and_child(home: Path, ignored: bool) -> None:
    prefix = ("/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh") if ignored else ()
    with _on_the_way(home, *prefix) as person:
        (child,) = children_of(person.pid)
        person.hang_up()
        assert _ended(person.pid, child)


def test_row_28_a_killed_wizard_takes_its_child(home: Path) -> None:
    with _on_the_way(home) as person:
        (child,) = children_of(person.pid)
        person.signal(signal.SIGKILL)
        person.end()
        assert _ended(child)
