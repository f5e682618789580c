"""The ``perron-backend`` command from outside: what it prints, how it ends, what it leaves behind."""

import json
import os
import pty
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.admitting import ELODIE, PEOPLE, write_people
from tests.commanding import Done, run, run_outside

pytestmark = pytest.mark.slow

ACTIVE = "p00000400039"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sixty people in it."""
    data = tmp_path_factory.mktemp("cli") / "data"
    done = run("import-people", PEOPLE, "--data", data)
    assert (done.returncode, done.stderr) == (0, "")
    return data


def refused(done: Done, status: int = 1) -> str:
    """The one sentence of an administrator's mistake."""
    assert done.returncode == status
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (sentence,) = done.stderr.splitlines()
    return sentence


# ------------------------------------------------------------------------------------------------- people, letters


def test_importing_says_what_it_changed_and_keeps_it_private(folder: Path) -> None:
    assert run("import-people", PEOPLE, "--data", folder).stdout == "Créés : 0. Mis à jour : 0. Inchangés : 60.\n"
    assert "Unchanged: 60" in run("import-people", PEOPLE, "--data", folder, lang="en_GB.UTF-8").stdout
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_bad_line_imports_nobody(tmp_path: Path) -> None:
    other = {"login": "p2", "supannAliasLogin": "", "mail_institutionnel": "b@univ-exemple.example", "nom": "X\x1b[2J"}
    file = write_people(tmp_path / "people.csv", {}, other)
    sentence = refused(run("import-people", file, "--data", tmp_path / "data"))
    assert f"{file}, ligne 3 : colonne « nom »" in sentence
    assert f"{file}, line 3:" in refused(run("import-people", file, "--data", tmp_path / "data", lang="en"))
    refused(run("show", ELODIE, "--data", tmp_path / "data"), 2)


def test_a_letter_is_printed_and_shows_nothing_of_a_former_one(folder: Path) -> None:
    printed = [run("letter", ELODIE.upper(), "--data", folder).stdout for _ in range(2)]
    assert all("Élodie Lefèvre" in letter for letter in printed)
    assert printed[0] != printed[1]


def test_show_tells_what_others_rely_on(folder: Path) -> None:
    shown = json.loads(run("show", ACTIVE, "--data", folder, "--json").stdout)
    assert shown["status"] == "active"
    assert shown["backup_email"] == "du-plessis-verdier.03@courriel.example"
    assert shown["listed"] is True
    assert set(shown["redirection"]) == {"address", "keep_copy", "proved_at"}
    assert shown["mailbox"] == "queued"
    assert shown["second_factor"] == "none"
    waiting = json.loads(run("show", "metxeberriago", "--data", folder, "--json").stdout)
    assert set(waiting["charter"]) == {"version", "sha256", "accepted_at"}
    assert waiting["redirection"]["proved_at"] is None
    assert waiting["status"] == "inactive"
    assert waiting["mailbox"] == "none"
    assert "status: active" in run("show", ACTIVE, "--data", folder).stdout


def test_people_are_exported_for_a_spreadsheet(folder: Path) -> None:
    titles, *people = run_outside("export", "people", "--data", folder, lang="en_GB.UTF-8").stdout.splitlines()
    assert titles.startswith('\ufeff"login";"role";"first_name";')
    assert len(people) == 60


def test_passwords_are_verified_from_standard_input(folder: Path) -> None:
    assert run("verify-password", ACTIVE, "--data", folder, stdin="wrong\n").returncode == 1
    assert run("verify-password", ELODIE, "--data", folder, stdin="g9cf-9hqy-atc2\n").returncode == 1
    refused(run("verify-password", "nobody", "--data", folder, stdin="x\n"), 2)


