"""What the person or the machine has chosen: language, theme, and the directories Perron may write in.

Read from the environment alone, so that a start costs no file: ``PERRON_HOME`` moves every directory that platformdirs
would choose, ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` tell the language, and ``PERRON_LOOK``, ``PERRON_THEME`` and
``PERRON_CONTRAST`` say what ``--look``, ``--theme`` and ``--contrast`` do.
"""

import re
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import NamedTuple

from api_client.contract import Locale
from api_client.languages import languages
from screens.looks import LOOKS, LookName

# Each of these can record keys, run code of somebody's choosing or send the screen elsewhere (security.md §3, rows 5b
# and 22 to 25); `SSLKEYLOGFILE` writes down the keys of a connection.
_DANGEROUS = ("TEXTUAL", "DEVTOOLS", "DEBUG", "BROWSER", "SSLKEYLOGFILE", "PYTHONSTARTUP", "PYTHONINSPECT")


CHOICES: dict[str, tuple[str, ...]] = {"look": LOOKS, "theme": ("dark", "light"), "contrast": ("normal", "high")}
"""What may be chosen of the looks; in the environment any other word counts as none."""


class Settings(NamedTuple):
    """``data`` holds the demonstration's backend, ``logs`` what went wrong; neither exists before it is needed."""

    locale: Locale
    dark: bool
    data: Path
    logs: Path
    look: LookName | None = None
    """As it was asked for; the terminal tells where nobody did."""
    high_contrast: bool = False


def read_settings(
    environment: Mapping[str, str], lang: Locale | None = None, looks: Mapping[str, str] | None = None
) -> Settings:
    """The settings of this start. ``lang`` and ``looks`` (by the names in ``CHOICES``) are what the command line asks
    for, before the environment.
    """
    if home := environment.get("PERRON_HOME"):
        data, logs = Path(home) / "data", Path(home) / "logs"
    else:
        import platformdirs  # a millisecond that PERRON_HOME saves

        places = platformdirs.PlatformDirs("perron", appauthor=False)
        data, logs = places.user_data_path, places.user_log_path
    wanted = {name: environment.get(f"PERRON_{name.upper()}", "") for name in CHOICES} | dict(looks or {})
    return Settings(
        locale=lang or language_of(environment),
        dark=wanted["theme"] != "light",
        data=data,
        logs=logs,
        look=wanted["look"] if wanted["look"] in LOOKS else None,
        high_contrast=wanted["contrast"] == "high",
    )


def language_of(environment: Mapping[str, str]) -> Locale:
    """That of the environment if we speak it, else French: the language of the letters and mails that lead here."""
    spoken = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    language = re.split("[-_.@]", spoken.lower(), maxsplit=1)[0]
    return language if language in languages() else "fr"


def scrub(environment: MutableMapping[str, str]) -> None:
    """Forget what Textual, Python or OpenSSL would obey. Before Textual is imported: it reads its own only then."""
    for name in list(environment):
        if name.startswith(_DANGEROUS):
            del environment[name]
