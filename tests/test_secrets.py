"""The hunt: somebody walks a whole journey, then every byte and every word they left is searched for their secrets.

What may be found, and where: a link and its code in the one mail that carries them, a letter's password on that letter.
(The same hunt on a real terminal's output is tests/test_secret_hunt.py.)
"""

import base64
import binascii
import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from api_client import contract
from api_client.codes import canonical, from_link, grouped
from api_client.problems import PerronError
from api_client.secret import Secret
from backend.people.letters import issue_letter
from backend.recovery import issue_recovery
from backend.suspension import block
from tests.backend_house import PEOPLE, BackendHouse, Mail, Screen
from tests.robot import Robot, totp
from tests.visits import NEW_BACKUP, NEW_PASSWORD

pytestmark = pytest.mark.slow

pytest_plugins = ["tests.house_fixtures"]

PERSON, OTHER = "P001", "P002"
FORWARDING = "ailleurs@example.net"
OWN_PASSWORD = "Canari-Violet-8213"
WRONG_LETTER = "Zanzibar-Perdu-77"
REFUSED_PASSWORD = "canarifaible"
PLAIN = {(contract.BackupEmailAnswer, "confirmation"), (contract.IdccAnswer, "code")}
"""Fields that are called like a secret and are none: an address again, and an agreement's number."""
GUESSED_PASSWORD = "Pinson-Orange-4471"
THIRD_PASSWORD = "Mesange-Grise-3052"
TYPED_CODE = "W1TH-NXT5-FA7S"


def spellings(secret: str) -> set[bytes]:
    """The ways in which a secret could lie about: as it is, in another case, without hyphens, encoded, decoded."""
    texts = {secret, secret.replace("-", ""), secret.upper(), secret.lower(), secret.replace("-", "").upper()}
    found = {text.encode() for text in texts}
    found |= {text.encode("utf-16-le") for text in texts}
    found |= {binascii.hexlify(text.encode()) for text in texts}
    found |= {base64.b64encode(text.encode()).rstrip(b"=")[:-1] for text in texts}
    for decode in (base64.urlsafe_b64decode, base64.b32decode):
        try:
            raw = decode(secret + "=" * (-len(secret) % 4))
        except (ValueError, binascii.Error):
            continue
        if len(raw) >= 16:  # a token or a key, not a word that happens to decode
            found.add(raw)
    return found


@dataclass
class Hunted:
    """What must be found nowhere, what was seen on the way, and what may be found in one place only."""

    secrets: dict[str, str] = field(default_factory=dict)
    told: list[object] = field(default_factory=list)
    """Every object that came back or was raised."""
    mails: list[Mail] = field(default_factory=list)

    def hide(self, name: str, secret: str | Secret) -> str:
        text = secret if isinstance(secret, str) else secret.reveal()
        self.secrets[f"{name} {len(self.secrets)}"] = text
        return text

    def assert_absent_from(self, where: str, content: bytes, but: tuple[str, ...] = ()) -> None:
        for name, secret in self.secrets.items():
            if secret not in but:
                assert not any(spelling in content for spelling in spellings(secret)), f"{name} is in {where}"


async def raising(hunted: Hunted, doing: Any) -> None:
    """Something that is refused: the exception is kept, to be looked at like everything else."""
    with pytest.raises(PerronError) as refused:
        await doing
    hunted.told.append(refused.value)


async def walk(house: BackendHouse, hunted: Hunted) -> Robot:
    """The letter's journey with every mistake on the way: each secret there is gets made, typed, refused and taken."""
    row = PEOPLE[PERSON]
    screen = await house.begun(source="192.0.2.1")
    one = Robot(house, screen, PERSON, redirection=FORWARDING, by_page=False, pairs=True)
    hunted.hide("seat", screen.token)
    await say(hunted, screen, contract.LoginAnswer(login=row["login"]))
    await say(hunted, screen, contract.ProvisionalPasswordAnswer(password=Secret(hunted.hide("typed", WRONG_LETTER))))
    printed = hunted.hide("letter", row["mdp_provisoire_test"])
    await say(hunted, screen, contract.ProvisionalPasswordAnswer(password=Secret(printed)))
    await say(hunted, screen, one.answer(screen.step))
    await say(hunted, screen, contract.LinkSentAnswer(code=Secret(hunted.hide("typed code", TYPED_CODE))))
    await say(hunted, screen, contract.LinkSentAnswer(code=Secret((await read(house, hunted, one.backup)).code)))

    code = await screen.client.hand_over(screen.enrolment)
    hunted.told.append(code)
    elsewhere = house.screen(source="192.0.2.2")
    await raising(hunted, elsewhere.resume("0000-0000-0000", row["login"]))
    await elsewhere.resume(hunted.hide("hand-over", code.code), row["login"])
    hunted.hide("seat", elsewhere.token)
    await screen.look()
    await raising(hunted, elsewhere.resume(code.code.reveal(), row["login"]))
    one.screen = screen = elsewhere

    await one.walk("link_sent")
    await say(hunted, screen, contract.LinkSentAnswer(code=Secret((await read(house, hunted, FORWARDING)).code)))
    for password in (hunted.hide("refused", REFUSED_PASSWORD), printed, hunted.hide("own", OWN_PASSWORD)):
        await say(hunted, screen, contract.NewPasswordAnswer(password=Secret(password), confirmation=Secret(password)))
    await pair(house, hunted, screen)
    assert screen.kind == "done", screen.step
    return one


