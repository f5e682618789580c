"""A post office for the tests: a database with one person who is owed a mail, and, run as a program, one to be killed.

``python post_office.py DATA SMTP-URL [write]`` opens the office of DATA, writes one mail if told to, and works until
it is killed.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from backend.database.store import Store
from backend.database.tables import accounts, metadata
from backend.journeys import load_library
from backend.keys import Keys
from backend.mail.carriers import carrier_for
from backend.mail.post import Post
from backend.people.person import Person
from backend.proofs import Proof, Proofs

PERSON = Person(
    id="P001",
    role="titulaire",
    login="p00000400013",
    first_name="Élodie",
    last_name="Lefèvre",
    institutional_email="elodie.lefevre@univ-exemple.example",
    corps=("{NCORPS}300",),
)
RECIPIENT = "lefevre.01@example.com"
PUBLIC_URL = "https://perron.univ-exemple.example"


class Office:
    """The store, the proofs and the post of one data folder, with a clock that a test moves."""

    def __init__(self, data: Path, smtp: str | None, pauses: tuple[float, ...] = (0.05,)) -> None:
        self.ahead = timedelta(0)
        self.outcomes: list[tuple[str, str]] = []
        self.store = Store.in_folder(data)
        keys = Keys(bytes(32))
        self.proofs = Proofs(self.store, keys, self.now)
        self.post = Post(
            self.store,
            keys,
            self.proofs,
            load_library().institution,
            data=data,
            carrier=carrier_for(smtp, data),
            clock=self.now,
            public_url=PUBLIC_URL,
            on_outcome=lambda mail_id, outcome: self.outcomes.append((mail_id, outcome)),
            pauses=pauses,
        )

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def settle(self, people: int = 1) -> None:
        """The tables, and accounts ``a1``, ``a2``… of as many people, all of them called alike."""
        async with self.store.write() as tx:
            await tx.connection.run_sync(metadata.create_all)
            rows = [
                {
                    "id": f"a{number}",
                    "login": f"p{400013 + number - 1:011}",
                    "institutional_email": f"elodie.lefevre{number}@univ-exemple.example",
                    "person": msgspec.json.encode(PERSON).decode(),
                    "status": "inactive",
                    "draft": "{}",
                    "provisional_issued": False,
                    "imported_at": self.now(),
                }
                for number in range(1, people + 1)
            ]
            await tx.connection.execute(accounts.insert(), rows)

    async def owe_a_mail(self) -> tuple[str, Proof]:
        """The id of an M3, and the proof it carries, committed together."""
        async with self.store.write() as tx:
            proof = await self.proofs.issue(
                tx,
                account_id="a1",
                purpose="backup_email",
                address=RECIPIENT,
                deadline=self.now() + timedelta(hours=6),
            )
            mail_id = await self.post.write(
                tx,
                kind="M3",
                recipient=RECIPIENT,
                locale="fr",
                account_id="a1",
                proof_id=proof.id,
                not_after=proof.deadline,
            )
        return mail_id, proof

    async def until_told(self, count: int = 1, seconds: float = 10) -> list[tuple[str, str]]:
        async with asyncio.timeout(seconds):
            while len(self.outcomes) < count:
                await asyncio.sleep(0.02)
        return self.outcomes

    async def close(self) -> None:
        await self.post.stop()
        await self.store.close()


@asynccontextmanager
async def open_office(
    data: Path, smtp: str | None, *, new: bool = True, pauses: tuple[float, ...] = (0.05,)
) -> AsyncIterator[Office]:
    """An office at work; ``new``: with its tables and its person to be made first."""
    office = Office(data, smtp, pauses)
    if new:
        await office.settle()
    await office.post.start()
    try:
        yield office
    finally:
        await office.close()


async def _work(data: Path, smtp: str, *, write: bool) -> None:
    async with open_office(data, smtp, new=write, pauses=(0.2,)) as office:
        if write:
            await office.owe_a_mail()
        print("open", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work(Path(sys.argv[1]), sys.argv[2], write=sys.argv[3:] == ["write"]))
