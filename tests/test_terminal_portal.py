"""A-27 to A-38 of domain.md §18: registering on the portal by keyboard, some of it at 40×15 too.

What each number leads to is tried without a terminal in test_portal_establishment.py; here it is read and typed.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.applicant import SIRENE_KEY, Applicant, open_portal
from tests.backend_process import BackendProcess
from tests.fake_sirene import FakeSirene
from tests.registering import SCENARIOS, Registrant
from tests.sent import colours_sent
from tests.traveller import SIZES, MakeBackend

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

WIDE, SMALL = SIZES
at = partial(pytest.mark.parametrize, ("cols", "rows"), ids=str)
"""Each journey and each kind of screen is met at both sizes, not each test of them."""
CONTACT = "operateur.example/contact"


@pytest.fixture(scope="module")
def portal(make_backend: MakeBackend) -> BackendProcess:
    backend = open_portal(make_backend)
    backend.start()
    return backend


def registered(backend: BackendProcess, person: Applicant) -> dict[str, Any]:
    """They reach the end and leave; what is known of them."""
    person.arrive("done").press("enter")
    assert person.end() == 0
    shown = backend.show(person.backup)
    assert (shown["status"], shown["realm"]) == ("active", "portal")
    return shown


@pytest.mark.parametrize(
    ("who", "establishments", "cols", "rows"),
    [("R13", 1, 80, 24), ("C02", 2, 40, 15), ("C06", 4, 80, 24)],
)
def test_a27_a28_a_known_contact_is_thanked_and_attached(
    portal: BackendProcess, tmp_path: Path, who: str, establishments: int, cols: int, rows: int
) -> None:
    """R13 types the address of C01 in another case; C02 has a small window, and no colours."""
    registrant = who if who.startswith("R") else Registrant.of_contact(who)
    looks = {"NO_COLOR": "1"} if cols == 40 else {}
    with Applicant(portal, registrant, home=tmp_path, cols=cols, rows=rows, environment=looks) as person:
        person.arrive("link_sent")
        person.see_no_more("reconnu")  # nothing before the proof tells that they are known
        person.prove()
        person.at("notice")
        person.see("reconnu")
        shown = registered(portal, person)
    assert shown["known_contact"] is True
    assert bool(colours_sent(person.raw)) is not bool(looks)
    assert len(shown["establishments"]) == establishments
    assert shown["consents"] == {"support": False}


@pytest.mark.parametrize(("who", "cols", "rows"), [("R01", 80, 24), ("R07", 40, 15)])
def test_a29_a37_the_member_number_s_path(
    portal: BackendProcess, tmp_path: Path, who: str, cols: int, rows: int
) -> None:
    with Applicant(portal, who, home=tmp_path, cols=cols, rows=rows) as person:
        person.arrive("member_number")
        person.see("EXEMPLE PROPRETE DU MIDI|INDIVIDUELLE FICTIVE")
        shown = registered(portal, person)
    assert set(shown["topics"]) == set(person.who.topics)
    assert shown["consents"] == {"support": person.who.consents}
    (one,) = shown["establishments"]
    assert (one["siret"], one["state"]) == (person.who.number, "attached")


@at([SMALL])
def test_a30_of_a_siren_the_active_ones_are_offered(
    portal: BackendProcess, tmp_path: Path, cols: int, rows: int
) -> None:
    scenario = Registrant.of_scenario("R02")
    who = replace(scenario, email=f"{cols}{scenario.email}")
    with Applicant(portal, who, home=tmp_path, cols=cols, rows=rows) as person:
        person.arrive("establishment_choice")
        person.press("space").see("000 010 025 00013")
        person.press("down").see("000 010 025 00021")
        person.press("down", "down")
        assert "000 010 025 00039" not in person.text, "the closed one is absent"
        person.press("home", "enter").at("member_number")
        (one,) = registered(portal, person)["establishments"]
    assert one["siret"] == "00001002500013"


@pytest.mark.parametrize(
    ("who", "kept", "cols", "rows"), [("R03", "1979", 80, 24), ("R04", "0573", 40, 15), ("R10", "3043", 80, 24)]
)
def test_a31_a32_an_agreement_instead_of_a_number(
    portal: BackendProcess, tmp_path: Path, who: str, kept: str, cols: int, rows: int
) -> None:
    with Applicant(portal, who, home=tmp_path, cols=cols, rows=rows) as person:
        person.arrive("idcc")
        person.type(person.who.idcc).see(rf"{kept} \S+")
        person.press("ctrl+u")
        (one,) = registered(portal, person)["establishments"]
    assert (one["idcc"], one["state"]) == (kept, "to_review")


@at([WIDE])
def test_a33_a34_a38_numbers_that_lead_nowhere_and_back(
    portal: BackendProcess, tmp_path: Path, cols: int, rows: int
) -> None:
    who = replace(Registrant.of_scenario("R05"), email=f"dir{cols}@ferme.example", topics=("FACTURES",))
    with Applicant(portal, who, home=tmp_path, cols=cols, rows=rows) as person:
        person.arrive("establishment")
        person.press("home", "tab")
        for scenario, told in _REFUSED.items():
            person.retype(SCENARIOS[scenario]["siret_ou_siren_saisi"]).see(told)
        person.see("123456789")  # what was refused stays, to be mended
        person.press("escape").at("topics")
        ticked = person.see(r"\[x\]")
        assert person.text[ticked.start() :].startswith("[x] Instruction des factures")
        person.press("escape").at("consent")
        person.press("escape").at("identity")
        person.press("tab", "tab").see(person.who.last_name)
        person.send_it().at("consent")
        person.send_it().at("topics")
        person.see(r"\[x\]")
        person.send_it().at("establishment")
    assert portal.show(person.backup)["status"] == "inactive"


_REFUSED = {
    "R05": "ni actif au niveau",
    "R06": "Ce numéro n’existe pas",
    "R11": "ou contactez Opérateur",
    "R08": "Ce numéro n’existe pas",
}
"""Closed, and unknown to everybody (A-33); between them wrong keys, of a SIRET and of a SIREN (A-34)."""


@at([WIDE])
def test_a35_five_wrong_numbers_then_whom_to_ask(portal: BackendProcess, tmp_path: Path, cols: int, rows: int) -> None:
    scenario = Registrant.of_scenario("R09")
    with Applicant(
        portal, replace(scenario, email=f"{cols}{scenario.email}"), home=tmp_path, cols=cols, rows=rows
    ) as person:
        person.arrive("member_number")
        for left in range(4, 0, -1):
            person.retype(person.who.member_number).see(rf"restants : {left}")
        person.retype(person.who.member_number).see("Trop de numéros essayés")
        person.see(CONTACT)
        person.retype("AD000009").see("Trop de numéros essayés")
    assert portal.show(person.backup)["status"] == "inactive"


@pytest.fixture
def sirene() -> Iterator[FakeSirene]:
    with FakeSirene() as fake:
        yield fake


def test_a36_a_register_that_is_down_is_waited_for_whoever_restarts(
    make_backend: MakeBackend, sirene: FakeSirene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R12: it is asked again and again, by a backend killed meanwhile too, and the screen goes on by itself."""
    for name, value in SIRENE_KEY.items():
        monkeypatch.setenv(name, value)
    backend = make_backend("--companies", sirene.url)
    backend.start()
    who = replace(Registrant.of_scenario("R12"), idcc="1979")
    with Applicant(backend, who, home=tmp_path) as person:
        person.arrive("pending")
        person.see("000 010 199 00016")
        while len(sirene.asked) < 2:
            time.sleep(0.1)
        person.speak("en")
        person.at("pending")
        person.speak("fr")
        backend.kill()
        person.see("Connexion perdue", seconds=5)
        backend.start()
        person.see_no_more("Connexion perdue", seconds=25)
        person.at("pending")
        sirene.rows[who.number] |= {"connu_insee": "oui", "etat_administratif": "A", "denomination": "SOCIETE FICTIVE"}
        person.at("idcc", seconds=40)
        person.see("SOCIETE FICTIVE")
        registered(backend, person)
    backend.stop()
