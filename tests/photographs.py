"""What a phone held before the screen sees: the cells of the terminal, or a picture of a real xterm."""

import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zxingcpp
from PIL import Image

from tests.qr_reading import Cell, Colour
from tests.walking import Walk

Tool = Callable[[str], str]
Photographed = Callable[[bytes], tuple[str, str]]

_NAMED = {"black": "000000", "white": "ffffff", "brightwhite": "ffffff"}


def _colour(name: str, otherwise: str) -> Colour:
    digits = _NAMED.get(name, name)
    digits = digits if re.fullmatch(r"[0-9a-f]{6}", digits) else otherwise
    return Colour(*bytes.fromhex(digits))


def cells_on(person: Walk) -> list[list[Cell]]:
    """The cells that the terminal shows, as ``qr_reading`` wants them."""
    screen = person.screen
    return [[_cell(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def _cell(shown: Any) -> Cell:
    ink, paper = _colour(shown.fg, "e4e4e4"), _colour(shown.bg, "121212")
    return (shown.data, paper, ink) if shown.reverse else (shown.data, ink, paper)


def photograph(written: bytes, display: str, tool: Tool, folder: Path) -> tuple[str, str]:
    """The QR code of what was written to a terminal of 80 by 24: as zxing reads the picture, and as zbar does."""
    shown, picture = folder / "shown", folder / "picture.png"
    shown.write_bytes(written)
    # What xterm answers to the questions in it must not be echoed into the picture.
    replay = f"stty raw -echo; cat '{shown}'; sleep 60"
    font = ["-fa", "DejaVu Sans Mono", "-fs", "12"]
    xterm = subprocess.Popen(
        [tool("xterm"), *font, "-geometry", "80x24", "-e", "/bin/sh", "-c", replay],
        env=os.environ | {"DISPLAY": display, "LC_ALL": "C.UTF-8"},
        stderr=subprocess.DEVNULL,
    )
    try:
        return _read_picture(display, tool, picture)
    finally:
        xterm.terminate()
        xterm.wait(10)


def _read_picture(display: str, tool: Tool, picture: Path) -> tuple[str, str]:
    found, limit = "", time.monotonic() + 30
    while not found and time.monotonic() < limit:
        time.sleep(0.5)
        subprocess.run([tool("import"), "-display", display, "-window", "root", str(picture)], check=True)
        codes = zxingcpp.read_barcodes(np.array(Image.open(picture).convert("L")))
        found = codes[0].text if codes else ""
    told = subprocess.run([tool("zbarimg"), "-q", "--raw", str(picture)], capture_output=True, text=True, check=True)
    return found, told.stdout.strip()
