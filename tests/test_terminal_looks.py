"""A whole journey on the Linux console, by a keyboard that speaks kitty's protocol for its first answer.

The portal without colours is in test_terminal_portal.py, a phone paired in 16 colours in test_terminal_phone.py; every
other screen in every other look is in test_looks.py.
"""

from pathlib import Path

import pytest

from screens.spelling import of_console
from tests.backend_process import BackendProcess
from tests.sent import colours_of_more, colours_sent, signs_sent
from tests.traveller import Traveller

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow


def in_kitty(text: str) -> bytes:
    """As a terminal sends it that was asked to say every key with its text."""
    return b"".join(b"\x1b[%d;;%du" % (ord(letter), ord(letter)) for letter in text)


ENTER_IN_KITTY = b"\x1b[13u"


def test_a_letter_on_the_console(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P040", home=tmp_path, environment={"TERM": "linux"}) as person:
        person.at("login")
        person.send(in_kitty(person.row["login"]) + ENTER_IN_KITTY).at("provisional_password")
        person.arrive("done").press("enter")
        assert person.end() == 0
    assert not {sign for sign in signs_sent(person.raw) if not of_console().has(sign)}
    assert not colours_of_more(colours_sent(person.raw))
    assert town.show(person.row["login"])["status"] == "active"
