"""kill -9 of the backend on every screen of a registration and of a pairing, whose phone goes on where it was."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.applicant import Applicant
from tests.backend_process import DATA, BackendProcess
from tests.employee import Employee, Phone
from tests.issuer_process import real_issuer
from tests.outliving import outlives_a_kill
from tests.registering import Registrant

pytestmark = pytest.mark.slow


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[BackendProcess]:
    """Not started yet, and without any people: all of them come by themselves."""
    backend = BackendProcess(tmp_path / "data")
    yield backend
    backend.kill()


def test_a_registration_on_every_screen(backend: BackendProcess, tmp_path: Path) -> None:
    backend.take("--companies", str(DATA / "establishments.csv"))
    backend.start()
    with Applicant(backend, Registrant.of_scenario("R02"), home=tmp_path) as person:

        def wait_at(kind: str, still: str, then: Callable[[], object] | None = None) -> None:
            person.at(kind)
            person.see(still)
            outlives_a_kill(backend, person, still=still)
            (then or person.send_it)()

        person.at("identity")
        person.press("tab", "tab").type("EXEMPLE")
        wait_at("identity", "EXEMPLE", lambda: person.press("shift+tab", "shift+tab"))
        person.say_who()
        person.at("consent")
        person.press("space")
        wait_at("consent", r"\[x\] J’accepte")
        number = person.number()
        wait_at("link_sent", number, lambda: backend.open_link(person.mail().link, number))
        person.at("topics")
        person.press("space")
        wait_at("topics", r"\[x\] Contribution")
        person.at("establishment")
        person.press("home", "tab").type(person.who.number)
        wait_at("establishment", person.who.number)
        person.at("establishment_choice")
        person.press("space")
        wait_at("establishment_choice", r"\(•\) HOTEL FICTIF")
        person.at("member_number")
        person.type("AD0000")
        wait_at("member_number", "AD0000", lambda: person.retype(person.who.member_number))
        wait_at("notice", "Merci pour votre inscription")
        person.at("new_password")
        person.type(person.password)
        wait_at("new_password", "•" * len(person.password), lambda: person.press("tab").fill(person.password))
        wait_at("done", "HOTEL FICTIF")
        assert person.end() == 0
    shown = backend.show(person.backup)
    assert (shown["status"], shown["consents"]) == ("active", {"support": True})
    assert [one["siret"] for one in shown["establishments"]] == ["00001002500013"]
    assert len([mail for mail in backend.mails() if mail.link]) == 1, "one link, however often it was killed"


async def test_a_pairing_on_every_screen(backend: BackendProcess, tmp_path: Path) -> None:
    """At a real provider, which is there all the time."""
    async with real_issuer(code_seconds=300, public_url=backend.url) as issuer:
        backend.take("--oidc-issuer", issuer, "--oidc-client-id", "perron")
        backend.start()
        async with Phone(backend) as phone, Phone(backend) as desk:
            with Employee(backend, "O01", home=tmp_path) as person:
                code = person.user_code()
                outlives_a_kill(backend, person, still=code)
                await person.sign_in(desk, issuer=issuer)
                digits = person.digits()
                outlives_a_kill(backend, person, still=digits)
                person.choose("Gestion avancée").at("app_menu")
                outlives_a_kill(backend, person, still="Aide au paramétrage")
                person.press("enter").at("app_pairing")
                await phone.claim(person.scanned())
                person.at("phone_sign_in")
                outlives_a_kill(backend, person, still="À vous, sur le téléphone")
                await phone.sign_in_for_real(issuer, person.upn)
                person.at("device_confirmation")
                outlives_a_kill(backend, person, still="Oui, appairer")
                person.press("enter").at("phone_answer")
                outlives_a_kill(backend, person, still="Dernière question")
                await phone.look()
                await phone.press(choice="accept")
                person.at("paired")
                person.press("enter")
                assert person.end() == 0
        (device,) = backend.show(person.upn)["devices"]
    assert (device["model"], device["biometric"]) == ("Pixel 8", True)
    assert len([mail for mail in backend.mails() if mail.to == person.upn]) == 1
