"""What a demonstration backend tells besides the contract: the people to try, and the mails it would have sent.

Only a backend started for a demonstration serves these (``GET /demonstration/people`` and ``/demonstration/mails``,
JSON arrays); every person is fictitious, so their provisional passwords may be shown.
"""

from datetime import datetime

from msgspec import Struct


class DemoPerson(Struct, frozen=True, kw_only=True):
    """Whose letter to try. ``story`` says in one sentence what happens, in the language asked for."""

    id: str
    name: str
    role: str
    login: str
    provisional_password: str = ""
    """Empty for someone who has no letter."""
    works: bool = True
    story: str = ""


class DemoMail(Struct, frozen=True, kw_only=True):
    """One mail of the demonstration's mailbox, newest first in the list."""

    id: str
    at: datetime
    to: str
    subject: str
    text: str
