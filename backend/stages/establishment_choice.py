"""Which of several establishments of one SIREN is the person's (domain.md §8.6)."""

from api_client import contract
from backend.database.store import Transaction
from backend.fields import siret
from backend.house import House
from backend.journeys import JourneyStep
from backend.portal.register import MOST
from backend.portal.registration import Site
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


class EstablishmentChoiceStage(Stage[contract.EstablishmentChoiceAnswer]):
    """Head office first, as the register lists them."""

    kind = "establishment_choice"
    words = frozenset({"title", "lead", "more", "label"})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"establishment"})

    def applies(self, s: Situation, step: JourneyStep) -> bool:
        return len(s.registration.sites) > 1

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return bool(s.registration.siret)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.EstablishmentChoice:
        wording, frame = s.wording(step), framed(s, step)
        if len(s.registration.sites) >= MOST:
            frame["lead"] += f" {wording('more')}"
        return contract.EstablishmentChoice(
            label=wording("label"),
            choices=tuple(
                contract.Choice(site.siret, called(site), detail=f"{siret.displayed(site.siret)} · {place_of(site)}")
                for site in s.registration.sites
            ),
            siret=s.registration.siret,
            **frame,
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.EstablishmentChoiceAnswer,
        weighed: None,
    ) -> Outcome:
        said = s.registration
        if answer.siret not in {site.siret for site in said.sites}:
            return Stay({"siret": s.say("choose_one")})
        if said.siret != answer.siret:
            said.siret, said.establishments = answer.siret, ()
        return Onward()


def called(site: Site) -> str:
    """Its name, or its number where the name is not published."""
    return site.name or siret.displayed(site.siret)


def place_of(site: Site) -> str:
    return f"{site.postcode} {site.town}".strip()
