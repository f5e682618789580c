"""Each journey line by line on a terminal that only has lines: 0 escape sequences, no secret on it, a clean end; and
what docs/transcripts says of them is what is heard.
"""

import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.transcripts import FOLDER, TYPED, transcript
from tests.backend_process import BackendProcess
from tests.line_journeys import LINE_JOURNEYS, LineJourney

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