def test_a_process_of_its_own_says_what_the_others_here_say(folder: Path, tmp_path: Path) -> None:
    for arguments in (("show", ACTIVE, "--data", folder), ("show", "x", "--data", tmp_path / "none"), ("dance",)):
        assert run_outside(*arguments) == run(*arguments)
    assert run_outside("verify-password", ACTIVE, "--data", folder, stdin="wrong\n").returncode == 1


def test_a_typed_password_is_not_echoed(folder: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(
            sys.executable, [sys.executable, "-m", "backend.cli", "verify-password", ACTIVE, "--data", str(folder)]
        )
    seen = b""
    while b":" not in seen:
        seen += os.read(terminal, 1000)
    os.write(terminal, b"Cerisier-Bleu-42\n")
    try:
        while more := os.read(terminal, 1000):
            seen += more
    except OSError:  # the other end was closed
        pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    assert b"Cerisier" not in seen


def test_audit_verify_names_the_first_bad_entry(tmp_path: Path) -> None:
    import sqlite3

    data = tmp_path / "data"
    run("import-people", write_people(tmp_path / "people.csv", {}), "--data", data)
    good = run("audit", "verify", "--data", data)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("Intact")
    with sqlite3.connect(data / "perron.sqlite") as database:
        database.execute("UPDATE audit SET actor = 'somebody' WHERE seq = 2")
    database.close()
    bad = run("audit", "verify", "--data", data, lang="en")
    assert bad.returncode == 1
    assert "First bad entry: 2" in bad.stdout


# ------------------------------------------------------------------------------------------------------- mistakes


def test_what_was_not_understood_is_told_in_one_sentence() -> None:
    for arguments in ((), ("dance",), ("letter", "x"), ("serve", "--data", "x", "--listen", "nowhere"), ("audit",)):
        assert "--help" in refused(run_outside(*arguments), 2)
    wrong = run_outside("serve", "--data", "x", "--public-url", "javascript:alert(1)")
    assert "univ-exemple.example" in refused(wrong, 2)


def test_help_is_in_the_language_of_the_terminal() -> None:
    assert "Usage : perron-backend" in run("--help").stdout
    assert "Usage: perron-backend" in run("--help", lang="en_GB.UTF-8").stdout
    assert "--until-eof-fd" not in run_outside("serve", "--help").stdout


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    for command in (("show", "x"), ("letter", "x"), ("verify-password", "x"), ("audit", "verify")):
        assert str(tmp_path / "none") in refused(run(*command, "--data", tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "--data" in refused(run("import-people", PEOPLE, "--data", tmp_path / "file"))
    assert "--data" in refused(run_outside("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "file" / "below"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "perron.sqlite").write_text(
        "this is no database, and it is long enough to look like one" * 99
    )
    assert "master.key" in refused(run("show", "x", "--data", tmp_path / "other"))
    run("import-people", PEOPLE, "--data", tmp_path / "whole")
    (tmp_path / "whole" / "perron.sqlite").write_text("this is no database, and it is long enough to look so" * 99)
    assert "sauvegarde" in refused(run("show", "x", "--data", tmp_path / "whole"))


def test_data_of_a_later_version_are_refused(tmp_path: Path) -> None:
    import sqlite3

    data = tmp_path / "data"
    run("import-people", write_people(tmp_path / "people.csv", {}), "--data", data)
    with sqlite3.connect(data / "perron.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "9999" in refused(run("show", ELODIE, "--data", data))


def test_a_bad_institution_is_told_by_file(tmp_path: Path) -> None:
    (tmp_path / "institution.toml").write_text("titel = 1\n")
    done = run_outside("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data", "--institution", tmp_path)
    assert "institution.toml" in refused(done)


def test_a_bad_mail_server_is_told_without_its_password(tmp_path: Path) -> None:
    for smtp in ({"PERRON_SMTP": "ftp://u:s3cret@x"}, {}):
        more = [] if smtp else ["--smtp", "ftp://u:s3cret@x"]
        sentence = refused(run_outside("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "data", *more, **smtp))
        assert "smtp" in sentence
        assert "s3cret" not in sentence


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        assert listen in refused(run_outside("serve", "--listen", listen, "--data", tmp_path / "data"))


# ------------------------------------------------------------------------------------------------------ the service


@dataclass
class Service:
    """A running ``serve``, and the pipe that holds it."""

    process: subprocess.Popen[bytes]
    address: str
    held: int
    log: Path

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return json.loads(answer.read())

    def let_go(self) -> None:
        if self.held >= 0:
            os.close(self.held)
            self.held = -1


@contextmanager
def service(data: Path, *more: object) -> Iterator[Service]:
    ready, says_ready = os.pipe()
    until_eof, held = os.pipe()
    log = data.with_suffix(".stderr")
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "backend.cli", "serve", "--listen", "127.0.0.1:0", "--data", str(data)),
                *("--ready-fd", str(says_ready), "--until-eof-fd", str(until_eof), *map(str, more)),
                *("--oidc-issuer", "http://127.0.0.1:9", "--oidc-client-id", "perron"),  # asked by nobody here
            ],
            pass_fds=(says_ready, until_eof),
            stderr=stderr,
        )
    os.close(says_ready)
    os.close(until_eof)
    with os.fdopen(ready) as said:
        running = Service(process, said.readline().strip(), held, log)
    try:
        assert running.address, log.read_text()
        yield running
    finally:
        running.let_go()
        process.kill()
        process.wait()


@pytest.mark.alone
def test_a_demonstration_serves_at_once_and_ends_with_whoever_started_it(tmp_path: Path) -> None:
    with service(tmp_path / "data", "--demonstration") as running:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", running.address)
        assert running.get("/v1/catalogue?locale=fr")["demonstration"] is True
        assert len(running.get("/demonstration/people?journey=activation-letter")) == 60
        began = time.monotonic()
        running.let_go()
        assert running.process.wait(10) == 0
        assert time.monotonic() - began < 2
        assert running.log.read_text() == "", "nothing to say when all is well"


def test_people_are_imported_before_it_listens(tmp_path: Path) -> None:
    with service(tmp_path / "data", "--people", PEOPLE) as running:
        shown = run("show", ELODIE, "--data", tmp_path / "data", "--json")
        assert json.loads(shown.stdout)["status"] == "inactive"
        assert running.get("/v1/catalogue?locale=fr")["demonstration"] is False


def test_a_signal_ends_it_in_order(tmp_path: Path) -> None:
    with service(tmp_path / "data") as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert running.log.read_text() == ""


@pytest.mark.alone
def test_a_screen_that_waits_does_not_hold_it_back(tmp_path: Path) -> None:
    with service(tmp_path / "data") as running:
        begin = urllib.request.Request(
            f"{running.address}/v1/enrolments",
            data=b'{"journey": "activation-letter"}',
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(begin, timeout=10) as answer:
            seated = json.loads(answer.read())
        host, port = running.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as waiting:
            waiting.sendall(
                f"GET /v1/enrolments/{seated['enrolment']['id']} HTTP/1.1\r\nHost: {host}\r\n"
                f"Authorization: Bearer {seated['token']}\r\nPrefer: wait=25\r\n"
                f'If-None-Match: "{seated["enrolment"]["revision"]}"\r\n\r\n'.encode()
            )
            time.sleep(0.5)
            began = time.monotonic()
            running.let_go()
            assert running.process.wait(10) == 0
            assert time.monotonic() - began < 1.5, "it would wait for 25"
            assert b" 304 " in waiting.recv(1000)
        assert running.log.read_text() == ""


def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with service(data, "--people", PEOPLE) as running:
        running.process.kill()
        running.process.wait()
    with service(data, "--people", PEOPLE) as running:
        assert running.get("/v1/catalogue?locale=en")["acronym"] == "UE"
    assert run("audit", "verify", "--data", data).returncode == 0
