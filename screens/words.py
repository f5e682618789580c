"""The terminal's own words, in the language now spoken.

Step titles, reasons and labels come from the backend in the person's language; what is said here is the rest: keys,
buttons, countdowns, local checks. The sources are ``api_client/locale/<language>/LC_MESSAGES/perron.po``; after a
change run ``make words`` (a test says when it was forgotten).

Call ``_`` while composing, never at class level: what is translated at import keeps the language of the import.
"""

import gettext

from api_client.contract import Locale
from api_client.languages import catalogue, next_language, own_name


class _Voice:
    """The language now spoken, and its catalogue.

    One for the process, and not a ContextVar: each of Textual's message pumps keeps a copy of the context in which it
    was started, so that a screen already shown would never hear of the change.
    """

    def __init__(self) -> None:
        self.language: Locale = "en"
        self.words: gettext.NullTranslations = gettext.NullTranslations()


_voice = _Voice()


def speak(locale: Locale) -> None:
    """From now on ``_`` answers in ``locale``; an unknown one gives the English msgids."""
    _voice.language, _voice.words = locale, catalogue(locale)


def _(english: str) -> str:
    """``english`` in the language now spoken."""
    return _voice.words.gettext(english)


def language_ahead() -> str:
    """What the language that F2 leads to calls itself."""
    return own_name(next_language(_voice.language))
