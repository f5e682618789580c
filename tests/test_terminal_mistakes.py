"""Administrators' mistakes: one sentence that names the place and the remedy, the right status, never a traceback."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from backend.journeys import SHIPPED
from tests.backend_process import PEOPLE
from tests.walking import PERRON, Walk

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

PERRON_BACKEND = str(Path(sys.executable).with_name("perron-backend"))


def _told(*words: str, status: int = 1, lang: str = "fr_FR.UTF-8", **more: str) -> str:
    """What a command that must fail says: one sentence."""
    done = subprocess.run(
        list(words),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LANG": lang, "LC_ALL": lang, **more},
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert not done.stdout
    said = done.stderr.strip()
    assert "Traceback" not in said
    assert said.count("\n") == 0, said
    assert said.endswith((".", "?", "!")), said
    return said


@pytest.mark.parametrize(
    ("line", "told"),
    [('couleur = "bleu"', "couleur"), ("name = ", "institution.toml"), ('[links.backup]\npolicy = "x"', "backup")],
    ids=["unknown key", "no TOML", "unknown link"],
)
def test_an_institution_s_file(tmp_path: Path, line: str, told: str) -> None:
    folder = tmp_path / "institution"
    folder.mkdir()
    for file in SHIPPED.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    shipped = folder / "institution.toml"
    shipped.write_text(f"{line}\n{shipped.read_text(encoding='utf-8')}", encoding="utf-8")
    data = str(tmp_path / "data")
    said = _told(PERRON_BACKEND, "serve", "--listen", "127.0.0.1:0", "--data", data, "--institution", str(folder))
    assert told in said
    assert "institution.toml" in said


def test_a_row_of_the_people_s_file(tmp_path: Path) -> None:
    rows = PEOPLE.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "people.csv"
    file.write_text("\n".join([*rows[:3], rows[3].replace("p00000400039", "p 39"), *rows[4:]]), encoding="utf-8")
    said = _told(PERRON_BACKEND, "import-people", str(file), "--data", str(tmp_path / "data"))
    assert "people.csv" in said
    assert re.search(r"\b4\b", said), said


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for lang, remedy in (("fr_FR.UTF-8", "--listen"), ("en_GB.UTF-8", "choose another")):
            said = _told(PERRON_BACKEND, "serve", "--listen", address, "--data", str(tmp_path), lang=lang)
            assert address in said
            assert remedy in said


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    said = _told(PERRON_BACKEND, "serve", "--listen", "127.0.0.1:0", "--data", str(tmp_path / "file" / "data"))
    assert str(tmp_path / "file" / "data") in said
    assert "--data" in said


def test_a_login_that_nobody_has(peopled: Path) -> None:
    for command in ("letter", "show"):
        said = _told(PERRON_BACKEND, command, "p99999999999", "--data", str(peopled), status=2)
        assert "p99999999999" in said


def test_a_data_folder_that_is_not_there(tmp_path: Path) -> None:
    said = _told(PERRON_BACKEND, "show", "p00000400013", "--data", str(tmp_path / "nowhere"))
    assert str(tmp_path / "nowhere") in said


def test_without_a_terminal(tmp_path: Path) -> None:
    said = _told("/bin/sh", "-c", f'"{PERRON}" </dev/null | cat; exit "${{PIPESTATUS:-2}}"', status=2)
    assert "terminal" in said


@pytest.mark.parametrize("words", [["--backend", "perron.example"], ["--lang", "de"]])
def test_a_command_that_cannot_be_followed(words: list[str]) -> None:
    assert words[1] in _told(PERRON, *words, status=2)


class _Nonsense(BaseHTTPRequestHandler):
    """A web server that has never heard of Perron."""

    def do_GET(self) -> None:
        page = b"<html><body>It works!</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def nonsense() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Nonsense) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_a_backend_that_speaks_nonsense(nonsense: str, tmp_path: Path) -> None:
    with Walk([PERRON, "--lang", "fr", "--backend", nonsense], home=tmp_path) as walk:
        assert walk.end() == 1
        assert "ne comprend pas" in walk.text
        assert "It works" not in walk.text
    assert b"Traceback" not in walk.raw


def test_a_journey_that_the_institution_does_not_have(town: object, tmp_path: Path) -> None:
    url = town.url  # type: ignore[attr-defined]
    with Walk([PERRON, "--lang", "fr", "--backend", url, "--journey", "inscription"], home=tmp_path) as walk:
        assert walk.end() == 2
        assert "inscription" in walk.text
        assert "activation-letter" in walk.text
