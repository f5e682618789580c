"""What a demonstration backend tells besides the contract: whom to try, what is done for them outside of the screen,
and the mails it would have sent.

Only a backend started for a demonstration serves these (below ``/demonstration``); every person is fictitious, so what
opens their accounts may be shown.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from api_client.secret import Secret

Filling = dict[str, Any]
"""What to put in the fields of a screen, by field: a text, yes or no, or several ids."""


class DemoPerson(Struct, frozen=True, kw_only=True):
    """Whom to try. Texts are in the language asked for."""

    id: str
    name: str
    detail: str = ""
    """What tells them from the others of a list: what they are, their login or address."""
    mailbox: str = ""
    """Where mails to them arrive, as far as it is known."""
    works: bool = True
    """Whether their journey comes to its good end."""
    story: str = ""
    """What happens with them, in one or two sentences."""
    paper: str = ""
    """What they hold in their hand, such as a password; empty for nothing."""
    fills: dict[str, Filling] = {}
    """By the kind of step (or ``welcome``): what they fill in there."""
    acts: dict[str, str] = {}
    """By the kind of step: what is done elsewhere when they are chosen there, as a sentence."""


class DemoSight(Struct, frozen=True, kw_only=True):
    """What somebody beside the screen sees of it."""

    kind: str
    """Of the step."""
    uri: Secret
    """The text of its QR code; empty without one."""
    key: Secret
    """What is typed instead of it; empty for nothing."""


class DemoDeed(Struct, frozen=True, kw_only=True):
    """What came of an act."""

    filling: Filling = {}
    """What it brings to the screen."""
    said: str = ""
    """What there is to read about it; empty where the screen itself goes on."""


class DemoMail(Struct, frozen=True, kw_only=True):
    """One mail of the demonstration's mailbox, newest first in the list."""

    id: str
    at: datetime
    to: str
    subject: str
    text: str
