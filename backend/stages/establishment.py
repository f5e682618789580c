"""Where the person belongs: a type, and a SIREN or SIRET that is looked up at once (domain.md §8.6–8.7, §11.6)."""

from dataclasses import dataclass

from api_client import contract
from backend import throttle
from backend.database.store import Transaction
from backend.fields import siret
from backend.fields.refusal import FieldRefused
from backend.house import House
from backend.journeys import JourneyStep
from backend.portal.establishments import look_up
from backend.portal.register import RegisterUnavailable
from backend.portal.registration import EstablishmentType, Site
from backend.situation import Situation
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed

TYPES: tuple[EstablishmentType, ...] = ("adherent", "organisme_formation")
_LONGEST = 64


@dataclass(frozen=True)
class _Weighed:
    number: str = ""
    refused: str = ""
    """The sentence that says why the number was not looked up."""
    sites: tuple[Site, ...] | None = None
    """None: the company register does not answer."""


class EstablishmentStage(Stage[contract.EstablishmentAnswer]):
    """One site is taken at once; several lead to a choice; none is refused here, with whom to ask."""

    kind = "establishment"
    gives = frozenset({"establishment"})
    later = ("establishment_choice", "pending:register", "member_number", "idcc")
    words = frozenset({"title", "lead", "types", "label", "civility", "first_name", "last_name", "email"}) | frozenset(
        f"type_{one}" for one in TYPES
    )

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"identity"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return bool(s.registration.sites or s.registration.inquiry)

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Establishment:
        wording, values, said = s.wording(step), s.record.turn.values, s.registration
        return contract.Establishment(
            recap=_recap(s, step),
            types_label=wording("types"),
            types=tuple(contract.Choice(one, wording(f"type_{one}")) for one in TYPES),
            label=wording("label"),
            type=values.get("type", said.type),
            number=values.get("number", siret.displayed(said.number)),
            **framed(s, step),
        )

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.EstablishmentAnswer
    ) -> _Weighed:
        try:
            number = siret.checked(answer.number)
        except FieldRefused as refused:
            return _Weighed(refused=refused.say)
        if answer.type not in TYPES:
            return _Weighed(number)
        # By source: an enrolment costs nothing to begin, and an address little to prove.
        async with house.store.write() as tx:
            if await house.throttle.count(tx, throttle.REGISTER, s.record.source):
                return _Weighed(refused="establishment_wait")
        try:
            return _Weighed(number, sites=await look_up(house, number))
        except RegisterUnavailable:
            return _Weighed(number)

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.EstablishmentAnswer,
        weighed: _Weighed,
    ) -> Outcome:
        typed = {"type": answer.type[:_LONGEST], "number": answer.number[:_LONGEST]}
        errors = {}
        if (belongs_as := next((one for one in TYPES if one == answer.type), None)) is None:
            errors["type"] = s.say("choose_one")
        if weighed.refused:
            errors["number"] = s.say(weighed.refused)
        if errors or belongs_as is None:
            return Stay(errors, values=typed)
        if weighed.sites == ():
            return Stay({"number": s.say("establishment_unknown")}, values=typed)
        said = s.registration
        await house.inquiries.withdraw(tx, said.inquiry)
        said.name_establishment(belongs_as, weighed.number, weighed.sites or ())
        if weighed.sites is None:
            said.inquiry = await house.inquiries.ask(tx, s.record.id, weighed.number)
        return Onward()


def _recap(s: Situation, step: JourneyStep) -> tuple[contract.CardLine, ...]:
    """« Je suis » : what was said in the first step, where it was."""
    wording, said = s.wording(step), s.registration.identity
    if said is None:
        return ()
    identity = next((one for one in s.journey.steps if one.kind == "identity"), step)
    civility = s.wording(identity)(f"civility_{said.civility}") if said.civility not in ("", "undisclosed") else ""
    lines = (
        ("civility", civility),
        ("last_name", said.last_name),
        ("first_name", said.first_name),
        ("email", said.email),
    )
    return tuple(contract.CardLine(wording(name), value) for name, value in lines if value)
