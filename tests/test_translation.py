"""A language of translators: one command makes their file, one file makes a language, of the terminal and of the rest.

The language here is Breton by its code, so that its dates are real, and made up otherwise: every vowel twice, with an
accent. What stays in English was forgotten; what is cut has no room for a language longer than ours.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from api_client import languages
from api_client.contract import Enrolment
from backend.dates import in_words
from backend.institution import Text
from backend.journeys import load_library
from backend.mail.composition import compose
from screens.widgets.prose import Prose
from screens.words import _, speak
from tests.backend_house import START, BackendHouse
from tests.conftest import ROOT
from tests.robot import Robot
from tests.screens_gallery import Gallery
from tests.test_mails import facts
from tui.arguments import Misuse, read_arguments
from tui.settings import language_of

pytest_plugins = ["tests.house_fixtures"]
pytestmark = pytest.mark.slow  # it walks a journey, and draws each of its screens

ACCENTED = str.maketrans({"a": "âà", "e": "éê", "i": "ïî", "o": "ôô", "u": "ùû", "A": "Âà", "E": "Éê", "I": "Ïî"})
KEPT = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{.*?\})")


def strange(english: str) -> str:
    """``english`` as somebody would say it who doubles their vowels; its places to fill stay."""
    return "".join(part if KEPT.fullmatch(part) else part.translate(ACCENTED) for part in KEPT.split(english))


def make_translation(locales: Path) -> Path:
    """The documented command, elsewhere than in our own folder."""
    done = subprocess.run(
        ["make", "translation", "LANGUAGE=br", f"LOCALES={locales}"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return locales / "br" / "LC_MESSAGES" / "perron.po"


def catalogue_in(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale="br")


@pytest.fixture(scope="module")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like ``api_client/locale``, where a translator has said everything."""
    locales = tmp_path_factory.mktemp("locale")
    for ours in languages.LOCALE_DIR.iterdir():
        (locales / ours.name).symlink_to(ours)
    source = make_translation(locales)
    catalogue = catalogue_in(source)
    for message in catalogue:
        if message.id:
            message.string = "Brezhoneg" if message.id == "English" else strange(str(message.id))
    with source.open("wb") as file:
        write_po(file, catalogue)
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return locales


@pytest.fixture
def breton(translated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    monkeypatch.setattr(languages, "LOCALE_DIR", translated)
    yield catalogue_in(translated / "br" / "LC_MESSAGES" / "perron.po")
    monkeypatch.undo()
    speak("fr")


def test_a_translator_gets_everything_that_a_person_reads_and_keeps_what_they_have_said(tmp_path: Path) -> None:
    source = make_translation(tmp_path)
    catalogue = catalogue_in(source)
    for said in ("Back", "Sign-in", "Time is up", "Your login: {{ login }}", "Choose a branch of the fund"):
        assert (said in catalogue) == (said != "Choose a branch of the fund"), said
    assert any("fr: Connexion" in comment for comment in catalogue["Sign-in"].auto_comments)
    catalogue["Back"].string = "Distreiñ"
    with source.open("wb") as file:
        write_po(file, catalogue)
    make_translation(tmp_path)
    assert catalogue_in(source)["Back"].string == "Distreiñ"


def test_it_is_offered_wherever_a_language_is_chosen(breton: Catalog) -> None:
    assert languages.languages() == ("fr", "en", "br")
    assert [languages.next_language(one) for one in ("fr", "en", "br")] == ["en", "br", "fr"]
    assert [languages.own_name(one) for one in languages.languages()] == ["Français", "English", "Brezhoneg"]
    assert read_arguments(["--lang", "br"], {}).lang == "br"
    assert language_of({"LANG": "br_FR.UTF-8"}) == "br"
    speak("br")
    assert _("Back") == strange("Back")
    with pytest.raises(Misuse, match="fr, en, br"):
        read_arguments(["--lang=de"], {})


def test_what_was_not_translated_is_said_in_english(breton: Catalog) -> None:
    text = Text(fr="Bonjour {name}", en="Hello {name}")
    assert text.fill("br", {"name": "Zoé"}) == "Hello Zoé"
    assert text.fill("qtz", {"name": "Zoé"}) == "Hello Zoé"
    assert in_words(START, "qtz") == in_words(START, "en")


def test_its_dates_and_mails_are_its_own(breton: Catalog) -> None:
    assert "Du" in in_words(START, "br"), "November, in Breton"
    mail = compose("M1", "br", load_library().institution, facts())
    assert mail["Content-Language"] == "br"
    assert strange("Hello") in mail.get_content()


async def test_a_journey_is_walked_in_it_at_the_smallest_size_and_nothing_is_cut(
    breton: Catalog, house: BackendHouse
) -> None:
    english = {message.id for message in breton if message.id and message.id != message.string}
    screen = await house.begun(locale="br")
    robot = Robot(house, screen, "P001")
    kinds = []
    while True:
        kinds.append(type(screen.step).__name__)
        seen = await looked_at(screen.enrolment)
        assert not [text for text, _room in seen if text in english], kinds[-1]
        assert not [text for text, room in seen if not room], kinds[-1]
        if kinds[-1] == "Done":
            break
        await robot.take(screen.step)
    assert len(kinds) > 8


async def looked_at(enrolment: Enrolment) -> list[tuple[str, bool]]:
    """Each text of that screen at 40×15, and whether there is room for all of it."""
    app: Any = Gallery(enrolment, "br")
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.pause()
        return [
            (one.text, one.visual.get_height(one.styles, one.size.width) <= one.size.height)
            for one in app.screen.query(Prose)
            if one.text and one.size.width and one.size.height
        ]
