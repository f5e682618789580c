"""Nobody learns which logins and addresses exist: the same bytes, and the same time (domain.md §3.3).

Times are taken in one process, at the real cost of a password, known and unknown in turns, so that whatever else the
machine does falls on both. Nothing is discarded.
"""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest

from api_client import contract
from api_client.secret import Secret
from backend.accounts import save_account
from backend.hashing import Cost
from tests.backend_house import PEOPLE, BackendHouse, Screen, letter, open_house
from tests.robot import PASSWORD, robot

pytest_plugins = ["tests.house_fixtures"]

PAIRS = 300
ATTEMPTS = 3
"""The whole measurement may be made again on a machine that was busy; a real difference shows every time."""
LEAST_AUC, MOST_AUC = 0.45, 0.55
MOST_MILLISECONDS = 2.0
WRONG = "aaaa-bbbb-cccc"
VARIES = {"id", "server_time", "expires_at"}


def without_what_varies(body: bytes) -> bytes:
    """The bytes but for the id, the instants and the number of the waiting screen."""
    told = json.loads(body)
    told["step"].pop("number", None)
    return json.dumps({name: value for name, value in told.items() if name not in VARIES}).encode()


async def answered(house: BackendHouse, screen: Screen, answer: contract.Answer) -> tuple[bytes, list[str]]:
    """The raw response: its body without what varies, and the names of its headers."""
    headers = {
        "Authorization": f"Bearer {screen.token.reveal()}",
        "If-Match": f'"{screen.enrolment.revision}"',
        "Content-Type": "application/json",
    }
    async with house.http() as http:
        path = f"/v1/enrolments/{screen.enrolment.id}/answers"
        response = await http.post(path, headers=headers, content=contract.encode(answer))
    assert response.status_code == 200
    return without_what_varies(response.content), sorted(response.headers)


async def test_every_reason_for_a_refused_letter_reads_the_same(house: BackendHouse) -> None:
    """Unknown, wrong, active, locked, never activated by letter, void: byte for byte."""
    voided = PEOPLE["P002"]["login"]
    account = await house.account(voided)
    account.provisional_hash = None
    async with house.house.store.write() as tx:
        await save_account(tx, account)
    await robot(house, "P007", "done")
    tries = {
        "unknown": ("p99999999999", WRONG),
        "wrong": (PEOPLE["P001"]["login"], WRONG),
        "active before": (PEOPLE["P003"]["login"], WRONG),
        "active now, with the letter's own password": letter("P007"),
        "locked, with the right password": letter("P009"),
        "void, with the right password": (voided, PEOPLE["P002"]["mdp_provisoire_test"]),
        "right, but of somebody else": (PEOPLE["P001"]["login"], PEOPLE["P004"]["mdp_provisoire_test"]),
    }
    seen = {}
    for reason, (login, password) in tries.items():
        screen = await house.begun()
        await screen.say(contract.LoginAnswer(login="p00000000000"))
        await screen.back()
        await screen.say(contract.LoginAnswer(login=login))
        seen[reason] = await answered(house, screen, contract.ProvisionalPasswordAnswer(password=Secret(password)))
    assert len({body for body, _ in seen.values()}) == 1, seen
    assert len({tuple(names) for _, names in seen.values()}) == 1


async def test_every_reason_for_a_refused_password_reads_the_same(house: BackendHouse) -> None:
    """Unknown, wrong, never activated, active elsewhere before, locked: byte for byte."""
    await robot(house, "P007", "done")
    tries = {
        "unknown": ("p99999999999", PASSWORD),
        "wrong": (PEOPLE["P007"]["login"], WRONG),
        "not activated, with the letter's password": letter("P001"),
        "active before": (PEOPLE["P003"]["login"], PASSWORD),
        "locked": (PEOPLE["P009"]["login"], PASSWORD),
    }
    seen = {}
    for reason, (login, password) in tries.items():
        screen = await house.begun("my-account")
        await screen.say(contract.LoginAnswer(login=login))
        seen[reason] = await answered(house, screen, contract.CurrentPasswordAnswer(password=Secret(password)))
    assert len({body for body, _ in seen.values()}) == 1, seen
    assert len({tuple(names) for _, names in seen.values()}) == 1


async def test_every_address_that_asks_for_a_mail_reads_the_same(house: BackendHouse) -> None:
    """Unknown, active, locked, without a backup address, and one that gets its mail: byte for byte."""
    addresses = ["personne@univ-exemple.example"]
    addresses += [PEOPLE[one]["mail_institutionnel"] for one in ("P001", "P003", "P005", "P009", "P010", "P014")]
    asked = []
    for address in addresses:
        screen = await house.begun("activation-link")
        await screen.act("resend")
        asked.append(await answered(house, screen, contract.ActivationResendAnswer(address=address)))
        await house.house.background.drain()
        await screen.look()
        shown = json.dumps({**json.loads(contract.encode(screen.step)), "number": 0})
        asked[-1] = (asked[-1][0] + shown.encode(), asked[-1][1])
    assert len({body for body, _ in asked}) == 1
    assert len({tuple(names) for _, names in asked}) == 1


# --------------------------------------------------------------------------------------------------------- the time


