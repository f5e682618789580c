"""A robot that registers on the portal as one row of ``registration_scenarios.csv`` does, and the houses it enters."""

import csv
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from api_client import contract
from api_client.addresses import check
from api_client.contract import Answer, AnyStep
from api_client.secret import Secret
from backend.accounts import load_account
from backend.commands.portal import admit_companies, admit_contacts
from backend.journeys import SHIPPED
from backend.portal.register import Found, RegisterUnavailable
from backend.portal.registrants import find_registrant
from backend.portal.registration import Registration
from backend.situation import Account
from tests.backend_house import BackendHouse, Screen, open_house
from tests.conftest import ROOT
from tests.robot import PASSWORD

DATA = ROOT / "tests" / "data"
JOURNEY = "portal-registration"
ENDS = {"done", "refused", "locked", "expired", "handed_over"}
_CIVILITIES = {"Madame": "madame", "Monsieur": "monsieur", "": ""}
_MOST_STEPS = 30


def rows(name: str) -> dict[str, dict[str, str]]:
    """The rows of a file of tests/data, by id."""
    text = (DATA / name).read_text(encoding="utf-8")
    return {row["id"]: row for row in csv.DictReader(text.splitlines())}


SCENARIOS = rows("registration_scenarios.csv")
CONTACTS = rows("known_contacts.csv")
NOBODY = "nobody"
"""No line of the HR file: these houses are the portal's alone."""


@dataclass(frozen=True)
class Registrant:
    """What somebody types."""

    last_name: str
    first_name: str
    email: str
    civility: str = ""
    role: str = "self"
    type: str = "adherent"
    number: str = "00001001700010"
    member_number: str = "AD000001"
    idcc: str = ""
    topics: tuple[str, ...] = ()
    consents: bool = False

    @classmethod
    def of_scenario(cls, id: str) -> "Registrant":
        row = SCENARIOS[id]
        return cls(
            last_name=row["nom"],
            first_name=row["prenom"],
            email=row["email"],
            civility=_CIVILITIES[row["civilite"]],
            type=row["type"] or "adherent",
            number=row["siret_ou_siren_saisi"],
            member_number=row["numero_saisi"],
            idcc=row["idcc_saisi"],
            topics=tuple(filter(None, row["thematiques"].split("|"))),
            consents=row["consentement_support"] == "oui",
        )

    @classmethod
    def of_contact(cls, id: str) -> "Registrant":
        row = CONTACTS[id]
        return cls(row["nom"], row["prenom"], row["email"], _CIVILITIES[row["civilite"]])


@dataclass
class Registering:
    """One registrant at one screen. ``by_page``: opens the link in a browser; else types the code of the mail."""

    house: BackendHouse
    screen: Screen
    who: Registrant
    by_page: bool = True
    passed: list[str] = field(default_factory=list)
    """The kinds it went through, in order."""

    @property
    def step(self) -> AnyStep:
        return self.screen.step

    @property
    def kind(self) -> str:
        return self.screen.kind

    async def walk(self, until: str = "done") -> AnyStep:
        """Answer step after step; stops at the kind ``until``, at an end, at what waits, where something is wrong."""
        for _ in range(_MOST_STEPS):
            step = self.step
            if self.kind in {until, "pending", *ENDS} or step.errors:
                return step
            self.passed.append(self.kind)
            await self.take(step)
        raise AssertionError(f"{self.who.email} does not get past {self.kind}")

    async def take(self, step: AnyStep) -> AnyStep:
        """What this person does on this step."""
        if isinstance(step, contract.LinkSent):
            return await self.prove(step)
        return await self.screen.say(self.answer(step))

    async def prove(self, step: contract.LinkSent) -> AnyStep:
        mail = await self.house.newest_mail(check(self.who.email))
        if self.by_page:
            await self.house.press(mail, step.number)
            return await self.screen.look()
        return await self.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))

    def answer(self, step: AnyStep) -> Answer:
        if isinstance(step, contract.EstablishmentChoice):
            return contract.EstablishmentChoiceAnswer(siret=step.choices[0].id)
        return self._known[type(step)]

    @property
    def _known(self) -> dict[type[AnyStep], Answer]:
        """What this person answers, whatever the step offers."""
        who, password = self.who, Secret(PASSWORD)
        return {
            contract.Identity: contract.IdentityAnswer(
                role=who.role,
                civility=who.civility,
                last_name=who.last_name,
                first_name=who.first_name,
                no_first_name=not who.first_name,
                email=who.email,
            ),
            contract.Consent: contract.ConsentAnswer(given=who.consents),
            contract.Topics: contract.TopicsAnswer(chosen=who.topics),
            contract.Establishment: contract.EstablishmentAnswer(type=who.type, number=who.number),
            contract.MemberNumber: contract.MemberNumberAnswer(number=who.member_number),
            contract.Idcc: contract.IdccAnswer(code=who.idcc),
            contract.Notice: contract.NoticeAnswer(),
            contract.TakeOver: contract.TakeOverAnswer(here=True),
            contract.NewPassword: contract.NewPasswordAnswer(password=password, confirmation=password),
        }

    async def account(self) -> Account:
        """The account of the address that was typed."""
        return await account_of(self.house, self.who.email)

    async def said(self) -> Registration:
        """What is kept of it there."""
        return (await self.account()).draft.registration


