"""Somebody who registered on the portal comes back: what is theirs to change there, and nothing of the university's."""

from api_client import contract
from api_client.secret import Secret
from tests.backend_house import BackendHouse, Screen
from tests.registering import account_of, registering, somebody
from tests.robot import PASSWORD
from tests.visits import NEW_PASSWORD

pytest_plugins = ["tests.portal_fixtures"]

EMAIL = "ines.serrane@courriel.example"


async def visiting(portal: BackendHouse) -> Screen:
    registrant = await registering(portal, somebody())
    assert registrant.kind == "done", registrant.step
    portal.clock.move(hours=1)
    screen = await portal.begun("my-account")
    await screen.say(contract.LoginAnswer(login=EMAIL.upper()))
    step = await screen.say(contract.CurrentPasswordAnswer(password=Secret(PASSWORD)))
    assert isinstance(step, contract.Menu), step
    return screen


async def test_the_address_is_the_login_and_the_menu_is_the_portal_s(portal: BackendHouse) -> None:
    step = (await visiting(portal)).step
    assert isinstance(step, contract.Menu)
    assert [choice.id for choice in step.choices] == ["password", "support", "phone", "finish"]


async def test_the_support_s_access_is_given_and_withdrawn(portal: BackendHouse) -> None:
    screen = await visiting(portal)
    for given in (True, False):
        assert isinstance(await screen.say(contract.MenuAnswer(choice="support")), contract.Consent)
        step = await screen.say(contract.ConsentAnswer(given=given))
        assert step.notice == portal.house.library.say("changed_consent", "fr")
        assert (await account_of(portal, EMAIL)).draft.registration.support_consent is given


async def test_a_new_password_is_told_in_the_operator_s_name(portal: BackendHouse) -> None:
    screen = await visiting(portal)
    await screen.say(contract.MenuAnswer(choice="password"))
    chosen = Secret(NEW_PASSWORD)
    step = await screen.say(contract.NewPasswordAnswer(password=chosen, confirmation=chosen))
    assert isinstance(step, contract.Menu), "no calendar of the university to remind of"
    mails = await portal.mails(EMAIL)
    operator = portal.house.institution.operator
    assert operator is not None
    assert mails[-1].subject == f"Votre mot de passe {operator.space} a été modifié"
    assert not any(portal.house.institution.acronym in one.subject for one in mails)
