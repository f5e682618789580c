"""Rows 11, 12 and 14 to 17 of the hardening table (docs/security.md): what a terminal sends that no keyboard sends.

All to one program on one pty, one after the other: it must take the next as well as the first. Row 13 is
test_rows_garbage.py.
"""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.test_rows_garbage import helps
from tests.traveller import Traveller
from tests.walking import PERRON, Walk
from tui.driver import PASTE_LIMIT

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

MOST_MEGABYTES = 100
MOST_SECONDS = 1.0


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """A program that finds no backend; its first screen takes keys all the same."""
    with Walk([PERRON, "--backend", "http://127.0.0.1:1", "--lang", "fr"], home=tmp_path_factory.mktemp("home")) as one:
        one.see("F10")
        yield one


def assert_hears(walk: Walk) -> None:
    """F1 and Esc are obeyed; after a flood of keys the first ones are dropped, as a person sees, and presses again."""
    assert any(helps(walk, True) for _ in range(60)), "no key is obeyed any more"
    assert any(helps(walk, False) for _ in range(60)), "no key is obeyed any more"


def most_memory(pid: int) -> int:
    """The most that the process ever took, in megabytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) // 1024


@pytest.mark.parametrize("data", [b"\xff", b"\xe9", b"\xff\xfe\xe9 \x80", b"\xf0\x9f", b"\xed\xa0\x80"], ids=ascii)
def test_row_11_bytes_that_are_no_utf_8(walk: Walk, data: bytes) -> None:
    walk.send(data)
    assert_hears(walk)


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[1114112u",
        b"\x1b[97:65:65;5:3;65u",
        b"\x1b[27;99999999999999999999u",
        b"\x1b[<999;-5;99999M\x1b[M\xff\xff\xff",
        b"\x1b[" + b"1;" * 200,
    ],
    ids=["beyond Unicode", "malformed", "modifiers beyond reason", "a mouse beyond the window", "never finished"],
)
def test_row_12_keys_that_are_none(walk: Walk, data: bytes) -> None:
    walk.send(data)
    assert_hears(walk)


@pytest.mark.parametrize(
    "data",
    [b"\x1b[48;30000;30000;0;0t", b"\x1b[48;0;0;0;0t\x1b[<0;10;10M\x1b[<0;10;10m"],
    ids=["enormous", "none, and then a click"],
)
def test_row_14_a_window_whose_size_is_a_lie(walk: Walk, data: bytes) -> None:
    walk.send(data)
    assert_hears(walk)
    assert most_memory(walk.pid) < MOST_MEGABYTES


def test_row_15_a_megabyte_pasted_is_cut(walk: Walk) -> None:
    walk.send(b"\x1b[200~" + b"x" * 1_000_000 + b"\x1b[201~")
    assert_hears(walk)


@pytest.mark.alone
def test_row_15_ten_megabytes_pasted_are_absorbed_in_a_second(town: BackendProcess, tmp_path: Path) -> None:
    """Into a field: what it had before is still there, and a person who presses F1 then is answered at once."""
    with Traveller(town, "P001", home=tmp_path) as person:
        person.at("login")
        person.type("avant").see("avant")
        begun = time.monotonic()
        data = b"\x1b[200~" + b"x" * 10 * 1_048_576 + b"\x1b[201~"
        assert os.write(person.descriptor, data) == len(data)
        person.press("f1").see("Échap Fermer")
        spent = time.monotonic() - begun
        person.press("escape").see("avant")
        assert len(person.text) < PASTE_LIMIT
        memory = most_memory(person.pid)
    print(f"10 MB pasted: {spent:.2f} s, {memory} MB")
    assert spent < MOST_SECONDS, f"{spent:.2f} s"
    assert memory < MOST_MEGABYTES, f"{memory} MB"


def test_row_16_a_flood_of_keys(walk: Walk) -> None:
    walk.send(b"x" * 200_000)
    assert_hears(walk)
    assert most_memory(walk.pid) < MOST_MEGABYTES


def test_row_17_a_paste_that_ends_and_then_quits(walk: Walk) -> None:
    walk.send(b"\x1b[200~x\x1b[201~\x11\x1b[201~")
    assert_hears(walk)


def test_row_18_a_paste_that_never_ends_ends_with_the_next_one(walk: Walk) -> None:
    """Nothing else ends it, which is why the clocks of a kiosk run on (test_kiosk_people.py)."""
    walk.send(b"\x1b[200~abc").press("f1", "enter")
    walk.send(b"\x1b[201~")
    assert_hears(walk)
