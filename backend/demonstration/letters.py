"""Those whom HR registered and who have a letter, or a mail with a link."""

from typing import Any

from sqlalchemy import select

from api_client.contract import Locale
from api_client.demonstration_contract import DemoPerson
from backend.database.rows import from_text
from backend.database.tables import accounts
from backend.demonstration import PEOPLE_FILE
from backend.demonstration.group import Group
from backend.house import House
from backend.people.file import read_people
from backend.people.person import Person, without_mailbox
from backend.situation import Draft


class Letters(Group):
    """The sixty of people.csv; which of them still have a letter is looked up."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._letters = {one.person.login: one.provisional for one in read_people(PEOPLE_FILE)}

    async def people(self, locale: Locale) -> list[DemoPerson]:
        async with self.house.store.read() as connection:
            rows = (await connection.execute(select(accounts).where(accounts.c.realm == "university"))).all()
        return sorted((self._person(row, locale) for row in rows), key=lambda person: person.id)

    def _person(self, row: Any, locale: Locale) -> DemoPerson:
        person, draft = from_text(row.person, Person), from_text(row.draft, Draft)
        letter = self._letters.get(person.login) if row.provisional_hash else None
        password = letter.reveal() if letter else ""
        address = person.backup_email or f"{person.alias or person.login}@courriel.example"
        say = self.house.library.say
        return DemoPerson(
            id=person.id,
            name=person.full_name,
            detail=f"{person.role} · {person.login}",
            mailbox=address,
            works=row.status == "inactive",
            story=say(f"demo_{self._story(person, draft, row.status)}", locale, address=person.institutional_email),
            paper=say("demo_paper_provisional", locale, password=password) if password else "",
            fills={
                "login": {"login": person.login},
                "provisional_password": {"password": password},
                "backup_email": {"address": address, "confirmation": address},
                "activation_resend": {"address": person.institutional_email},
            },
            acts=self.told_acts(locale),
        )

    def _story(self, person: Person, draft: Draft, status: str) -> str:
        if status != "inactive":
            return "active" if status == "active" else "locked"
        if draft.charter:
            return "interrupted"
        if not person.backup_email:
            return "no_backup"
        if without_mailbox(person, self.house.institution.vacataires):
            return "vacataire"
        return "student" if person.is_student else "staff"
