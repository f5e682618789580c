"""Every row of ``transitions.csv`` of the registration on the portal is walked; a new one fails here."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.portal.register import Found, RegisterUnavailable
from tests.backend_house import BackendHouse
from tests.registering import JOURNEY, Registrant, open_portal, registering, somebody
from tests.robot import PASSWORD
from tests.transitions import REGISTRATION, Row, Walks, rows

pytest_plugins = ["tests.portal_fixtures"]
pytestmark = pytest.mark.slow

walks = Walks()
row = walks.row


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[BackendHouse]:
    """The rows are of the paper guide's order; what they say holds in both."""
    async with open_portal(tmp_path / "data", address_first=False) as house:
        yield house


@pytest.mark.parametrize("transition", rows(*REGISTRATION), ids=str)
async def test_the_row_is_walked(house: BackendHouse, transition: Row) -> None:
    await walks.walk(transition, house)


def test_every_walk_has_a_row() -> None:
    assert walks.idle(*REGISTRATION) == set()


@row("registration", "LOGIN", "create_account")
async def the_door_leads_to_the_identity(house: BackendHouse) -> None:
    screen = await house.begun(JOURNEY)
    assert screen.kind == "identity"
    assert "même si vous aviez déjà un compte" in screen.step.lead


@row("registration", "IDENTITY", "next")
async def the_notice_is_read_before_going_on(house: BackendHouse) -> None:
    one = await registering(house, "R02", "consent")
    step = one.step
    assert isinstance(step, contract.Consent)
    assert not step.given
    assert "dpo@operateur.example" in step.text
    assert "CNIL" in step.text
    await one.walk("new_password")
    assert (await one.said()).support_consent is True


@row("registration", "CHECK_CONTACT", "auto", "is a known contact")
async def a_known_contact_is_thanked_at_once(house: BackendHouse) -> None:
    one = await registering(house, "R13", "notice")
    assert one.passed == ["identity", "consent"]
    assert "reconnu(e) en tant que contact" in one.step.title
    await one.walk("link_sent")
    assert (await house.newest_mail("CLAIRE.DUPONT@societe-fictive.example")).subject.startswith("Bienvenue")


@row("registration", "CHECK_CONTACT", "auto", "unknown")
async def anybody_else_chooses_topics(house: BackendHouse) -> None:
    assert (await registering(house, "R01", "topics")).passed == ["identity", "consent"]


@row("registration", "CHECK_CONTACT", "auto", "already owns a portal account")
async def somebody_registered_is_thanked_and_told_by_mail(house: BackendHouse) -> None:
    await registering(house, somebody())
    again = await registering(house, somebody(), "notice")
    assert again.passed == ["identity", "consent"]
    await again.walk("link_sent")
    assert (await house.newest_mail(again.who.email)).subject == "Vous avez déjà un compte Mon Espace Exemple"


@row("registration", "TOPICS", "next")
async def any_number_of_topics_will_do(house: BackendHouse) -> None:
    none = await registering(house, "R03", "establishment")
    assert none.kind == "establishment"
    one = await registering(house, "R07", "establishment")
    assert one.kind == "establishment"
    await one.walk("new_password")
    assert (await one.said()).topics == ("CONTRIBUTION", "DOSSIERS", "FACTURES", "REGLEMENTS")


@row("registration", "TOPICS", "previous")
async def going_back_keeps_what_was_typed(house: BackendHouse) -> None:
    one = await registering(house, "R01", "topics")
    await one.screen.back()
    identity = await one.screen.back()
    assert isinstance(identity, contract.Identity)
    assert (identity.last_name, identity.first_name) == ("DURAND", "CLAIRE")


@row("registration", "ESTABLISHMENT", "next", "Luhn/format wrong")
async def a_wrong_number_is_told_on_its_field(house: BackendHouse) -> None:
    for scenario in ("R06", "R08"):
        step = (await registering(house, scenario)).step
        assert isinstance(step, contract.Establishment)
        assert "number" in step.errors


@row("registration", "ESTABLISHMENT", "next", "SIREN with several active establishments")
async def several_establishments_are_to_be_chosen_from(house: BackendHouse) -> None:
    assert (await registering(house, "R02", "establishment_choice")).kind == "establishment_choice"


@row("registration", "PICK_SIRET", "choose")
async def the_chosen_one_is_looked_at(house: BackendHouse) -> None:
    one = await registering(house, "R02", "member_number")
    assert one.passed[-1] == "establishment_choice"


@row("registration", "ESTABLISHMENT", "next", "or SIREN with one establishment")
async def a_single_establishment_is_taken(house: BackendHouse) -> None:
    for number in ("00001001700010", "000010017"):
        one = await registering(house, somebody(number=number), "member_number")
        assert one.passed[-1] == "establishment"


