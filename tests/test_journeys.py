"""Journeys are data: what is shipped loads, another university's folder works, and a mistake is named by its place."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api_client.contract import Locale
from backend.journeys import SHIPPED, JourneyError, load_library
from backend.parts import read_institution
from backend.stages.catalogue import STAGES, stage_of
from backend.web.catalogue import catalogue
from tests.backend_house import open_house
from tests.robot import robot

LETTER = "activation-letter.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped institution, to be spoilt."""
    shutil.copytree(SHIPPED, tmp_path / "university")
    return tmp_path / "university"


def replaced(before: str, after: str, file: str = LETTER) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    return spoil


def without(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def latin1(folder: Path) -> None:
    (folder / "charter.fr.md").write_bytes("Charte révisée".encode("latin-1"))


def twice(folder: Path) -> None:
    shutil.copy(folder / LETTER, folder / "again.toml")


def no_step(folder: Path) -> None:
    head, _, _ = (folder / LETTER).read_text(encoding="utf-8").partition("[[help]]")
    (folder / LETTER).write_text(head + "steps = []\n", encoding="utf-8")


def no_journey(folder: Path) -> None:
    for file in folder.glob("*.toml"):
        if file.name != "institution.toml":
            file.unlink()


CHARTER_STEP = '[[steps]]\nkind = "charter"\n'
MISTAKES = {
    "an unknown key of a journey": (replaced("order = 1", "ordre = 1"), LETTER, "ordre"),
    "an unknown key of a step": (
        replaced(CHARTER_STEP, CHARTER_STEP + "when_ready = true\n"),
        "$.steps[4]",
        "when_ready",
    ),
    "an unknown key of the institution": (
        replaced('hr = "DRH"', 'hr = "DRH"\nmotto = "Fiat lux"', "institution.toml"),
        "institution.toml",
        "motto",
    ),
    "a value of another type": (replaced("order = 1", 'order = "first"'), "$.order", "int"),
    "an unknown kind": (replaced('kind = "charter"', 'kind = "chartre"'), "$.steps[4]", "chartre"),
    "an unknown predicate": (replaced("vacataire = false", "visitor = false"), "$.steps[6].when", "visitor"),
    "an unknown {name}": (
        replaced(CHARTER_STEP, CHARTER_STEP + 'words.lead = { fr = "Lisez {chapitre}.", en = "Read." }\n'),
        "$.steps[4]",
        "{chapitre}",
    ),
    "a brace left open": (
        replaced(CHARTER_STEP, CHARTER_STEP + 'words.lead = { fr = "Lisez {version.", en = "Read." }\n'),
        "$.steps[4]",
        "lead",
    ),
    "a word in one language only": (
        replaced(CHARTER_STEP, CHARTER_STEP + 'words.lead = { fr = "Lisez." }\n'),
        "$.steps[4]",
        "en",
    ),
    "help for no step": (
        replaced('steps = ["provisional_password"]', 'steps = ["provisional"]'),
        "activation-letter: help",
        "`provisional`",
    ),
    "the same place twice": (replaced(CHARTER_STEP, CHARTER_STEP * 2), "$.steps[5]", "`charter` was said before"),
    "no last step": (replaced('[[steps]]\nkind = "done"\n', ""), LETTER.removesuffix(".toml"), "`done`"),
    "a last step that is not for everybody": (
        replaced('kind = "done"\n', 'kind = "done"\nwhen = { student = true }\n'),
        "activation-letter",
        "for everybody",
    ),
    "no first step": (replaced('[[steps]]\nkind = "login"\n', ""), "$.steps[0]", "must stand before it: login"),
    "no step at all": (no_step, "activation-letter", "must end with"),
    "a link without a purpose": (replaced('purpose = "redirection"\n', ""), "$.steps[9]", "`purpose`"),
    "a purpose without a link": (
        replaced(CHARTER_STEP, CHARTER_STEP + 'purpose = "redirection"\n'),
        "$.steps[4]",
        "`purpose`",
    ),
    "mandatory where it means nothing": (
        replaced(CHARTER_STEP, CHARTER_STEP + "mandatory = true\n"),
        "$.steps[4]",
        "`mandatory`",
    ),
    "a branch without a menu": (
        replaced(CHARTER_STEP, CHARTER_STEP + 'branch = "other"\n'),
        "$.steps[4]",
        "`menu`",
    ),
    "a menu without a branch": (
        replaced(
            CHARTER_STEP,
            '[[steps]]\nkind = "menu"\nwords.choice_finish = { fr = "Fin", en = "End" }\n'
            'words.title = { fr = "Menu", en = "Menu" }\n' + CHARTER_STEP,
        ),
        "$.steps[14]",
        "`branch`",
    ),
    "a purpose that the step does not know": (
        replaced('kind = "charter"\n', 'kind = "charter"\npurpose = "recovery"\n'),
        "$.steps[4]",
        "`recovery`",
    ),
    "a phone paired without signing in": (
        replaced('kind = "phone_pairing"\n', 'kind = "phone_pairing"\npairs = "app"\n'),
        "$.steps[11]",
        "sign_in",
    ),
    "an unknown password profile": (
        replaced('"cnil80"', '"easy"', "institution.toml"),
        "$.password_profile",
        "easy",
    ),
    "an unknown link policy": (
        replaced('policy = "same_day_2359"', 'policy = "some_day"', "institution.toml"),
        "$.links.backup_email",
        "some_day",
    ),
    "a duration without a policy for it": (
        replaced('policy = "same_day_2359"', 'policy = "same_day_2359"\nduration = "PT1H"', "institution.toml"),
        "$.links.backup_email",
        "duration",
    ),
    "no charter in one language": (without("charter.en.md"), "charter.en.md", "needed in this language"),
    "a charter that is not UTF-8": (latin1, "charter.fr.md", "utf-8"),
    "no institution": (without("institution.toml"), "institution.toml", ""),
    "no journey at all": (no_journey, "", "no journey file"),
    "two journeys of one id": (twice, "a", "activation-letter"),
    "bad TOML": (replaced('id = "activation-letter"', 'id = activation-letter"'), LETTER, "line"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_by_its_place(folder: Path, mistake: str) -> None:
    spoil, place, reason = MISTAKES[mistake]
    spoil(folder)
    with pytest.raises(JourneyError) as told:
        read_institution(folder)
    sentence = str(told.value)
    assert str(folder) in sentence
    assert place in sentence
    assert reason in sentence


@pytest.mark.parametrize("kind", sorted(STAGES))
def test_a_word_that_a_step_needs_and_lacks_is_named(folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that asks for one word more than anybody has written."""
    shipped = load_library().journeys.values()
    stage = stage_of(next(step for journey in shipped for step in journey.steps if step.kind == kind))
    monkeypatch.setattr(type(stage), "words", stage.words | {"epigraph"})
    with pytest.raises(JourneyError, match=r"\$\.steps\[\d+\].*epigraph"):
        read_institution(folder)


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("journey", [file.stem for file in SHIPPED.glob("activation-*.toml")])
def test_every_shipped_journey_has_every_word_in_every_language(journey: str, locale: Locale) -> None:
    library = load_library()
    names = library.institution.names()
    for step in library.journeys[journey].steps:
        stage, said = STAGES[step.kind], library.step_words(step)
        values = {**names, **dict.fromkeys(stage.names, "…")}
        for word in stage.words:
            assert said[word].fill(locale, values).strip(), f"{step.place}: {word} is empty"
            assert "{" not in said[word].fill(locale, values)
    offers = {offer.id: offer for offer in catalogue(library, locale, demonstration=False).journeys}
    assert offers[journey].title
    assert offers[journey].summary


def test_the_two_languages_say_different_things() -> None:
    library = load_library()
    texts = [text for said in library.words.values() for text in said.values()] + list(library.say_texts.values())
    same = {text.fr for text in texts if text.fr and text.fr == text.en}
    assert same <= {"Confirmation", "Android", "iOS"}, "left untranslated"


async def test_another_university_has_its_own_names_words_and_order(folder: Path, tmp_path: Path) -> None:
    """No line of code knows who the institution is, nor in which order it asks."""
    for spoil in (
        replaced("Université Exemple", "Université d’Ailleurs", "institution.toml"),
        replaced('"UE"', '"UA"', "institution.toml"),
        replaced("univ-exemple.example", "ailleurs.example", "institution.toml"),
        replaced('id = "activation-letter"', 'id = "bienvenue"'),
        replaced(CHARTER_STEP, ""),
        replaced('[[steps]]\nkind = "backup_email"\n', CHARTER_STEP + '\n[[steps]]\nkind = "backup_email"\n'),
        replaced(
            'kind = "public_directory"',
            'kind = "public_directory"\nwords.title = { fr = "Le bottin de {acronym}", en = "{acronym} phone book" }',
        ),
    ):
        spoil(folder)
    async with open_house(tmp_path / "data", "P001", institution=folder) as house:
        walker = await robot(house, "P001", "charter", journey="bienvenue")
        assert walker.screen.enrolment.progress.position == 2, "the charter comes before the backup address here"
        await walker.walk("public_directory")
        assert walker.screen.step.title == "Le bottin de UA"
        assert "Université d’Ailleurs" in walker.screen.step.lead
        assert (await walker.walk()).title == "Votre compte est activé"
        assert "UA" in (await house.newest_mail(walker.backup)).subject