@dataclass(frozen=True)
class Difference:
    """Between two rows of seconds: how well one tells them apart, and by how much."""

    auc: float
    milliseconds: float

    @property
    def tells_nothing(self) -> bool:
        return LEAST_AUC <= self.auc <= MOST_AUC and abs(self.milliseconds) < MOST_MILLISECONDS


def difference(known: list[float], unknown: list[float]) -> Difference:
    """AUC: the share of pairs in which the known one took longer (Mann and Whitney), ties counted as half."""
    one, other = np.array(known)[:, None], np.array(unknown)[None, :]
    auc = float(np.mean((one > other) + 0.5 * (one == other)))
    return Difference(auc, float(np.median(known) - np.median(unknown)) * 1000)


def test_a_difference_would_be_seen() -> None:
    """The measure itself: on forty milliseconds, with the noise of a machine, one is seen."""
    random = Random(1)
    times = [random.gauss(0.040, 0.0005) for _ in range(PAIRS)]
    assert difference(times, times[::-1]) == Difference(0.5, 0)
    assert not difference([one + 0.001 for one in times], times).tells_nothing
    assert not difference(times, [one + 0.001 for one in times]).tells_nothing


Timed = Callable[[int, bool], Awaitable[float]]


async def measured(timed: Timed) -> Difference:
    """``PAIRS`` of each, in turns, the order of every pair at random."""
    random = Random(2)
    rows: dict[bool, list[float]] = {True: [], False: []}
    for pair in range(PAIRS):
        for known in random.sample((True, False), 2):
            rows[known].append(await timed(pair, known))
    return difference(rows[True], rows[False])


async def least_telling(timed: Callable[[int], Timed]) -> list[Difference]:
    found = []
    for attempt in range(ATTEMPTS):
        found.append(await measured(timed(attempt)))
        if found[-1].tells_nothing:
            break
    return found


@pytest.fixture
async def timed_house(tmp_path: Path) -> AsyncIterator[BackendHouse]:
    async with open_house(tmp_path / "data", cost=Cost()) as house:
        await house.deliver()
        yield house


@pytest.mark.slow
@pytest.mark.alone
async def test_a_known_login_takes_no_longer_than_an_unknown_one(timed_house: BackendHouse) -> None:
    house = timed_house
    logins = [row["login"] for row in PEOPLE.values()]

    def attempt(number: int) -> Timed:
        async def timed(pair: int, known: bool) -> float:
            # Another login and another place each time: no throttle answers instead of the hash.
            login = logins[pair % len(logins)] if known else f"p8{number}{pair:09}"
            screen = await house.begun(source=f"2001:db8:{number}:{pair}::{int(known)}")
            await screen.say(contract.LoginAnswer(login=login))
            answer = contract.ProvisionalPasswordAnswer(password=Secret(WRONG))
            began = time.perf_counter()
            step = await screen.say(answer)
            took = time.perf_counter() - began
            assert step.errors == {"password": house.house.library.say("provisional_wrong", "fr")}
            return took

        return timed

    found = await least_telling(attempt)
    assert found[-1].tells_nothing, found


@pytest.mark.slow
@pytest.mark.alone
async def test_an_account_takes_no_longer_to_be_refused_than_a_login_that_nobody_has(timed_house: BackendHouse) -> None:
    house = timed_house
    logins = [row["login"] for row in PEOPLE.values()]

    def attempt(number: int) -> Timed:
        async def timed(pair: int, known: bool) -> float:
            login = logins[pair % len(logins)] if known else f"p8{number}{pair:09}"
            screen = await house.begun("my-account", source=f"2001:db8:{number}:{pair}::{int(known)}")
            await screen.say(contract.LoginAnswer(login=login))
            answer = contract.CurrentPasswordAnswer(password=Secret(WRONG))
            began = time.perf_counter()
            step = await screen.say(answer)
            took = time.perf_counter() - began
            assert step.errors == {"password": house.house.library.say("password_wrong", "fr")}
            return took

        return timed

    found = await least_telling(attempt)
    assert found[-1].tells_nothing, found


@pytest.mark.slow
@pytest.mark.alone
async def test_a_mail_asked_for_takes_no_longer_when_there_is_somebody_to_send_it_to(timed_house: BackendHouse) -> None:
    house = timed_house
    addresses = [row["mail_institutionnel"] for row in PEOPLE.values() if row["etat_initial"] == "lien_envoye"]

    def attempt(number: int) -> Timed:
        async def timed(pair: int, known: bool) -> float:
            if pair % len(addresses) == 0:
                house.clock.move(days=1)  # or the fourth mail of somebody would not be sent any more
            address = addresses[pair % len(addresses)] if known else f"personne.{number}.{pair}@univ-exemple.example"
            screen = await house.begun("activation-link", source=f"2001:db8:{number}:{pair}::{int(known)}")
            await screen.act("resend")
            began = time.perf_counter()
            await screen.say(contract.ActivationResendAnswer(address=address))
            took = time.perf_counter() - began
            await house.house.background.drain()
            return took

        return timed

    found = await least_telling(attempt)
    assert found[-1].tells_nothing, found
