"""Registering on the portal, from the first screen to the account: every scenario, in both orders (domain.md §8)."""

import pytest

from api_client import contract
from api_client.secret import Secret
from tests.backend_house import BackendHouse
from tests.registering import SCENARIOS, Registering, Registrant, account_of, registering, somebody
from tests.robot import PASSWORD

pytest_plugins = ["tests.portal_fixtures"]

EXPECTED: dict[str, tuple[str, str]] = {
    "R01": ("done", "attached"),
    "R02": ("done", "attached"),
    "R03": ("done", "to_review"),
    "R04": ("done", "to_review"),
    "R05": ("establishment", "establishment_unknown"),
    "R06": ("establishment", "siret_check"),
    "R07": ("done", "attached"),
    "R08": ("establishment", "siret_check"),
    "R09": ("member_number", "member_number_wrong"),
    "R10": ("done", "to_review"),
    "R11": ("establishment", "establishment_unknown"),
    "R12": ("pending", ""),
    "R13": ("done", "attached"),
}
"""Where each scenario ends: the state of the establishment, or what is said under the number."""


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


def test_every_scenario_is_here() -> None:
    assert EXPECTED.keys() == SCENARIOS.keys()


@pytest.mark.parametrize("scenario", EXPECTED)
async def test_the_scenario_ends_as_the_file_says(either: BackendHouse, scenario: str) -> None:
    house = either
    one = await registering(house, scenario)
    ends_at, outcome = EXPECTED[scenario]
    assert one.kind == ends_at, one.step
    if ends_at == "done":
        kept = await one.said()
        assert [attached.state for attached in kept.establishments] == [outcome]
        assert kept.topics == (None if kept.known_contact else one.who.topics)
        assert (await one.account()).status == "active"
        assert await house.house.provisioning.verify(one.who.email, Secret(PASSWORD))
    elif outcome:
        assert one.step.errors == {"number": said(house, outcome, left=4)}


async def test_the_address_is_proved_before_anything_is_told(portal: BackendHouse) -> None:
    known, unknown = await registering(portal, "R13"), await registering(portal, "R01")
    assert known.passed == ["identity", "consent", "link_sent", "notice", "new_password"]
    assert unknown.passed == [
        "identity",
        "consent",
        "link_sent",
        "topics",
        "establishment",
        "member_number",
        "notice",
        "new_password",
    ]


async def test_the_rail_names_the_way_whoever_is_on_it(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(), "link_sent")
    rail = [step.label for step in one.screen.enrolment.progress.steps]
    assert rail == ["Identité", "Vos données", "Thématiques", "Établissement", "Mot de passe", "Confirmation"]


async def test_in_the_order_of_the_guide_the_proof_comes_last(guide: BackendHouse) -> None:
    known, unknown = await registering(guide, "R13"), await registering(guide, "R03")
    assert known.passed == ["identity", "consent", "notice", "link_sent", "new_password"]
    assert unknown.passed == [
        "identity",
        "consent",
        "topics",
        "establishment",
        "idcc",
        "notice",
        "link_sent",
        "new_password",
    ]


async def test_the_mail_welcomes_by_name_until_a_date(portal: BackendHouse) -> None:
    """M9, and a link of seven days."""
    one = await registering(portal, "R01", "link_sent")
    mail = await portal.newest_mail(one.who.email)
    assert mail.subject == "Bienvenue sur Mon Espace Exemple"
    assert mail.text.startswith("Bonjour CLAIRE,")
    assert "mardi 10 novembre 2026" in " ".join(mail.text.split())
    assert isinstance(one.step, contract.LinkSent)
    assert one.step.address_hint == "c…d@societe-fictive.example"


async def test_a_known_contact_is_recognised_by_the_address_alone_and_attached_everywhere(
    portal: BackendHouse,
) -> None:
    """A-27, A-28, C09 (same name, other address) and C10 (mixed case on the operator's side)."""
    for contact, count in (("C01", 1), ("C02", 2), ("C06", 4), ("C08", 2), ("C09", 1), ("C10", 1)):
        who = Registrant.of_contact(contact)
        one = await registering(portal, who, "notice", source=f"192.0.2.{10 + count}")
        assert one.step.title.startswith("Vous êtes reconnu(e) en tant que contact")
        done = await one.walk()
        assert isinstance(done, contract.Done)
        kept = (await one.said()).establishments
        assert len(kept) == count
        assert {attached.state for attached in kept} == {"attached"}


async def test_somebody_of_the_same_name_and_another_address_is_nobody_known(portal: BackendHouse) -> None:
    one = await registering(portal, Registrant("DUPONT", "Claire", "claire.dupont@ailleurs.example"), "topics")
    assert one.kind == "topics"


async def test_the_end_tells_the_login_the_establishment_and_what_an_adviser_will_see(portal: BackendHouse) -> None:
    review = (await registering(portal, "R03")).step
    assert isinstance(review, contract.Done)
    assert [line.value for line in review.facts] == [
        "jean@bistrot-exemple.example",
        "BISTROT EXEMPLE DE LA LOGE 000 010 074 00011",
    ]
    assert len(review.in_preparation) == 1
    assert review.next_url == "https://monespace.operateur.example"
    at_once = (await registering(portal, "R01")).step
    assert isinstance(at_once, contract.Done)
    assert at_once.in_preparation == ()


