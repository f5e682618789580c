"""What the screens of accounts and pairing, and the welcome with every door, look like (level 6).

Each docstring says what to see; how a picture is drawn anew is told in tests/snapshot_fixtures.py.
"""

from datetime import timedelta

import msgspec
import pytest

from screens.frame import screen_for
from screens.welcome import WelcomeScreen
from tests.account_steps import app_pairing
from tests.doors import ALL_DOORS
from tests.screen_playing import Show
from tests.screens_gallery import CATALOGUE, NOW, enrolment_of

pytest_plugins = ["tests.snapshot_fixtures"]

pytestmark = pytest.mark.slow


def test_welcome_with_many_doors(show: Show) -> None:
    """Seven doors and a code on one line each, without gaps, the third in the accent colour; what it is for and what
    it takes in a box below, with the accent along its left edge. At 40 columns the doors scroll, the box does not.
    """
    show(lambda: WelcomeScreen(ALL_DOORS), "down", "down")


def test_pairing_the_application(show: Show) -> None:
    """At 80 columns the code in the place of the rail, the advice numbered beside it, with a scroll bar at the most;
    below it nine digits in the accent colour with their countdown in grey, two buttons on one line, and what is
    awaited between Retour and the edge. At 40 columns no code, and the nine digits in sight all the same.
    """
    later = msgspec.structs.replace(app_pairing(NOW), expires_at=NOW + timedelta(minutes=6, seconds=30))
    show(lambda: screen_for(enrolment_of(later), CATALOGUE))


def test_sign_in(show: Show) -> None:
    """The address in the accent colour, the code to type in a box of its own, how long it is valid; at 80 columns a
    QR code at the left. No Suivant; « En attente de votre connexion… » in grey in its place.
    """
    show("sign_in")


def test_device_confirmation(show: Show) -> None:
    """Model and system in a card; « Oui, appairer » at the right with the focus, « Non » above Retour."""
    show("device_confirmation", expires_at=NOW + timedelta(minutes=6, seconds=30))


def test_devices_about_to_be_removed(show: Show) -> None:
    """Two cards with a button below each; the second, in accent, asks again and names the phone."""
    show("devices", "shift+tab", "shift+tab", "enter")


def test_menu(show: Show) -> None:
    """Four choices, the second with the sign › and in accent; what they are for in grey below two of them."""
    show("menu", "down")


def test_pending(show: Show) -> None:
    """How long at most; the action in sight at the bottom; « Cet écran avancera tout seul. » in Suivant’s place."""
    show("pending")


def test_current_password_too_early(show: Show) -> None:
    """The field with dots, F4 at its right, and below it how long to wait."""
    show("current_password", *"abc", retry_at=NOW + timedelta(minutes=6, seconds=30))
