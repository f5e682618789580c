"""An institution's own folder: docs/journeys.md tells every key, its example works, and its mistakes are told."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import Struct

from api_client.contract import LinkSent
from backend.deadlines import LinkPolicy
from backend.institution import (
    Application,
    HelpEntry,
    Institution,
    Links,
    Operator,
    Provisional,
    Registration,
    Vacataires,
)
from backend.journeys import Journey, JourneyError, JourneyStep, When, shipped_words
from backend.parts import read_institution
from backend.stages.catalogue import STAGES
from tests.backend_house import open_house
from tests.conftest import ROOT
from tests.robot import robot

EXAMPLE = ROOT / "docs" / "examples" / "ecole-exemple"
REFERENCE = (ROOT / "docs" / "journeys.md").read_text(encoding="utf-8")
INSTITUTION, JOURNEY = "institution.toml", "arrivee.toml"
KEYS: tuple[type[Struct], ...] = (
    Institution,
    Links,
    LinkPolicy,
    Provisional,
    Vacataires,
    Operator,
    Application,
    Registration,
    HelpEntry,
    Journey,
    JourneyStep,
    When,
)

MISTAKES = {
    "a time zone nobody has": (INSTITUTION, "Indian/Reunion", "Indian/Reunions", "`time_zone`"),
    "a colour that is none": (INSTITUTION, "#7a2e0e", "brown", "`accent`"),
    "no domain": (INSTITUTION, '["ecole-exemple.example"]', "[]", "`domains`"),
    "a sender that is no address": (INSTITUTION, "accueil@", "accueil at ", "`mail_from`"),
    "a letter that is void at once": (INSTITUTION, '"P21D"', '"P0D"', "$.provisional"),
    "a sentence nobody says": (INSTITUTION, "support = {", "suport = {", "`suport`"),
    "a name nobody has, in a sentence": (INSTITUTION, "ou le guichet", "{guichet}", "`{guichet}`"),
    "a brace left open, in a service": (INSTITUTION, "l’intranet", "{l’intranet", "`services`"),
    "words of no step": (INSTITUTION, "[words.done]", "[words.dome]", "`dome`"),
    "a word no step has": (INSTITUTION, "[words.done]\nlead", "[words.done]\nled", "`led`"),
    "a name nobody has, in a word": (INSTITUTION, "à l’{name}. Votre", "à l’{nom}. Votre", "`{nom}`"),
    "help for no step": (INSTITUTION, 'steps = ["login"', 'steps = ["logon"', "`logon`"),
    "a name nobody has, in a title": (JOURNEY, "à l’{acronym}", "à l’{sigle}", "`title`"),
    "a word of a step that no step has": (JOURNEY, "words.hint", "words.hnt", "`hnt`"),
    "a letter without its password": (
        JOURNEY,
        '[[steps]]\nkind = "provisional_password"\n',
        "",
        "who proved who they are",
    ),
    "no password of their own": (JOURNEY, '[[steps]]\nkind = "new_password"\n', "", "`new_password`"),
    "an address that nothing proves": (JOURNEY, 'purpose = "backup_email"', 'purpose = "redirection"', "`link_sent`"),
    "a step renamed that people are led back to": (
        JOURNEY,
        'kind = "backup_email"',
        'kind = "backup_email"\nid = "mail"',
        "`id`",
    ),
}


async def test_the_worked_example_is_walked_to_its_end(tmp_path: Path) -> None:
    async with open_house(tmp_path / "data", "P001", institution=EXAMPLE) as house:
        walker = await robot(house, "P001", "link_sent", journey="arrivee", pairs=True)
        step = walker.screen.step
        assert isinstance(step, LinkSent)
        assert step.deadline == datetime(2026, 11, 3, 19, 59, 59, tzinfo=UTC), "midnight in La Réunion, not in Paris"
        assert "Réunion" in step.deadline_text
        done = await walker.walk()
        assert done.lead == "Bienvenue à l’École d’Exemple. Votre compte est prêt."
        assert walker.screen.kind == "done"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_it_is_told_before_anybody_is_served(tmp_path: Path, mistake: str) -> None:
    file, before, after, told = MISTAKES[mistake]
    folder = shutil.copytree(EXAMPLE, tmp_path / "ecole")
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(JourneyError) as error:
        read_institution(folder)
    assert str(folder) in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize("kind", KEYS)
def test_docs_journeys_tells_every_key(kind: type[Struct]) -> None:
    missing = [name for name in kind.__struct_fields__ if f"`{name}`" not in REFERENCE]
    assert not missing


def test_docs_journeys_tells_every_kind_word_and_sentence() -> None:
    words = {word for stage in STAGES.values() for word in stage.words}
    told = [*STAGES, *words, *shipped_words().words, *shipped_words().say]
    assert not [name for name in told if f"`{name}`" not in REFERENCE]


@pytest.mark.parametrize("file", [INSTITUTION, JOURNEY])
def test_the_example_in_the_docs_is_the_one_that_works(file: str) -> None:
    """What is quoted there line by line stands in the file."""
    quoted = [line for block in REFERENCE.split("```toml\n")[1:] for line in block.split("```")[0].splitlines()]
    example = (EXAMPLE / INSTITUTION).read_text(encoding="utf-8") + (EXAMPLE / JOURNEY).read_text(encoding="utf-8")
    assert quoted
    assert not [line for line in quoted if line.strip() and not line.startswith("#") and line not in example]
