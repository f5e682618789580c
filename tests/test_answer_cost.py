"""What an answer costs in the database, counted: it must not grow with the number of people, nor by carelessness."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from api_client import contract
from api_client.contract import Act, Answer, AnyStep
from api_client.secret import Secret
from backend.database import sqlite_driver
from backend.hashing import Hasher
from tests.backend_house import BackendHouse, Mail, letter

pytest_plugins = ["tests.house_fixtures"]

ADDRESS = "secours.1@example.org"
MOST_STATEMENTS = 30
"""Of the one answer that ends the journey; those that only say something take ten."""
TWO_COMMITS = {"provisional_password", "link_sent"}
"""A try is counted, and that is kept, before it is weighed."""
ONE_HASH = {"provisional_password", "new_password"}


@dataclass
class Tally:
    """What happened since it was last emptied."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    commits: int = 0
    hashes: int = 0

    def empty(self) -> None:
        self.statements, self.commits, self.hashes = [], 0, 0


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    tally = Tally()
    run, commit, hashed = sqlite_driver.Connection._run, sqlite_driver.Connection.commit, Hasher._run

    def counted_run(self: Any, how: str, sql: str, parameters: Any) -> Any:
        if not sql.startswith("PRAGMA"):  # those are a new connection's, which is kept
            tally.statements.append((sql, parameters))
        return run(self, how, sql, parameters)

    async def counted_commit(self: Any) -> None:
        tally.commits += 1
        await commit(self)

    async def counted_hash(self: Any, work: Any) -> Any:
        tally.hashes += 1
        return await hashed(self, work)

    monkeypatch.setattr(sqlite_driver.Connection, "_run", counted_run)
    monkeypatch.setattr(sqlite_driver.Connection, "commit", counted_commit)
    monkeypatch.setattr(Hasher, "_run", counted_hash)
    return tally


def answer_to(step: AnyStep, mail: Mail | None) -> Answer:
    login, password = letter("P001")
    match step:
        case contract.Login():
            return contract.LoginAnswer(login=login)
        case contract.ProvisionalPassword():
            return contract.ProvisionalPasswordAnswer(password=Secret(password))
        case contract.BackupEmail():
            return contract.BackupEmailAnswer(address=ADDRESS, confirmation=ADDRESS)
        case contract.LinkSent():
            assert mail, "the mail comes before its code"
            return contract.LinkSentAnswer(code=Secret(mail.code))
        case contract.Charter():
            return contract.CharterAnswer(accepted=True, sha256=step.sha256)
        case contract.PublicDirectory():
            return contract.PublicDirectoryAnswer(listed=False)
        case contract.Mailbox():
            return contract.MailboxAnswer()
        case contract.Redirection():
            return contract.RedirectionAnswer(redirect=False, address="", keep_copy=True)
        case contract.NewPassword():
            chosen = Secret("Cerisier-Bleu-42")
            return contract.NewPasswordAnswer(password=chosen, confirmation=chosen)
        case _:
            return Act(action="skip")


async def test_every_answer_of_an_activation_is_cheap(house: BackendHouse, tally: Tally) -> None:
    screen = await house.begun()
    seen: set[str] = set()
    scans: list[str] = []
    while screen.kind != "done":
        mail = await house.newest_mail(ADDRESS) if screen.kind == "link_sent" else None
        kind = screen.kind
        tally.empty()
        await screen.say(answer_to(screen.step, mail))
        seen.add(kind)
        assert len(tally.statements) <= MOST_STATEMENTS, (kind, [sql for sql, _ in tally.statements])
        assert tally.commits == (2 if kind in TWO_COMMITS else 1), kind
        assert tally.hashes == (kind in ONE_HASH), kind
        scans += walked(house.data, tally.statements)
    assert seen > ONE_HASH | TWO_COMMITS
    assert not scans, "a table is walked, which takes as long as it is"


def walked(data: Path, statements: list[tuple[str, Any]]) -> list[str]:
    """What SQLite would walk from end to end, or by an index that leaves everybody of a realm."""
    found = []
    with sqlite3.connect(data / "perron.sqlite") as database:
        for sql, parameters in statements:
            if sql.split()[0] not in ("SELECT", "UPDATE", "DELETE") or "LIMIT" in sql:
                continue
            plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
            found += [f"{line}: {sql}" for line in plan if line.startswith("SCAN") or line.endswith("(realm=?)")]
    return found
