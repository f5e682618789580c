"""What people to try have in common: they can be listed, and things can be done for them outside of the screen."""

from typing import ClassVar

from api_client.contract import Locale
from api_client.demonstration_contract import DemoDeed, DemoPerson, DemoSight
from backend.demonstration.phone import read_authenticator
from backend.house import House


class Group:
    """Those of one kind of journey."""

    acts: ClassVar[dict[str, str]] = {"phone_pairing": "demo_act_code"}
    """By the kind of step: the sentence that tells what is done there."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def people(self, locale: Locale) -> list[DemoPerson]:
        """Whom to try, the most telling first."""
        raise NotImplementedError

    async def act(self, person_id: str, sight: DemoSight, locale: Locale) -> DemoDeed:
        """What is to be done for them now. Raises NoAnswer, Mistake."""
        code = read_authenticator(sight)
        return DemoDeed(filling={"code": code}) if code else self.say("demo_said_no_code", locale)

    def say(self, key: str, locale: Locale) -> DemoDeed:
        return DemoDeed(said=self.house.library.say(key, locale))

    def told_acts(self, locale: Locale) -> dict[str, str]:
        return {kind: self.house.library.say(key, locale) for kind, key in self.acts.items()}
