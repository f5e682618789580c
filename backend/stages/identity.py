"""Who registers on the portal, and for whom; their address decides everything else (domain.md §8.2)."""

from typing import Any

from msgspec.structs import replace

from api_client import contract
from api_client.addresses import COMMON_DOMAINS, same
from backend.database.rows import as_text, from_text
from backend.database.store import Transaction
from backend.fields import names
from backend.fields.refusal import FieldRefused
from backend.house import House
from backend.journeys import JourneyStep
from backend.portal.records import sirets_of_contact
from backend.portal.registrants import find_registrant, name_registrant
from backend.portal.registration import Identity, Registration
from backend.situation import Situation
from backend.stages.addresses import AddressRefused, checked
from backend.stages.stage import Onward, Outcome, Stage, Stay, To, framed

ROLES = ("self", "client")
CIVILITIES = ("madame", "monsieur", "undisclosed")
FIELDS = ("role", "civility", "last_name", "first_name", "no_first_name", "email")


class IdentityStage(Stage[contract.IdentityAnswer]):
    """Nothing that is shown here, or next, depends on whether the address is known, while it is to be proved first."""

    kind = "identity"
    gives = frozenset({"identity"})
    words = frozenset({"title", "lead", *FIELDS, *(f"role_{one}" for one in ROLES)}) | frozenset(
        f"civility_{one}" for one in CIVILITIES
    )

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.registration.identity is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Identity:
        wording, said = s.wording(step), self._said(s)
        offers_roles = s.library.institution.registration.allow_on_behalf
        return contract.Identity(
            labels={field: wording(field) for field in FIELDS},
            civilities=tuple(contract.Choice(one, wording(f"civility_{one}")) for one in CIVILITIES),
            roles=tuple(contract.Choice(one, wording(f"role_{one}")) for one in ROLES) if offers_roles else (),
            common_domains=COMMON_DOMAINS,
            actions=(wording.action("code"),) if _code_typed_at(s) else (),
            **said,
            **framed(s, step),
        )

    def _said(self, s: Situation) -> dict[str, Any]:
        """What stands in the fields: the last try, or what was kept."""
        if values := s.record.turn.values:
            return values
        said = s.registration.identity or Identity(email=s.account.login if s.account else "")
        return {
            "role": said.role,
            "civility": said.civility,
            "last_name": said.last_name,
            "first_name": said.first_name,
            "no_first_name": bool(said.last_name) and not said.first_name,
            "email": said.email,
        }

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.IdentityAnswer,
        weighed: None,
    ) -> Outcome:
        identity, errors = _checked(s, answer)
        if errors:
            return Stay(errors, values=_shortened(answer))
        if s.account and not same(identity.email, s.account.login):
            _become_nobody(s)
        s.registration.identity = identity
        if s.account:
            await name_registrant(tx, s.account)
        elif not house.institution.registration.verify_email_first:
            s.registration.known_contact = await _is_known(tx, identity.email)
        return Onward()

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        return To(_code_typed_at(s))


def _checked(s: Situation, answer: contract.IdentityAnswer) -> tuple[Identity, dict[str, str]]:
    """What was typed in the form it is kept in, and what is wrong with it, by field."""
    errors: dict[str, str] = {}

    def name(field: str, typed: str) -> str:
        try:
            return names.checked(typed)
        except FieldRefused as refused:
            errors[field] = s.say(refused.say)
            return ""

    said = Identity(
        role="client" if answer.role == "client" and s.library.institution.registration.allow_on_behalf else "self",
        civility=answer.civility if answer.civility in CIVILITIES else "",
        last_name=name("last_name", answer.last_name),
        first_name="" if answer.no_first_name else name("first_name", answer.first_name),
    )
    try:
        said = replace(said, email=checked(s, answer.email))
    except AddressRefused as refused:
        errors["email"] = refused.sentence
    return said, errors


def _shortened(answer: contract.IdentityAnswer) -> dict[str, object]:
    """Safe to show again, however much was typed."""
    return {
        "role": answer.role if answer.role in ROLES else "self",
        "civility": answer.civility if answer.civility in CIVILITIES else "",
        "last_name": answer.last_name[:80],
        "first_name": answer.first_name[:80],
        "no_first_name": answer.no_first_name,
        "email": answer.email[:254],
    }


def _become_nobody(s: Situation) -> None:
    """Another address is another account: what was said goes on as a claim, until that one is proved."""
    s.claim.registration = from_text(as_text(s.draft.registration), Registration)
    s.claim.registration.known_contact = False
    s.claim.registration.establishments = ()
    s.account, s.record.account_id, s.proofs = None, None, {}


async def _is_known(tx: Transaction, email: str) -> bool:
    """A contact, or somebody who is registered: in the order of the paper guide both go straight to the thanks."""
    if await sirets_of_contact(tx.connection, email) is not None:
        return True
    registrant = await find_registrant(tx.connection, email)
    return registrant is not None and registrant.status == "active"


def _code_typed_at(s: Situation) -> str:
    """The step beside the way where a code that was received is typed; empty where there is none."""
    return next((one.place for one in s.journey.steps if one.kind == "activation_code"), "") if not s.account else ""
