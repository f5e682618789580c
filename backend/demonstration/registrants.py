"""Those who register on the portal."""

from sqlalchemy import update

from api_client.contract import Locale
from api_client.demonstration_contract import DemoDeed, DemoPerson, DemoSight
from backend.database.tables import companies, inquiries
from backend.demonstration.cases import shipped_cases
from backend.demonstration.group import Group
from backend.portal.embedded import CompanyState


class Registrants(Group):
    """The cases of cases.toml."""

    acts = {"pending": "demo_act_register"}

    async def people(self, locale: Locale) -> list[DemoPerson]:
        return [
            DemoPerson(
                id=case.id,
                name=case.name,
                detail=case.email,
                mailbox=case.email,
                works=case.works,
                story=case.story.fill(locale, {}),
                fills=case.fills,
                acts=self.told_acts(locale),
            )
            for case in shipped_cases().registrants
        ]

    async def act(self, person_id: str, sight: DemoSight, locale: Locale) -> DemoDeed:
        """The register answers again, at once, until the demonstration is started anew."""
        house = self.house
        async with house.store.write() as tx:
            there = companies.c.state == CompanyState.UNAVAILABLE
            await tx.connection.execute(update(companies).where(there).values(state=CompanyState.ACTIVE))
            await tx.connection.execute(update(inquiries).values(next_try_at=house.clock()))
            tx.after_commit(house.inquiries.on_asked)
        return DemoDeed()