async def test_no_mail_of_the_university_goes_to_a_registrant(portal: BackendHouse) -> None:
    one = await registering(portal, "R01")
    assert [mail.subject for mail in await portal.mails(one.who.email)] == ["Bienvenue sur Mon Espace Exemple"]


async def test_precedent_keeps_everything_that_was_typed(portal: BackendHouse) -> None:
    """A-38, with topics ticked, and all the way back to the identity."""
    one = await registering(portal, "R07", "establishment")
    await one.screen.say(contract.EstablishmentAnswer(type="organisme_formation", number="1 2 3"))
    await one.screen.back()
    topics = one.step
    assert isinstance(topics, contract.Topics)
    assert topics.chosen == one.who.topics
    consent = await one.screen.back()
    assert isinstance(consent, contract.Consent)
    assert consent.given is True
    identity = await one.screen.back()
    assert isinstance(identity, contract.Identity)
    assert (identity.civility, identity.last_name, identity.first_name, identity.email) == (
        "madame",
        "INDIVIDUELLE",
        "Yvette",
        "y@entreprise-individuelle.example",
    )
    assert not one.screen.enrolment.can_go_back
    await one.walk("member_number")
    back = await one.screen.back()
    assert isinstance(back, contract.Establishment)
    assert (back.type, back.number) == ("adherent", "000 010 173 00011")
    assert one.passed.count("link_sent") == 1, "the same address is proved once"


async def test_another_address_is_another_account_and_another_proof(portal: BackendHouse) -> None:
    one = await registering(portal, "R01", "establishment")
    for _ in range(3):
        await one.screen.back()
    one.who = somebody()
    await one.walk("link_sent")
    assert one.kind == "link_sent"
    assert one.screen.enrolment.status == "waiting"
    await one.walk("establishment")
    kept = await one.said()
    assert kept.identity is not None
    assert kept.identity.email == one.who.email
    assert kept.topics == ("CONTRIBUTION", "DOSSIERS"), "what was said goes with the person"
    former = await account_of(portal, "claire.durand@societe-fictive.example")
    assert former.status == "inactive"
    assert former.draft.registration.identity is not None
    assert former.draft.registration.identity.last_name == "DURAND"


async def test_a_changed_name_is_the_accounts_name(portal: BackendHouse) -> None:
    one = await registering(portal, "R01", "topics")
    await one.screen.back()
    await one.screen.back()
    one.who = Registrant("DURAND-SERRANE", "", one.who.email)
    await one.walk()
    account = await one.account()
    assert account.person.full_name == "DURAND-SERRANE"
    assert one.kind == "done"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"last_name": ""}, {"last_name": "name_empty"}),
        ({"last_name": "DUPONT 2"}, {"last_name": "name_characters"}),
        ({"first_name": "Zoé\u202e"}, {"first_name": "name_characters"}),
        ({"last_name": "x" * 81}, {"last_name": "name_too_long"}),
        ({"email": "personne"}, {"email": "address_form"}),
        ({"email": ""}, {"email": "address_empty"}),
    ],
    ids=str,
)
async def test_an_identity_that_cannot_be_one_is_told_by_field(
    portal: BackendHouse, changes: dict[str, str], wrong: dict[str, str]
) -> None:
    one = Registering(portal, await portal.begun("portal-registration"), somebody(**changes))
    step = await one.take(one.step)
    assert isinstance(step, contract.Identity)
    assert step.errors == {name: said(portal, key) for name, key in wrong.items()}
    assert step.email == one.who.email


async def test_a_first_name_is_asked_unless_there_is_none(portal: BackendHouse) -> None:
    screen = await portal.begun("portal-registration")
    answer = contract.IdentityAnswer(
        role="client", civility="", last_name="Ô", first_name="", no_first_name=False, email="o@courriel.example"
    )
    assert (await screen.say(answer)).errors == {"first_name": said(portal, "name_empty")}
    one = Registering(portal, screen, somebody(last_name="Ô", first_name="", email="o@courriel.example", role="client"))
    await one.take(one.step)
    await one.walk()
    kept = await one.said()
    assert kept.identity is not None
    assert (kept.identity.role, kept.identity.first_name, kept.identity.civility) == ("client", "", "")


async def test_a_password_made_of_the_name_or_the_address_is_refused(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(email="serrane.ines@courriel.example"), "new_password")
    step = one.step
    assert isinstance(step, contract.NewPassword)
    assert {"SERRANE", "Inès", "serrane.ines"} <= set(step.refused_words)
    for password in ("Serrane-Bleu-42", "x-Serrane.Ines-42"):
        told = await one.screen.say(
            contract.NewPasswordAnswer(password=Secret(password), confirmation=Secret(password))
        )
        assert isinstance(told, contract.NewPassword)
        assert told.broken
    assert (await one.account()).status == "inactive"


async def test_the_page_of_a_link_names_whoever_holds_the_portal(portal: BackendHouse) -> None:
    await registering(portal, somebody(), "link_sent")
    mail = await portal.newest_mail(somebody().email)
    async with portal.http() as browser:
        asked = (await browser.get(mail.path)).text
    disowned = await portal.press(mail, choice="disown")
    assert "prévenez Opérateur Exemple (https://operateur.example/contact)." in disowned
    for page in (asked, disowned):
        assert "<p>Opérateur Exemple</p>" in page
        assert '<a href="https://operateur.example/contact">https://operateur.example/contact</a></p>' in page
        assert "univ-exemple" not in page.lower()
        assert "Université" not in page
