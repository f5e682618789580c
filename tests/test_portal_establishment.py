"""The establishment: found, chosen, refused; its number, its agreement."""

import pytest

from api_client import contract
from api_client.secret import Secret
from backend import throttle
from backend.database.tables import inquiries
from backend.fields import idcc
from backend.portal.register import MOST, Found
from tests.backend_house import BackendHouse
from tests.registering import Moody, come_back, named, registering, somebody
from tests.trying import tried

pytest_plugins = ["tests.portal_fixtures"]


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


async def test_of_a_siren_the_active_ones_are_listed_head_office_first(portal: BackendHouse) -> None:
    """A-30."""
    one = await named(portal, "000 010 025")
    step = one.step
    assert isinstance(step, contract.EstablishmentChoice)
    assert [choice.id for choice in step.choices] == ["00001002500013", "00001002500021"]
    assert {choice.label for choice in step.choices} == {"HOTEL FICTIF DES ARCEAUX"}
    assert (await one.screen.say(contract.EstablishmentChoiceAnswer(siret="00001002500039"))).errors == {
        "siret": said(portal, "choose_one")
    }, "the closed one is not to be had by saying it"
    await one.screen.say(contract.EstablishmentChoiceAnswer(siret="00001002500021"))
    asked = one.step
    assert isinstance(asked, contract.MemberNumber)
    assert "000 010 025 00021" in {line.value for line in asked.establishment}
    back = await one.screen.back()
    assert isinstance(back, contract.EstablishmentChoice)
    assert back.siret == "00001002500021"


async def test_whoever_does_not_find_theirs_among_twenty_is_told_to_type_its_siret(
    portal: BackendHouse, moody: Moody
) -> None:
    every = tuple(Found(siret=f"0000100250{number:04}", active=True) for number in range(1, MOST + 1))
    more = portal.house.library.words["establishment_choice"]["more"].fr
    moody.found = every[:-1]
    assert more not in (await named(portal, "000 010 025")).step.lead
    moody.found = every
    somebody_else = await named(portal, "000 010 025", email="jean.loge@courriel.example")
    assert more in somebody_else.step.lead


async def test_of_a_siren_with_one_establishment_that_one_is_taken(portal: BackendHouse) -> None:
    assert (await named(portal, "000010017")).kind == "member_number"


async def test_a_type_that_is_none_is_told_beside_the_number(portal: BackendHouse) -> None:
    one = await named(portal, "123", "patron")
    assert one.step.errors == {"type": said(portal, "choose_one"), "number": said(portal, "siret_length")}


async def test_the_number_counts_for_its_establishment_and_type_alone(portal: BackendHouse) -> None:
    """domain.md §11.10: any case, with spaces; not the one of another establishment, nor of another type."""
    one = await named(portal, "00001001700010")
    assert (await one.screen.say(contract.MemberNumberAnswer(number="AD000002"))).errors
    await one.screen.say(contract.MemberNumberAnswer(number=" ad 000001 "))
    assert one.kind == "notice"
    other = await named(portal, "00001005800014", email="autre@courriel.example")
    assert (await other.screen.say(contract.MemberNumberAnswer(number="OF000001"))).errors
    await other.screen.back()
    await other.screen.say(contract.EstablishmentAnswer(type="organisme_formation", number="00001005800014"))
    await other.screen.say(contract.MemberNumberAnswer(number="of000001"))
    assert other.kind == "notice"


async def test_five_wrong_numbers_end_the_tries_of_the_registration(portal: BackendHouse) -> None:
    """A-35: the right one does not help any more, nor another establishment, nor coming back by the code."""
    one = await registering(portal, "R09", "member_number")
    for left in range(4, 0, -1):
        step = await one.take(one.step)
        assert step.errors == {"number": said(portal, "member_number_wrong", left=left)}
    exhausted = {"number": said(portal, "member_number_exhausted")}
    assert (await one.take(one.step)).errors == exhausted
    assert "https://operateur.example/contact" in exhausted["number"]
    assert (await one.screen.say(contract.MemberNumberAnswer(number="AD000009"))).errors == exhausted
    await one.screen.back()
    await one.screen.say(contract.EstablishmentAnswer(type="adherent", number="00001001700010"))
    assert (await one.screen.say(contract.MemberNumberAnswer(number="AD000001"))).errors == exhausted
    code = (await portal.newest_mail(one.who.email)).code
    again = await come_back(portal, code)
    assert (await again.screen.say(contract.MemberNumberAnswer(number="AD000001"))).errors == exhausted
    assert (await one.account()).status == "inactive"


async def test_a_number_that_cannot_be_one_costs_no_try(portal: BackendHouse) -> None:
    one = await registering(portal, "R09", "member_number")
    for typed in ("", "numéro ?", "9" * 21):
        step = await one.screen.say(contract.MemberNumberAnswer(number=typed))
        assert step.errors["number"] in (said(portal, "member_number_empty"), said(portal, "member_number_form"))
    assert (await one.said()).member_number_tries == 0


async def test_one_source_tries_thirty_numbers_an_hour(portal: BackendHouse) -> None:
    for number in range(6):
        one = await registering(portal, somebody(email=f"n{number}@courriel.example"), "member_number")
        for _ in range(5):
            await one.screen.say(contract.MemberNumberAnswer(number="AD999999"))
    one = await registering(portal, somebody(email="n7@courriel.example"), "member_number")
    step = await one.screen.say(contract.MemberNumberAnswer(number="AD000001"))
    assert "number" in step.errors
    assert (await one.said()).member_number_tries == 0, "it was not compared"


