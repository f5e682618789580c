"""The languages that both sides speak, and what translators say in them.

French and English are everywhere: the terminal says English sentences that ``locale/fr`` has in French, and the
backend's files say both side by side. A further language is one file,
``locale/<language>/LC_MESSAGES/perron.po``, compiled beside itself; what it does not say is said in English.
docs/translating.md tells translators how.
"""

import gettext
from functools import cache
from pathlib import Path

from api_client.contract import Locale

LOCALE_DIR = Path(__file__).parent / "locale"
_OURS: tuple[Locale, ...] = ("fr", "en")


def languages() -> tuple[Locale, ...]:
    """French, English, then those that translators have added, by their codes."""
    return _languages(LOCALE_DIR)


def next_language(language: Locale) -> Locale:
    """The one that F2 leads to; after the last comes the first again."""
    spoken = languages()
    return spoken[(spoken.index(language) + 1) % len(spoken)] if language in spoken else spoken[0]


def nearest(language: Locale) -> Locale:
    """``language`` where it is spoken here, else English: the other side may know one that this one does not."""
    return language if language in languages() else "en"


def catalogue(language: Locale) -> gettext.NullTranslations:
    """The words of ``language``, or English ones."""
    return _catalogue(LOCALE_DIR, nearest(language))


def translated(english: str, language: Locale) -> str:
    """A sentence of the backend in a language that its own files do not have."""
    return catalogue(language).gettext(english) if english else ""


def own_name(language: Locale) -> str:
    """« Français », “English”: what a language calls itself, which its translator says in the place of “English”."""
    return catalogue(language).gettext("English")


@cache
def _languages(folder: Path) -> tuple[Locale, ...]:
    compiled = {path.parts[-3] for path in folder.glob("*/LC_MESSAGES/perron.mo")}
    return (*_OURS, *sorted(compiled.difference(_OURS)))


@cache
def _catalogue(folder: Path, language: Locale) -> gettext.NullTranslations:
    return gettext.translation("perron", folder, languages=[language], fallback=True)
