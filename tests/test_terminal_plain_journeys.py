"""Each journey line by line on a terminal that only has lines: 0 escape sequences, no secret on it, a clean end; and
what docs/transcripts says of them is what is heard.
"""

import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.transcripts import FOLDER, TYPED, transcript
from tests.backend_process import BackendProcess
from tests.line_journeys import LINE_JOURNEYS, LineJourney, choose_password
from tests.listening import LineWalk

pytestmark = pytest.mark.slow

MAY_COME_LATER = {
    "Le mail arrive d’ordinaire en moins d’une minute.",
    "Le mail est parti.",
    "The mail usually arrives within a minute.",
    "The mail has left.",
    "Pas encore de code.",
    "Un instant…",
    "One moment…",
}
"""Heard or not, as the service is quick."""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    backend = BackendProcess(tmp_path_factory.mktemp("demonstration") / "data", "--demonstration")
    backend.start()
    yield backend
    backend.stop()


@pytest.mark.parametrize("walked", LINE_JOURNEYS, ids=lambda walked: walked.name)
def test_a_journey_from_the_first_line_to_the_last(
    demonstration: BackendProcess, tmp_path: Path, walked: LineJourney
) -> None:
    with walked.begin(demonstration, tmp_path) as person:
        before = termios.tcgetattr(person.descriptor)[3]
        walked.walk(person, demonstration)
        assert person.end() == 0
        assert termios.tcgetattr(person.descriptor)[3] == before, "it echoes again"
        person.is_quiet(*walked.secrets)
        heard = transcript(person).splitlines()
    written = (FOLDER / f"{walked.name}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in heard if line not in {*written, *MAY_COME_LATER}] == [], "run: make transcripts"
    assert [line for line in heard if line.startswith(TYPED)] == [line for line in written if line.startswith(TYPED)]


def test_who_knows_nothing_comes_to_an_end_by_the_demonstration_alone(
    demonstration: BackendProcess, tmp_path: Path
) -> None:
    """From the doors, whom to try, what is done for them, a mail of theirs and its code."""
    with LineWalk(demonstration, home=tmp_path, journey="") as person:
        person.asked("/démo dit qui essayer[^$]*Votre choix", "/démo")
        person.asked("/démo remplit ensuite[^$]*Numéro", "")
        door = person.hears(r"(\d) pour : Retrouver l’accès").group(1)
        person.asked("Numéro", door)
        person.asked("Code", "/demo")
        person.asked("La boîte mail[^$]*Numéro", "0")
        locked = person.hears(r"(\d) pour : Hovhannès").group(1)
        person.asked("Numéro", locked)
        person.hears("son code se saisit")
        person.asked("Fermer[^$]*Votre choix", "")
        person.asked("Code", "/démo")
        person.asked("1 pour : à [^$]*Numéro", "1")
        person.asked("1 pour : Remplir le code[^$]*Votre choix", "1")
        person.asked("Code[^$]*Entrée garde", "")
        choose_password(person)
        person.asked("Votre compte est de nouveau ouvert[^$]*Votre choix", "")
        assert person.end() == 0
        person.is_quiet()
