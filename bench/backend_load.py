"""``python -m bench.backend_load``: whole activations against a real backend, and a step's cost among many people.

The backend is ``perron-backend serve`` in a process of its own, over HTTP on loopback, with real argon2. The people
come a little faster than the five a second of the budget, then as fast as they can; each from an address of their own,
since one alone may try thirty letters in five minutes. Exit status: 0 every budget is held, 1 one is not.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import re
import sqlite3
import ssl
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

import httpx

from api_client import contract
from api_client.client import Client
from api_client.contract import Act, Answer, Enrolment
from api_client.secret import Secret
from bench.table import Row, as_markdown
from tests.backend_process import PEOPLE, BackendProcess

WANTED = 5.0
FLAT = 1.5
"""What a step may cost among many people, in times what it costs among the fewest."""
RATE = 5.5
"""People a second come a little faster than they must be served."""
STEADY_SECONDS = 12
FLAT_OUT = 40
AT_ONCE = 6
CROWD = (1_000, 100_000)
LOOKS = 25
WARM_UP = 6
"""The first people find nothing compiled and nothing imported; they are not counted."""
LOOK_SECONDS = 0.05
PASSWORD = "Cerisier-Bleu-42"
LETTER = "G9CF9HQYATC2"
_CODE = re.compile(r" ([0-9A-Z]{4}(-[0-9A-Z]{4}){2})$", re.MULTILINE)
HASHING = {"provisional_password", "new_password"}


@dataclass
class Timings:
    """Seconds of every answer by the kind of step, and when each activation was over."""

    steps: dict[str, list[float]] = field(default_factory=dict)
    done_at: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Activations a second, from the first that was over to the last."""
        return (len(self.done_at) - 1) / (max(self.done_at) - min(self.done_at))

    def p95(self, *, hashing: bool) -> float:
        found = [t for kind, times in self.steps.items() if (kind in HASHING) is hashing for t in times]
        return quantiles(found, n=20)[-1] if len(found) > 1 else float("nan")


class Outbox:
    """The mail that came to an address, awaited; each file is read once."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "outbox" / "new"
        self._read: set[str] = set()
        self._codes: dict[str, str] = {}
        self._looked_at = 0.0

    async def code_for(self, address: str) -> str:
        while address not in self._codes:
            if time.monotonic() - self._looked_at > LOOK_SECONDS:  # once for all who wait
                self._look()
            await asyncio.sleep(LOOK_SECONDS)
        return self._codes[address]

    def _look(self) -> None:
        self._looked_at = time.monotonic()
        for path in self._folder.glob("*") if self._folder.exists() else ():
            if path.name not in self._read:
                self._read.add(path.name)
                text = path.read_text(encoding="ascii")
                if code := _CODE.search(text):
                    self._codes[text.partition("\nTo: ")[2].partition("\n")[0]] = code[1]


async def activate(url: str, number: int, outbox: Outbox, timings: Timings) -> None:
    """One person's way with a letter, from the welcome to « activé »."""
    address = f"secours.{number}@example.org"
    client = _client(url, f"127.1.{number // 250}.{number % 250 + 1}")
    try:
        enrolment = await client.begin(contract.Begin(journey="activation-letter"))
        while enrolment.status in ("active", "waiting"):
            kind = str(enrolment.step.__struct_config__.tag)
            answer = await _answer(enrolment, number, address, outbox)
            begun = time.perf_counter()
            enrolment = await client.answer(enrolment, answer)
            timings.steps.setdefault(kind, []).append(time.perf_counter() - begun)
            assert not enrolment.step.errors, f"{kind}: {enrolment.step.errors}"
        timings.done_at.append(time.perf_counter())
    finally:
        await client.close()


async def _answer(enrolment: Enrolment, number: int, address: str, outbox: Outbox) -> Answer:
    step = enrolment.step
    if isinstance(step, contract.LinkSent):
        return contract.LinkSentAnswer(code=Secret(await outbox.code_for(address)))
    if isinstance(step, contract.Charter):
        return contract.CharterAnswer(accepted=True, sha256=step.sha256)
    answers: dict[type[contract.Step], Answer] = {
        contract.Login: contract.LoginAnswer(login=login_of(number)),
        contract.ProvisionalPassword: contract.ProvisionalPasswordAnswer(password=Secret(LETTER)),
        contract.BackupEmail: contract.BackupEmailAnswer(address=address, confirmation=address),
        contract.PublicDirectory: contract.PublicDirectoryAnswer(listed=False),
        contract.Mailbox: contract.MailboxAnswer(),
        contract.Redirection: contract.RedirectionAnswer(redirect=False, address="", keep_copy=True),
        contract.NewPassword: contract.NewPasswordAnswer(password=Secret(PASSWORD), confirmation=Secret(PASSWORD)),
        contract.PhonePairing: Act(action="skip"),
    }
    return answers[type(step)]


def _client(url: str, source: str) -> Client:
    """Somebody at the address ``source``; loading what it would trust over TLS took 25 ms of the cores measured."""
    plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return Client(url, transport=httpx.AsyncHTTPTransport(verify=plain, local_address=source))


def login_of(number: int) -> str:
    return f"p{90_000_000_000 + number}"


# ------------------------------------------------------------------------------------------------- the two ways to come


async def steadily(url: str, outbox: Outbox, numbers: range) -> Timings:
    """RATE people a second, whatever becomes of those before."""
    timings, begun = Timings(), time.perf_counter()
    async with asyncio.TaskGroup() as people:
        for place, number in enumerate(numbers):
            await asyncio.sleep(max(0.0, begun + place / RATE - time.perf_counter()))
            people.create_task(activate(url, number, outbox, timings))
    return timings


