"""The terminal's own words, in the language now spoken.

Step titles, reasons and labels come from the backend in the person's language; what is said here is the rest: keys,
buttons, countdowns, local checks. The sources are ``locale/<language>/LC_MESSAGES/perron.po``; after a change run
``pybabel compile -d screens/locale -D perron`` (a test says when it was forgotten).

Call ``_`` while composing, never at class level: what is translated at import keeps the language of the import.
"""

import gettext
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"


class _Voice:
    """The catalogue of the language now spoken.

    One for the process, and not a ContextVar: each of Textual's message pumps keeps a copy of the context in which it
    was started, so that a screen already shown would never hear of the change.
    """

    def __init__(self) -> None:
        self.words: gettext.NullTranslations = gettext.NullTranslations()


_voice = _Voice()


def speak(locale: str) -> None:
    """From now on ``_`` answers in ``locale`` (``fr`` or ``en``); an unknown one gives the English msgids."""
    _voice.words = gettext.translation("perron", LOCALE_DIR, languages=[locale], fallback=True)


def _(english: str) -> str:
    """``english`` in the language now spoken."""
    return _voice.words.gettext(english)
