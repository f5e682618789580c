"""What is kept of the console's fonts is what they have, and what is written in fewer signs can still be read."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from screens.spelling import EVERYTHING, of_ascii, of_console

FONTS = sorted(Path("/usr/share/consolefonts").glob("Lat15-*.psf.gz"))


def signs_of_font(font: Path, tool: Callable[[str], str]) -> set[str]:
    """By ``psfgettable``: a line for each glyph, with the characters that it stands for; sequences are none of ours."""
    unpacked = subprocess.run([tool("zcat"), str(font)], capture_output=True, check=True).stdout
    told = subprocess.run([tool("psfgettable"), "-"], input=unpacked, capture_output=True, check=True).stdout.decode()
    words = [word for line in told.splitlines() for word in line.partition("#")[0].split()[1:] if "," not in word]
    return {chr(int(word.removeprefix("U+"), 16)) for word in words}


def test_the_list_of_the_console_is_what_all_its_fonts_have(tool: Callable[[str], str]) -> None:
    assert FONTS, "no console font is installed here: run `make system` as root, then try again."
    for font in FONTS:
        had = signs_of_font(font, tool)
        kept = {sign for sign in map(chr, range(0x21, 0x3000)) if of_console().has(sign)}
        assert kept <= had, (font.name, sorted(kept - had))


@pytest.mark.parametrize(
    ("text", "console", "ascii_only"),
    [
        ("Élodie, ça va ? C’est prêt", "Élodie, ça va ? C’est prêt", "Élodie, ça va ? C'est prêt"),
        ("« Suivant »", "« Suivant »", '"Suivant"'),
        ("Un instant…", "Un instant...", "Un instant..."),
        ("e…5@example.org", "e...5@example.org", "e...5@example.org"),
        ("un œil", "un œil", "un oeil"),
        ("✓ fait, ✗ non", "v fait, ✗ non", "v fait, x non"),
        ("Hovhannès Ôłč 漢", "Hovhannès Ô?c ??", "Hovhannès Ô?c ??"),
    ],
)
def test_a_sentence_is_spelt_with_what_there_is(text: str, console: str, ascii_only: str) -> None:
    assert of_console().spell(text) == console
    assert of_ascii().spell(text) == ascii_only
    assert EVERYTHING.spell(text) == text


@pytest.mark.parametrize("text", ["Un instant…", "▌▀▄█░", "« a »\N{NO-BREAK SPACE}: œ", "漢"])
def test_what_stands_in_cells_keeps_its_width(text: str) -> None:
    from rich.cells import cell_len

    for spelling in (of_console(), of_ascii()):
        respelt = spelling.respell(text)
        assert cell_len(respelt) == cell_len(text)
        assert all(map(spelling.has, respelt))
