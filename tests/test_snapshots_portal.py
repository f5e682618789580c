"""What the screens of the portal and of assistance look like (level 6). Each docstring says what to see; how a picture
is drawn anew is told in tests/snapshot_fixtures.py.
"""

import pytest

from tests.screen_playing import Show

pytest_plugins = ["tests.snapshot_fixtures"]

pytestmark = pytest.mark.slow


def test_identity(show: Show) -> None:
    """« pour un client » chosen and in accent behind its ›; at 80 columns beside the other, at 40 below it."""
    show("identity", "down")


def test_consent(show: Show) -> None:
    """The text in its own box, how much of it was read, and under it the box, unticked: words hang beside it."""
    show("consent")


def test_topics_ticked(show: Show) -> None:
    """Four boxes, each with its parenthesis in grey below; the first two ticked, the second in accent."""
    show("topics", "space", "tab", "space")


def test_establishment_refused(show: Show) -> None:
    """Who one is in a card; « un adhérent » chosen; under the number, in red behind a ✗, why it is refused."""
    show("establishment", type="member", number="123456789", errors={"number": "Ce numéro n’existe pas."})


def test_establishment_choice(show: Show) -> None:
    """Three establishments with their addresses in grey; the second one chosen and in accent behind its ›."""
    show("establishment_choice", "down", "down")


def test_member_number(show: Show) -> None:
    """The establishment in a card, the field with the cursor, and where to ask for the number."""
    show("member_number")


def test_idcc_found_by_words(show: Show) -> None:
    """Two of the agreements match; the second is chosen, in accent behind its ›, and told in full in green."""
    show("idcc", *"quinc", "down", "down")


def test_notice(show: Show) -> None:
    """Three lines behind dashes, whose words hang; Suivant has the focus."""
    show("notice")


def test_assistance_subject(show: Show) -> None:
    """Three motives, the second chosen, its words hanging at 40 columns; below, the two profiles side by side."""
    show("assistance_subject", "down", "down")


def test_assistance_contact(show: Show) -> None:
    """Three fields; the hint of the first in grey."""
    show("assistance_contact")


def test_assistance_message(show: Show) -> None:
    """Two lines in the field, each edge in accent; below, how much was written and that Tab leads on, as the last line
    says too.
    """
    show("assistance_message", *"Bonjour", "enter", *"rien")


def test_assistance_identity(show: Show) -> None:
    """One field, what is typed readable, and where to find it in grey."""
    show("assistance_identity", *"9900")
