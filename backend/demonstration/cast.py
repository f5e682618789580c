"""Whom to try in a journey: told by the kinds of its steps, so that a journey that somebody adds has its people too."""

from api_client.contract import Locale
from api_client.demonstration_contract import DemoDeed, DemoPerson, DemoSight
from backend.demonstration.browser import NoAnswer
from backend.demonstration.callers import Callers, Recovering
from backend.demonstration.employees import Employees
from backend.demonstration.group import Group
from backend.demonstration.issuer import DemoIssuer
from backend.demonstration.letters import Letters
from backend.demonstration.owners import Owners
from backend.demonstration.registrants import Registrants
from backend.house import House
from backend.journeys import Journey, JourneyStep
from backend.mistakes import Mistake


class Cast:
    """Everybody of a demonstration."""

    def __init__(self, house: House, issuer: DemoIssuer | None) -> None:
        self._house = house
        letters, callers = Letters(house), Callers(house)
        self._groups: dict[str, Group] = {
            "provisional_password": letters,
            "activation_code": letters,
            "activation_code:recovery": Recovering(house),
            "identity": Registrants(house),
            "sign_in": Employees(house, issuer),
            "current_password": Owners(house),
            "assistance_subject": callers,
        }
        """By the step that tells whose journey it is."""

    async def of(self, journey_id: str, locale: Locale) -> list[DemoPerson]:
        """Whom to try there; without a journey, the first of each, who opens its door."""
        if not journey_id:
            return await self._at_the_doors(locale)
        group = self._group(journey_id)
        return await group.people(locale) if group else []

    async def act(self, person_id: str, journey_id: str, sight: DemoSight, locale: Locale) -> DemoDeed:
        """Do for them what is to be done where ``sight`` shows."""
        group = self._group(journey_id)
        if group is None or sight.kind not in group.acts:
            return DemoDeed()
        try:
            return await group.act(person_id, sight, locale)
        except NoAnswer:
            return group.say("demo_said_no_answer", locale)
        except Mistake as mistake:
            return DemoDeed(said=mistake.told(locale))

    async def _at_the_doors(self, locale: Locale) -> list[DemoPerson]:
        found = []
        for journey in self._house.library.journeys.values():
            group = self._group(journey.id)
            people = [person for person in (await group.people(locale) if group else []) if person.works]
            for person in people[:1]:
                title = journey.title.fill(locale, self._house.institution.names())
                found.append(
                    DemoPerson(
                        id=person.id,
                        name=title,
                        detail=person.name,
                        story=person.story,
                        paper=person.paper,
                        fills={"welcome": {"journey": journey.id}},
                        acts={"welcome": self._house.library.say("demo_act_door", locale)},
                    )
                )
        return found

    def _group(self, journey_id: str) -> Group | None:
        journey = self._house.library.journeys.get(journey_id)
        return next(filter(None, map(self._group_at, journey.steps if isinstance(journey, Journey) else ())), None)

    def _group_at(self, step: JourneyStep) -> Group | None:
        return self._groups.get(f"{step.kind}:{step.purpose}" if step.purpose else step.kind)
