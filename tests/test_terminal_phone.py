"""A-39 to A-44 and A-46 of domain.md §18: a phone paired with what a real terminal shows, while its screen goes on by
itself. A browser does what the phone's does; the one with a window is in test_phone_browser.py.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.journeys import SHIPPED
from tests.backend_process import BackendProcess
from tests.employee import Employee, Phone
from tests.issuer_process import real_issuer
from tests.phones import IPHONE, PIXEL
from tests.photographs import Photographed
from tests.sent import colours_of_more, colours_sent
from tests.signing_in import USERS

pytest_plugins = ["tests.photograph_fixtures"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    """A backend with an identity provider beside it, where anybody may be anybody."""
    backend = BackendProcess(tmp_path_factory.mktemp("company") / "data", "--demonstration")
    backend.start()
    yield backend
    backend.stop()


async def paired(backend: BackendProcess, person: Employee, phone: Phone, choice: str) -> dict[str, object]:
    """The phone has claimed the code: both go on to the end. The device."""
    person.at("phone_sign_in")
    await phone.sign_in(person.upn)
    person.at("device_confirmation")
    person.press("enter").at("phone_answer")
    await phone.look()
    assert phone.page.title == "Activer la biométrie ?"
    await phone.press(choice=choice)
    assert phone.page.title == "Vous êtes connecté(e) à Temps Exemple"
    person.at("paired")
    person.press("enter")
    assert person.end() == 0
    (device,) = backend.show(person.upn)["devices"]
    return device  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("who", "looks", "agent", "model", "choice"),
    [
        ("O01", {"PERRON_THEME": "light"}, IPHONE, "iPhone", "accept"),
        ("O02", {"TERM": "screen"}, PIXEL, "Pixel 8", "skip"),
    ],
    ids=["light", "16 colours in screen"],
)
async def test_a39_a46_the_code_is_photographed_and_its_address_opened(
    company: BackendProcess,
    tmp_path: Path,
    photographed: Photographed,
    who: str,
    looks: dict[str, str],
    agent: str,
    model: str,
    choice: str,
) -> None:
    """Both QR codes of the journey; with biometrics, and without."""
    async with Phone(company, agent) as phone, Phone(company) as desk:
        with Employee(company, who, home=tmp_path, environment=looks) as person:
            code = person.user_code()
            await desk.open(person.scanned())
            assert code in desk.page.text
            await desk.sign_in(person.upn)
            person.at("app_pairing")
            person.digits()
            written = person.raw
            zxing, zbar = photographed(written)
            assert zxing == zbar == person.scanned()
            assert zxing == zxing.upper()
            await phone.claim(zxing)
            device = await paired(company, person, phone, choice)
            assert bool(colours_of_more(colours_sent(person.raw))) is ("TERM" not in looks)
    assert (device["model"], device["biometric"]) == (model, choice == "accept")
    mail = company.newest_mail(person.upn)
    assert mail.subject == "Un téléphone a été associé à votre compte Temps Exemple"
    assert model in mail.text


async def test_a40_the_code_is_only_behind_advanced(tmp_path: Path) -> None:
    """O03."""
    folder = shutil.copytree(SHIPPED, tmp_path / "institution")
    file = folder / "phone-pairing.toml"
    text, shown = file.read_text(encoding="utf-8"), 'id = "app_pairing"\nkind = "phone_pairing"\npairs = "app"\n'
    assert shown in text
    file.write_text(text.replace(shown, f"{shown}hidden = true\n"), encoding="utf-8")
    backend = BackendProcess(tmp_path / "data", "--demonstration", "--institution", str(folder))
    backend.start()
    try:
        async with Phone(backend, IPHONE) as phone, Phone(backend) as desk:
            with Employee(backend, "O03", home=tmp_path) as person:
                await person.sign_in(desk)
                person.see("Appairer votre téléphone")
                assert "▀▀▀▀" not in person.text
                person.choose("Gestion avancée").at("app_menu")
                person.press("enter").at("app_pairing")
                await phone.claim(person.scanned())
                await paired(backend, person, phone, "skip")
    finally:
        backend.stop()


async def test_a41_nine_digits_where_the_window_is_small(company: BackendProcess, tmp_path: Path) -> None:
    """O04, at 40 by 15, where no QR code fits and no camera is needed."""
    async with Phone(company) as phone, Phone(company) as desk:
        with Employee(company, "O04", home=tmp_path, cols=40, rows=15) as person:
            await person.sign_in(desk)
            await phone.open("/p")
            await phone.press(digits=person.digits())
            await phone.open(phone.page.leads_to)
            await paired(company, person, phone, "skip")


async def test_a41_the_link_on_the_phone_itself(company: BackendProcess, tmp_path: Path) -> None:
    """O05: it is on the screen, below the advice."""
    async with Phone(company) as phone:
        with Employee(company, "O05", home=tmp_path, cols=120, rows=40) as person:
            await person.sign_in(phone)
            link = person.see(r"http://127\.0\.0\.1:\d+/p/\S{26}", 20).group()
            assert link.upper() == person.scanned()
            await phone.claim(link)
            await paired(company, person, phone, "skip")


async def test_a42_declined_then_another_code(company: BackendProcess, tmp_path: Path) -> None:
    """O07."""
    async with Phone(company) as desk:
        with Employee(company, "O07", home=tmp_path) as person:
            before = person.user_code()
            await desk.open(person.scanned())
            await desk.sign_in("")
            person.see("Vous avez refusé la connexion")
            person.choose("Nouveau code")
            assert person.user_code() != before


async def test_a42_expired_then_another_code_at_a_real_provider(tmp_path: Path) -> None:
    """O08, at npm's oidc-provider, whose codes live for as long as this takes to start."""
    backend = BackendProcess(tmp_path / "data")
    async with real_issuer(code_seconds=15, public_url=backend.url) as issuer:
        backend.take("--oidc-issuer", issuer, "--oidc-client-id", "perron")
        backend.start()
        try:
            async with Phone(backend) as phone, Phone(backend) as desk:
                with Employee(backend, "O08", home=tmp_path) as person:
                    before = person.user_code()
                    person.see("Le code a expiré", 30)
                    person.choose("Nouveau code")
                    assert person.user_code() != before
                    await person.sign_in(desk, issuer=issuer)
                    person.at("app_pairing")
                    await phone.claim(person.scanned())
                    person.at("phone_sign_in")
                    await phone.sign_in_for_real(issuer, person.upn)
                    assert phone.page.title == "Confirmez sur l’ordinateur"
                    person.at("device_confirmation")
        finally:
            backend.stop()


