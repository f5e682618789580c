"""A whole backend in this process: its database, its pages, its mails, and a clock that a test moves.

A test module says ``pytest_plugins = ["tests.house_fixtures"]`` and asks for ``house``. What speaks to it is the
terminal's own client, over the application itself; only the socket between the two is left out.
"""

import asyncio
import csv
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import func, select, update

from api_client import contract
from api_client.client import Client
from api_client.codes import from_link
from api_client.contract import Act, Answer, AnyStep, Begin, Enrolment, Locale, Resume
from api_client.secret import Secret
from backend.accounts import find_account
from backend.database.migrations import bring_up_to_date
from backend.database.tables import accounts, audit, mails
from backend.demonstration.issuer import CLIENT_ID, DemoIssuer
from backend.hashing import Cost
from backend.house import House
from backend.journeys import Realm
from backend.mail.carriers import carrier_for
from backend.mail.delivery import Delivery
from backend.mail.invitations import Invitations
from backend.parts import make_parts, read_institution
from backend.people.admission import Admission
from backend.people.file import read_people
from backend.people.person import plain_provisional
from backend.sign_in.issuer import Issuer
from backend.situation import Account
from backend.web.app import assemble
from tests.conftest import ROOT

PEOPLE_FILE = ROOT / "tests" / "data" / "people.csv"
PUBLIC_URL = "https://perron.univ-exemple.example"
PARIS = ZoneInfo("Europe/Paris")


def paris(local: str) -> datetime:
    """``2026-11-03 23:59:59`` on the institution's clock."""
    return datetime.fromisoformat(local).replace(tzinfo=PARIS)


START = paris("2026-11-03 10:00")
"""A Tuesday; the people were imported at that moment."""
CHEAP = Cost(memory=64, passes=1)
_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_LINK = re.compile(r"https://\S+/l/\S+")

PEOPLE: dict[str, dict[str, str]] = {
    row["id"]: row for row in csv.DictReader(PEOPLE_FILE.read_text(encoding="utf-8").splitlines())
}