async def test_the_right_numbers_of_a_company_behind_one_address_are_given_back(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "member_number")
    await tried(portal, 29, throttle.MEMBER_NUMBER, "192.0.2.1")
    step = await one.screen.say(contract.MemberNumberAnswer(number="AD000001"))
    assert not isinstance(step, contract.MemberNumber), step.errors
    await tried(portal, 1, throttle.MEMBER_NUMBER, "192.0.2.1")


async def test_a_closed_one_that_is_known_is_told_and_left_to_an_adviser(portal: BackendHouse) -> None:
    one = await named(portal, "00001002500039")
    step = one.step
    assert isinstance(step, contract.MemberNumber)
    assert step.notice == said(portal, "establishment_closed")
    await one.screen.say(contract.MemberNumberAnswer(number="AD000004"))
    await one.walk()
    assert [attached.state for attached in (await one.said()).establishments] == ["to_review"]


@pytest.mark.parametrize(
    ("typed", "kept", "state"),
    [("573", "0573", "to_review"), ("1979", "1979", "to_review"), ("1486", "1486", "out_of_scope")],
)
async def test_an_agreement_is_kept_as_four_digits_and_its_perimeter_marked(
    portal: BackendHouse, typed: str, kept: str, state: str
) -> None:
    """A-32, and E13 which is « hors champ »."""
    one = await named(portal, "00001011600010")
    step = one.step
    assert isinstance(step, contract.Idcc)
    assert {choice.id for choice in step.choices} == set(idcc.agreements())
    assert not step.optional
    for wrong, key in (("", "idcc_empty"), ("12345", "idcc_form"), ("0001", "idcc_unknown")):
        assert (await one.screen.say(contract.IdccAnswer(code=wrong))).errors == {"code": said(portal, key)}
    await one.screen.say(contract.IdccAnswer(code=typed))
    assert one.kind == "notice"
    attached = (await one.said()).establishments
    assert [(one.idcc, one.state) for one in attached] == [(kept, state)]


async def test_a_training_provider_may_do_without_an_agreement(portal: BackendHouse) -> None:
    """X-30."""
    one = await named(portal, "00001010800017", "organisme_formation")
    step = one.step
    assert isinstance(step, contract.Idcc)
    assert step.optional
    await one.screen.say(contract.IdccAnswer(code=""))
    await one.walk()
    assert [(one.idcc, one.state) for one in (await one.said()).establishments] == [("", "to_review")]


async def test_a_name_that_is_not_published_is_shown_nowhere(portal: BackendHouse) -> None:
    """E18."""
    step = (await named(portal, "00001016500017")).step
    assert isinstance(step, contract.Idcc)
    assert [line.value for line in step.establishment] == ["000 010 165 00017"]


async def test_another_number_forgets_what_followed_from_the_first(portal: BackendHouse) -> None:
    one = await registering(portal, "R01", "notice")
    for _ in range(2):
        await one.screen.back()
    await one.screen.say(contract.EstablishmentAnswer(type="adherent", number="00001007400011"))
    assert one.kind == "idcc"
    assert (await one.said()).establishments == ()


async def test_one_place_has_ten_numbers_a_minute_looked_up(portal: BackendHouse, moody: Moody) -> None:
    """Nobody uses up what INSEE answers to everybody: beyond it nothing is asked, and nothing waits to be."""
    moody.found = ()
    one = await registering(portal, somebody(), "establishment")
    for wrong in ("123", *["000 010 074"] * 10):
        await one.screen.say(contract.EstablishmentAnswer(type="adherent", number=wrong))
    assert one.step.errors == {"number": said(portal, "establishment_unknown")}
    other = await registering(portal, somebody(email="jean.loge@courriel.example"), "establishment")
    for same_place in (one, other):
        step = await same_place.screen.say(contract.EstablishmentAnswer(type="adherent", number="000 010 017"))
        assert isinstance(step, contract.Establishment)
        assert step.errors == {"number": said(portal, "establishment_wait")}
        assert (step.type, step.number) == ("adherent", "000 010 017"), "to be sent again as it is"
    assert moody.asked == 10
    assert await portal.count(inquiries) == 0

    elsewhere = await registering(portal, "R09", "establishment", source="192.0.2.2")
    moody.found = (Found(siret="00001007400011", active=True),)
    await elsewhere.screen.say(contract.EstablishmentAnswer(type="adherent", number="000 010 074"))
    assert elsewhere.kind == "idcc", "others have theirs"
    portal.clock.move(seconds=61)
    await one.screen.say(contract.EstablishmentAnswer(type="adherent", number="000 010 074"))
    assert one.kind == "idcc"


async def test_two_screens_of_one_registration_are_told_whom_to_ask_here(portal: BackendHouse) -> None:
    """Those who help on the portal, and not the university's."""
    one = await registering(portal, somebody(), "establishment")
    mail = await portal.newest_mail(one.who.email)
    other = await portal.begun("portal-registration")
    await other.act("code")
    step = await other.say(contract.ActivationCodeAnswer(code=Secret(mail.code)))
    assert isinstance(step, contract.TakeOver)
    assert "https://operateur.example/contact" in step.lead
    assert portal.house.institution.support_email not in step.lead
