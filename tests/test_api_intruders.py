"""Nobody is let in: not with another screen's token, not past a step, not by guessing."""

import secrets
from itertools import product

import httpx
import pytest
from msgspec.structs import asdict

from api_client import contract
from api_client.contract import Act, Answer
from api_client.secret import Secret
from backend.web.operations import OPERATIONS, Operation
from tests.backend_house import BackendHouse, Screen, kind_of
from tests.robot import robot

pytest_plugins = ["tests.house_fixtures"]

SEATED = [operation for operation in OPERATIONS if operation.seated]
BODIES: dict[str, bytes] = {
    "/v1/enrolments/{id}/answers": b'{"kind":"login","login":"p00000400013"}',
    "/v1/enrolments/{id}/locale": b'{"locale":"en"}',
}
RIGHT_ANSWERS: tuple[Answer, ...] = (
    contract.LoginAnswer(login="p00000400013"),
    contract.ProvisionalPasswordAnswer(password=Secret("A-B-C")),
    contract.BackupEmailAnswer(address="moi@example.org", confirmation="moi@example.org"),
    contract.LinkSentAnswer(code=Secret("ABCD-EFGH-JKMN")),
    contract.ActivationCodeAnswer(code=Secret("ABCD-EFGH-JKMN")),
    contract.ActivationResendAnswer(address="elodie.lefevre@univ-exemple.example"),
    contract.TakeOverAnswer(here=True),
    contract.CharterAnswer(accepted=True, sha256="0" * 64),
    contract.PublicDirectoryAnswer(listed=True),
    contract.MailboxAnswer(),
    contract.RedirectionAnswer(redirect=False, address="", keep_copy=True),
    contract.NewPasswordAnswer(password=Secret("Cerisier-Bleu-42"), confirmation=Secret("Cerisier-Bleu-42")),
    contract.PhonePairingAnswer(code=Secret("123456")),
    contract.RecoveryCodesAnswer(kept=True),
    contract.NoticeAnswer(),
    contract.MenuAnswer(choice="finish"),
    contract.CurrentPasswordAnswer(password=Secret("Cerisier-Bleu-42")),
    contract.SecondFactorAnswer(code=Secret("123456")),
    contract.DeviceConfirmationAnswer(pair=True),
    contract.DevicesAnswer(revoke="0" * 32),
    contract.IdentityAnswer(
        role="self", civility="", last_name="FICTIF", first_name="Boris", no_first_name=False, email="b@example.org"
    ),
    contract.ConsentAnswer(given=True),
    contract.TopicsAnswer(chosen=()),
    contract.EstablishmentAnswer(type="adherent", number="00001007400011"),
    contract.EstablishmentChoiceAnswer(siret="00001007400011"),
    contract.MemberNumberAnswer(number="AB123456"),
    contract.IdccAnswer(code="0573"),
    contract.AssistanceSubjectAnswer(motive="blocked", profile="staff"),
    contract.AssistanceContactAnswer(institutional="a@b.example", personal="c@d.example", telephone="+33199000000"),
    contract.AssistanceMessageAnswer(text="Mon compte est bloqué depuis ce matin."),
    contract.AssistanceIdentityAnswer(value=Secret("04/11/1980")),
    Act(action="use_backup"),
)
"""One of every kind; the action is one that no step but one offers."""
ACTIONS = ("resend", "change_address", "skip", "use_backup", "hand_over", "renew", "restart", "retry", "", "../done")
LETTER = (
    "login",
    "provisional_password",
    "backup_email",
    "link_sent",
    "charter",
    "public_directory",
    "mailbox",
    "redirection",
    "new_password",
    "phone_pairing",
    "recovery_codes",
    "done",
)
MAIL = ("activation_code", "activation_resend", "charter", "new_password", "done")


def test_there_is_an_answer_of_every_kind_to_try() -> None:
    assert {type(answer) for answer in RIGHT_ANSWERS} == set(Answer.__subclasses__())


# ------------------------------------------------------------------------------------------------ another one's seat


async def knock(
    browser: httpx.AsyncClient, operation: Operation, enrolment_id: str, token: str | None, revision: int
) -> httpx.Response:
    headers = {"if-match": f'"{revision}"'} | ({"authorization": token} if token is not None else {})
    address = operation.path.replace("{id}", enrolment_id)
    return await browser.request(operation.method, address, headers=headers, content=BODIES.get(operation.path, b""))


@pytest.mark.parametrize("operation", SEATED, ids=lambda operation: f"{operation.method} {operation.path}")
async def test_another_screens_token_opens_nothing_and_says_nothing(house: BackendHouse, operation: Operation) -> None:
    """401 with one and the same body, whether the enrolment exists, the token exists, or neither."""
    mine = (await robot(house, "P001", "charter")).screen
    yours = (await robot(house, "P002", "backup_email", source="192.0.2.2")).screen
    nobodys, unknown = secrets.token_urlsafe(32), secrets.token_hex(16)
    tries = [
        (yours.enrolment.id, f"Bearer {mine.token.reveal()}"),
        (mine.enrolment.id, f"Bearer {yours.token.reveal()}"),
        (unknown, f"Bearer {mine.token.reveal()}"),
        (yours.enrolment.id, f"Bearer {nobodys}"),
        (unknown, f"Bearer {nobodys}"),
        (yours.enrolment.id, f"Bearer {yours.token.reveal()[:-1]}"),
        (yours.enrolment.id, f"Basic {yours.token.reveal()}"),
        (yours.enrolment.id, "Bearer"),
        (yours.enrolment.id, "Bearer "),
        (yours.enrolment.id, f"Bearer {yours.enrolment.id}"),
        (yours.enrolment.id, None),
        (f"{yours.enrolment.id}'--", f"Bearer {mine.token.reveal()}"),
        (yours.enrolment.id.upper(), f"Bearer {yours.token.reveal()}"),
    ]
    before = [screen.enrolment for screen in (mine, yours)]
    async with house.http("192.0.2.66") as browser:
        found = [await knock(browser, operation, id_, token, yours.enrolment.revision) for id_, token in tries]
    assert {response.status_code for response in found} == {401}
    assert len({response.content for response in found}) == 1
    assert len({str(sorted(response.headers.items())) for response in found}) == 1
    await mine.look()
    await yours.look()
    assert [screen.enrolment for screen in (mine, yours)] == before


