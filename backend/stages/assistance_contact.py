"""Which account it is about, and how an agent reaches its owner: nobody is looked up (domain.md §3.3, §7.3)."""

from api_client import contract
from api_client.addresses import is_institutional
from backend.assistance.submission import is_too_much
from backend.database.store import Transaction
from backend.fields import telephone
from backend.fields.refusal import FieldRefused
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.addresses import AddressRefused, checked
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed

_FIELDS = ("institutional", "personal", "telephone")
_LONGEST = 254
"""Characters of what is shown again."""


class AssistanceContactStage(Stage[contract.AssistanceContactAnswer]):
    """The personal address may be the backup address, and is none of the institution's: those are locked as well."""

    kind = "assistance_contact"
    gives = frozenset({"contact"})
    later = ("assistance_identity",)
    words = frozenset({"title", "lead", "hint", *_FIELDS})

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.AssistanceContact:
        wording, said, asking = s.wording(step), s.record.turn.values, s.claim.assistance
        return contract.AssistanceContact(
            labels={field: wording(field) for field in _FIELDS},
            hint=wording("hint"),
            institutional=said.get("institutional", asking.institutional),
            personal=said.get("personal", asking.personal),
            telephone=said.get("telephone", telephone.displayed(asking.telephone)),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.AssistanceContactAnswer,
        weighed: None,
    ) -> Outcome:
        asking, errors = s.claim.assistance, dict[str, str]()
        try:
            asking.institutional = _institutional(s, answer.institutional)
        except AddressRefused as refused:
            errors["institutional"] = refused.sentence
        try:
            asking.personal = checked(s, answer.personal, house.institution.domains, "assistance_personal")
        except AddressRefused as refused:
            errors["personal"] = refused.sentence
        try:
            asking.telephone = telephone.checked(answer.telephone)
        except FieldRefused as refused:
            errors["telephone"] = s.say(refused.say)
        if not errors and await is_too_much(house, tx.connection, asking, s.record.source):
            errors[""] = s.say("assistance_throttled")
        if errors:
            return Stay(errors, values={field: getattr(answer, field)[:_LONGEST] for field in _FIELDS})
        return Onward()


def _institutional(s: Situation, typed: str) -> str:
    """In lower case, as accounts have it. Raises AddressRefused, and for an address of anywhere else too."""
    address = checked(s, typed).lower()
    domains = s.library.institution.domains
    if not is_institutional(address, domains):
        raise AddressRefused(s.say("assistance_institutional", endings=", ".join(f"@{domain}" for domain in domains)))
    return address
