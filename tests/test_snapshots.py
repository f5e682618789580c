"""What the main screens look like (level 6). Each docstring says what to see; how a picture is drawn anew is told in
tests/snapshot_fixtures.py.
"""

import pytest

from screens.help import HelpScreen
from screens.welcome import WelcomeScreen
from tests.screen_playing import Show
from tests.screens_gallery import CATALOGUE

pytest_plugins = ["tests.snapshot_fixtures"]

pytestmark = pytest.mark.slow


def test_welcome(show: Show) -> None:
    """Institution at the top, the other language at its right; two doors, the first with the focus, in the accent
    colour from edge to edge; a third door for a code; F9, which only a demonstration has; no Next button.
    """
    show(lambda: WelcomeScreen(CATALOGUE))


def test_login_refused(show: Show) -> None:
    """The rail at the left with « Charte » current (at 40 columns « Étape 3 sur 8 » instead); one field with the
    cursor, its hint in grey, and under it the sentence in red behind a ✗; Retour left, Suivant right.
    """
    show("login", *"p123", errors={"login": "Nom de connexion ou mot de passe provisoire incorrect."})


def test_backup_email_near_miss(show: Show) -> None:
    """Under the first address, in yellow, the suggestion of gmail.com; the cursor in the second field."""
    show("backup_email", *"e@gmial.com", "tab")


def test_link_sent(show: Show) -> None:
    """The masked address as the title, 47 in the accent colour, the deadline as a date and as time left, the field
    with the cursor, then three actions: the first in grey with its countdown. At 40 columns it is scrolled so that
    the field is in sight.
    """
    show("link_sent")


def test_charter_ticked(show: Show) -> None:
    """The text in its own box with a scroll bar, how much of it was read, and under it the ticked box in accent."""
    show("charter", "pagedown", "space")


def test_public_directory(show: Show) -> None:
    """A card with name, mail and telephone; the box unticked; the note in grey."""
    show("public_directory")


def test_redirection_wanted(show: Show) -> None:
    """The first box ticked and in accent, the address filled in, « Conserver une copie » ticked."""
    show("redirection", "space")


def test_new_password_half_way(show: Show) -> None:
    """Dots; the rule about names broken in red with ✗, others kept in green with ✓; strength as a bar and a word."""
    show("new_password", *"Lefevre-2026!!")


def test_phone_pairing(show: Show) -> None:
    """At 80 columns a black on white QR code in the place of the rail, words at its right; at 40 columns no code,
    and the sentence that it does not fit. The key in groups of four in both.
    """
    show("phone_pairing")


def test_recovery_codes(show: Show) -> None:
    """Ten codes in two columns, numbered; the box unticked with the focus."""
    show("recovery_codes")


def test_done(show: Show) -> None:
    """Login, address and where to go in a card; what is set up with ✓, what is in preparation with ○; Terminer has
    the focus.
    """
    show("done")


def test_help(show: Show) -> None:
    """The question of this very screen first, then the general one, then the keys in two columns."""
    show(lambda: HelpScreen(CATALOGUE, "login"))
