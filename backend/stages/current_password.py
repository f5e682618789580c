"""The password of an active account: counted before it is weighed, weighed as slowly for nobody as for somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api_client import contract
from backend import throttle
from backend.accounts import find_account, load_account
from backend.audit import Action
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.entry import recognise, take_seat
from backend.stages.second_factor import is_still_asked
from backend.stages.stage import Onward, Outcome, Stage, Stay, To, clock_time, framed

FRESH = timedelta(minutes=10)
"""For so long the password just given is enough to change something (domain.md §7.1: a fresh authentication)."""


@dataclass(frozen=True)
class _Weighed:
    right: bool = False
    wait: datetime | None = None
    account_id: str = ""


class CurrentPasswordStage(Stage[contract.CurrentPasswordAnswer]):
    """One sentence for an unknown login, a wrong password and an account that is not active (domain.md §3.3).

    It lets in, and is asked again before a change that comes late in the visit: at the menu, so that nobody fills a
    form in vain, and once more when the form is sent, since a form is left open as easily as a menu.
    """

    kind = "current_password"
    gives = frozenset({"person", "address"})
    words = frozenset({"title", "lead", "label", "act_cancel"})
    barrier = True

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset({"name"})

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.claim.password_given_at is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.CurrentPassword:
        wording, retry_at = s.wording(step), s.record.turn.values.get("retry_at")
        return contract.CurrentPassword(
            label=wording("label"),
            retry_at=datetime.fromisoformat(retry_at) if retry_at else None,
            actions=(wording.action("cancel", back=True),) if s.claim.wanted else (),
            **framed(s, step),
        )

    async def weigh(
        self, house: House, s: Situation, step: JourneyStep, answer: contract.CurrentPasswordAnswer
    ) -> _Weighed:
        async with house.store.write() as tx:
            account = s.account or await find_account(tx.connection, s.claim.login, s.journey.realms)
            whose = account.login if account else s.claim.login.lower()
            wait = await house.throttle.count_all(
                tx,
                (throttle.SOURCE, s.record.source),
                (throttle.PASSWORD_PAIR, whose, s.record.source),
                (throttle.PASSWORD_ACCOUNT, whose),
            )
        if wait:
            return _Weighed(wait=wait.until)
        right = await house.provisioning.verify(whose, answer.password)
        return _Weighed(right=right and account is not None, account_id=account.id if account else "")

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.CurrentPasswordAnswer,
        weighed: _Weighed,
    ) -> Outcome:
        if weighed.wait:
            until = clock_time(s, weighed.wait)
            values = {"retry_at": weighed.wait.isoformat()}
            return Stay({"password": s.say("password_wait", until=until)}, values=values)
        account = await load_account(tx.connection, weighed.account_id) if weighed.right else None
        if account and account.status != "active":  # locked since it was weighed, or never made active here
            account = None
        action: Action = "login.password.ok" if account else "login.password.ko"
        await house.audit.record(tx, actor="person", subject=weighed.account_id, action=action, channel="tui")
        if account is None:
            return Stay({"password": s.say("password_wrong")})
        await house.throttle.give_back(tx, throttle.SOURCE, s.record.source)
        await house.throttle.succeed(tx, throttle.PASSWORD_PAIR, account.login, s.record.source)
        await house.throttle.succeed(tx, throttle.PASSWORD_ACCOUNT, account.login)
        s.claim.password_given_at = s.now
        if wanted := s.claim.wanted:
            s.claim.wanted = ""
            return To(wanted)
        await recognise(house, tx, s, account)
        return Onward() if is_still_asked(s) else await take_seat(house, tx, s)

    async def act(self, house: House, tx: Transaction, s: Situation, step: JourneyStep, action: str) -> Outcome:
        s.claim.wanted = ""
        return Onward(resume=True)


def ask_again(s: Situation, wanted: str) -> Outcome | None:
    """The password first, where it was asked in this visit and too long ago; ``wanted`` comes after it.

    A form that was sent too late comes back empty: what stood in it may be somebody else's, who passed by.
    """
    given = s.claim.password_given_at
    if given is None or s.now - given <= FRESH:
        return None
    s.claim.wanted = wanted
    place = next(step.place for step in s.journey.steps if step.kind == CurrentPasswordStage.kind)
    return To(place, notice=s.say("password_again_form" if wanted == s.record.place else "password_again"))
