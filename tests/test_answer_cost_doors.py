"""What an answer costs at the doors of portal, account, phone and assistance: no table is walked."""

from api_client import contract
from api_client.addresses import check
from api_client.contract import Answer, AnyStep
from api_client.secret import Secret
from tests.asking import caller
from tests.backend_house import BackendHouse, Screen
from tests.counting import MOST_STATEMENTS, Tally, walked
from tests.phones import PhoneBrowser
from tests.registering import JOURNEY, Registering, Registrant
from tests.robot import PASSWORD
from tests.signing_in import AGNES, offer_of, signed_in
from tests.visits import NEW_BACKUP, NEW_PASSWORD, activated

pytest_plugins = ["tests.house_fixtures", "tests.portal_fixtures", "tests.counting_fixtures"]

MOST_COMMITS = 2
"""A try is counted, and that is kept, before it is weighed."""


async def cheap(
    house: BackendHouse, tally: Tally, screen: Screen, answer: Answer, *, hashes: int = 0, most: int = MOST_STATEMENTS
) -> AnyStep:
    """Give that answer, and count."""
    kind = screen.kind
    tally.empty()
    step = await screen.say(answer)
    assert not step.errors, step
    assert len(tally.statements) <= most, (kind, [sql for sql, _ in tally.statements])
    assert 1 <= tally.commits <= MOST_COMMITS, kind
    assert tally.hashes == hashes, kind
    assert not walked(house.data, tally.statements), kind
    return step


async def test_every_answer_of_a_registration_is_cheap(portal: BackendHouse, tally: Tally) -> None:
    """R02 chooses an establishment, R03 says an agreement, and C06 gets four at once, with two statements for each."""
    for who in (Registrant.of_scenario("R02"), Registrant.of_scenario("R03"), Registrant.of_contact("C06")):
        one = Registering(portal, await portal.begun(JOURNEY), who)
        while one.kind != "done":
            if isinstance(one.step, contract.LinkSent):
                mail = await portal.newest_mail(check(who.email))
                answer: Answer = contract.LinkSentAnswer(code=Secret(mail.code))
            else:
                answer = one.answer(one.step)
            last = one.kind == "new_password"
            await cheap(portal, tally, one.screen, answer, hashes=int(last), most=MOST_STATEMENTS + 2 * 4 * last)


async def test_every_answer_of_a_visit_is_cheap(house: BackendHouse, tally: Tally) -> None:
    visit = await activated(house, pairs=True)
    screen, chosen = visit.screen, Secret(NEW_PASSWORD)
    await cheap(house, tally, screen, contract.LoginAnswer(login=visit.login))
    await cheap(house, tally, screen, contract.CurrentPasswordAnswer(password=Secret(PASSWORD)), hashes=1)
    await cheap(house, tally, screen, contract.SecondFactorAnswer(code=visit.phone))
    await cheap(house, tally, screen, contract.MenuAnswer(choice="directory"))
    await cheap(house, tally, screen, contract.PublicDirectoryAnswer(listed=True))
    await cheap(house, tally, screen, contract.MenuAnswer(choice="backup"))
    await cheap(house, tally, screen, contract.BackupEmailAnswer(address=NEW_BACKUP, confirmation=NEW_BACKUP))
    mail = await house.newest_mail(NEW_BACKUP)
    await cheap(house, tally, screen, contract.LinkSentAnswer(code=Secret(mail.code)))
    await cheap(house, tally, screen, contract.MenuAnswer(choice="password"))
    await cheap(house, tally, screen, contract.NewPasswordAnswer(password=chosen, confirmation=chosen), hashes=1)
    await cheap(house, tally, screen, contract.NoticeAnswer())
    done = await cheap(house, tally, screen, contract.MenuAnswer(choice="finish"))
    assert isinstance(done, contract.Done)


async def test_every_answer_of_a_request_is_cheap(house: BackendHouse, tally: Tally) -> None:
    one = await caller(house)
    while one.screen.kind != "done":
        await cheap(house, tally, one.screen, one.answer(one.step))


async def test_a_pairing_walks_no_table_on_either_side(house: BackendHouse, tally: Tally) -> None:
    """The phone's pages included, and each look of the screen that waits."""
    screen, phone = await signed_in(house), PhoneBrowser(house)
    offer = await offer_of(screen)
    tally.empty()
    await phone.claim(offer.link.reveal())
    await phone.sign_in(AGNES)
    await screen.look()
    assert isinstance(screen.step, contract.DeviceConfirmation)
    assert not walked(house.data, tally.statements)
    await cheap(house, tally, screen, contract.DeviceConfirmationAnswer(pair=True))
    tally.empty()
    await phone.look()
    await phone.press(choice="accept")
    await screen.look()
    assert isinstance(screen.step, contract.Done)
    assert not walked(house.data, tally.statements)
