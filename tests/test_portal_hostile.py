"""What somebody hostile types while registering: refused on its field, or kept in a form that harms nobody (A-45)."""

import csv
import json
import unicodedata

import pytest

from api_client import contract
from tests.backend_house import BackendHouse
from tests.registering import DATA, JOURNEY, Registering, registering, somebody

pytest_plugins = ["tests.portal_fixtures"]

ROWS = [
    (row["champ"], json.loads(row["valeur_json"]))
    for row in csv.DictReader((DATA / "hostile_inputs.csv").read_text(encoding="utf-8").splitlines())
]
NAMES = [value for field, value in ROWS if field in ("nom", "prenom")]
REFUSED_NAMES = [value for value in NAMES if unicodedata.normalize("NFC", value) != "élodie"]


def test_the_file_has_names_to_refuse_and_one_to_keep() -> None:
    assert len(REFUSED_NAMES) == len(NAMES) - 1


@pytest.mark.parametrize("field", ["last_name", "first_name"])
@pytest.mark.parametrize("typed", REFUSED_NAMES, ids=ascii)
async def test_a_hostile_name_is_refused_on_its_field(portal: BackendHouse, field: str, typed: str) -> None:
    one = Registering(portal, await portal.begun(JOURNEY), somebody(**{field: typed}))
    step = await one.take(one.step)
    assert isinstance(step, contract.Identity)
    assert step.errors == {field: portal.house.library.say("name_characters", "fr")}


async def test_a_name_is_kept_in_one_form(portal: BackendHouse) -> None:
    one = await registering(portal, somebody(last_name="e\u0301lodie", first_name="  Inès  "), "topics")
    kept = (await one.said()).identity
    assert kept is not None
    assert (kept.last_name, kept.first_name) == ("\u00e9lodie", "Inès")


@pytest.mark.parametrize("typed", [value for _, value in ROWS], ids=ascii)
async def test_hostile_lines_in_every_other_field_are_told(portal: BackendHouse, typed: str) -> None:
    """Each on the screen that asked, with no number, code or address of that form anywhere."""
    screen = await portal.begun(JOURNEY)
    answer = contract.IdentityAnswer(
        role=typed, civility=typed, last_name="Serrane", first_name="Inès", no_first_name=False, email=typed
    )
    step = await screen.say(answer)
    assert isinstance(step, contract.Identity)
    assert step.errors.keys() == {"email"}
    assert (step.role, step.civility) == ("self", "")
    one = await registering(portal, somebody(number="00001011600010"), "topics")
    await one.screen.say(contract.TopicsAnswer(chosen=(typed, "FACTURES")))
    assert (await one.said()).topics == ("FACTURES",)
    told = await one.screen.say(contract.EstablishmentAnswer(type=typed, number=typed))
    assert told.errors.keys() == {"type", "number"}
    await one.take(one.step)
    assert one.kind == "idcc"
    assert (await one.screen.say(contract.IdccAnswer(code=typed))).errors.keys() == {"code"}