async def test_a43_leaving_the_computer_cancels(company: BackendProcess, tmp_path: Path) -> None:
    """O09."""
    async with Phone(company) as phone, Phone(company) as desk:
        with Employee(company, "O09", home=tmp_path) as person:
            await person.sign_in(desk)
            person.at("app_pairing")
            await phone.claim(person.scanned())
            person.at("phone_sign_in")
            person.press("f10", "f10")
            assert person.end() == 0
        await phone.sign_in(person.upn)
        assert phone.page.title in ("L’appairage est annulé", "L’ordinateur n’est plus là")
    assert company.show(person.upn)["devices"] == []


async def test_a44_another_account_on_the_phone(company: BackendProcess, tmp_path: Path) -> None:
    """O10 holds the phone of O06, who is told, and whose new code works."""
    async with Phone(company) as phone, Phone(company) as desk:
        with Employee(company, "O06", home=tmp_path) as person:
            await person.sign_in(desk)
            person.at("app_pairing")
            before = person.scanned()
            await phone.claim(before)
            person.at("phone_sign_in")
            await phone.sign_in(USERS["O10"]["upn"])
            assert phone.page.title == "Ce n’est pas le même compte"
            person.at("app_pairing")
            person.see("n’est pas celui de cet écran")
            assert person.scanned() != before
            await phone.claim(person.scanned())
            await paired(company, person, phone, "skip")
