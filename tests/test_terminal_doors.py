"""Impatient hands, another language, other windows, two screens and a bad network, at the doors of portal and phone.

What they do at the letter's is in test_terminal_typing.py.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.applicant import Applicant
from tests.backend_process import DATA, BackendProcess
from tests.employee import Employee, Phone
from tests.registering import JOURNEY, Registrant
from tests.unsteady import Relay
from tests.walking import KEYS, PERRON

pytestmark = pytest.mark.slow

ENTER, TAB = KEYS["enter"], KEYS["tab"]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    """With an identity provider beside it, and the operator's establishments."""
    data = tmp_path_factory.mktemp("doors") / "data"
    backend = BackendProcess(data, "--demonstration", "--companies", str(DATA / "establishments.csv"))
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def relay(backend: BackendProcess) -> Iterator[Relay]:
    with Relay(backend.port) as relay:
        yield relay


def test_a_registration_by_impatient_hands(backend: BackendProcess, tmp_path: Path) -> None:
    """Whole screens in one burst, Enter ten times, F2 and another window in the middle: once, and nothing is lost."""
    who = replace(Registrant.of_scenario("R01"), email="claire.durand.1@societe-fictive.example")
    with Applicant(backend, who, home=tmp_path) as person:
        person.at("identity")
        person.type(f"{TAB}{TAB}{who.last_name}{TAB}{who.first_name}{TAB}{TAB}{who.email}").see(re.escape(who.email))
        person.speak("en")
        person.see(re.escape(who.email))
        person.resize(40, 15)
        person.see("claire.durand.1")
        person.resize(80, 24)
        person.type(10 * ENTER).at("consent")
        person.type(" " + 10 * ENTER).at("link_sent")
        number = person.number()
        person.speak("fr")
        assert person.number() == number
        person.prove()
        person.at("topics")
        assert len([mail for mail in backend.mails() if mail.to == who.email]) == 1
        person.type(f" {TAB} ").see(r"\[x\] Instruction des dossiers")
        person.speak("en")
        person.see(r"\[x\] Training contribution")
        person.speak("fr")
        person.type(10 * ENTER).at("establishment")
        person.press("home", "tab").type(who.number).see(who.number)
        person.resize(120, 40)
        person.see(who.number)
        person.resize(80, 24)
        person.type(10 * ENTER).at("member_number")
        person.type("AD999999" + 10 * ENTER).see("essais restants : 4")
        person.retype(who.member_number).at("notice")
        for kind in ("member_number", "establishment", "topics"):
            person.press("escape").at(kind)
        person.see(r"\[x\] Contribution")
        person.send_it().at("establishment")
        person.arrive("done")
    assert backend.show(who.email)["topics"] == ["CONTRIBUTION", "DOSSIERS"]


def test_two_screens_of_one_registrant(backend: BackendProcess, tmp_path: Path) -> None:
    """The second one proves the same address: it takes over, and the first is told."""
    who = replace(Registrant.of_scenario("R01"), email="claire.durand.2@societe-fictive.example")
    with (
        Applicant(backend, who, home=tmp_path / "1") as first,
        Applicant(backend, who, home=tmp_path / "2") as second,
    ):
        first.arrive("establishment")
        second.arrive("link_sent")
        number = second.number()
        backend.open_link(second.mail(after=1).link, number)
        second.at("take_over")
        second.send_it().at("establishment")
        first.at("handed_over")
        second.arrive("done")
    assert backend.show(who.email)["status"] == "active"


def test_a_network_cut_while_the_register_is_asked(backend: BackendProcess, relay: Relay, tmp_path: Path) -> None:
    command = [PERRON, "--backend", relay.url, "--journey", JOURNEY, "--lang", "fr"]
    who = replace(Registrant.of_scenario("R03"), email="jean.3@bistrot-exemple.example")
    with Applicant(backend, who, home=tmp_path, command=command) as person:
        relay.delay = 0.7
        person.arrive("establishment")
        person.press("home", "tab").type(who.number).press("enter").see("Un instant…")
        relay.drop()
        relay.delay = 0.0
        person.at("idcc", 40)
        person.arrive("done")


async def test_a_pairing_on_a_bad_network_in_changing_windows(
    backend: BackendProcess, relay: Relay, tmp_path: Path
) -> None:
    command = [PERRON, "--backend", relay.url, "--journey", "phone-pairing", "--lang", "fr"]
    async with Phone(backend) as phone, Phone(backend) as desk:
        with Employee(backend, "O01", home=tmp_path, command=command) as person:
            relay.delay = 0.7  # in each direction
            code = person.user_code()
            person.speak("en")
            person.at("sign_in")
            assert person.user_code() == code
            person.resize(40, 15)
            assert person.user_code() == code
            person.speak("fr")
            person.resize(80, 24)
            person.at("sign_in")
            relay.drop()
            await person.sign_in(desk)
            digits = person.digits()
            relay.delay = 0.0
            qr = person.scanned()
            person.resize(40, 15)
            person.see("ne tient pas")
            person.speak("en")
            assert person.digits() == digits
            person.resize(80, 24)
            person.speak("fr")
            assert person.scanned() == qr
            relay.drop()
            await phone.claim(qr)
            person.at("phone_sign_in", 40)
            await phone.sign_in(person.upn)
            person.at("device_confirmation")
            person.type(10 * ENTER).at("phone_answer")
            await phone.look()
            await phone.press(choice="skip")
            person.at("paired")
    assert len(backend.show(person.upn)["devices"]) == 1


async def test_two_screens_of_one_employee(backend: BackendProcess, tmp_path: Path) -> None:
    async with Phone(backend) as desk:
        with (
            Employee(backend, "O02", home=tmp_path / "1") as first,
            Employee(backend, "O02", home=tmp_path / "2") as second,
        ):
            await first.sign_in(desk)
            first.at("app_pairing")
            await second.sign_in(desk)
            second.at("take_over")
            second.send_it().at("app_pairing")
            first.at("handed_over")
            assert second.digits()
