"""An enrolment's life: stale answers, going back, languages, idleness, locks, and what only reads."""

import json

import pytest

from api_client import contract
from api_client.problems import Gone, Refusal, SeatLost
from api_client.secret import Secret
from backend.database.tables import audit, enrolments, mails, proofs, seats, throttles
from backend.provisioning import Credential
from backend.situation import IDLE
from tests.backend_house import PEOPLE, BackendHouse, kind_of, letter
from tests.robot import robot

pytest_plugins = ["tests.house_fixtures"]

LOGIN = PEOPLE["P001"]["login"]


async def everything(house: BackendHouse) -> dict[str, int]:
    """How many rows each table has that an answer may fill."""
    return {table.name: await house.count(table) for table in (audit, enrolments, mails, proofs, seats, throttles)}


# ------------------------------------------------------------------------------------------- revisions and answers


async def test_an_answer_to_an_older_revision_has_no_effect(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "public_directory")
    before = walker.screen.enrolment
    await walker.screen.say(contract.PublicDirectoryAnswer(listed=True))
    shown = walker.screen.enrolment
    again = await walker.screen.client.answer(before, contract.PublicDirectoryAnswer(listed=False))
    assert again == shown
    assert (await house.account(LOGIN)).draft.listed is True


async def test_an_answer_that_was_replayed_costs_no_try(house: BackendHouse) -> None:
    screen = await house.begun()
    await screen.say(contract.LoginAnswer(login=LOGIN))
    asked = screen.enrolment
    wrong = contract.ProvisionalPasswordAnswer(password=Secret("aaaa-bbbb-cccc"))
    await screen.say(wrong)
    before = await everything(house)
    for _ in range(6):
        await screen.client.answer(asked, wrong)
    assert await everything(house) == before
    assert (await screen.say(wrong)).errors == {"password": house.house.library.say("provisional_wrong", "fr")}


async def test_an_answer_of_another_kind_has_no_effect(house: BackendHouse) -> None:
    screen = await house.begun()
    before = screen.enrolment
    for answer in (
        contract.CharterAnswer(accepted=True, sha256=""),
        contract.NewPasswordAnswer(password=Secret("Cerisier-Bleu-42"), confirmation=Secret("Cerisier-Bleu-42")),
        contract.Act(action="skip"),
        contract.Act(action="hand_over"),
    ):
        await screen.say(answer)
        assert screen.enrolment == before


async def test_an_action_that_is_not_offered_yet_has_no_effect(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "link_sent")
    sent, before = await house.count(mails), walker.screen.enrolment
    await walker.screen.act("resend")
    await walker.screen.act("skip")
    assert walker.screen.enrolment == before
    assert await house.count(mails) == sent


async def test_handing_over_sends_no_mail(house: BackendHouse) -> None:
    """The terminal asks for a code by another request; answering the action itself changes nothing."""
    walker = await robot(house, "P001", "link_sent")
    house.clock.move(minutes=2)
    sent, step = await house.count(mails), walker.screen.step
    assert await walker.screen.act("hand_over") == step
    assert await house.count(mails) == sent


async def test_a_revision_must_be_named(house: BackendHouse) -> None:
    screen = await house.begun()
    path = f"/v1/enrolments/{screen.enrolment.id}/answers"
    async with house.http() as http:
        headers = {"Authorization": f"Bearer {screen.token.reveal()}"}
        answered = await http.post(path, headers=headers, content=b'{"kind":"login","login":"x"}')
    assert answered.status_code == 428
    assert answered.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"kind":"login"}', b'{"kind":"login","login":7}', b"\xff\xfe", b"[" * 9000]
)
async def test_a_body_that_is_not_understood_is_refused(house: BackendHouse, body: bytes) -> None:
    screen = await house.begun()
    async with house.http() as http:
        headers = {"Authorization": f"Bearer {screen.token.reveal()}", "If-Match": '"1"'}
        answered = await http.post(f"/v1/enrolments/{screen.enrolment.id}/answers", headers=headers, content=body)
    assert answered.status_code == 400
    assert answered.json()["type"] == "not-understood"


