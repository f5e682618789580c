"""What is thirty days old goes; what a person gave stays (domain.md §14.2)."""

from api_client.contract import BackupEmailAnswer, Charter, LinkSent, LinkSentAnswer
from api_client.secret import Secret
from backend.database.tables import enrolments, mails, proofs, seats
from backend.housekeeping import KEPT, forget
from tests.backend_house import BackendHouse, letter

pytest_plugins = ["tests.house_fixtures"]

ADDRESS = "faure.25@example.org"


async def test_forty_days_later_only_the_draft_is_left(house: BackendHouse) -> None:
    screen = await house.begun()
    await screen.login(*letter("P025"))
    step = await screen.say(BackupEmailAnswer(address=ADDRESS, confirmation=ADDRESS))
    assert isinstance(step, LinkSent)
    code = (await house.newest_mail(ADDRESS)).code
    assert isinstance(await screen.say(LinkSentAnswer(code=Secret(code))), Charter)

    async with house.house.store.write() as tx:
        await forget(tx, house.clock() - KEPT)
    assert await house.count(enrolments) == 1, "nothing of today goes"
    assert await house.count(seats) > 0

    house.clock.move(days=40)
    async with house.house.store.write() as tx:
        await forget(tx, house.clock() - KEPT)
    for table in (enrolments, seats, proofs, mails):
        left = (
            await house.count(table) if table is not mails else await house.count(mails, mails.c.proof_id.isnot(None))
        )
        assert left == 0, f"{table.name} are gone"
    assert (await house.account(letter("P025")[0])).draft.backup_email == ADDRESS, (
        "the person still finds what they gave"
    )
