"""The person's own password, typed twice and judged by every rule at once (domain.md §6.7, §11.8)."""

from dataclasses import dataclass

from api_client import contract
from api_client.passwords import Rule, broken, judge, prepare
from api_client.secret import Secret
from backend.database.store import Transaction
from backend.hashing import Overloaded
from backend.house import House
from backend.journeys import JourneyStep
from backend.provisioning import Credential, DirectoryUnavailable
from backend.situation import Account, Situation
from backend.stages.chosen_password import change, set_first
from backend.stages.provisional_password import is_letters_password
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


@dataclass(frozen=True)
class _Weighed:
    broken: tuple[str, ...] = ()
    credential: Credential | None = None
    error: str = ""


class NewPasswordStage(Stage[contract.NewPasswordAnswer]):
    """The first one makes the account active; any other is in its place at once. Needs a directory that answers."""

    kind = "new_password"
    words = frozenset({"title", "lead", "label", "confirmation"})
    barrier = True
    changes = True

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"person", "address"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.claim.password_set_at is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.NewPassword:
        wording = s.wording(step)
        return contract.NewPassword(
            label=wording("label"),
            confirmation_label=wording("confirmation"),
            policy=s.library.institution.password_policy,
            refused_words=s.known.person.identity,
            broken=tuple(s.record.turn.values.get("broken", ())),
            **framed(s, step),
        )

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.NewPasswordAnswer
    ) -> _Weighed:
        policy, person = house.institution.password_policy, s.known.person
        if answer.password != answer.confirmation:
            return _Weighed()
        try:
            password = answer.password.reveal()
            flaws = broken(judge(password, policy, person.identity, person.birth_date))
            chosen = Secret(prepare(password, policy))
            if Rule.TOO_LONG not in flaws and await _was_theirs(house, s.known, answer.password, chosen):
                flaws = (*flaws, Rule.IDENTICAL)
            if flaws:
                return _Weighed(broken=flaws)
            return _Weighed(credential=await house.provisioning.prepare(s.known.login, chosen))
        except Overloaded:
            return _Weighed(error="service_full")
        except DirectoryUnavailable:
            return _Weighed(error="directory_down")

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.NewPasswordAnswer,
        weighed: _Weighed,
    ) -> Outcome:
        if weighed.error:
            return Stay({"": s.say(weighed.error)})
        if weighed.broken:
            return Stay({"password": s.say("password_broken")}, values={"broken": list(weighed.broken)})
        if weighed.credential is None:
            return Stay({"confirmation": s.say("password_differs")})
        try:
            await (set_first if s.known.status == "inactive" else change)(house, tx, s, weighed.credential)
        except DirectoryUnavailable:
            return Stay({"": s.say("directory_down")})
        return Onward()


async def _was_theirs(house: House, account: Account, typed: Secret, chosen: Secret) -> bool:
    """Whether it is the one that they were given, or the one that they have."""
    return await is_letters_password(house, account, typed) or await house.provisioning.is_current(
        account.login, chosen
    )
