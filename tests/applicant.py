"""Somebody who registers on the portal by keyboard, as a row of ``registration_scenarios.csv`` does, and its backend.

``arrive`` travels as for everybody; what is typed comes from the ``Registrant``.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from api_client.addresses import check
from tests.backend_process import DATA, BackendProcess
from tests.fake_sirene import KEY, FakeSirene
from tests.registering import JOURNEY, Registrant
from tests.traveller import MakeBackend, Traveller

TOPICS = ("CONTRIBUTION", "DOSSIERS", "FACTURES", "REGLEMENTS")
"""From the top of the screen to its end."""
CIVILITIES = ("madame", "monsieur")


class Applicant(Traveller):
    """``Traveller`` for a registrant, or for the one of that scenario; their mail goes to the address they type."""

    def __init__(self, backend: BackendProcess, who: Registrant | str, *, home: Path, **looks: Any) -> None:
        super().__init__(backend, home=home, journey=JOURNEY, **looks)
        self.who = Registrant.of_scenario(who) if isinstance(who, str) else who
        self.backup = check(self.who.email)

    def __enter__(self) -> "Applicant":
        return self

    def _answering(self, passed: set[str], answers: Mapping[str, object]) -> dict[str, Callable[[], object]]:
        return super()._answering(passed, answers) | {
            "identity": self.say_who,
            "consent": lambda: self.press(*(["space"] if self.who.consents else []), "enter"),
            "topics": self.tick_topics,
            "establishment": self.name_establishment,
            "establishment_choice": lambda: self.press("space", "enter"),
            "member_number": lambda: self.retype(self.who.member_number),
            "idcc": lambda: self.retype(self.who.idcc),
            "notice": self.send_it,
        }

    def say_who(self) -> None:
        """From the first field, through all of them; whether one acts for somebody else stays as it is."""
        self.press("tab")
        if self.who.civility in CIVILITIES:
            self.press("space", *["right"] * CIVILITIES.index(self.who.civility))
        for value, further in ((self.who.last_name, 1), (self.who.first_name, 1), (self.who.email, 2)):
            self.press(*["tab"] * further, "ctrl+u").type(value)
        self.send_it()

    def tick_topics(self) -> None:
        for topic in TOPICS:
            self.press(*(["space"] if topic in self.who.topics else []), "tab")
        self.send_it()

    def name_establishment(self) -> None:
        self.press("home", *(["right"] if self.who.type == "organisme_formation" else []))
        self.press("tab").retype(self.who.number)


def open_portal(make_backend: MakeBackend, sirene: FakeSirene | None = None, *options: str) -> BackendProcess:
    """A backend, not started yet, that knows the establishments and contacts of tests/data, and asks ``sirene``."""
    asked = () if sirene is None else ("--companies", sirene.url)
    files = ("--companies", str(DATA / "establishments.csv"), "--contacts", str(DATA / "known_contacts.csv"))
    return make_backend(*files, *asked, *options)


SIRENE_KEY = {"PERRON_SIRENE_KEY": KEY}
"""What the backend's environment needs to be believed by ``FakeSirene``."""