async def pair(house: BackendHouse, hunted: Hunted, screen: Screen) -> None:
    step = screen.step
    assert isinstance(step, contract.PhonePairing)
    assert step.offer
    key = hunted.hide("TOTP key", step.offer.key)
    await say(hunted, screen, contract.PhonePairingAnswer(code=Secret("000000")))
    await say(hunted, screen, contract.PhonePairingAnswer(code=Secret(totp(key, house.clock()))))
    shown = screen.step
    assert isinstance(shown, contract.RecoveryCodes)
    for code in shown.codes or ():
        hunted.hide("recovery code", code)
    await say(hunted, screen, contract.RecoveryCodesAnswer(kept=True))


async def come_back(house: BackendHouse, hunted: Hunted) -> Screen:
    """Their account again: a wrong password, a used recovery code, another address, another password; then a lock."""
    house.clock.move(minutes=5)
    screen = await house.begun("my-account", source="192.0.2.2")
    login = PEOPLE[PERSON]["login"]
    await say(hunted, screen, contract.LoginAnswer(login=login))
    for password in (hunted.hide("guessed", GUESSED_PASSWORD), OWN_PASSWORD):
        await say(hunted, screen, contract.CurrentPasswordAnswer(password=Secret(password)))
    code = next(secret for name, secret in hunted.secrets.items() if name.startswith("recovery code"))
    for text in (TYPED_CODE, code):
        await say(hunted, screen, contract.SecondFactorAnswer(code=Secret(text)))
    await say(hunted, screen, contract.MenuAnswer(choice="backup"))
    await say(hunted, screen, contract.BackupEmailAnswer(address=NEW_BACKUP, confirmation=NEW_BACKUP))
    await say(hunted, screen, contract.LinkSentAnswer(code=Secret((await read(house, hunted, NEW_BACKUP)).code)))
    await say(hunted, screen, contract.MenuAnswer(choice="password"))
    chosen = Secret(hunted.hide("second", NEW_PASSWORD))
    await say(hunted, screen, contract.NewPasswordAnswer(password=chosen, confirmation=chosen))
    await say(hunted, screen, contract.NoticeAnswer())
    assert screen.kind == "menu", screen.step
    async with house.house.store.write() as tx:
        await block(house.house, tx, await house.account(login), "phishing")
    async with house.house.store.write() as tx:
        await issue_recovery(house.house, tx, await house.account(login))
    back = await house.begun("recovery", source="192.0.2.2")
    await say(hunted, back, contract.ActivationCodeAnswer(code=Secret((await read(house, hunted, NEW_BACKUP)).code)))
    chosen = Secret(hunted.hide("third", THIRD_PASSWORD))
    await say(hunted, back, contract.NewPasswordAnswer(password=chosen, confirmation=chosen))
    assert back.kind == "done", back.step
    return back


async def say(hunted: Hunted, screen: Screen, answer: contract.Answer) -> None:
    hunted.told += [answer, await screen.say(answer), screen.enrolment]
    hunted.hide("seat", screen.token)


async def read(house: BackendHouse, hunted: Hunted, address: str) -> Mail:
    """The newest mail there, its link and code hidden from now on."""
    mail = await house.newest_mail(address)
    token, code = from_link(mail.link), canonical(mail.code)
    assert token
    assert code
    hunted.hide("link", token)
    hunted.hide("code", code)
    hunted.mails.append(mail)
    return mail


def files(data: Path) -> Iterator[Path]:
    """All that is kept, but for the key that is kept apart and the mails, which have a test of their own."""
    for path in sorted(data.rglob("*")):
        if path.is_file() and not {"keys", "outbox"} & set(path.relative_to(data).parts):
            yield path


