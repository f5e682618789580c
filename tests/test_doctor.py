"""What ``perron doctor`` shows of a terminal, and what it asks of a keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.looks import LOOKS, LookName, look_named, wear
from tests.photographs import cells_on
from tests.qr_reading import read
from tests.sent import colours_of_more, colours_sent
from tests.walking import PERRON, Walk
from tui.appearance import Appearance
from tui.rulers import rulers

DOCTOR = [PERRON, "doctor", "--backend", "http://127.0.0.1:1", "--lang", "en"]


@pytest.fixture(autouse=True)
def undressed() -> Iterator[None]:
    yield
    wear(look_named("full"))


@pytest.mark.parametrize("look", LOOKS)
def test_a_ruler_has_only_signs_of_its_look_each_over_its_mark(look: LookName) -> None:
    appearance = Appearance(look_named(look), 2)
    _, signs, marks, *_ = rulers(appearance)
    assert len(signs) == len(marks) > 12
    assert all(map(appearance.look.spelling.has, signs))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("term", "look", "colours"),
    [("linux", "linux", "16"), ("xterm-256color", "full", "256"), ("vt220", "full", "none")],
)
def test_a_terminal_is_shown_what_it_can_do(tmp_path: Path, term: str, look: str, colours: str) -> None:
    with Walk(DOCTOR, home=tmp_path, cols=110, rows=60, environment={"TERM": term}) as walk:
        assert walk.end(30) == 1
        for told in (f"Look: {look}", f"Colours: {colours}", "QR code: fits", "Encoding: utf-8", "Nobody answers"):
            walk.see(told)
        assert read(cells_on(walk)) == ["PERRON"]
        assert bool(colours_of_more(colours_sent(walk.raw))) is (colours == "256")


@pytest.mark.slow
def test_keys_that_do_not_come_are_told(tmp_path: Path) -> None:
    with Walk([*DOCTOR, "--keys"], home=tmp_path, rows=60) as walk:
        walk.see("Press each of these keys")
        walk.press("tab", "shift+tab", "up", "down", "space", "f1", "f2", "f3", "f4", "escape").see("escape$")
        walk.press("enter").see("These did not come: f10")
        assert walk.end(30) == 1
        assert "\x1b" not in walk.text