async def test_a_token_that_was_replaced_shows_that_it_is_over_and_nothing_more(house: BackendHouse) -> None:
    """The screen before a take-over: no name, no address, no progress of the other."""
    one = await robot(house, "P001", "redirection")
    old = one.screen.token.reveal()
    code = await one.screen.client.hand_over(one.screen.enrolment)
    other = house.screen(source="192.0.2.7")
    await other.resume(code.code.reveal(), one.row["login"])
    async with house.http() as browser:
        for operation in SEATED:
            response = await knock(browser, operation, one.screen.enrolment.id, f"Bearer {old}", 1)
            assert response.status_code == 200
            shown = contract.decode(response.content, contract.Enrolment)
            assert kind_of(shown.step) == "handed_over"
            assert not any(word in response.text for word in (one.row["nom"], one.row["login"], one.backup))
    assert other.kind == "redirection"


# ------------------------------------------------------------------------------------------------------ no step skipped


async def stand_at(house: BackendHouse, place: str, journey: str) -> Screen:
    """Somebody at that step: by their letter, or by the mail that they were sent."""
    if place == "activation_resend":
        screen = await house.begun(journey)
        await screen.act("resend")
        return screen
    pairs = place in ("recovery_codes", "done")
    return (await robot(house, "P001", place, journey=journey, redirection="", pairs=pairs)).screen


STANDS = [(place, "activation-letter") for place in LETTER] + [(place, "activation-link") for place in MAIL]


@pytest.mark.parametrize(("place", "journey"), STANDS)
async def test_only_the_answer_of_the_step_that_is_shown_has_an_effect(
    house: BackendHouse, place: str, journey: str
) -> None:
    """Every other kind, and every action that is not offered, leaves revision and step as they are."""
    screen = await stand_at(house, place, journey)
    offered = {action.id for action in screen.step.actions}
    wrong: list[Answer] = [answer for answer in RIGHT_ANSWERS if kind_of(answer) not in (place, "act")]
    wrong += [Act(action=action) for action in ACTIONS if action not in offered]
    await screen.look()
    before = without_what_is_shown_once(screen)
    for answer in wrong:
        await screen.say(answer)
        assert without_what_is_shown_once(screen) == before, f"{kind_of(answer)} at {place}"
    audited = await house.actions("p00000400013")
    assert ("account.activated" in audited) is (place in ("phone_pairing", "recovery_codes", "done"))


@pytest.mark.parametrize(("place", "journey"), STANDS[::4])
async def test_the_right_kind_of_an_older_revision_has_none(house: BackendHouse, place: str, journey: str) -> None:
    screen = await stand_at(house, place, journey)
    await screen.look()
    before = screen.enrolment
    async with house.http() as browser:
        for answer, stale in product(RIGHT_ANSWERS, (0, before.revision - 1, before.revision + 1, 10**15 - 1)):
            response = await browser.post(
                f"/v1/enrolments/{before.id}/answers",
                content=contract.encode(answer),
                headers={"authorization": f"Bearer {screen.token.reveal()}", "if-match": f'"{stale}"'},
            )
            assert response.status_code == 200
            assert contract.decode(response.content, contract.Enrolment) == before


def without_what_is_shown_once(screen: Screen) -> dict[str, object]:
    return {name: value for name, value in asdict(screen.enrolment).items() if name != "server_time"}


# ------------------------------------------------------------------------------------------------------------ guessing


@pytest.mark.slow
async def test_thousands_of_guessed_links_find_nothing_and_close_no_door(house: BackendHouse) -> None:
    """After 30 in 5 minutes a source is told to wait (security.md §5); a real link still opens from there."""
    await robot(house, "P001", "link_sent")
    mail = await house.newest_mail("lefevre.01@example.com")
    seen: dict[int, int] = {}
    async with house.http("192.0.2.66") as browser:
        for _ in range(2_000):
            response = await browser.get(f"/l/{secrets.token_urlsafe(32)}")
            seen[response.status_code] = seen.get(response.status_code, 0) + 1
        assert seen == {404: 30, 429: 1_970}
        assert (await browser.get(mail.path)).status_code == 200


async def test_guessed_hand_over_codes_are_refused_alike_then_told_to_wait(house: BackendHouse) -> None:
    """The same words whatever is wrong; 30 an hour from one source (domain.md §3.4)."""
    one = await robot(house, "P001", "charter")
    async with house.http("192.0.2.66") as browser:
        answers = [
            await browser.post("/v1/resumptions", content=contract.encode(guess))
            for guess in (
                *(contract.Resume(code=Secret(f"{n:012d}"), known=one.row["login"]) for n in range(15)),
                *(contract.Resume(code=Secret("no code at all"), known="x" * 4000) for _ in range(15)),
            )
        ]
        assert {response.status_code for response in answers} == {422}
        assert len({response.content for response in answers}) == 1
        one_too_many = await browser.post(
            "/v1/resumptions", content=contract.encode(contract.Resume(code=Secret("0" * 12), known="x"))
        )
    assert (one_too_many.status_code, one_too_many.json()["type"]) == (429, "too-many-tries")
    assert 3500 < int(one_too_many.headers["retry-after"]) <= 3601
