"""The hardening table: every row has a test that is named by it, and docs/security.md tells which.

A test of row 7 is called ``test_row_07_…``, one of rows 8 and 9 ``test_row_08_09_…``.
"""

import re
from collections import defaultdict

import pytest

from tests.conftest import ROOT

ROWS = {
    "1": "the palette of Ctrl+P",
    "2": "a screenshot in a file",
    "3": "Ctrl+Q",
    "4": "Ctrl+C",
    "5": "Ctrl+Z, Ctrl+\\",
    "5b": "the keyboard's signals, given back by a variable; a core dump",
    "6": "a selection of the mouse, copied",
    "7": "a password copied, cut, or pasted where it shows",
    "8": "markup in a text from outside, clicked",
    "9": "unbalanced markup in a name",
    "10": "escape sequences in a text from outside, or typed",
    "11": "a byte that is no UTF-8",
    "12": "a malformed key",
    "13": "garbage, four hundred pieces at a time",
    "14": "a size of the window that is a lie",
    "15": "10 MB pasted",
    "16": "200 kB of keys",
    "17": "a paste that ends and then quits",
    "18": "a paste that never ends",
    "19": "two fields typed in one burst",
    "20": "a login, Enter and a password typed in one burst",
    "21": "a crash that shows what was typed",
    "22": "TEXTUAL_LOG",
    "23": "TEXTUAL_DEBUG",
    "24": "TEXTUAL_DRIVER, TEXTUAL_PRESS, TEXTUAL_SCREENSHOT, PYTHONPATH",
    "25": "a link that starts a browser",
    "26": "SIGTERM, SIGHUP",
    "27": "a terminal that is gone",
    "28": "SIGKILL",
    "29": "what a terminal keeps of who left",
    "30": "a kiosk in tmux",
    "31": "what was taken away, undone",
    "32": "another process of the same user",
    "33": "the memory of whoever came before; swap",
    "34": "a window of any size, or no terminal at all",
    "35": "somebody who goes away",
    "36": "what httpx logs and obeys",
    "37": "virtual consoles, SysRq, Ctrl+Alt+Del, USB",
}
"""What was tried on a stock Textual program, one by one."""

_NAMED = re.compile(r"def test_row_((?:\d\db?_)+)")
_LINE = re.compile(r"^\| (\d+b?) \|(.*)\|$", re.MULTILINE)
SECURITY_MD = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def files_by_row() -> dict[str, set[str]]:
    """The test files in which a test is named by a row."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted((ROOT / "tests").glob("test_*.py")):
        for rows in _NAMED.findall(file.read_text(encoding="utf-8")):
            for row in rows.removesuffix("_").split("_"):
                found[row.lstrip("0")].add(f"tests/{file.name}")
    return found


def test_every_row_has_its_test() -> None:
    assert files_by_row().keys() == ROWS.keys()


def test_every_row_is_told_once_and_no_other() -> None:
    assert [row for row, _ in _LINE.findall(SECURITY_MD)] == list(ROWS)


@pytest.mark.parametrize(("row", "line"), _LINE.findall(SECURITY_MD))
def test_what_is_told_of_a_row_is_true(row: str, line: str) -> None:
    """Its tests are all of them, and what keeps it is there."""
    tried, fix, kept, tests = (cell.strip() for cell in line.split("|"))
    assert tried == ROWS[row]
    assert fix
    assert set(re.findall(r"`(tests/[a-z_0-9]+\.py)`", tests)) == files_by_row()[row]
    places = re.findall(r"`([^`]+)`", kept)
    assert places
    for place in places:
        assert (ROOT / place).exists(), place
