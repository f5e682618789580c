"""What an administrator can put right: a bad file, a missing right, a login that is not there.

Every such mistake is one sentence that names the place and the remedy, in French and in English; the command prints
it and ends, without a traceback. What is not a mistake of theirs is a fault of ours, and shows as one.
"""

import os
from typing import Literal

from api_client.wording import clean

Language = Literal["fr", "en"]


class Mistake(Exception):
    """``french`` and ``english`` say the same; ``str()`` is the English. The command ends with ``exit_status``.

    Either may quote a file, whose author need not be who reads this on a terminal: it is made harmless.
    """

    exit_status = 1

    def __init__(self, french: str, english: str) -> None:
        self.french, self.english = clean(french, lines=True), clean(english, lines=True)
        super().__init__(self.english)

    def told(self, language: str) -> str:
        return self.french if language == "fr" else self.english


def language_of_terminal() -> Language:
    """English where the locale of the environment is English, else French."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "fr"
