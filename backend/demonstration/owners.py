"""Those whose account is active: two whose password everybody knows, and whoever activated theirs here."""

from datetime import timedelta

import pyotp
from sqlalchemy import select

from api_client.contract import Locale
from api_client.demonstration_contract import DemoPerson
from api_client.secret import Secret
from backend.accounts import find_account, save_account
from backend.database.rows import from_text
from backend.database.tables import accounts, second_factors
from backend.demonstration.cases import Owner, shipped_cases
from backend.demonstration.group import Group
from backend.house import House
from backend.people.person import Person
from backend.second_factor import sealed_for
from backend.situation import Draft

_REALMS = ("university", "portal")


class Owners(Group):
    """Whoever knows their password."""

    async def people(self, locale: Locale) -> list[DemoPerson]:
        known = {case.login: case for case in shipped_cases().owners}
        active = select(accounts).where(accounts.c.status == "active", accounts.c.realm.in_(_REALMS))
        async with self.house.store.read() as connection:
            rows = (await connection.execute(active)).all()
        found = []
        for row in rows:
            if not from_text(row.draft, Draft).password_set_at:
                continue  # imported as active: their password is known to nobody here
            case = known.get(row.login)
            if case and not await self.house.provisioning.is_current(row.login, case.password):
                case = None  # they chose another one meanwhile
            found.append(await self._person(row.id, row.login, from_text(row.person, Person), case, locale))
        return sorted(found, key=lambda person: (not person.paper, person.id))

    async def _person(self, id: str, login: str, person: Person, case: Owner | None, locale: Locale) -> DemoPerson:
        say, password = self.house.library.say, case.password.reveal() if case else ""
        code = await self._code(id)
        return DemoPerson(
            id=person.id,
            name=person.full_name,
            detail=login,
            story=case.story.fill(locale, {}) if case else say("demo_owner", locale),
            paper=say("demo_paper_password", locale, password=password) if password else "",
            fills={
                "login": {"login": login},
                "current_password": {"password": password},
                **({"second_factor": {"code": code}} if code else {}),
            },
            acts=self.told_acts(locale),
        )

    async def _code(self, account_id: str) -> str:
        """What their authenticator shows now; empty without one."""
        query = select(second_factors).where(second_factors.c.account_id == account_id)
        async with self.house.store.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None or row.confirmed_at is None:
            return ""
        key = self.house.keys.unseal(sealed_for(account_id), row.sealed_key).decode()
        return pyotp.TOTP(key).at(self.house.clock())


async def give_passwords(house: House) -> None:
    """The owners of cases.toml get theirs, and their second factor; once, whatever they do with it later."""
    for case in shipped_cases().owners:
        async with house.store.read() as connection:
            account = await find_account(connection, case.login)
        if account is None or account.status != "active" or account.draft.password_set_at:
            continue
        credential = await house.provisioning.prepare(account.login, case.password)
        async with house.store.write() as tx:
            await house.provisioning.change_password(tx, account.login, credential)
            account.draft.password_set_at = house.clock()
            if case.second_factor:
                account.draft.phone = "paired"
                offer = await house.second_factors.offer(tx, account.id, account.login, house.institution.name)
                # Of the half minute before: the one that is shown now can still be used.
                earlier = pyotp.TOTP(offer.key.reveal()).at(house.clock() - timedelta(seconds=30))
                await house.second_factors.confirm(tx, account.id, Secret(earlier))
            await save_account(tx, account)