def reachable(root: object) -> Iterator[object]:
    """Every object of ours and every container and text behind it; a Secret is where the search ends."""
    seen, todo = set[int](), [root]
    while todo:
        found = todo.pop()
        if id(found) in seen or isinstance(found, type):
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, dict):
            todo += [*found.keys(), *found.values()]
        elif isinstance(found, (list, tuple, set, frozenset)):
            todo += found
        elif isinstance(found, BaseException):
            todo += [*found.args, *vars(found).values(), found.__cause__, found.__context__]
        elif isinstance(found, Secret):
            continue
        elif isinstance(found, msgspec.Struct):
            todo += [getattr(found, name) for name in found.__struct_fields__]
        elif type(found).__module__.split(".")[0] in ("backend", "api_client"):
            todo += vars(found).values() if hasattr(found, "__dict__") else []


async def test_nothing_secret_is_left_behind(
    house: BackendHouse, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    hunted = Hunted()
    with capture_logs() as events:
        async with house.app.router.lifespan_context(house.app):
            house.posts = True
            printed = (await issue_letter(house.house, PEOPLE[OTHER]["login"])).split()
            hunted.hide("fresh letter", next(word for word in printed if canonical(word, 13)))
            await read(house, hunted, PEOPLE[PERSON]["mail_secours"])
            one = await walk(house, hunted)
            later = await come_back(house, hunted)
            everything = [*hunted.told, house.house, house.parts.engine, one.screen.client, later.client]
            for found in (thing for root in everything for thing in reachable(root)):
                hunted.assert_absent_from(f"the repr of a {type(found).__name__}", repr(found).encode())
                hunted.assert_absent_from(f"the text of a {type(found).__name__}", str(found).encode())
            assert {"perron.sqlite-wal", "dbos.sqlite"} <= assert_absent_from_files(house.data, hunted)
    assert {"perron.sqlite", "dbos.sqlite", "audit.head"} <= assert_absent_from_files(house.data, hunted)
    assert len(hunted.secrets) > 30
    hunted.assert_absent_from("the log", "\n".join(map(str, [*events, *caplog.messages])).encode())
    hunted.assert_absent_from("the output", "".join(capfd.readouterr()).encode())
    assert_every_mail_carries_its_own(house, hunted)


def assert_absent_from_files(data: Path, hunted: Hunted) -> set[str]:
    """The names of those that were searched."""
    searched = set()
    for path in files(data):
        hunted.assert_absent_from(path.name, path.read_bytes())
        searched.add(path.name)
    return searched


def assert_every_mail_carries_its_own(house: BackendHouse, hunted: Hunted) -> None:
    sent = list((house.data / "outbox" / "new").iterdir())
    assert len(sent) >= len(hunted.mails) + 2  # those of the activation carry nothing
    for path in sent:
        content = path.read_bytes().replace(b"=\n", b"").replace(b"=3D", b"=")  # quoted-printable
        own = tuple(
            secret
            for mail in hunted.mails
            if mail.link.encode() in content
            for secret in (from_link(mail.link) or "", canonical(mail.code) or "")
        )
        assert len(own) in (0, 2)
        hunted.assert_absent_from(path.name, content, but=own)
        for code in (code for code in own if len(code) == 12):
            assert grouped(code).encode() in content


async def test_a_fault_of_ours_tells_its_reference_and_no_secret(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last resort: a 500 with a reference, and a log whose traceback holds no value of a variable."""
    hunted = Hunted()

    async def breaks(login: str, password: Secret) -> None:
        local = password.reveal()
        raise RuntimeError(f"no directory for {login}") from ValueError(len(local))

    monkeypatch.setattr(house.house.provisioning, "prepare", breaks)
    screen = await house.begun()
    await Robot(house, screen, PERSON, redirection="").walk("new_password")
    password = Secret(hunted.hide("own", OWN_PASSWORD))
    with capture_logs() as events, pytest.raises(PerronError) as refused:
        await screen.say(contract.NewPasswordAnswer(password=password, confirmation=password))
    event = next(event for event in events if event["event"] == "unexpected")
    told = "".join(traceback.format_exception(event["exc_info"]))
    assert "RuntimeError" in told
    assert event["reference"] in repr(vars(refused.value))
    assert screen.enrolment.id not in event["route"]
    for text in (told, str(event), str(refused.value), repr(refused.value)):
        hunted.assert_absent_from("what is told of a fault", text.encode())


@pytest.mark.parametrize(
    "kind", [*contract.Answer.__subclasses__(), contract.Seated, contract.HandOver, contract.Resume]
)
def test_every_field_that_may_hold_a_secret_is_a_secret(kind: type[msgspec.Struct]) -> None:
    """By its name: a new answer with a password or a code in plain text is caught here."""
    for name, wanted in kind.__annotations__.items():
        if name in ("password", "confirmation", "code", "token", "key") and (kind, name) not in PLAIN:
            assert wanted is Secret, f"{kind.__name__}.{name}"
