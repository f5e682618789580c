"""The real backend as a process of its own: started on a free port, killed, started again, asked by its own commands.

A test module says ``pytest_plugins = ["tests.terminal_fixtures"]`` and asks for a fixture, where people are in::

    def test_…(town: BackendProcess) -> None:
        provisional = town.letter("p00000400013")
        …
        mail = town.newest_mail("lefevre.01@example.com")
        town.open_link(mail.link, number=47)
        assert town.show("p00000400013")["status"] == "active"
"""

import email
import email.policy
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from secrets import randbelow
from typing import Any, NamedTuple

import httpx

from tests.commanding import COMMAND, run, run_outside

DATA = Path(__file__).parent / "data"
PEOPLE = DATA / "people.csv"

_LINK = re.compile(r"https?://\S+/l/[A-Za-z0-9_-]{43}")
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b")
_PROVISIONAL = re.compile(r"\b[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}(?:-?[0-9A-Za-z])?\b")

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""On loopback nothing is encrypted; reading the certificates of the whole world takes a tenth of a second a client."""


class Mail(NamedTuple):
    """A mail that has left. ``link`` and ``code`` are empty in mails that have none."""

    to: str
    subject: str
    text: str
    link: str
    code: str


class BackendProcess:
    """``perron-backend serve`` on loopback, with its data in ``data`` and its mails in ``data/outbox``."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.with_name(f"{data.name}.log")
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def take(self, *options: str) -> None:
        """Further options, for the next start: some name what had to know our address first."""
        self._options += options

    def start(self, seconds: float = 30) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", str(self.data), *self._options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        limit = time.monotonic() + seconds
        while not self._answers():
            assert self._process.poll() is None, f"it ended:\n{self.log.read_text()}"
            assert time.monotonic() < limit, f"it does not answer:\n{self.log.read_text()}"
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9: nothing is tidied up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an init system does."""
        self._end(signal.SIGTERM)

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None, "not started"
        return self._process.pid

    def command(self, *words: str) -> str:
        """What another subcommand prints; it must succeed."""
        done = run(*words)
        assert done.returncode == 0, f"perron-backend {' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def import_people(self, people: Path = PEOPLE) -> None:
        """Let these people in, by the clock that a test may have moved for processes of their own."""
        done = run_outside("import-people", people, "--data", self.data)
        assert done.returncode == 0, done.stderr

    def letter(self, login: str) -> str:
        """Print a letter; returns the fresh provisional password on it."""
        printed = self.command("letter", login, "--data", str(self.data))
        found = _PROVISIONAL.search(printed)
        assert found, printed
        return found.group()

    def show(self, login: str) -> dict[str, Any]:
        """What is known of an account."""
        shown: dict[str, Any] = json.loads(self.command("show", login, "--data", str(self.data), "--json"))
        return shown

    def verifies(self, login: str, password: str) -> int:
        """Exit status of ``verify-password``, to which the password is whispered."""
        return run("verify-password", login, "--data", self.data, stdin=f"{password}\n").returncode

    def mails(self) -> list[Mail]:
        """Every mail that has left, newest first."""
        files = [path for folder in ("new", "cur") for path in (self.data / "outbox" / folder).glob("*")]
        return [_mail_in(path) for path in sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)]

    def newest_mail(self, to: str, *, after: int = 0, seconds: float = 10) -> Mail:
        """The newest mail to ``to``, awaited until there are more than ``after`` of them."""
        limit = time.monotonic() + seconds
        while True:
            found = [mail for mail in self.mails() if mail.to == to]
            if len(found) > after:
                return found[0]
            assert time.monotonic() < limit, f"no mail to {to}, only to {[mail.to for mail in self.mails()]}"
            time.sleep(0.05)

    def open_link(self, link: str, number: int | str | None = None) -> str:
        """Open a mail's page, type the number where it asks for one, press its first button; the page that follows."""
        with httpx.Client(trust_env=False, verify=NO_TLS) as browser:
            page = browser.get(link)
            if 'name="number"' not in page.text and "<form" not in page.text:
                return page.text
            form = {"choice": "confirm"} | ({} if number is None else {"number": str(number)})
            return browser.post(link, data=form, headers={"Origin": self.url}).text

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/v1/catalogue?locale=fr", trust_env=False, verify=NO_TLS, timeout=1).is_success
        except httpx.TransportError:
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(15)


@cache
def _mail_in(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    link, code = _LINK.search(text), _CODE.search(text)
    return Mail(
        to=parseaddr(str(message["To"]))[1],
        subject=str(message["Subject"]),
        text=text,
        link=link.group() if link else "",
        code=code.group() if code else "",
    )


def free_port() -> int:
    """One of those that the system gives to no connection: until it is listened on, another could have come by it."""
    while True:
        port = 20_000 + randbelow(10_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