async def flat_out(url: str, outbox: Outbox, numbers: range) -> Timings:
    """AT_ONCE people, each followed by the next at once."""
    timings, queue = Timings(), iter(numbers)

    async def one_after_another() -> None:
        for number in queue:
            await activate(url, number, outbox, timings)

    async with asyncio.TaskGroup() as desks:
        for _ in range(AT_ONCE):
            desks.create_task(one_after_another())
    return timings


# ----------------------------------------------------------------------------------------------------- many people


async def cost_of_a_step(url: str, numbers: Iterable[int]) -> float:
    """Median seconds of the answers around the look-up of a login, on the idle service."""
    times = []
    for number in numbers:
        client = _client(url, f"127.2.0.{number % 250 + 1}")
        enrolment = await client.begin(contract.Begin(journey="activation-link"))
        enrolment = await client.answer(enrolment, Act(action="resend"))
        begun = time.perf_counter()
        address = f"{login_of(number)}@univ-exemple.example"
        await client.answer(enrolment, contract.ActivationResendAnswer(address=address))
        times.append(time.perf_counter() - begun)
        await client.close()
    return median(times)


def crowd(data: Path, upto: int) -> None:
    """Fill ``accounts`` up to that many, straight in the database: importing them is not what is measured."""
    with sqlite3.connect(data / "perron.sqlite") as database:
        database.row_factory = sqlite3.Row
        like = dict(database.execute("SELECT * FROM accounts LIMIT 1").fetchone())
        there = database.execute("SELECT count(*) FROM accounts").fetchone()[0]
        columns = ", ".join(like)
        marks = ", ".join(f":{name}" for name in like)
        database.executemany(f"INSERT INTO accounts ({columns}) VALUES ({marks})", _clones(like, there, upto))


def _clones(like: dict[str, object], there: int, upto: int) -> Iterator[dict[str, object]]:
    person = json.loads(str(like["person"]))
    for number in range(there, upto):
        login = login_of(1_000_000 + number)
        new = {"login": login, "alias": f"a{login}", "institutional_email": f"{login}@univ-exemple.example"}
        text = json.dumps(person | new | {"id": login}, ensure_ascii=False)
        yield like | {name: value for name, value in new.items() if name in like} | {"id": login, "person": text}


# --------------------------------------------------------------------------------------------------------- the report


def write_people(file: Path, count: int) -> None:
    """As many people as that, made from the first row of the test data."""
    with PEOPLE.open(encoding="utf-8", newline="") as source:
        like = next(iter(csv.DictReader(source)))
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, like)
        writer.writeheader()
        for number in range(count):
            login = login_of(number)
            own = {"login": login, "id": login, "supannAliasLogin": f"a{login}", "mail_secours": ""}
            own |= {"mail_institutionnel": f"{login}@univ-exemple.example", "etat_initial": "sans_mail_secours"}
            writer.writerow(like | own | {"mdp_provisoire_test": LETTER})


@contextmanager
def serving(count: int) -> Iterator[tuple[BackendProcess, Outbox]]:
    with tempfile.TemporaryDirectory(prefix="perron-load-") as scratch:
        data, people = Path(scratch) / "data", Path(scratch) / "people.csv"
        write_people(people, count)
        backend = BackendProcess(data)
        backend.import_people(people)
        backend.start()
        try:
            yield backend, Outbox(data)
        finally:
            backend.stop()


def rows_of(name: str, timings: Timings) -> Iterator[Row]:
    """The figures of one way to come, without budgets."""
    yield Row(f"{name}: activations", timings.rate, "/s", "", None, None)
    for said, hashing in (("without a hash", False), ("with a hash", True)):
        yield Row(f"{name}: p95 of a step {said}", 1000 * timings.p95(hashing=hashing), "ms", "", None, None)


def measure(crowds: tuple[int, ...] = CROWD) -> Iterator[Row]:
    """Every row, as soon as it is measured; the budgets are those of performance.md."""
    steady = range(WARM_UP, WARM_UP + round(RATE * STEADY_SECONDS))
    pressed = range(steady.stop, steady.stop + FLAT_OUT)
    lookers = iter(range(pressed.stop, pressed.stop + LOOKS * len(crowds)))
    with serving(pressed.stop + LOOKS * len(crowds)) as (backend, outbox):
        asyncio.run(flat_out(backend.url, outbox, range(WARM_UP)))
        rate, light, heavy = rows_of(f"{RATE:g} people a second", asyncio.run(steadily(backend.url, outbox, steady)))
        yield rate._replace(at_least=WANTED)
        yield light._replace(at_most=100.0)
        yield heavy._replace(at_most=800.0)
        yield from rows_of(f"{AT_ONCE} at once, no pause", asyncio.run(flat_out(backend.url, outbox, pressed)))
        first: Row | None = None
        for people in crowds:
            backend.stop()
            crowd(backend.data, people)
            backend.start()
            cost = 1000 * asyncio.run(cost_of_a_step(backend.url, islice(lookers, LOOKS)))
            row = Row(f"a step among {people:,} people".replace(",", " "), cost, "ms", "", None, None)
            yield row._replace(against="the first", ratio=cost / first.value, at_most=FLAT) if first else row
            first = first or row


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.backend_load")
    parser.add_argument("--million", action="store_true", help="among 10⁶ people too: half a minute more")
    crowds = (*CROWD, 1_000_000) if parser.parse_args().million else CROWD
    rows = list(measure(crowds))
    print(as_markdown(rows))
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
