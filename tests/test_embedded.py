"""The embedded backend is found, started again where it was, given up with its reason, and never left running."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tui import embedded
from tui.embedded import Embedded, EmbeddedFailed

LISTENING = """
    import os, socket, sys
    assert sys.argv[1:3] == ["serve", "--demonstration"]
    options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
    host, port = options["--listen"].split(":")
    listening = socket.create_server((host, int(port)))
    with open(options["--data"] + "/pids", "a") as pids:
        print(os.getpid(), file=pids)
    os.write(int(options["--ready-fd"]), f"http://127.0.0.1:{listening.getsockname()[1]}\\n".encode())
    os.close(int(options["--ready-fd"]))
    os.read(int(options["--until-eof-fd"]), 1)
"""
FAILING = """
    import sys
    print("first", file=sys.stderr)
    sys.exit("le port est pris : choisissez-en un autre")
"""


def _until(true: Callable[[], object], seconds: float = 5) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _pids(data: Path) -> list[int]:
    written = data / "pids"
    return [int(pid) for pid in written.read_text().split()] if written.exists() else []


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[[str], Embedded]]:
    started: list[Embedded] = []

    def start(program: str) -> Embedded:
        source = tmp_path / "child.py"
        source.write_text(textwrap.dedent(program), encoding="utf-8")
        one = Embedded(tmp_path / "data", tmp_path / "logs" / "backend.log", command=("-I", str(source)))
        started.append(one)
        one.start()
        return one

    yield start
    for one in started:
        one.close()


def test_its_address_comes_when_it_listens(child: Callable[[str], Embedded], tmp_path: Path) -> None:
    address = child(LISTENING).address.result(10)
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 2):
        assert address.startswith("http://127.0.0.1:")
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0, "nobody else reads the demonstration's data"


def test_killed_it_comes_back_at_the_same_address(child: Callable[[str], Embedded], tmp_path: Path) -> None:
    address = child(LISTENING).address.result(10)
    os.kill(_pids(tmp_path / "data")[0], signal.SIGKILL)
    _until(lambda: len(_pids(tmp_path / "data")) == 2)
    _until(lambda: _answers(int(address.rpartition(":")[2])))


def _answers(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def test_leaving_ends_it_at_once(child: Callable[[str], Embedded], tmp_path: Path) -> None:
    running = child(LISTENING)
    running.address.result(10)
    begun = time.monotonic()
    running.close()
    assert time.monotonic() - begun < 1
    _until(lambda: not _runs(_pids(tmp_path / "data")[0]), 1)
    time.sleep(0.5)
    assert len(_pids(tmp_path / "data")) == 1, "and it is not started again"


def test_a_stubborn_one_is_killed(child: Callable[[str], Embedded], tmp_path: Path) -> None:
    running = child(LISTENING.replace('os.read(int(options["--until-eof-fd"]), 1)', "import time; time.sleep(60)"))
    running.address.result(10)
    running.close()
    _until(lambda: not _runs(_pids(tmp_path / "data")[0]), 1)


def test_one_that_never_listens_is_given_up_with_its_reason(
    child: Callable[[str], Embedded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "FIRST_PAUSE", 0.001)
    failing = child(FAILING)
    with pytest.raises(EmbeddedFailed) as told:
        failing.address.result(20)
    assert told.value.reason == "le port est pris : choisissez-en un autre"
    assert told.value.log.read_text(encoding="utf-8").count("first") == embedded.MOST_DEATHS


def test_one_that_cannot_be_kept_up_is_told(
    child: Callable[[str], Embedded], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedded, "FIRST_PAUSE", 0.001)
    told: list[EmbeddedFailed] = []
    running = child(LISTENING)
    running.on_failure = told.append
    running.address.result(10)
    (tmp_path / "child.py").write_text(textwrap.dedent(FAILING), encoding="utf-8")
    os.kill(_pids(tmp_path / "data")[0], signal.SIGKILL)
    _until(lambda: told, 20)
    assert told[0].reason == "le port est pris : choisissez-en un autre"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one = Embedded(tmp_path / "file" / "data", tmp_path / "log")
    one.start()
    with pytest.raises(EmbeddedFailed, match="data"):
        one.address.result(10)


def test_a_killed_wizard_leaves_nothing_running(tmp_path: Path) -> None:
    source = tmp_path / "child.py"
    source.write_text(textwrap.dedent(LISTENING), encoding="utf-8")
    wizard = f"""
        import time
        from pathlib import Path
        from tui.embedded import Embedded
        here = Path({str(tmp_path)!r})
        one = Embedded(here / "data", here / "log", command=("-I", {str(source)!r}))
        one.start()
        print(one.address.result(10), flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(wizard)], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith(b"http://")
        running.kill()
    _until(lambda: not _runs(_pids(tmp_path / "data")[0]), 2)
