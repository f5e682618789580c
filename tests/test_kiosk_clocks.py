"""How long a kiosk waits for somebody, what it recognises them by, and what it takes for a scanner."""

import pytest
from textual import events

from tui.kiosk_clocks import WARNING, Clocks, Due, Presence
from tui.kiosk_proofs import Proofs
from tui.kiosk_scanner import LONGEST_GAP, Scanner

NEVER = 1e9


class Hours:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def clocks(hours: Hours) -> Clocks:
    return Clocks(60, 180, hours)


@pytest.mark.parametrize(
    ("presence", "covered", "what", "after"),
    [
        ("unknown", False, "end", 60),
        ("known", False, "cover", 60),
        ("waiting", False, "cover", 60),
        ("unknown", True, "end", 60),
        ("known", True, "end", 180),
        ("waiting", True, "end", 1800),
    ],
)
def test_what_comes_when_no_key_does(
    clocks: Clocks, hours: Hours, presence: Presence, covered: bool, what: str, after: float
) -> None:
    due = clocks.due(presence, covered=covered, expires_at=hours.now + 1800)
    assert due == Due(what, after, after - WARNING)  # type: ignore[arg-type]
    hours.now += after - WARNING
    assert clocks.due(presence, covered=covered, expires_at=hours.now + WARNING).warned_in == 0
    hours.now += WARNING
    assert clocks.due(presence, covered=covered, expires_at=hours.now).left == 0


def test_a_key_gives_all_the_time_again(clocks: Clocks, hours: Hours) -> None:
    hours.now += 59
    assert clocks.due("known", covered=False, expires_at=NEVER).left == 1
    clocks.touch()
    assert clocks.due("known", covered=False, expires_at=NEVER).left == 60
    hours.now += 100
    assert clocks.due("known", covered=True, expires_at=NEVER).left == 80


def test_news_give_time_to_come_back_and_hide_nothing_later(clocks: Clocks, hours: Hours) -> None:
    """Ten minutes for a mail, then the link is opened elsewhere."""
    hours.now += 600
    clocks.stir()
    assert clocks.due("known", covered=True, expires_at=NEVER).left == 180
    assert clocks.due("known", covered=False, expires_at=NEVER).left == 0


def test_the_warning_is_long_enough_for_anybody() -> None:
    """WCAG 2.2.1: at least twenty seconds; and a time that is shorter than that is warned of within it."""
    assert WARNING >= 20
    short = Clocks(6, 12, Hours()).due("known", covered=False, expires_at=NEVER)
    assert short == Due("cover", 6, 4)


# ----------------------------------------------------------------------------------------------------------- proofs


def test_somebody_is_known_by_what_they_gave_however_they_type_it() -> None:
    proofs = Proofs()
    proofs.keep("Nom de connexion", "p00000400013")
    proofs.keep("Adresse mail de secours", "lefevre.01@example.com")
    assert proofs.asked == "Adresse mail de secours"
    assert proofs.know(" Lefevre.01@EXAMPLE.com ")
    assert proofs.know("P0000 0400 013")
    assert not proofs.know("lefevre.02@example.com")


@pytest.mark.parametrize("nothing", ["", " ", "---", "\u00a0"])
def test_nothing_proves_nothing(nothing: str) -> None:
    proofs = Proofs()
    proofs.keep("Nom de connexion", nothing)
    assert not proofs.asked
    assert not proofs.know(nothing)
    proofs.keep("Nom de connexion", "p1")
    assert not proofs.know(nothing)


def test_what_was_given_is_not_kept() -> None:
    proofs = Proofs()
    proofs.keep("Nom de connexion", "p00000400013")
    assert b"p00000400013" not in repr(vars(proofs)).encode()


# ---------------------------------------------------------------------------------------------------------- scanner


def heard(scanner: Scanner, text: str, gap: float = 0.01, begun: float = 0.0) -> str:
    """What the scanner says at the Enter behind ``text``, or whenever it says something."""
    found = ""
    for number, character in enumerate([*text, "\r"]):
        key = events.Key("enter" if character == "\r" else character, character)
        key.time = 100 + begun + number * gap
        found = found or scanner.hear(key)
    return found


def test_a_burst_and_enter_is_a_scan_and_a_hand_is_none() -> None:
    assert heard(Scanner("", ""), "p00000400013") == "p00000400013"
    assert heard(Scanner("", ""), "p00000400013", gap=LONGEST_GAP * 1.5) == ""
    assert heard(Scanner("", ""), "ab") == ""
    assert heard(Scanner("", ""), "x" * 65) == ""


def test_a_pause_begins_anew_and_a_key_without_a_sign_breaks_off() -> None:
    scanner = Scanner("", "")
    assert heard(scanner, "bonjour", begun=0) == "bonjour"
    for number, character in enumerate("faux"):
        key = events.Key(character, character)
        key.time = 200 + number * 0.01
        assert scanner.hear(key) == ""
    assert heard(scanner, "p0000", begun=101) == "p0000"
    for name in ("a", "b", "left", "c", "enter"):
        key = events.Key(name, {"left": None, "enter": "\r"}.get(name, name))
        key.time = 300
        assert scanner.hear(key) == ""


@pytest.mark.parametrize(
    ("text", "login"),
    [("~p0000#", "p0000"), ("p0000#", ""), ("~p0000", ""), ("~ p0000 #", "p0000"), ("~#", ""), ("~~p00##", "~p00#")],
)
def test_what_the_scanner_adds_is_taken_away_once(text: str, login: str) -> None:
    assert heard(Scanner("~", "#"), text) == login
