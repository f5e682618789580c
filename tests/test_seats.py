"""One screen at a time holds an enrolment: taking over, tokens that change, codes that carry it elsewhere."""

import pytest

from api_client import contract
from api_client.problems import Busy, Refusal
from api_client.secret import Secret
from tests.backend_house import PEOPLE, BackendHouse, letter
from tests.robot import robot

pytest_plugins = ["tests.house_fixtures"]

LOGIN = PEOPLE["P001"]["login"]


# --------------------------------------------------------------------------------------------------- two screens


@pytest.mark.parametrize("here", [True, False])
async def test_the_second_screen_asks_before_it_takes_over(house: BackendHouse, here: bool) -> None:
    first = await robot(house, "P001", "public_directory")
    second = await house.begun(source="192.0.2.2")
    asked = await second.login(*letter("P001"))
    assert isinstance(asked, contract.TakeOver)
    assert asked.since == first.screen.enrolment.server_time
    assert isinstance(await first.screen.look(), contract.PublicDirectory), "nothing has happened yet"
    await second.say(contract.TakeOverAnswer(here=here))
    lost = await first.screen.look()
    if here:
        assert second.kind == "public_directory"
        assert isinstance(lost, contract.HandedOver)
        assert LOGIN not in contract.encode(first.screen.enrolment).decode()
        before = await house.account(LOGIN)
        await first.screen.say(contract.PublicDirectoryAnswer(listed=True))
        assert await house.account(LOGIN) == before
        assert "seat.taken_over" in await house.actions(LOGIN)
    else:
        assert isinstance(second.step, contract.Refused)
        assert second.enrolment.status == "cancelled"
        assert isinstance(lost, contract.PublicDirectory)


async def test_a_screen_that_fell_silent_is_not_asked_about(house: BackendHouse) -> None:
    first = await robot(house, "P001", "public_directory")
    house.clock.move(seconds=91)
    second = await house.begun(source="192.0.2.2")
    assert isinstance(await second.login(*letter("P001")), contract.PublicDirectory)
    assert isinstance(await first.screen.look(), contract.HandedOver)


async def test_the_token_changes_with_what_was_proved_and_the_old_one_ends_when_the_new_one_is_used(
    house: BackendHouse,
) -> None:
    walker = await robot(house, "P001", "provisional_password")
    before = walker.screen.token
    await walker.take(walker.screen.step)
    after = walker.screen.token
    assert after != before
    path = f"/v1/enrolments/{walker.screen.enrolment.id}"

    async def kind_seen(token: Secret) -> str:
        async with house.http() as http:
            answered = await http.get(path, headers={"Authorization": f"Bearer {token.reveal()}"})
        return str(answered.json()["step"]["kind"])

    assert await kind_seen(before) == "backup_email", "the response may have been lost"
    await walker.walk("link_sent")
    assert await kind_seen(after) == "link_sent"
    assert await kind_seen(before) == "handed_over"


# --------------------------------------------------------------------------------------------------- hand-over codes


async def test_a_code_carries_the_way_to_another_screen_once(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "public_directory")
    granted = await walker.screen.client.hand_over(walker.screen.enrolment)
    other = house.screen("en", "192.0.2.2")
    assert isinstance(
        await other.resume(granted.code.reveal().lower().replace("-", " "), LOGIN), contract.PublicDirectory
    )
    assert (other.enrolment.seat, other.enrolment.locale) == (2, "en")
    assert isinstance(await walker.screen.look(), contract.HandedOver)
    with pytest.raises(Refusal):
        await house.screen().resume(granted.code.reveal(), LOGIN)


async def test_the_backup_address_is_known_once_it_was_proved(house: BackendHouse) -> None:
    for place, resumes in (("link_sent", False), ("charter", True)):
        walker = await robot(house, "P001", place)
        code = (await walker.screen.client.hand_over(walker.screen.enrolment)).code.reveal()
        if resumes:
            assert isinstance(await house.screen().resume(code, walker.backup.upper()), contract.Charter)
        else:
            with pytest.raises(Refusal):
                await house.screen().resume(code, walker.backup)
            house.clock.move(minutes=2)  # the next walker takes over without asking


async def test_a_code_works_five_times_ten_minutes_and_only_the_last_one_does(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "public_directory")

    async def granted() -> str:
        return (await walker.screen.client.hand_over(walker.screen.enrolment)).code.reveal()

    async def refused(code: str, known: str) -> bool:
        async with house.http() as http:
            wish = contract.Resume(code=Secret(code), known=known)
            status = (await http.post("/v1/resumptions", content=contract.encode(wish))).status_code
        assert status in (201, 422)
        return status == 422

    first, second = await granted(), await granted()
    assert await refused(first, LOGIN), "the newer one ended it"
    for _ in range(5):
        assert await refused(second, PEOPLE["P002"]["login"])
    assert await refused(second, LOGIN), "five tries were made"
    late = await granted()
    house.clock.move(minutes=10)
    assert await refused(late, LOGIN), "ten minutes are over"
    assert await refused("not a code", LOGIN)
    assert not await refused(await granted(), LOGIN)


async def test_codes_cannot_be_guessed_by_the_hundred(house: BackendHouse) -> None:
    for _ in range(30):
        with pytest.raises(Refusal):
            await house.screen(source="198.51.100.7").resume("AAAA-BBBB-CCCC", LOGIN)
    with pytest.raises(Busy) as busy:
        await house.screen(source="198.51.100.7").resume("AAAA-BBBB-CCCC", LOGIN)
    assert 3500 < busy.value.retry_after <= 3601


async def test_there_is_nothing_to_hand_over_before_something_is_proved(house: BackendHouse) -> None:
    screen = await house.begun()
    await screen.say(contract.LoginAnswer(login=LOGIN))
    with pytest.raises(Refusal) as refused:
        await screen.client.hand_over(screen.enrolment)
    assert refused.value.problem.type == "nothing-proved"
