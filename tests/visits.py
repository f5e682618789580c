"""Somebody whose account is active comes back to it: the robot activates it, then these hands go on."""

from dataclasses import dataclass

from api_client import contract
from api_client.contract import AnyStep, Locale
from api_client.secret import Secret
from tests.backend_house import PEOPLE, BackendHouse, Mail, Screen
from tests.robot import PASSWORD, Robot, totp

NEW_PASSWORD = "Tilleul-Orange-73"
NEW_BACKUP = "nouvelle@courriel.example"


@dataclass
class Visit:
    """One person at the screen of their account. ``key``: of the phone they paired, if any."""

    house: BackendHouse
    screen: Screen
    person: str
    key: str = ""
    recovery_codes: tuple[str, ...] = ()

    @property
    def login(self) -> str:
        return PEOPLE[self.person]["login"]

    @property
    def backup(self) -> str:
        return PEOPLE[self.person]["mail_secours"]

    @property
    def phone(self) -> Secret:
        """What the phone shows now."""
        return Secret(totp(self.key, self.house.clock()))

    async def give_password(self, password: str = PASSWORD) -> AnyStep:
        return await self.screen.say(contract.CurrentPasswordAnswer(password=Secret(password)))

    async def sign_in(self, password: str = PASSWORD) -> AnyStep:
        await self.screen.say(contract.LoginAnswer(login=self.login))
        return await self.give_password(password)

    async def choose(self, branch: str) -> AnyStep:
        return await self.screen.say(contract.MenuAnswer(choice=branch))

    async def set_password(self, password: str = NEW_PASSWORD) -> AnyStep:
        return await self.screen.say(
            contract.NewPasswordAnswer(password=Secret(password), confirmation=Secret(password))
        )

    async def ask_for_backup(self, address: str = NEW_BACKUP) -> Mail:
        """Through the branch, to the screen that waits; the mail that went to the new address."""
        await self.choose("backup")
        await self.screen.say(contract.BackupEmailAnswer(address=address, confirmation=address))
        assert self.screen.kind == "link_sent", self.screen.step
        return await self.house.newest_mail(address)


async def activated(house: BackendHouse, person: str = "P001", *, pairs: bool = False) -> Visit:
    """An account that became active an hour ago, and a screen at the first question of « Mon compte »."""
    walker = Robot(house, await house.begun(), person, pairs=pairs)
    key = ""
    codes: tuple[str, ...] = ()
    while walker.screen.kind != "done":
        step = walker.screen.step
        if isinstance(step, contract.PhonePairing) and step.offer:
            key = step.offer.key.reveal()
        if isinstance(step, contract.RecoveryCodes) and step.codes:
            codes = tuple(code.reveal() for code in step.codes)
        await walker.take(step)
    house.clock.move(hours=1)
    return Visit(house, await house.begun("my-account"), person, key, codes)


async def visiting(house: BackendHouse, person: str = "P001", *, locale: Locale = "fr") -> Visit:
    """Signed in, before the menu."""
    visit = await activated(house, person)
    if locale != "fr":
        await visit.screen.speak(locale)
    step = await visit.sign_in()
    assert isinstance(step, contract.Menu), step
    return visit
