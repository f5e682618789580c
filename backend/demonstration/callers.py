"""Those who cannot get into their account, and the agent whom the demonstration plays for them."""

from datetime import date
from typing import Any

from sqlalchemy import select

from api_client.contract import Locale
from api_client.demonstration_contract import DemoDeed, DemoPerson, DemoSight, Filling
from backend.accounts import find_account
from backend.assistance import desk
from backend.assistance.request import WAITING, Request, list_requests
from backend.database.rows import from_text
from backend.database.store import Transaction
from backend.database.tables import accounts
from backend.demonstration.group import Group
from backend.fields import telephone
from backend.people.person import Person
from backend.recovery import issue_recovery

_SHUT = ("locked", "unlocking")


class Callers(Group):
    """Whoever is locked out, and fills in the form of the assistance."""

    acts = {"done": "demo_act_desk"}
    statuses: tuple[str, ...] = _SHUT

    async def people(self, locale: Locale) -> list[DemoPerson]:
        theirs = (accounts.c.realm == "university", accounts.c.status.in_(self.statuses))
        async with self.house.store.read() as connection:
            rows = (await connection.execute(select(accounts).where(*theirs))).all()
        told = [(row.status not in _SHUT, self._person(row, locale)) for row in rows]
        return [person for _, person in sorted(told, key=lambda one: (one[0], one[1].id))]

    def _person(self, row: Any, locale: Locale) -> DemoPerson:
        person, say = from_text(row.person, Person), self.house.library.say
        return DemoPerson(
            id=person.id,
            name=person.full_name,
            detail=person.institutional_email,
            mailbox=person.backup_email,
            story=say("demo_shut" if row.status in _SHUT else "demo_forgot", locale),
            fills=self._fills(person, locale),
            acts=self.told_acts(locale),
        )

    def _fills(self, person: Person, locale: Locale) -> dict[str, Filling]:
        number = person.attributes.get("ine", "") if person.is_student else _typed(person.birth_date)
        return {
            "assistance_subject": {"motive": "blocked", "profile": "student" if person.is_student else "staff"},
            "assistance_contact": {
                "institutional": person.institutional_email,
                "personal": person.backup_email,
                "telephone": telephone.displayed(telephone.checked(person.telephone)),
            },
            "assistance_message": {"text": self.house.library.say("demo_message", locale)},
            "assistance_identity": {"value": number},
        }

    async def act(self, person_id: str, sight: DemoSight, locale: Locale) -> DemoDeed:
        """An agent takes the newest request of theirs, calls, agrees, and sends the link."""
        async with self.house.store.write() as tx:
            request = await self._request(tx, person_id)
            if request is None:
                return self.say("demo_said_no_request", locale)
            for move in (desk.take_up, desk.confirm, desk.unlock):
                await move(self.house, tx, request.number)
        return self.say("demo_said_recovery", locale)

    async def _request(self, tx: Transaction, person_id: str) -> Request | None:
        address = next((one.detail for one in await self.people("fr") if one.id == person_id), "")
        waiting = await list_requests(tx.connection, WAITING)
        return next((one for one in reversed(waiting) if one.institutional_email == address), None)


class Recovering(Callers):
    """Whoever an agent has called back, or would."""

    acts = {"activation_code": "demo_act_recovery"}
    statuses = (*_SHUT, "active")

    def _fills(self, person: Person, locale: Locale) -> dict[str, Filling]:
        return {}

    async def act(self, person_id: str, sight: DemoSight, locale: Locale) -> DemoDeed:
        address = next((one.detail for one in await self.people(locale) if one.id == person_id), "")
        async with self.house.store.write() as tx:
            account = await find_account(tx.connection, address)
            if account is None:
                return self.say("demo_said_no_request", locale)
            await issue_recovery(self.house, tx, account, locale=locale)
        return self.say("demo_said_recovery", locale)


def _typed(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
