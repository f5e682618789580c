"""The screens that are no steps: welcome, resume, unreachable, hand-over, help, leaving (level 4)."""

from datetime import timedelta
from typing import cast

import msgspec
import pytest
from textual.widget import Widget

from api_client.contract import HandOver, HelpTopic, JourneyOffer
from api_client.secret import Secret
from screens.frame import screen_for
from screens.hand_over import HandOverScreen
from screens.help import HelpScreen
from screens.leaving import LeavingScreen
from screens.messages import JourneyChosen, ResumeAsked, ResumeGiven, RetryAsked, WelcomeAsked
from screens.resume import ResumeScreen
from screens.unreachable import UnreachableScreen
from screens.welcome import WelcomeScreen
from tests.doors import ALL_DOORS, DOORS
from tests.screen_playing import SIZES, press, screen_of, text_of
from tests.screens_gallery import CATALOGUE, NOW, STEPS, Gallery, enrolment_of, rows_of

pytestmark = pytest.mark.slow


async def test_welcome_shows_at_once_then_its_doors_and_enter_chooses() -> None:
    app = Gallery(WelcomeScreen())
    async with app.run_test() as pilot:
        assert "Un instant…" in text_of(app)
        await cast(WelcomeScreen, app.screen).retell(CATALOGUE)
        await pilot.pause()
        assert "Activer mon compte informatique" in text_of(app)
        assert "F9 Démonstration" in text_of(app)
        await pilot.press("down", "enter", "enter")
        assert [cast(JourneyChosen, message).journey for message in app.said] == ["activation-link"]


async def test_welcome_leads_to_resume() -> None:
    app = Gallery(WelcomeScreen(CATALOGUE))
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "enter")
        assert [type(message) for message in app.said] == [ResumeAsked]


@pytest.mark.parametrize("size", SIZES)
async def test_seven_doors_are_all_reached_by_the_arrows_and_each_says_what_it_is_for(size: tuple[int, int]) -> None:
    app = Gallery(WelcomeScreen(ALL_DOORS))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for door in DOORS:
            assert door.title in text_of(app)
            assert app.screen.region.contains_region(cast(Widget, app.focused).region)
            for words in (" ".join(door.summary.split()[:2]), door.prerequisite[:18], door.host):
                assert words in text_of(app), words
            await pilot.press("down")
        await pilot.press("up", "enter", "enter")
        assert [cast(JourneyChosen, message).journey for message in app.said] == [DOORS[-1].id]


async def test_doors_tell_everything_where_there_is_room() -> None:
    app = Gallery(WelcomeScreen(ALL_DOORS))
    async with app.run_test(size=(100, 45)) as pilot:
        assert all(door.summary.split()[0] in text_of(app) for door in DOORS)
        assert text_of(app).count(DOORS[0].summary) == 1
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert DOORS[1].summary not in text_of(app)
        assert text_of(app).count(DOORS[0].summary) == 1


async def test_resume_gives_a_code_and_what_is_known() -> None:
    app = Gallery(ResumeScreen(CATALOGUE))
    async with app.run_test() as pilot:
        await press(pilot, "ABCD", "enter")
        assert "Remplissez ce champ." in text_of(app)
        await press(pilot, "p1", "enter")
        given = cast(ResumeGiven, app.said[0])
        assert (given.code, given.known) == (Secret("ABCD"), "p1")


async def test_unreachable_counts_down_and_tries_again_when_asked() -> None:
    app = Gallery(UnreachableScreen(CATALOGUE, "Personne ne répond.", retry_in=30))
    async with app.run_test() as pilot:
        assert "Personne ne répond." in text_of(app)
        assert "Nouvel essai dans" in text_of(app)
        await pilot.press("enter", "enter")
        assert [type(message) for message in app.said] == [RetryAsked]
        cast(UnreachableScreen, app.screen).failed(5, "Toujours personne.")
        await pilot.pause()
        assert "Toujours personne." in text_of(app)
        await pilot.press("enter")
        assert len(app.said) == 2


async def test_hand_over_shows_its_code_and_leads_back() -> None:
    code = HandOver(code=Secret("ABCD-EFGH"), expires_at=NOW + timedelta(minutes=10), known_label="votre identifiant")
    app = Gallery(HandOverScreen(CATALOGUE, code, NOW))
    async with app.run_test() as pilot:
        for words in ("ABCD-EFGH", "votre identifiant", "10 min"):
            assert words in text_of(app)
        await pilot.press("enter")
        assert [type(message) for message in app.said] == [WelcomeAsked]


async def test_help_lies_over_the_step_and_goes_away() -> None:
    app = Gallery(enrolment_of(STEPS["login"]))
    async with app.run_test() as pilot:
        await press(pilot, "p1")
        for key in ("f1", "escape", "enter"):
            await app.push_screen(HelpScreen(CATALOGUE, "login"))
            await pilot.pause()
            assert "Où est mon nom de connexion ?" in text_of(app)
            assert "Alt+←" in text_of(app)
            await pilot.press(key)
            assert screen_of(app).typed() == {"login": "p1"}
        await app.push_screen(HelpScreen(CATALOGUE, "charter"))
        await pilot.pause()
        assert "Où est mon nom de connexion ?" not in text_of(app)


async def test_the_door_says_who_holds_it_who_helps_what_people_ask_there_and_what_leaving_means() -> None:
    general = HelpTopic(question="Qui peut m’aider ?", answer="L’assistance.")
    here, anywhere, elsewhere = (
        HelpTopic(question=f"{n} ?", answer=".", steps=steps)
        for n, steps in (("Ici", ("login",)), ("Partout", ()), ("Ailleurs", ("idcc",)))
    )
    door = changed_offer(
        host="Portail Exemple",
        support="Portail : 01 86 00 00 00",
        leaving="Il faudra recommencer.",
        help=(anywhere, elsewhere, here),
    )
    catalogue = msgspec.structs.replace(CATALOGUE, journeys=(door,), help=(general,))
    step = screen_for(enrolment_of(STEPS["login"]), catalogue)
    app = Gallery(step)
    async with app.run_test() as pilot:
        for page in (step, HelpScreen(catalogue, "login", step.journey), LeavingScreen(catalogue, step.journey)):
            if page is not step:
                await app.push_screen(page)
                await pilot.pause()
            assert rows_of(app)[0].startswith(" Portail Exemple")
            assert "Portail : 01 86 00 00 00" in text_of(app)
            if isinstance(page, HelpScreen):
                asked = [line for line in rows_of(app) if " ?" in line]
                assert [line.split()[0] for line in asked] == ["Ici", "Partout", "Qui"]
        assert "Il faudra recommencer." in text_of(app)


def changed_offer(**changes: object) -> JourneyOffer:
    return msgspec.structs.replace(CATALOGUE.journeys[0], **changes)


@pytest.mark.parametrize(
    ("keys", "leaves"), [(["enter"], False), (["escape"], False), (["f10"], True), (["shift+tab", "enter"], True)]
)
async def test_leaving_is_asked_again(keys: list[str], leaves: bool) -> None:
    app = Gallery(enrolment_of(STEPS["login"]))
    async with app.run_test() as pilot:
        results: list[bool | None] = []
        await app.push_screen(LeavingScreen(CATALOGUE), results.append)
        await pilot.pause()
        assert "Votre progression est conservée" in text_of(app)
        await press(pilot, *keys)
        await pilot.pause()
        assert results == [leaves]
