"""The person's own password, and with it the one write that makes the account active (domain.md §6.7, §10.4)."""

from dataclasses import dataclass

from api_client import contract
from api_client.passwords import Rule, broken, judge, prepare
from api_client.secret import Secret
from backend.database.store import Transaction
from backend.hashing import Overloaded
from backend.house import House
from backend.journeys import JourneyStep
from backend.people.person import without_mailbox
from backend.provisioning import Activation, Credential, DirectoryUnavailable
from backend.situation import Situation
from backend.stages.provisional_password import is_letters_password
from backend.stages.stage import Onward, Outcome, Stage, Stay, framed


@dataclass(frozen=True)
class _Weighed:
    broken: tuple[str, ...] = ()
    credential: Credential | None = None
    error: str = ""


class NewPasswordStage(Stage[contract.NewPasswordAnswer]):
    """Every broken rule is told at once; a directory that is down costs nothing but a moment."""

    kind = "new_password"
    words = frozenset({"title", "lead", "label", "confirmation"})
    barrier = True

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"person", "address"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.draft.password_set_at is not None

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
            if Rule.TOO_LONG not in flaws and await is_letters_password(house, s.known, answer.password):
                flaws = (*flaws, Rule.IDENTICAL)
            if flaws:
                return _Weighed(broken=flaws)
            chosen = Secret(prepare(password, policy))
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
            await house.provisioning.activate(tx, self._activation(house, s), weighed.credential)
        except DirectoryUnavailable:
            return Stay({"": s.say("directory_down")})
        await self._close(house, tx, s)
        return Onward()

    def _activation(self, house: House, s: Situation) -> Activation:
        account, draft = s.known, s.known.draft
        without = without_mailbox(account.person, house.institution.vacataires)
        return Activation(
            login=account.login,
            backup_email=draft.backup_email,
            listed=bool(draft.listed),
            redirection=draft.redirection if draft.redirection and draft.redirection.address else None,
            charter=draft.charter,
            mailbox="none" if without else "queued",
        )

    async def _close(self, house: House, tx: Transaction, s: Situation) -> None:
        """What an active account no longer needs goes: the letter, every link. The person is told by mail."""
        account = s.known
        account.draft.password_set_at = s.now
        account.status = "active"
        account.provisional_hash = None
        s.replace_token = True
        await house.proofs.revoke(tx, account.id)
        await house.audit.record(tx, actor="person", subject=account.id, action="password.set", channel="tui")
        await house.audit.record(tx, actor="person", subject=account.id, action="account.activated", channel="tui")
        addresses = [account.draft.backup_email]
        if not without_mailbox(account.person, house.institution.vacataires):
            addresses.append(account.institutional_email)
        for address in addresses:
            await house.post.write(
                tx,
                kind="M5",
                recipient=address,
                locale=s.record.locale,
                account_id=account.id,
                proof_id=None,
                not_after=None,
            )
