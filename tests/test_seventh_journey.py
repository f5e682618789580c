"""A journey that Perron does not ship: one file, written from docs/journeys.md alone, is offered and walked to its end.

No line of code knows it. « La rentrée »: whoever has an account already reads this year's charter, then changes what
they like.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api_client import contract
from api_client.secret import Secret
from backend.journeys import SHIPPED
from backend.web.catalogue import catalogue
from tests.backend_house import BackendHouse, Screen, open_house, paris
from tests.robot import PASSWORD, robot
from tests.visits import NEW_PASSWORD, Visit

CHARTER = 'charter_version = "2026-09"'
LA_RENTREE = """
id = "la-rentree"
order = 9
title = { fr = "C’est la rentrée", en = "A new year begins" }
summary = { fr = "Je relis la charte et je vérifie mes choix.", en = "I read the charter and look at my choices." }
host = { fr = "La vie étudiante", en = "Student life" }

[[help]]
question = { fr = "Pourquoi relire la charte ?", en = "Why read the charter again?" }
answer = { fr = "Elle change chaque année. Écrivez à {support_email}.", en = "It changes every year: {support_email}." }
steps = ["charter"]

[[steps]]
kind = "login"
words.lead = { fr = "Comme l’an dernier.", en = "As last year." }

[[steps]]
kind = "current_password"

[[steps]]
kind = "charter"

[[steps]]
id = "choices"
kind = "menu"

[steps.words]
title = { fr = "Que voulez-vous changer ?", en = "What do you want to change?" }
choice_card = { fr = "Ma fiche", en = "My card" }
detail_card = { fr = "dans l’annuaire public", en = "in the public directory" }
choice_secret = { fr = "Mon mot de passe", en = "My password" }
choice_finish = { fr = "Rien de plus", en = "Nothing more" }

[[steps]]
kind = "public_directory"
branch = "card"

[[steps]]
kind = "new_password"
branch = "secret"

[[steps]]
id = "remember"
kind = "notice"
branch = "secret"
when = { student = false }

[steps.words]
title = { fr = "Un dernier mot", en = "One last word" }
lead = { fr = "Retenez-le.", en = "Remember it." }
lines = { fr = "sur le téléphone\\nà la maison", en = "on the phone\\nat home" }

[[steps]]
kind = "done"
words.title = { fr = "Bonne rentrée", en = "Have a good year" }
"""


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[BackendHouse]:
    """P001 activated their account last year; since then one file is new, and the charter another one."""
    async with open_house(tmp_path / "data", "P001") as before:
        await robot(before, "P001", "done")
    folder = shutil.copytree(SHIPPED, tmp_path / "institution")
    (folder / "la-rentree.toml").write_text(LA_RENTREE, encoding="utf-8")
    file = folder / "institution.toml"
    text = file.read_text(encoding="utf-8")
    assert CHARTER in text
    file.write_text(text.replace(CHARTER, 'charter_version = "2027-09"'), encoding="utf-8")
    async with open_house(tmp_path / "data", "P001", institution=folder, at=paris("2027-09-01 10:00")) as house:
        yield house


async def returning(house: BackendHouse) -> Screen:
    """They say who they are, at the new door."""
    visit = Visit(house, await house.begun("la-rentree"), "P001")
    step = visit.screen.step
    assert isinstance(step, contract.Login)
    assert step.lead == "Comme l’an dernier."
    await visit.sign_in()
    return visit.screen


async def test_a_seventh_journey_is_offered_and_walked(school: BackendHouse) -> None:
    offers = {offer.id: offer for offer in catalogue(school.house.library, "fr", demonstration=False).journeys}
    assert offers["la-rentree"].title == "C’est la rentrée"
    assert offers["la-rentree"].host == "La vie étudiante"
    assert [topic.question for topic in offers["la-rentree"].help] == ["Pourquoi relire la charte ?"]

    screen = await returning(school)
    charter = screen.step
    assert isinstance(charter, contract.Charter)
    menu = await screen.say(contract.CharterAnswer(accepted=True, sha256=charter.sha256))
    assert isinstance(menu, contract.Menu)
    assert [(choice.id, choice.label) for choice in menu.choices] == [
        ("card", "Ma fiche"),
        ("secret", "Mon mot de passe"),
        ("finish", "Rien de plus"),
    ]
    assert menu.choices[0].detail == "dans l’annuaire public"
    assert isinstance(await screen.say(contract.MenuAnswer(choice="card")), contract.PublicDirectory)
    assert isinstance(await screen.say(contract.PublicDirectoryAnswer(listed=True)), contract.Menu)
    assert isinstance(await screen.say(contract.MenuAnswer(choice="secret")), contract.NewPassword)
    chosen = Secret(NEW_PASSWORD)
    notice = await screen.say(contract.NewPasswordAnswer(password=chosen, confirmation=chosen))
    assert isinstance(notice, contract.Notice)
    assert notice.lines == ("sur le téléphone", "à la maison")
    assert isinstance(await screen.say(contract.NoticeAnswer()), contract.Menu)
    done = await screen.say(contract.MenuAnswer(choice="finish"))
    assert isinstance(done, contract.Done)
    assert done.title == "Bonne rentrée"
    login = (await school.account("p00000400013")).login
    assert await school.house.provisioning.verify(login, chosen)
    assert not await school.house.provisioning.verify(login, Secret(PASSWORD))
    entry = await school.house.provisioning.entry(login)
    assert entry
    assert entry.listed is True


async def test_it_speaks_the_other_language_too(school: BackendHouse) -> None:
    screen = await returning(school)
    step = await screen.speak("en")
    assert isinstance(step, contract.Charter)
    menu = await screen.say(contract.CharterAnswer(accepted=True, sha256=step.sha256))
    assert menu.title == "What do you want to change?"