class MovableClock:
    """Stands still until it is moved, so that a test can stand in the very last second of a day."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.instant

    def move(self, **time: float) -> None:
        """By a ``timedelta`` of these."""
        self.instant += timedelta(**time)

    def set(self, instant: datetime) -> None:
        self.instant = instant.astimezone(UTC)


@dataclass(frozen=True)
class Mail:
    """One mail as its reader sees it."""

    recipient: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        return _found(_CODE, self.text)

    @property
    def link(self) -> str:
        return _found(_LINK, self.text)

    @property
    def path(self) -> str:
        """``/l/TOKEN``."""
        return self.link.removeprefix(PUBLIC_URL)


@dataclass
class Screen:
    """One terminal: the client, and the enrolment as it was last told."""

    client: Client
    enrolment: Enrolment = field(init=False)

    @property
    def step(self) -> AnyStep:
        return self.enrolment.step

    @property
    def kind(self) -> str:
        return kind_of(self.step)

    @property
    def token(self) -> Secret:
        token = self.client._connection.token
        assert token is not None
        return token

    async def begin(self, journey: str = "activation-letter") -> AnyStep:
        return self._told(await self.client.begin(Begin(journey=journey, locale=self.client.locale)))

    async def resume(self, code: str, known: str) -> AnyStep:
        return self._told(await self.client.resume(Resume(code=Secret(code), known=known, locale=self.client.locale)))

    async def say(self, answer: Answer) -> AnyStep:
        return self._told(await self.client.answer(self.enrolment, answer))

    async def act(self, action: str) -> AnyStep:
        return await self.say(Act(action=action))

    async def back(self) -> AnyStep:
        return self._told(await self.client.back(self.enrolment))

    async def speak(self, locale: Locale) -> AnyStep:
        return self._told(await self.client.switch_locale(self.enrolment, locale))

    async def look(self) -> AnyStep:
        """What the long poll would find now."""
        return self._told(await self.client.current(self.enrolment))

    async def login(self, login: str, password: str) -> AnyStep:
        """The two screens of the letter."""
        await self.say(contract.LoginAnswer(login=login))
        return await self.say(contract.ProvisionalPasswordAnswer(password=Secret(password)))

    def _told(self, enrolment: Enrolment) -> AnyStep:
        self.enrolment = enrolment
        return enrolment.step


class _Inside(httpx.AsyncBaseTransport):
    """The application asks itself: its identity provider is one of its own pages."""

    def __init__(self, app: Callable[[], Any]) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await httpx.ASGITransport(app=self._app()).handle_async_request(request)


class BackendHouse:
    """The parts, the application in front of them, and the hands of everybody around: readers of mail, browsers, HR."""

    def __init__(
        self,
        data: Path,
        clock: MovableClock,
        cost: Cost = CHEAP,
        institution: Path | None = None,
        issuer: Issuer | None = None,
    ) -> None:
        """``issuer``: instead of the demonstration's own, which is inside of the application."""
        self.data, self.clock = data, clock
        library = read_institution(institution)
        self.demo_issuer = DemoIssuer.beside(PUBLIC_URL, clock)
        inside = Issuer(self.demo_issuer.url, CLIENT_ID, clock=clock, transport=_Inside(lambda: self.app))
        self.parts = make_parts(data, library, public_url=PUBLIC_URL, clock=clock, cost=cost, issuer=issuer or inside)
        self.app = assemble(self.parts, demo_issuer=self.demo_issuer)
        self.house: House = self.parts.house
        self.posts = False
        """Whether the real post is at work; else ``deliver`` carries what is due."""
        self._delivery = Delivery(
            self.house.store,
            self.house.keys,
            self.house.proofs,
            library.institution,
            carrier=carrier_for(None, data),
            clock=clock,
            public_url=PUBLIC_URL,
            on_outcome=lambda mail_id, outcome: None,
        )
        self._open = AsyncExitStack()

    async def import_people(self, *ids: str) -> None:
        """Those of the file, or all of them."""
        admission = Admission(self.house, Invitations(self.house))
        await admission.import_people(one for one in read_people(PEOPLE_FILE) if not ids or one.person.id in ids)

    # ------------------------------------------------------------------------------------------- people's screens

    def http(self, source: str = "192.0.2.1") -> httpx.AsyncClient:
        """Bare HTTP, as a browser or a prying program speaks it."""
        transport = httpx.ASGITransport(app=self.app, client=(source, 40000))
        return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)

    def at_the_end(self, close: Callable[[], Awaitable[None]]) -> None:
        """What was opened on this house is closed with it."""
        self._open.push_async_callback(close)

    def screen(self, locale: Locale = "fr", source: str = "192.0.2.1") -> Screen:
        transport = httpx.ASGITransport(app=self.app, client=(source, 40000))
        client = Client(PUBLIC_URL, locale=locale, patience=0, transport=transport)
        self.at_the_end(client.close)
        return Screen(client)

    async def begun(
        self, journey: str = "activation-letter", locale: Locale = "fr", source: str = "192.0.2.1"
    ) -> Screen:
        screen = self.screen(locale, source)
        await screen.begin(journey)
        return screen

    async def press(self, mail: Mail, number: int | None = None, choice: str = "confirm", to: str = "192.0.2.9") -> str:
        """Push a button of the page that the mail's link opens, in some browser. What the page then says."""
        form = {"choice": choice} | ({"number": str(number)} if number is not None else {})
        async with self.http(to) as browser:
            return (await browser.post(mail.path, data=form)).text

    # ------------------------------------------------------------------------------------------------------ mails

    async def deliver(self) -> None:
        """Until every mail that is due lies in the outbox: carried here, or by the real post if that is at work."""
        await self.house.background.drain()
        async with asyncio.timeout(20):
            while ids := await self._due():
                if self.posts:
                    await asyncio.sleep(0.02)
                    continue
                for mail_id in ids:
                    await self._delivery.note(mail_id, await self._delivery.attempt(mail_id))

    async def _due(self) -> list[str]:
        open_row = (mails.c.sent_at.is_(None), mails.c.refused_at.is_(None), mails.c.reason == "")
        async with self.house.store.read() as connection:
            return list(
                (await connection.execute(select(mails.c.id).where(*open_row).order_by(mails.c.written_at))).scalars()
            )

    async def mails(self, recipient: str) -> list[Mail]:
        """All that lie in that mailbox, the newest last."""
        await self.deliver()
        folder = self.data / "outbox"
        if not folder.exists():
            return []
        theirs = [file for file in (folder / "new").iterdir() if recipient.encode() in file.read_bytes()]
        newest_last = sorted(theirs, key=lambda file: file.stat().st_mtime_ns)
        return [mail for mail in map(_read, newest_last) if mail.recipient == recipient]

    async def newest_mail(self, recipient: str) -> Mail:
        found = await self.mails(recipient)
        assert found, f"no mail for {recipient}"
        return found[-1]

    async def proof_id(self, mail: Mail) -> str:
        token = from_link(mail.link)
        assert token
        async with self.house.store.read() as connection:
            proof = await self.house.proofs.by_token(connection, token)
        assert proof
        return proof.id

    # -------------------------------------------------------------------------------------------- the house's books

    async def account(self, login: str) -> Account:
        async with self.house.store.read() as connection:
            account = await find_account(connection, login, get_args(Realm))
        assert account
        return account

    async def lock(self, login: str) -> None:
        """What an agent's tool does to an account that is in danger."""
        async with self.house.store.write() as tx:
            await tx.connection.execute(update(accounts).where(accounts.c.login == login).values(status="locked"))

    async def print_letter(self, login: str, password: str) -> None:
        """Another system hands out another letter."""
        hashed = await self.house.hasher.hash(Secret(plain_provisional(password)))
        async with self.house.store.write() as tx:
            await tx.connection.execute(
                update(accounts).where(accounts.c.login == login).values(provisional_hash=hashed)
            )

    async def actions(self, login: str) -> list[str]:
        """What the audit keeps of this person, in order."""
        query = select(audit.c.action).where(audit.c.subject == (await self.account(login)).id).order_by(audit.c.seq)
        async with self.house.store.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def count(self, table: Any, *conditions: Any) -> int:
        async with self.house.store.read() as connection:
            return cast(
                int, (await connection.execute(select(func.count()).select_from(table).where(*conditions))).scalar()
            )

    async def close(self) -> None:
        await self.house.background.drain()
        await self._open.aclose()
        await self.parts.close()


def kind_of(step: AnyStep | Answer) -> str:
    return str(step.__struct_config__.tag)


def letter(person: str) -> tuple[str, str]:
    """Login and provisional password, as printed for that row of the file."""
    return PEOPLE[person]["login"], PEOPLE[person]["mdp_provisoire_test"]


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, f"nothing like {pattern.pattern} in: {text}"
    return found.group()


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=default)
    return Mail(str(message["To"].addresses[0].addr_spec), str(message["Subject"]), message.get_content())


@asynccontextmanager
async def open_house(
    data: Path,
    *people: str,
    at: datetime = START,
    cost: Cost = CHEAP,
    institution: Path | None = None,
    issuer: Issuer | None = None,
) -> AsyncIterator[BackendHouse]:
    """A new house whose people were imported at that instant."""
    data.mkdir(mode=0o700, exist_ok=True)
    house = BackendHouse(data, MovableClock(at), cost, institution, issuer)
    try:
        await bring_up_to_date(house.house.store)
        await house.import_people(*people)
        yield house
    finally:
        await house.close()