@row("registration", "CHECK_ESTABLISHMENT", "auto", "recognised by our system")
async def one_that_is_recognised_has_a_number(house: BackendHouse) -> None:
    assert (await registering(house, "R01", "member_number")).kind == "member_number"


@row("registration", "CHECK_ESTABLISHMENT", "auto", "active at INSEE (A)")
async def one_that_is_active_has_an_agreement(house: BackendHouse) -> None:
    for scenario in ("R03", "R10"):
        assert (await registering(house, scenario, "idcc")).kind == "idcc"


@row("registration", "CHECK_ESTABLISHMENT", "auto", "closed (F) or unknown")
async def neither_is_refused_with_whom_to_ask(house: BackendHouse) -> None:
    for scenario in ("R05", "R11"):
        one = await registering(house, scenario)
        assert one.kind == "establishment"
        assert "https://operateur.example/contact" in one.step.errors["number"]


@row("registration", "CHECK_ESTABLISHMENT", "auto", "INSEE unreachable")
async def a_silent_register_keeps_the_request(house: BackendHouse) -> None:
    one = await registering(house, "R12")
    assert isinstance(one.step, contract.Pending)
    assert "nous la vérifierons et vous écrirons" in one.step.lead


@row("registration", "MEMBER_NUMBER", "next", "number matches the establishment and type")
async def the_right_number_is_thanked_for(house: BackendHouse) -> None:
    one = await registering(house, "R01", "notice")
    assert one.step.title == "Merci pour votre inscription"
    await one.walk("link_sent")
    assert (await house.newest_mail(one.who.email)).subject == "Bienvenue sur Mon Espace Exemple"


@row("registration", "MEMBER_NUMBER", "next", "number wrong (5 tries)")
async def five_wrong_numbers_lead_to_the_contact(house: BackendHouse) -> None:
    one = await registering(house, "R09", "member_number")
    for _ in range(5):
        await one.take(one.step)
    assert one.kind == "member_number"
    assert "https://operateur.example/contact" in one.step.errors["number"]


@row("registration", "IDCC", "next")
async def a_known_agreement_is_kept_for_review(house: BackendHouse) -> None:
    one = await registering(house, "R04", "new_password")
    assert [(kept.idcc, kept.state) for kept in (await one.said()).establishments] == [("0573", "to_review")]
    assert (await house.newest_mail(one.who.email)).subject == "Bienvenue sur Mon Espace Exemple"


@row("registration", "PENDING_INSEE", "insee_back")
async def an_answer_goes_on_by_itself(house: BackendHouse) -> None:
    one = await registering(house, "R12")
    object.__setattr__(house.house, "register", _Back())
    house.clock.move(seconds=31)
    await house.parts.resumption.look_again()
    assert isinstance(await one.screen.look(), contract.Idcc)


@row("registration", "THANKS", "finish")
async def the_end_of_the_thanks_is_the_mail(house: BackendHouse) -> None:
    one = await registering(house, "R13", "link_sent")
    assert one.screen.enrolment.status == "waiting"


@row("registration", "WAIT_EMAIL", "link_opened")
async def the_link_leads_to_the_password(house: BackendHouse) -> None:
    one = await registering(house, "R13", "new_password")
    assert (await one.account()).draft.backup_proved_at == house.clock()
    assert isinstance(one.step, contract.NewPassword)


@row("registration", "SET_PASSWORD", "submit")
async def the_password_opens_the_account(house: BackendHouse) -> None:
    one = await registering(house, "R01", "new_password")
    unequal = contract.NewPasswordAnswer(password=Secret(PASSWORD), confirmation=Secret("autre"))
    assert (await one.screen.say(unequal)).errors
    assert (await one.account()).status == "inactive"
    await one.take(one.step)
    assert (await one.account()).status == "active"
    assert await house.house.provisioning.verify(one.who.email, Secret(PASSWORD))


@row("registration", "ACTIVE", "first_login")
async def a_known_contact_has_every_establishment(house: BackendHouse) -> None:
    one = await registering(house, Registrant.of_contact("C06"))
    assert {kept.siret for kept in (await one.said()).establishments} == {
        "00001001700010",
        "00001002500013",
        "00001003300017",
        "00001015700014",
    }


class _Back:
    """INSEE's register, up again."""

    async def find(self, siret: str) -> Found | None:
        return Found(siret=siret, active=True)

    async def of_siren(self, siren: str) -> tuple[Found, ...]:
        raise RegisterUnavailable(timedelta(seconds=1))

    async def close(self) -> None:
        pass
