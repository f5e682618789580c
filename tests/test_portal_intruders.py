"""Nobody learns who is registered, takes what another typed, or gains anything by typing twice (domain.md §3.3)."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.database.tables import accounts, audit, inquiries, mails, proofs
from backend.housekeeping import forget
from backend.portal.registrants import find_registrant, forget_registrations
from tests.backend_house import PEOPLE, BackendHouse, Screen
from tests.registering import JOURNEY, Registrant, account_of, open_portal, registering, somebody
from tests.test_indistinguishable import Timed, answered, least_telling

pytest_plugins = ["tests.portal_fixtures"]

CONTACT = "claire.dupont@societe-fictive.example"
"""C01; the other addresses of these tests are masked as it is."""
UNKNOWN, ACTIVE, BEGUN = (f"c{digit}t@societe-fictive.example" for digit in "123")


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


def identity(email: str) -> contract.IdentityAnswer:
    return contract.IdentityAnswer(
        role="self", civility="", last_name="Serrane", first_name="Inès", no_first_name=False, email=email
    )


async def with_code(house: BackendHouse, code: str) -> Screen:
    """« J’ai déjà reçu un code », typed at a new screen."""
    screen = await house.begun(JOURNEY)
    await screen.act("code")
    await screen.say(contract.ActivationCodeAnswer(code=Secret(code)))
    return screen


# ----------------------------------------------------------------------------------------------- who is known


async def test_every_address_reads_the_same_until_it_is_proved(portal: BackendHouse) -> None:
    """A contact, nobody, somebody registered, somebody half way: byte for byte, the rail included."""
    await registering(portal, somebody(email=ACTIVE))
    await registering(portal, somebody(email=BEGUN), "topics")
    seen = {}
    for email in (CONTACT, UNKNOWN, ACTIVE, BEGUN):
        screen = await portal.begun(JOURNEY)
        shown = [await answered(portal, screen, identity(email))]
        await screen.look()
        shown.append(await answered(portal, screen, contract.ConsentAnswer(given=False)))
        await portal.house.background.drain()
        await screen.look()
        assert isinstance(screen.step, contract.LinkSent)
        assert screen.step.delivery == "sent"
        wrong = contract.LinkSentAnswer(code=Secret("ZZZZ-ZZZZ-ZZZZ"))
        seen[email] = [*shown, await answered(portal, screen, wrong)]
    bodies = {tuple(body.replace(email.encode(), b"") for body, _ in shown) for email, shown in seen.items()}
    assert len(bodies) == 1, seen
    assert len({tuple(names) for shown in seen.values() for _, names in shown}) == 1


async def test_who_is_registered_is_told_by_mail_alone(portal: BackendHouse) -> None:
    """M10, with nothing in it that opens anything."""
    await registering(portal, somebody(email=ACTIVE))
    before = await account_of(portal, ACTIVE)
    again = await registering(portal, somebody(email=ACTIVE, last_name="Intrus"), "link_sent")
    mail = await portal.newest_mail(ACTIVE)
    assert mail.subject == "Vous avez déjà un compte Mon Espace Exemple"
    assert "/l/" not in mail.text
    assert again.kind == "link_sent"
    assert await account_of(portal, ACTIVE) == before


async def test_in_the_order_of_the_guide_who_is_registered_goes_to_the_thanks_and_gets_the_mail(
    guide: BackendHouse,
) -> None:
    await registering(guide, somebody(email=ACTIVE))
    again = await registering(guide, somebody(email=ACTIVE), "link_sent")
    assert again.passed == ["identity", "consent", "notice"]
    assert (await guide.newest_mail(ACTIVE)).subject == "Vous avez déjà un compte Mon Espace Exemple"


@pytest.mark.slow
@pytest.mark.alone
async def test_a_known_address_takes_no_longer_than_an_unknown_one(tmp_path: Path) -> None:
    async with open_portal(tmp_path / "data") as house:

        def attempt(number: int) -> Timed:
            async def timed(pair: int, known: bool) -> float:
                source = f"2001:db8:{number}:{pair}::{int(known)}"
                contacts = (CONTACT, "aya.nguessan@hotel-fictif.example", "y.lebihan@securite-exemple.example")
                email = contacts[pair % 3] if known else f"personne.{number}.{pair}@courriel.example"
                screen = await house.begun(JOURNEY, source=source)
                await screen.say(identity(email))
                began = time.perf_counter()
                await screen.say(contract.ConsentAnswer(given=False))
                took = time.perf_counter() - began
                await house.house.background.drain()
                house.clock.move(hours=3)
                return took

            return timed

        found = await least_telling(attempt)
    assert found[-1].tells_nothing, found


# --------------------------------------------------------------------------------------- what another has typed


async def test_whoever_typed_my_address_consents_to_nothing_for_me(portal: BackendHouse) -> None:
    """The mail's code lets its owner in at another screen: the consent is asked again, and was not recorded."""
    stranger = Registrant("SERRANE", "Inès", UNKNOWN, consents=True)
    await registering(portal, stranger, "link_sent")
    owner = await with_code(portal, (await portal.newest_mail(UNKNOWN)).code)
    assert isinstance(owner.step, contract.Consent)
    assert owner.step.given is False
    account = await account_of(portal, UNKNOWN)
    assert account.draft.registration.support_consent is None
    assert await portal.count(audit, audit.c.action == "consent.support.given") == 0