async def test_a_body_that_is_too_long_is_refused(house: BackendHouse) -> None:
    screen = await house.begun()
    with pytest.raises(Refusal) as refused:
        await screen.say(contract.LoginAnswer(login="x" * 20_000))
    assert refused.value.problem.status == 413


async def test_a_journey_or_a_token_that_nobody_knows(house: BackendHouse) -> None:
    with pytest.raises(Gone) as unknown:
        await house.begun("no-such-journey")
    assert unknown.value.problem.type == "unknown-journey"
    one, other = await house.begun(), await house.begun()
    with pytest.raises(SeatLost):
        await one.client.current(other.enrolment)


# ------------------------------------------------------------------------------------------------------ going back


async def test_back_is_possible_everywhere_but_past_what_was_proved(house: BackendHouse) -> None:
    """A-38: what was given is shown again. Behind the letter and the new password there is no way."""
    walker = await robot(house, "P004", "provisional_password")
    back = await walker.screen.back()
    assert isinstance(back, contract.Login)
    assert back.login == PEOPLE["P004"]["login"]
    await walker.walk("backup_email")
    revision = walker.screen.enrolment.revision
    await walker.screen.back()
    assert walker.screen.enrolment.revision == revision
    await walker.walk("link_sent")
    address = await walker.screen.back()
    assert isinstance(address, contract.BackupEmail)
    assert address.address == walker.backup
    await walker.walk("redirection")
    for kind in ("mailbox", "public_directory", "charter", "backup_email"):
        await walker.screen.back()
        assert walker.screen.kind == kind
    await walker.walk("new_password")
    redirection = await walker.screen.back()
    assert isinstance(redirection, contract.Redirection)
    assert (redirection.redirect, redirection.address) == (True, PEOPLE["P004"]["mail_redirection"])
    for kind in ("phone_pairing", "done"):
        await walker.walk(kind)
        revision = walker.screen.enrolment.revision
        await walker.screen.back()
        assert (walker.screen.kind, walker.screen.enrolment.revision) == (kind, revision)


async def test_going_back_twice_at_once_goes_back_once(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "mailbox")
    before = walker.screen.enrolment
    assert (await walker.screen.client.back(before)).step.__class__ is contract.PublicDirectory
    assert (await walker.screen.client.back(before)).step.__class__ is contract.PublicDirectory


async def test_the_language_changes_and_what_was_typed_stays(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "backup_email")
    wrong = contract.BackupEmailAnswer(address="moi@example.org", confirmation="toi@example.org")
    assert set((await walker.screen.say(wrong)).errors) == {"confirmation"}
    english = await walker.screen.speak("en")
    assert isinstance(english, contract.BackupEmail)
    assert english.title == "Your backup e-mail address"
    assert english.address == "moi@example.org"
    assert english.errors == {}, "an error in the other language would be a riddle"
    assert walker.screen.enrolment.locale == "en"
    await walker.walk("link_sent")
    assert (await house.newest_mail(walker.backup)).subject == "Go on activating your UE account"
    await walker.screen.look()
    before = walker.screen.enrolment
    await walker.screen.speak("en")
    assert walker.screen.enrolment == before, "the same language again is no change"


# ------------------------------------------------------------------------------------------------- time and locks


async def test_after_half_an_hour_of_silence_everything_is_kept_but_the_seat(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "mailbox")
    house.clock.move(seconds=IDLE.total_seconds())
    assert isinstance(await walker.screen.look(), contract.Mailbox)
    house.clock.move(seconds=1)
    expired = await walker.screen.look()
    assert isinstance(expired, contract.Expired)
    assert expired.lead == house.house.library.say("expired_idle", "fr")
    assert walker.screen.enrolment.status == "expired"
    login = await walker.screen.act("restart")
    assert isinstance(login, contract.Login)
    assert login.login == LOGIN
    resumed = await walker.screen.login(*letter("P001"))
    assert isinstance(resumed, contract.Mailbox), "the first step that is not finished"
    assert resumed.notice == house.house.library.say("resumed", "fr")


async def test_an_answer_after_too_long_a_silence_is_not_taken(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "public_directory")
    house.clock.move(minutes=31)
    assert isinstance(await walker.screen.say(contract.PublicDirectoryAnswer(listed=True)), contract.Expired)
    assert (await house.account(LOGIN)).draft.listed is None


