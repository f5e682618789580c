"""The documents name files that exist and programs that are there."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
_FILE = re.compile(r"`((?:api_client|backend|bench|docs|screens|tests|tui)/[\w./-]+)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_file_that_is_named_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = {document.parent / link for link in _LINK.findall(text)} | {ROOT / file for file in _FILE.findall(text)}
    assert not [str(path.relative_to(ROOT)) for path in named if not path.exists()]


def test_docs_security_tells_every_throttle() -> None:
    """Their number is the least that must be told; the source beside each is in the code."""
    from backend.throttle import ALLOWANCES

    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    most = {str(limit.most) for allowance in ALLOWANCES for limit in allowance.limits if limit.most}
    assert not [number for number in most if not re.search(rf"\b{number}\b", told)]


def test_the_accessibility_statement_names_tests_that_are_there() -> None:
    told = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)::(test_\w+)`", told)
    assert len(named) > 50
    assert not [
        f"{module}::{test}"
        for module, test in named
        if not (file := ROOT / "tests" / f"test_{module}.py").exists()
        or not re.search(rf"^(async )?def {test}\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
