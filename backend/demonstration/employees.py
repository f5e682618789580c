"""Those who sign in at the demonstration's identity provider, and their phones."""

from api_client.contract import Locale
from api_client.demonstration_contract import DemoDeed, DemoPerson, DemoSight
from backend.demonstration.cases import Employee, shipped_cases
from backend.demonstration.group import Group
from backend.demonstration.issuer import DemoIssuer
from backend.demonstration.phone import pair, sign_in
from backend.house import House


class Employees(Group):
    """Some of sign_in_users.csv, as cases.toml tells them; nobody where the provider is a real one."""

    acts = {"sign_in": "demo_act_sign_in", "phone_pairing": "demo_act_pair"}

    def __init__(self, house: House, issuer: DemoIssuer | None) -> None:
        super().__init__(house)
        self._issuer = issuer
        self._have_been_late: set[str] = set()

    async def people(self, locale: Locale) -> list[DemoPerson]:
        if self._issuer is None:
            return []
        return [self._person(self._issuer, case, locale) for case in shipped_cases().employees]

    def _person(self, issuer: DemoIssuer, case: Employee, locale: Locale) -> DemoPerson:
        user = issuer.users[case.upn]
        return DemoPerson(
            id=user["id"],
            name=f"{user['first_name']} {user['last_name']}",
            detail=case.upn,
            works=case.works,
            story=case.story.fill(locale, {}),
            acts=self.told_acts(locale),
        )

    async def act(self, person_id: str, sight: DemoSight, locale: Locale) -> DemoDeed:
        case = self._case(person_id)
        if case is None or self._issuer is None or not sight.uri:
            return self.say("demo_said_no_code", locale)
        if sight.kind == "phone_pairing":
            await pair(self.house, sight, case)
        elif case.sign_in == "late" and case.upn not in self._have_been_late:
            self._have_been_late.add(case.upn)
            self._issuer.let_expire(sight.key.reveal())
        else:
            await sign_in(sight, "" if case.sign_in == "declined" else case.upn)
        return DemoDeed()

    def _case(self, person_id: str) -> Employee | None:
        users = self._issuer.users if self._issuer else {}
        return next((case for case in shipped_cases().employees if users[case.upn]["id"] == person_id), None)