async def test_the_first_screen_waits_for_its_person_as_long_as_it_takes(house: BackendHouse) -> None:
    screen = await house.begun()
    house.clock.move(hours=2)
    assert kind_of(await screen.login(*letter("P001"))) == "backup_email"


async def test_somebody_who_waits_for_a_mail_is_not_idle(house: BackendHouse) -> None:
    """The wizard keeps asking; the deadline of the link decides, not the clock of idleness."""
    walker = await robot(house, "P001", "link_sent")
    for _ in range(5):
        house.clock.move(minutes=20)
        assert isinstance(await walker.screen.look(), contract.LinkSent)


@pytest.mark.parametrize("place", ["link_sent", "public_directory", "new_password"])
async def test_a_lock_put_on_meanwhile_stops_the_way(house: BackendHouse, place: str) -> None:
    walker = await robot(house, "P001", place)
    await house.lock(LOGIN)
    assert isinstance(await walker.screen.look(), contract.Locked)
    assert walker.screen.enrolment.status == "locked"
    assert await house.house.provisioning.entry(LOGIN) is None


async def test_an_answer_of_a_locked_account_is_not_taken(house: BackendHouse) -> None:
    walker = await robot(house, "P001", "new_password")
    await house.lock(LOGIN)
    await walker.take(walker.screen.step)
    assert walker.screen.kind == "locked"
    assert await house.house.provisioning.entry(LOGIN) is None


async def test_a_lock_or_a_long_silence_while_an_answer_is_weighed_wins(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is being hashed when it happens."""
    prepare = house.house.provisioning.prepare
    for person, kind in (("P001", "locked"), ("P002", "expired")):
        walker = await robot(house, person, "new_password")
        login = walker.row["login"]

        async def interrupted(whose: str, password: Secret, kind: str = kind) -> Credential:
            if kind == "locked":
                await house.lock(whose)
            else:
                house.clock.move(minutes=31)
            return await prepare(whose, password)

        with monkeypatch.context() as patch:
            patch.setattr(house.house.provisioning, "prepare", interrupted)
            await walker.take(walker.screen.step)
        assert (walker.screen.kind, walker.screen.enrolment.status) == (kind, kind)
        assert await house.house.provisioning.entry(login) is None


# ------------------------------------------------------------------------------------------------- what reading does


async def test_reading_changes_nothing(house: BackendHouse) -> None:
    """GET and HEAD of everything there is."""
    walker = await robot(house, "P001", "link_sent")
    mail = await house.newest_mail(walker.backup)
    await walker.screen.look()
    before, shown = await everything(house), walker.screen.enrolment
    headers = {"Authorization": f"Bearer {walker.screen.token.reveal()}"}
    async with house.http() as http:
        for method in ("GET", "HEAD", "OPTIONS"):
            for path in (
                "/v1/catalogue",
                "/v1/health",
                "/v1/enrolments",
                f"/v1/enrolments/{shown.id}",
                f"/v1/enrolments/{shown.id}/answers",
                f"/v1/enrolments/{shown.id}/back",
                f"/v1/enrolments/{shown.id}/hand-over",
                mail.path,
            ):
                await http.request(method, path, headers=headers)
    assert await everything(house) == before
    await walker.screen.look()
    assert walker.screen.enrolment == shown


async def test_a_letter_past_its_time_and_a_void_one_open_nothing(house: BackendHouse) -> None:
    house.clock.move(days=30)
    screen = await house.begun()
    refused = await screen.login(*letter("P001"))
    assert refused.errors == {"password": house.house.library.say("provisional_wrong", "fr")}
    house.clock.move(seconds=-1)
    assert isinstance(
        await screen.say(contract.ProvisionalPasswordAnswer(password=Secret(letter("P001")[1]))), contract.BackupEmail
    )


async def test_the_catalogue_speaks_both_languages(house: BackendHouse) -> None:
    for locale, title in (("fr", "Activer mon compte informatique"), ("en", "Activate my computer account")):
        async with house.http() as http:
            found = json.loads((await http.get("/v1/catalogue", params={"locale": locale})).content)
        assert [one["id"] for one in found["journeys"]] == list(house.house.library.journeys)
        assert found["journeys"][0]["title"] == title
        assert found["demonstration"] is False
