"""docs/transcripts, as it is heard: nothing that only the eye would understand, nothing that cannot be pronounced."""

import re
import subprocess
from pathlib import Path

import pytest

from bench.transcripts import FOLDER, TYPED
from tests.line_journeys import LINE_JOURNEYS
from tests.listening import FURNITURE
from tui.plain_terminal import WIDTH

FILES = sorted(FOLDER.glob("*.txt"))

FOR_THE_EYE = re.compile(
    r"•|\bF\d|[Ff]lèche|Échap|\bEsc\b|\bTab\b|Maj\b|souris|surlign|en surbrillance|encadré|en (?:rouge|vert|gras)"
    r"|à (?:droite|gauche)\b|en (?:haut|bas) d|colonne|arrow|mouse|\b[Cc]lick|[Cc]liquez"
)
"""Places, colours, and keys that do nothing there."""

_POINTS_AHEAD = re.compile(r"ci-dessous|ci-dessus|\bbelow\b|\babove\b")

TRUE_HERE = {
    "professionnelle : ouvrez l’adresse ci-dessous avec un navigateur,",  # it is said right behind
    "You are at a terminal: type the code printed below the link, or paste",  # in the mail
    "Code in the mail, below the link:",
}
"""Reviewed one by one."""


def test_every_journey_has_its_transcript() -> None:
    assert [path.stem for path in FILES] == sorted(walked.name for walked in LINE_JOURNEYS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_needs_an_eye(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if not line.startswith(TYPED)]
    assert [line for line in told if FURNITURE.search(line) or FOR_THE_EYE.search(line)] == []
    assert [line for line in told if _POINTS_AHEAD.search(line) and line not in TRUE_HERE] == []
    assert [line for line in told if len(line) > WIDTH and " " in line] == []


@pytest.mark.parametrize("voice", ["fr", "en"])
def test_every_line_can_be_pronounced(voice: str) -> None:
    """By espeak-ng, which kiosks and many screen readers speak with."""
    texts = [path.read_text(encoding="utf-8") for path in FILES if path.suffixes[0] == f".{voice}"]
    lines = {line.removeprefix(TYPED) for text in texts for line in text.splitlines() if line}
    assert [line for line, said in phonemes(sorted(lines), voice).items() if not re.search("[a-zA-Z]", said)] == []


def phonemes(lines: list[str], voice: str) -> dict[str, str]:
    """What is said for each line, by one process: between two of them it says something that it says nowhere else."""
    (between,) = speak(["Zwqx"], voice).split()
    said = speak([part for line in lines for part in (line, "Zwqx")], voice).split(between)[:-1]
    return dict(zip(lines, said, strict=True))


def speak(paragraphs: list[str], voice: str) -> str:
    command, text = ["espeak-ng", "-q", "-x", "-v", voice], "\n\n".join(paragraphs)
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60).stdout
