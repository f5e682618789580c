"""``perron`` alone, from nothing to « account activated », in both languages; then what the backend's commands say."""

import re
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.traveller import PASSWORD, Traveller
from tests.walking import PERRON

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

STAFF, HOURLY, STUDENT = "P001", "P025", "P045"


class Demonstration(BackendProcess):
    """The backend that ``perron`` starts by itself: its folder is there to be looked at, its address only in mails."""

    def __init__(self, home: Path) -> None:
        super().__init__(home / "perron" / "data" / "demonstration")

    def journey_of(self, person: str, lang: str) -> Traveller:
        """A new ``perron``, at the door of the letter."""
        command = (PERRON, "--lang", lang, "--journey", "activation-letter")
        return Traveller(self, person, home=self.data.parents[2], lang=lang, command=command)


@pytest.fixture(scope="module")
def spoken(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def demonstration(spoken: str, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    return Demonstration(tmp_path_factory.mktemp(spoken))


@pytest.mark.parametrize(
    ("spoken", "who"),
    [("fr", STUDENT), ("en", HOURLY), ("en", STAFF)],
    indirect=["spoken"],
)
def test_from_nothing_to_an_active_account(demonstration: Demonstration, spoken: str, who: str) -> None:
    forwarded = {"redirect": "ailleurs@courriel.example"} if who == STUDENT else {}
    with demonstration.journey_of(who, spoken) as person:
        person.arrive("done", listed=who != HOURLY, phone=who == STAFF, **forwarded)
        person.press("enter")
        assert person.end() == 0
    login = person.row["login"]
    shown = demonstration.show(login)
    instant = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
    assert instant.fullmatch(shown.pop("activated_at"))
    assert instant.fullmatch(shown["charter"].pop("accepted_at"))
    assert re.fullmatch(r"[0-9a-f]{64}", shown["charter"].pop("sha256"))
    if shown["redirection"]:
        assert instant.fullmatch(shown["redirection"].pop("proved_at"))
    assert shown == {
        "login": login,
        "realm": "university",
        "status": "active",
        "backup_email": person.backup,
        "listed": who != HOURLY,
        "redirection": {
            STAFF: None,
            HOURLY: {"address": person.backup, "keep_copy": False},
            STUDENT: {"address": "ailleurs@courriel.example", "keep_copy": True},
        }[who],
        "charter": {"version": "2026-09"},
        "mailbox": "none" if who == HOURLY else "queued",
        "second_factor": "totp" if who == STAFF else "none",
    }
    assert demonstration.verifies(login, PASSWORD) == 0
    assert demonstration.verifies(login, person.row["mdp_provisoire_test"]) == 1


@pytest.mark.parametrize("spoken", ["fr"], indirect=True)
def test_a_letter_that_was_printed_opens_the_door_and_the_old_one_no_more(
    demonstration: Demonstration, spoken: str
) -> None:
    with demonstration.journey_of("P002", spoken) as person:
        person.at("login")
        login, old = person.row["login"], person.row["mdp_provisoire_test"]
        fresh = demonstration.letter(login)
        person.fill(login).at("provisional_password")
        person.fill(old).see("incorrect")
        person.fill(fresh.lower()).at("backup_email")
        person.press("f10", "f10")
        assert person.end() == 0
