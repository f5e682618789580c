"""The pairing code read as a phone reads it: from the cells of the real screen, and from a picture of a real xterm."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from tests.backend_process import BackendProcess
from tests.qr_reading import Cell, Colour, read
from tests.traveller import Traveller, one_time_code

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

Tool = Callable[[str], str]

_NAMED = {"black": "000000", "white": "ffffff"}


def _colour(name: str, otherwise: str) -> Colour:
    digits = _NAMED.get(name, name)
    digits = digits if re.fullmatch(r"[0-9a-f]{6}", digits) else otherwise
    return Colour(*bytes.fromhex(digits))


def cells_on(person: Traveller) -> list[list[Cell]]:
    """The cells that the terminal shows, as ``qr_reading`` wants them."""
    screen = person.screen
    return [
        [
            (cell.data, _colour(cell.fg, "e4e4e4"), _colour(cell.bg, "121212"))
            for cell in (screen.buffer[y][x] for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]


def _key_in(uri: str) -> str:
    """The secret of an ``otpauth`` URI that a phone takes."""
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    told = parse_qs(parts.query)
    assert told["issuer"] == ["UE"]
    return told["secret"][0]


@pytest.mark.parametrize(("who", "theme"), [("P001", "dark"), ("P002", "light")], ids=["dark", "light"])
def test_the_code_on_the_screen_is_scanned(town: BackendProcess, tmp_path: Path, who: str, theme: str) -> None:
    with Traveller(town, who, home=tmp_path, environment={"PERRON_THEME": theme}) as person:
        person.arrive("phone_pairing")
        (uri,) = read(cells_on(person))
        key = _key_in(uri)
        assert key == person.key(), "the key beside it is the same"
        person.fill("000000").see("n’est pas le bon|pas le bon")
        person.retype(one_time_code(key)).at("recovery_codes")
        assert len(person.recovery_codes()) == 10
    assert town.show(person.row["login"])["second_factor"] == "totp"


def test_where_the_code_does_not_fit_its_key_is_typed(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P008", home=tmp_path, cols=40, rows=15) as person:
        person.arrive("phone_pairing")
        person.see("ne tient pas")
        assert read(cells_on(person)) == []
        key = person.key()
        assert re.fullmatch("[A-Z2-7]{32}", key)
        person.fill(one_time_code(key)).at("recovery_codes")
        assert len(set(person.recovery_codes())) == 10


@pytest.fixture
def display(tool: Tool, tmp_path: Path) -> Iterator[str]:
    """An X server that nobody looks at; its name."""
    ready, says_ready = os.pipe()
    server = subprocess.Popen(
        [tool("Xvfb"), "-displayfd", str(says_ready), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
        pass_fds=[says_ready],
        stderr=subprocess.DEVNULL,
    )
    os.close(says_ready)
    with os.fdopen(ready, encoding="ascii") as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


def test_a_picture_of_xterm_is_scanned_by_two_readers(
    town: BackendProcess, tmp_path: Path, display: str, tool: Tool
) -> None:
    with Traveller(town, "P011", home=tmp_path) as person:
        person.arrive("phone_pairing")
        key = person.key()
        shown, picture = tmp_path / "shown", tmp_path / "picture.png"
        shown.write_bytes(person.raw)
    # What xterm answers to the questions in it must not be echoed into the picture.
    replay = f"stty raw -echo; cat '{shown}'; sleep 60"
    font = ["-fa", "DejaVu Sans Mono", "-fs", "12"]
    xterm = subprocess.Popen(
        [tool("xterm"), *font, "-geometry", "80x24", "-e", "/bin/sh", "-c", replay],
        env=os.environ | {"DISPLAY": display, "LC_ALL": "C.UTF-8"},
        stderr=subprocess.DEVNULL,
    )
    try:
        found, limit = "", time.monotonic() + 30
        while not found and time.monotonic() < limit:
            time.sleep(0.5)
            subprocess.run([tool("import"), "-display", display, "-window", "root", str(picture)], check=True)
            codes = zxingcpp.read_barcodes(np.array(Image.open(picture).convert("L")))
            found = codes[0].text if codes else ""
        assert _key_in(found) == key
        told = subprocess.run(
            [tool("zbarimg"), "-q", "--raw", str(picture)], capture_output=True, text=True, check=True
        )
        assert _key_in(told.stdout.strip()) == key
    finally:
        xterm.terminate()
        xterm.wait(10)