async def account_of(house: BackendHouse, email: str) -> Account:
    async with house.house.store.read() as connection:
        account = await find_registrant(connection, email)
        assert account, f"nobody registered with {email}"
        return await load_account(connection, account.id)


async def registering(
    house: BackendHouse, who: Registrant | str, until: str = "done", *, by_page: bool = True, source: str = "192.0.2.1"
) -> Registering:
    """That registrant, or the one of that scenario, as far as that step."""
    registrant = Registrant.of_scenario(who) if isinstance(who, str) else who
    one = Registering(house, await house.begun(JOURNEY, source=source), registrant, by_page)
    await one.walk(until)
    return one


def somebody(**changes: Any) -> Registrant:
    """Nobody's contact, of an establishment that the operator knows."""
    return replace(Registrant("SERRANE", "Inès", "ines.serrane@courriel.example"), **changes)


async def named(house: BackendHouse, number: str, belongs_as: str = "adherent", **changes: str) -> Registering:
    """Somebody who has just typed that number."""
    one = await registering(house, somebody(**changes), "establishment")
    await one.screen.say(contract.EstablishmentAnswer(type=belongs_as, number=number))
    return one


async def come_back(house: BackendHouse, code: str) -> Registering:
    """« J’ai déjà reçu un code »."""
    one = Registering(house, await house.begun(JOURNEY), somebody())
    await one.screen.act("code")
    step = await one.screen.say(contract.ActivationCodeAnswer(code=Secret(code)))
    if isinstance(step, contract.TakeOver):
        await one.take(step)
    return one


class Moody:
    """A company register that answers, once it is told to."""

    def __init__(self) -> None:
        self.found: tuple[Found, ...] | None = None
        self.asked, self.asks, self.rest = 0, True, timedelta(seconds=30)

    async def find(self, siret: str) -> Found | None:
        return next((one for one in await self.of_siren(siret[:9]) if one.siret == siret), None)

    async def of_siren(self, siren: str) -> tuple[Found, ...]:
        self.asked += 1
        if self.found is None:
            raise RegisterUnavailable(self.rest, asked=self.asks)
        return self.found

    async def close(self) -> None:
        pass


@asynccontextmanager
async def open_portal(data: Path, *, address_first: bool = True) -> AsyncIterator[BackendHouse]:
    """A house with the establishments and contacts of tests/data, and the order of steps that is asked for."""
    folder = data.parent / "institution"
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    if not address_first:
        file = folder / "institution.toml"
        text = file.read_text(encoding="utf-8")
        assert "verify_email_first = true" in text
        file.write_text(text.replace("verify_email_first = true", "verify_email_first = false"), encoding="utf-8")
    async with open_house(data, NOBODY, institution=folder) as house:
        await admit_companies(house.house, DATA / "establishments.csv", "fr")
        await admit_contacts(house.house, DATA / "known_contacts.csv", "fr")
        yield house
