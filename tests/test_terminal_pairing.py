"""The pairing code read as a phone reads it: from the cells of the real screen, and from a picture of a real xterm."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.backend_process import BackendProcess
from tests.photographs import Photographed, cells_on
from tests.qr_reading import read
from tests.traveller import Traveller, one_time_code

pytest_plugins = ["tests.terminal_fixtures", "tests.photograph_fixtures"]
pytestmark = pytest.mark.slow


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


def test_a_picture_of_xterm_is_scanned_by_two_readers(
    town: BackendProcess, tmp_path: Path, photographed: Photographed
) -> None:
    with Traveller(town, "P011", home=tmp_path) as person:
        person.arrive("phone_pairing")
        key = person.key()
        written = person.raw
    assert [_key_in(uri) for uri in photographed(written)] == [key, key]
