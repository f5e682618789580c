"""Many at once: one effect, one mail, one account, whoever comes first."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from api_client import contract
from api_client.secret import Secret
from backend.audit import Fault
from backend.database.tables import audit, directory, mails, proofs
from backend.parts import HEAD_FILE
from tests.backend_house import PEOPLE, BackendHouse, kind_of, letter
from tests.robot import PASSWORD, robot

pytest_plugins = ["tests.house_fixtures"]

LOGIN = PEOPLE["P001"]["login"]
MANY = 50
QUICK = ("provisional_password", "new_password")
SLOW = ("login", "backup_email", "charter", "public_directory", "mailbox", "redirection")
PLACES = [*QUICK, *(pytest.param(place, marks=pytest.mark.slow) for place in SLOW)]


async def recorded(house: BackendHouse) -> Counter[str]:
    """How often each thing was done to this person."""
    return Counter(await house.actions(LOGIN))


@pytest.mark.parametrize("place", PLACES)
async def test_fifty_times_enter_is_once(house: BackendHouse, place: str) -> None:
    """Fifty identical answers in parallel: all see the next step, and what was done was done once."""
    walker = await robot(house, "P001", place)
    asked, answer = walker.screen.enrolment, walker.answer(walker.screen.step)
    sent, before = await house.count(mails), await recorded(house)
    seen = await asyncio.gather(*(walker.screen.client.answer(asked, answer) for _ in range(MANY)))
    assert {(one.revision, kind_of(one.step)) for one in seen} == {(asked.revision + 1, kind_of(seen[0].step))}
    assert kind_of(seen[0].step) != place
    done = await recorded(house) - before
    assert set(done.values()) <= {1}, done
    due = {"backup_email": 1, "new_password": 2}
    assert await house.count(mails) - sent == due.get(place, 0)


async def test_a_double_enter_costs_one_try(house: BackendHouse) -> None:
    screen = await house.begun()
    await screen.say(contract.LoginAnswer(login=LOGIN))
    wrong = contract.ProvisionalPasswordAnswer(password=Secret("aaaa-bbbb-cccc"))
    for _ in range(5):
        asked = screen.enrolment
        await asyncio.gather(*(screen.client.answer(asked, wrong) for _ in range(4)))
        await screen.look()
        assert screen.step.errors == {"password": house.house.library.say("provisional_wrong", "fr")}
    assert (await recorded(house))["login.provisional.ko"] == 5


@pytest.mark.slow
async def test_a_link_pressed_in_many_browsers_while_its_code_is_typed_proves_once(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    step, mail = walker.screen.step, await house.newest_mail(walker.backup)
    assert isinstance(step, contract.LinkSent)
    typed = contract.LinkSentAnswer(code=Secret(mail.code))
    presses = [house.press(mail, step.number) for _ in range(20)]
    answers = [walker.screen.client.answer(walker.screen.enrolment, typed) for _ in range(20)]
    await asyncio.gather(*presses, *answers)
    assert isinstance(await walker.screen.look(), contract.Charter)
    assert (await recorded(house))["link.consumed"] == 1


async def test_two_screens_that_enter_at_once_leave_one_that_goes_on(house: BackendHouse) -> None:
    screens = [await house.begun(source=f"192.0.2.{number}") for number in (1, 2)]
    await asyncio.gather(*(screen.login(*letter("P001")) for screen in screens))
    assert sorted(screen.kind for screen in screens) == ["backup_email", "take_over"]
    await asyncio.gather(*(screen.say(contract.TakeOverAnswer(here=True)) for screen in screens))
    for screen in screens:
        await screen.look()
    assert sorted(screen.kind for screen in screens) == ["backup_email", "handed_over"]


async def test_one_hand_over_code_typed_at_many_screens_seats_one(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "mailbox")
    granted = await walker.screen.client.hand_over(walker.screen.enrolment)
    wish = contract.encode(contract.Resume(code=granted.code, known=LOGIN))

    async def resumed() -> int:
        async with house.http() as http:
            return (await http.post("/v1/resumptions", content=wish)).status_code

    assert Counter(await asyncio.gather(*(resumed() for _ in range(5)))) == {201: 1, 422: 4}


@pytest.mark.slow
async def test_many_people_at_once_each_get_their_own_account(house: BackendHouse) -> None:
    people = [one for one, row in PEOPLE.items() if row["etat_initial"] == "lien_envoye"][:12]
    await asyncio.gather(*(robot(house, one, "done", source=f"198.51.100.{n}") for n, one in enumerate(people)))
    query = select(directory.c.login)
    async with house.house.store.read() as connection:
        made = set((await connection.execute(query)).scalars())
    assert {PEOPLE[one]["login"] for one in people} <= made
    for one in people:
        assert await house.house.provisioning.verify(PEOPLE[one]["login"], Secret(PASSWORD))
        entry = await house.house.provisioning.entry(PEOPLE[one]["login"])
        assert entry is not None
        assert entry.backup_email == PEOPLE[one]["mail_secours"], "nobody got somebody else's address"
    found = await house.house.audit.verify(house.house.store, house.data / HEAD_FILE)
    assert found.fault in (None, Fault.HEAD_MISSING), "the chain is whole; its head is exported a moment later"


async def test_requests_for_a_new_mail_at_once_send_one(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    house.clock.move(minutes=1)
    await walker.screen.look()
    issued, sent = await house.count(proofs), await house.count(mails)
    asked = walker.screen.enrolment
    await asyncio.gather(*(walker.screen.client.answer(asked, contract.Act(action="resend")) for _ in range(20)))
    assert (await house.count(proofs), await house.count(mails)) == (issued + 1, sent + 1)
    assert await house.count(audit, audit.c.action == "link.issued", audit.c.channel == "tui") == 2
