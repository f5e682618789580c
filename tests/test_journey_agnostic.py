"""The wizard knows no journey: what one needs is in its file and in the screens of its steps.

Read from the source of ``tui/`` and of what every screen of a step is made of, so that a branch on a journey or on a
kind of step cannot come in, whatever it is called.
"""

import ast
from pathlib import Path
from typing import get_args

import pytest

from api_client import contract
from screens.frame import kind_of
from tests.conftest import ROOT

SHARED = ("frame", "page", "form", "patience", "messages", "words", "clock", "looks")
"""The modules of ``screens/`` that every screen rests on."""
SOURCES = sorted((*(ROOT / "tui").glob("*.py"), *(ROOT / "screens" / f"{name}.py" for name in SHARED)))

JOURNEY_FILES = {path.stem for path in (ROOT / "backend" / "journeys").glob("*.toml")} - {"institution"}
PROMISED = {"activation-letter", "activation-link", "portal-registration", "phone-pairing", "my-account", "assistance"}
"""Ids that others rely on."""

OF_EVERY_JOURNEY = {contract.Done, *get_args(contract.OutcomeSteps)}
"""Each of them ends, may stop, and may be taken to another screen."""
OF_A_JOURNEY = tuple(kind for kind in get_args(contract.AnyStep) if kind not in OF_EVERY_JOURNEY)
KINDS = {kind_of(kind) for kind in OF_A_JOURNEY}
CLASSES = {kind.__name__ for kind in OF_A_JOURNEY} | {
    answer.__name__ for answer in get_args(contract.AnyAnswer) if answer not in {contract.Act, contract.TakeOverAnswer}
}
FIELDS_OF_ALL = set(contract.Step.__struct_fields__)
"""« notice » is a field of every step, and a kind besides."""


def of_a_journey(source: str) -> list[str]:
    """Each thing in ``source`` that names a journey, or a kind of step that belongs to one."""
    found = []
    tree = ast.parse(source)
    # What a mapping is keyed by are the fields of a screen: « login » is one too.
    fields = {key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    for node in ast.walk(tree):
        if node in fields:
            continue
        match node:
            case ast.Constant(value=str() as text) if text in (KINDS - FIELDS_OF_ALL) | JOURNEY_FILES | PROMISED:
                found.append(f"line {node.lineno}: {text!r}")
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) if name in CLASSES:
                found.append(f"line {node.lineno}: {name}")
            case ast.ImportFrom(module=str() as module) if module.removeprefix("screens.") in KINDS:
                found.append(f"line {node.lineno}: {module}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_journey_has_a_branch_in_the_wizard(path: Path) -> None:
    assert of_a_journey(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "branch",
    [
        'if enrolment.journey == "phone-pairing": pass',
        'if kind_of(step) == "sign_in": pass',
        "if isinstance(step, contract.Identity): pass",
        "from api_client.contract import SignIn",
        "from screens.phone_pairing import PhonePairingScreen",
        'match kind:\n    case "menu": pass',
        'FIRST = {"phone_pairing", "other"}',
    ],
)
def test_such_a_branch_would_be_found(branch: str) -> None:
    assert len(of_a_journey(branch)) == 1


def test_what_is_of_every_journey_is_not_taken_for_one() -> None:
    assert of_a_journey('fleeting = {"notice", "title"}; isinstance(step, Refused | Done); Act(action="skip")') == []
    assert of_a_journey('page.copy_out({"login": person.login})') == []


def test_journeys_are_read_from_their_files() -> None:
    assert len(JOURNEY_FILES) >= 2
    assert len(KINDS) > 20
