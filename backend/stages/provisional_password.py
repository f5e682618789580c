"""The letter's password: counted before it is weighed, weighed as slowly for an unknown login as for a known one."""

from dataclasses import dataclass
from datetime import datetime

from api_client import contract
from api_client.codes import LENGTH_WITH_CHECK, canonical, check_is_right
from api_client.secret import Secret
from backend import throttle
from backend.accounts import find_account, load_account, save_account
from backend.audit import Action
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.people.person import plain_provisional
from backend.situation import Account, Situation
from backend.stages.entry import seat_person
from backend.stages.stage import Outcome, Stage, Stay, clock_time, framed


@dataclass(frozen=True)
class _Weighed:
    right: bool = False
    typo: bool = False
    wait: datetime | None = None
    account_id: str = ""


class ProvisionalPasswordStage(Stage[contract.ProvisionalPasswordAnswer]):
    """One sentence for an unknown login, a wrong password, an active account and a void letter (domain.md §3.3)."""

    kind = "provisional_password"
    gives = frozenset({"person"})
    later = ("backup_email", "new_password")
    words = frozenset({"title", "lead", "label"})
    barrier = True

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"name"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.account is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.ProvisionalPassword:
        retry_at = s.record.turn.values.get("retry_at")
        return contract.ProvisionalPassword(
            label=s.wording(step)("label"),
            check_character=s.library.institution.provisional.check_character,
            retry_at=datetime.fromisoformat(retry_at) if retry_at else None,
            **framed(s, step),
        )

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.ProvisionalPasswordAnswer
    ) -> _Weighed:
        typed = answer.password.reveal()
        if house.institution.provisional.check_character and check_is_right(typed) is False:
            return _Weighed(typo=True)
        source = s.record.source
        async with house.store.write() as tx:
            account = await find_account(tx.connection, s.claim.login)
            whose = _counted_as(account, s.claim.login)
            tries = (throttle.SOURCE, source), (throttle.PROVISIONAL_PAIR, whose, source)
            if wait := await house.throttle.count_all(tx, *tries):
                return _Weighed(wait=wait.until)
            # A hundred were counted: the next one, counted or made to wait, is one too many.
            spent = await house.throttle.count(tx, throttle.PROVISIONAL_ACCOUNT, whose) is not None
            failures = await house.throttle.consecutive(tx.connection, throttle.PROVISIONAL_ACCOUNT, whose)
            if (spent or failures > throttle.VOID_LETTER_AFTER) and account and account.provisional_hash:
                account.provisional_hash = None
                await save_account(tx, account)
                await house.audit.record(
                    tx, actor="system", subject=account.id, action="letter.voided", channel="system"
                )
        right = await house.hasher.verify(_letter_hash(account, s.now), Secret(_as_hashed(account, typed)))
        return _Weighed(right=right, account_id=account.id if account else "")

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.ProvisionalPasswordAnswer,
        weighed: _Weighed,
    ) -> Outcome:
        if weighed.typo:
            return Stay({"password": s.say("provisional_typo")})
        if weighed.wait:
            until = clock_time(s, weighed.wait)
            values = {"retry_at": weighed.wait.isoformat()}
            return Stay({"password": s.say("provisional_wait", until=until)}, values=values)
        action: Action = "login.provisional.ok" if weighed.right else "login.provisional.ko"
        await house.audit.record(tx, actor="person", subject=weighed.account_id, action=action, channel="tui")
        if not weighed.right:
            return Stay({"password": s.say("provisional_wrong")})
        account = await load_account(tx.connection, weighed.account_id)
        await house.throttle.give_back(tx, throttle.SOURCE, s.record.source)
        await house.throttle.succeed(tx, throttle.PROVISIONAL_PAIR, account.login, s.record.source)
        await house.throttle.succeed(tx, throttle.PROVISIONAL_ACCOUNT, account.login)
        if _letter_hash(account, s.now) is None:  # activated or reprinted since it was weighed
            return Stay({"password": s.say("provisional_wrong")})
        return await seat_person(house, tx, s, account)


def _counted_as(account: Account | None, typed: str) -> str:
    """Whose tries these are: login, alias and address of one person share them."""
    return account.login if account else typed.lower()


def _letter_hash(account: Account | None, now: datetime) -> str | None:
    """The hash that counts; None for nobody, an account that is not to be activated, and a letter past its time."""
    if account is None or account.status != "inactive" or account.provisional_expires_at is None:
        return None
    return account.provisional_hash if now < account.provisional_expires_at else None


def _as_hashed(account: Account | None, typed: str) -> str:
    """Ours in the canonical form of its alphabet; another system's as printed, but for spaces and hyphens."""
    if account is None or account.provisional_issued:
        ours = canonical(typed, LENGTH_WITH_CHECK)
        if ours:
            return ours
    return plain_provisional(typed)


async def is_letters_password(house: House, account: Account, password: Secret) -> bool:
    """Whether somebody chose the letter's password as their own (ASVS 6.4.1). Raises Overloaded."""
    if account.provisional_hash is None:
        return False
    return await house.hasher.is_same(account.provisional_hash, Secret(_as_hashed(account, password.reveal())))
