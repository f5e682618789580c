"""A mail that a screen was told of comes, whatever befalls the service between the answer and the writing of it."""

from collections.abc import Coroutine
from typing import Any

import pytest
from sqlalchemy import select

from api_client import contract
from api_client.codes import from_link
from backend.database.tables import enrolments, mails, proofs
from backend.enrolments import owing_a_mail
from backend.errands.catalogue import WAYS_IN
from backend.errands.owed import write_owed
from tests.backend_house import PEOPLE, BackendHouse, Mail, Screen
from tests.busy import keep_busy
from tests.registering import JOURNEY, Registering, Registrant

pytest_plugins = ["tests.house_fixtures"]

KNOWN, UNKNOWN = PEOPLE["P001"]["mail_institutionnel"], "personne.inconnue@univ-exemple.example"
BACKUP = PEOPLE["P001"]["mail_secours"]


async def asking(house: BackendHouse, address: str = KNOWN) -> Screen:
    """A screen that was told of a mail."""
    screen = await house.begun("activation-link")
    await screen.act("resend")
    await screen.say(contract.ActivationResendAnswer(address=address))
    assert screen.kind == "link_sent"
    return screen


async def asking_in_vain(house: BackendHouse, monkeypatch: pytest.MonkeyPatch, address: str = KNOWN) -> Screen:
    """The process is killed once the answer has left, before anything else is done."""

    def killed(work: Coroutine[Any, Any, None]) -> None:
        work.close()

    with monkeypatch.context() as patch:
        patch.setattr(house.house.background, "run", killed)
        return await asking(house, address)


async def owed(house: BackendHouse) -> int:
    async with house.house.store.read() as connection:
        return len(await owing_a_mail(connection))


async def proved(house: BackendHouse, screen: Screen, mail: Mail) -> bool:
    """Whether the page of this mail knows the number of this screen."""
    step = screen.step
    assert isinstance(step, contract.LinkSent)
    return "<h1>C’est confirmé</h1>" in await house.press(mail, step.number)


async def test_a_busy_database_only_delays_it(house: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(await house.mails(BACKUP))
    keep_busy(monkeypatch, house.house.store, 4, 5)  # begin, resend, answer; then the mail
    screen = await asking(house)
    assert len(await house.mails(BACKUP)) == before + 1
    assert await proved(house, screen, await house.newest_mail(BACKUP))


async def test_a_service_that_stops_meanwhile_still_owes_it(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        keep_busy(patch, house.house.store, *range(4, 1000))
        await asking(house)
        house.house.store.stop_insisting()
        await house.house.background.drain()
    assert await owed(house) == 1


async def test_after_a_kill_the_next_start_writes_it(house: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = await asking_in_vain(house, monkeypatch)
    before = len(await house.mails(BACKUP))
    house.clock.move(minutes=10)
    async with house.app.router.lifespan_context(house.app):
        house.posts = True
        mail = await house.newest_mail(BACKUP)
        assert len(await house.mails(BACKUP)) == before + 1
        async with house.house.store.read() as connection:
            proof = await house.house.proofs.by_token(connection, from_link(mail.link) or "")
        assert proof
        shown = screen.step
        assert isinstance(shown, contract.LinkSent)
        assert (proof.deadline, proof.number) == (shown.deadline, shown.number), "as the screen has said"
        assert await proved(house, screen, mail)
    assert await owed(house) == 0


async def test_the_mail_of_a_registration_too(house: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    who = Registrant("Exemple", "Agnès", "a.exemple@courriel.example", civility="madame")
    with monkeypatch.context() as patch:
        patch.setattr(house.house.background, "run", lambda work: work.close())
        registering = Registering(house, await house.begun(JOURNEY), who)
        await registering.walk("link_sent")
    assert await house.mails(who.email) == []
    await write_owed(house.house)
    mail = await house.newest_mail(who.email)
    assert "Agnès" in mail.text
    assert await proved(house, registering.screen, mail)


async def test_nobody_is_written_to_twice(house: BackendHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person has asked again, and the first asking is still insisted on: one mail, with the number shown."""
    screen, asked_at = await asking_in_vain(house, monkeypatch), house.clock()
    before = await house.count(proofs)
    house.clock.move(minutes=1)
    await screen.act("resend")
    for _ in range(2):
        await WAYS_IN["activation"].write_due(house.house, screen.enrolment.id, asked_at)
    await house.deliver()
    assert await house.count(proofs) == before + 1
    assert await proved(house, screen, await house.newest_mail(BACKUP))


async def test_an_address_that_is_nobody_s_owes_as_much_and_as_long(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written with the answer depends on nobody's having an account."""
    claims = []
    for address in (KNOWN, UNKNOWN):
        screen = await asking_in_vain(house, monkeypatch, address)
        async with house.house.store.read() as connection:
            query = select(enrolments.c.claim).where(enrolments.c.id == screen.enrolment.id)
            claims.append((await connection.execute(query)).scalar_one().replace(address, ""))
    written = [claim.partition('"number":')[0] + claim.partition('"resent_at":')[2] for claim in claims]
    assert written[0] == written[1]
    assert await owed(house) == 2
    await write_owed(house.house)
    await house.deliver()
    assert await owed(house) == 0
    assert await house.count(mails, mails.c.recipient == UNKNOWN) == 0


async def test_one_that_would_come_too_late_is_not_written(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asking_in_vain(house, monkeypatch)
    before = await house.count(proofs)
    house.clock.move(days=3)
    await write_owed(house.house)
    await house.deliver()
    assert await house.count(proofs) == before
    assert await owed(house) == 0
