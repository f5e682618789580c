"""The hunt goes on through the other doors: what owners, callers, agents and phones know is nowhere to be found."""

import re
from pathlib import Path

import pytest

from tests.asking import DESK
from tests.backend_process import BackendProcess
from tests.employee import Employee, Phone
from tests.hunting import ESCAPES, TALKATIVE, Quarry, found_in_files, told_to_everybody
from tests.test_terminal_assistance import NUMBER, Caller
from tests.traveller import MakeBackend, Traveller

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

GUESSED, CHANGED, RECOVERED = "Canari-3-Perchoir-Rouge", "Canari-5-Perchoir-Jaune", "Canari-7-Perchoir-Vert"
BIRTH_DATE = "12/04/1978"


@pytest.fixture(autouse=True)
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is started says all it can."""
    for name, value in TALKATIVE.items():
        monkeypatch.setenv(name, value)


def kept_by(backend: BackendProcess) -> list[Path]:
    """All that is kept, but for the mails."""
    return [path for path in backend.data.iterdir() if path.name != "outbox"] + [backend.log]


def test_an_owner_a_caller_and_an_agent(make_backend: MakeBackend, tmp_path: Path) -> None:
    """A visit in which F4 shows a password once; a lock, a call, and the way back in."""
    backend = make_backend()
    backend.start()
    quarries: list[Quarry] = []

    def hide(name: str, secret: str) -> str:
        quarries.append(Quarry(name, secret))
        return secret

    with Traveller(backend, "P001", home=tmp_path / "1") as person:
        login, row = person.row["login"], person.row
        person.password = hide("the first password", "Canari-1-Perchoir-Bleu")
        person.arrive("phone_pairing")
        hide("the key", person.pair())
        recovery = [hide("a recovery code", code) for code in person.recovery_codes()]
        person.arrive("done").press("enter")
        assert person.end() == 0
        first, address = person.password, person.backup

    with Traveller(backend, "P001", home=tmp_path / "2", journey="my-account", environment=TALKATIVE) as person:
        person.see("Qui êtes-vous")
        person.fill(login).see("Votre mot de passe")
        person.fill(hide("a guess", GUESSED)).see("incorrect")
        person.see_no_more("Un instant")
        person.fill(first).see("ou code de secours")
        person.fill(recovery[0]).at("account_menu")
        person.press("down").send_it().see("Changer votre mot de passe")
        before = len(person.raw)
        person.type(hide("the second password", CHANGED)).see("•" * len(CHANGED))
        person.press("f4").see(CHANGED)
        person.press("f4").see_no_more(CHANGED)
        revealed = len(person.raw)
        person.press("tab").fill(CHANGED).see("Pensez à vos appareils", 20)
        everybody = told_to_everybody(person.pid, backend.pid)
        written = person.raw
    shown = Quarry("the second password", CHANGED)
    assert shown.is_in(ESCAPES.sub(b"", written[before:revealed])), "the hunt would find it"
    for part in (written[:before], written[revealed:]):
        assert not shown.is_in(ESCAPES.sub(b"", part))
    others = [Quarry("the first password", first), Quarry("a guess", GUESSED), Quarry("a code", recovery[1])]
    assert not [quarry.name for quarry in others if quarry.is_in(ESCAPES.sub(b"", written))]

    backend.command("lock", login, "--reason", "phishing", "--data", str(backend.data))
    with Caller(backend, tmp_path / "3") as caller:
        caller.choose(student=False)
        caller.say_how(row["mail_institutionnel"], "elodie@courriel.example", "06 39 98 11 37")
        caller.tell()
        caller.see("Votre date de naissance")
        caller.type(hide("the birth date", BIRTH_DATE)).press("enter")
        number = caller.see(NUMBER, 20).group()
    assert "1978" not in backend.newest_mail(DESK).text
    sent = len([mail for mail in backend.mails() if mail.to == address])
    for act in ("take", "agree", "unlock"):
        told = backend.command("assistance", act, number, "--data", str(backend.data))
        assert not [quarry.name for quarry in quarries if quarry.is_in(told.encode())]
    backend.stop()
    backend.start()  # what another process asked to be sent would wait for up to half a minute
    mail = backend.newest_mail(address, after=sent)
    hide("the token of the way back", mail.link.rpartition("/")[2])
    with Traveller(backend, "P001", home=tmp_path / "4", journey="recovery", environment=TALKATIVE) as person:
        person.see("Code ou lien reçu")
        person.fill(hide("the code of the way back", mail.code)).see("Choisissez un nouveau mot de passe")
        person.fill(hide("the third password", RECOVERED), RECOVERED).see("est de nouveau ouvert", 20)
        everybody += told_to_everybody(person.pid, backend.pid)
        typed = ("the birth date", "the code of the way back")  # which the fields that take them show
        never = [quarry for quarry in quarries if quarry.name not in typed]
        assert not [quarry.name for quarry in never if quarry.is_in(ESCAPES.sub(b"", person.raw))]
    assert backend.verifies(login, RECOVERED) == 0
    assert not [quarry.name for quarry in quarries if quarry.is_in(everybody)]
    backend.stop()
    assert not found_in_files(quarries, *kept_by(backend), tmp_path)


async def test_a_phone(tmp_path: Path) -> None:
    """The codes of a sign-in and of a pairing, the phone's own cookie, and the provider's tokens."""
    backend = BackendProcess(tmp_path / "backend", "--demonstration")
    backend.start()
    try:
        async with Phone(backend) as phone, Phone(backend) as desk:
            with Employee(backend, "O01", home=tmp_path / "home", environment=TALKATIVE) as person:
                quarries = [Quarry("the code of the sign-in", person.user_code())]
                await person.sign_in(desk)
                quarries.append(Quarry("the nine digits", person.digits()))
                address = person.scanned()
                quarries.append(Quarry("the token of the QR code", address.rpartition("/")[2]))
                await phone.claim(address)
                person.at("phone_sign_in")
                await phone.sign_in(person.upn)
                quarries += [Quarry("a cookie", value) for value in phone.http.cookies.values()]
                person.at("device_confirmation")
                everybody = told_to_everybody(person.pid, backend.pid)
                before = len(person.raw)
                person.press("enter").at("phone_answer")
                await phone.look()
                await phone.press(choice="skip")
                person.at("paired")
                after = ESCAPES.sub(b"", person.raw[before:])
        mail = backend.newest_mail(person.upn)
        revoking = re.search(r"/p/revoke/(\S+)", mail.text)
        assert revoking
        quarries.append(Quarry("the link that revokes", revoking[1]))
        assert len(quarries) >= 5
        assert not [quarry.name for quarry in quarries if quarry.is_in(everybody) or quarry.is_in(after)]
    finally:
        backend.stop()
    tokens = Quarry("a signed token", "eyJhbGciOi")
    assert not found_in_files([*quarries, tokens], *kept_by(backend), tmp_path / "home")