async def test_no_establishment_is_anybodys_before_their_address_is_proved(guide: BackendHouse) -> None:
    one = await registering(guide, "R01", "link_sent")
    async with guide.house.store.read() as connection:
        await guide.deliver()
        account = await find_registrant(connection, one.who.email)
    assert account is not None
    assert account.draft.registration.establishments == ()
    assert account.person.last_name == ""


async def test_a_link_moves_no_screen_that_waits_for_another_address(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(email=UNKNOWN), "link_sent")
    step = one.step
    assert isinstance(step, contract.LinkSent)
    first = await portal.newest_mail(UNKNOWN)
    await one.screen.act("change_address")
    one.who = somebody(email="autre@courriel.example")
    await one.walk("link_sent")
    await portal.deliver()
    await portal.press(first, step.number)
    assert isinstance(await one.screen.look(), contract.LinkSent)
    assert one.screen.enrolment.status == "waiting"


async def test_a_link_pressed_with_the_wrong_number_proves_nothing(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "link_sent")
    step, mail = one.step, await portal.newest_mail(one.who.email)
    assert isinstance(step, contract.LinkSent)
    assert step.number
    assert "<form" in await portal.press(mail, 10 + (step.number - 9) % 90)
    assert (await one.account()).draft.backup_proved_at is None
    assert isinstance(await one.screen.look(), contract.LinkSent)


async def test_codes_of_one_purpose_open_nothing_of_another(portal: BackendHouse) -> None:
    await portal.import_people("P001")
    activation = (await portal.newest_mail(PEOPLE["P001"]["mail_secours"])).code
    screen = await with_code(portal, activation)
    assert screen.step.errors == {"code": said(portal, "code_wrong")}
    one = await registering(portal, somebody(), "link_sent")
    other = await portal.begun("activation-link")
    code = Secret((await portal.newest_mail(one.who.email)).code)
    assert (await other.say(contract.ActivationCodeAnswer(code=code))).errors == {"code": said(portal, "code_wrong")}


async def test_a_portal_account_is_none_of_the_universitys(portal: BackendHouse) -> None:
    """The same address in two realms is two accounts; a letter's login is none of the portal's."""
    await portal.import_people("P001")
    address = PEOPLE["P001"]["mail_institutionnel"]
    one = await registering(portal, somebody(email=address))
    assert one.kind == "done"
    assert (await portal.account(address)).status == "inactive"
    assert (await account_of(portal, address)).status == "active"


async def test_a_proof_renews_the_token_and_the_old_one_dies(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "link_sent")
    before = one.screen.token.reveal()
    await one.take(one.step)
    assert one.screen.token.reveal() != before
    await one.walk("establishment")
    async with portal.http() as http:
        path = f"/v1/enrolments/{one.screen.enrolment.id}"
        assert (await http.get(path, headers={"Authorization": f"Bearer {before}"})).json()["status"] == "handed_over"


async def test_the_hand_over_asks_for_the_address(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "topics")
    code = await one.screen.client.hand_over(one.screen.enrolment)
    assert code.known_label == said(portal, "known_label_address")
    other = portal.screen()
    await other.resume(code.code.reveal(), one.who.email.upper())
    assert other.kind == "topics"


# ------------------------------------------------------------------------------------------------- twice, and late


async def test_the_same_answer_twenty_times_at_once_counts_once(portal: BackendHouse) -> None:
    one = await registering(portal, "R09", "member_number")
    wrong = contract.MemberNumberAnswer(number="AD999999")
    await asyncio.gather(*(one.screen.client.answer(one.screen.enrolment, wrong) for _ in range(20)))
    assert (await one.said()).member_number_tries == 1


async def test_a_number_typed_twice_is_one_inquiry(portal: BackendHouse) -> None:
    one = await registering(portal, "R12", "establishment")
    answer = one.answer(one.step)
    await asyncio.gather(*(one.screen.client.answer(one.screen.enrolment, answer) for _ in range(10)))
    assert await portal.count(inquiries) == 1


async def test_an_identity_sent_twice_is_one_mail_and_one_account(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "consent")
    answer = contract.ConsentAnswer(given=True)
    await asyncio.gather(*(one.screen.client.answer(one.screen.enrolment, answer) for _ in range(10)))
    assert len(await portal.mails(one.who.email)) == 1
    assert await portal.count(accounts) == 1


async def test_the_same_address_again_sends_no_second_mail(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "link_sent")
    await one.screen.back()
    await one.screen.back()
    await one.walk("link_sent")
    assert len(await portal.mails(one.who.email)) == 1


async def test_one_address_is_written_to_three_times_an_hour_whoever_asks(portal: BackendHouse) -> None:
    for place in range(5):
        one = await registering(portal, somebody(), "link_sent", source=f"192.0.2.{place}")
        assert isinstance(one.step, contract.LinkSent)
        assert one.step.number, "the same screen, mail or no mail"
    await portal.deliver()
    assert await portal.count(mails, mails.c.kind == "M9") == 3


async def test_one_source_asks_for_twenty_mails_an_hour(portal: BackendHouse) -> None:
    for number in range(22):
        await registering(portal, somebody(email=f"n{number}@courriel.example"), "link_sent")
    await portal.deliver()
    assert await portal.count(mails, mails.c.kind == "M9") == 20


async def test_the_link_lives_seven_days_and_the_registration_with_it(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "establishment")
    mail = await portal.newest_mail(one.who.email)
    portal.clock.move(days=6, hours=23)
    again = await with_code(portal, mail.code)
    assert isinstance(again.step, contract.Establishment), "where it was left"
    portal.clock.move(hours=2)
    late = await with_code(portal, mail.code)
    assert isinstance(late.step, contract.Expired)
    assert "mardi 10 novembre 2026" in late.step.lead
    assert "operateur.example/contact" in late.step.contact, "who helps here is not the university"
    assert isinstance(await late.act("restart"), contract.Identity)


async def test_a_code_opens_nothing_once_the_account_is_there(portal: BackendHouse) -> None:
    one = await registering(portal, somebody())
    screen = await with_code(portal, (await portal.newest_mail(one.who.email)).code)
    assert screen.step.errors == {"code": said(portal, "code_wrong")}


async def test_consent_is_recorded_given_and_withdrawn(portal: BackendHouse) -> None:
    """A-37: unticked, it was never given."""
    silent = await registering(portal, somebody(email="a@courriel.example"))
    assert (await silent.said()).support_consent is False
    account = await silent.account()
    actions = (audit.c.subject == account.id, audit.c.action.like("consent.support.%"))
    assert await portal.count(audit, *actions) == 0
    one = await registering(portal, Registrant("SERRANE", "Inès", "b@courriel.example", consents=True), "topics")
    await one.screen.back()
    await one.screen.say(contract.ConsentAnswer(given=False))
    account = await one.account()
    for what in ("given", "withdrawn"):
        theirs = (audit.c.subject == account.id, audit.c.action == f"consent.support.{what}")
        assert await portal.count(audit, *theirs) == 1
    assert (await one.said()).support_consent_at == portal.clock()


async def test_a_registration_left_for_thirty_days_is_forgotten(portal: BackendHouse) -> None:
    left = await registering(portal, somebody(email="a@courriel.example"), "topics")
    await registering(portal, somebody(email="b@courriel.example"))
    portal.clock.move(days=29)
    back = await registering(portal, somebody(email="c@courriel.example"), "topics")
    portal.clock.move(days=10)
    async with portal.house.store.write() as tx:
        await forget(tx, portal.clock() - timedelta(days=30))
        await forget_registrations(tx, portal.clock() - timedelta(days=30))
    async with portal.house.store.read() as connection:
        assert await find_registrant(connection, left.who.email) is None
        assert await find_registrant(connection, "b@courriel.example") is not None
        assert await find_registrant(connection, back.who.email) is not None
    assert await portal.count(proofs, proofs.c.purpose == "registration") == 1
