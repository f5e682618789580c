"""Where the Sirene API is, and the key it is asked with."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api_client.secret import Secret
from backend.mistakes import Mistake

KEY_VARIABLE = "PERRON_SIRENE_KEY"
KEY_FILE_VARIABLE = "PERRON_SIRENE_KEY_FILE"


class KeyUnreadable(Mistake):
    """The key cannot be used as it is given."""


@dataclass(frozen=True)
class Access:
    """``url`` up to the version, ``https://api.insee.fr/api-sirene/3.11``; a stand-in may need no key."""

    url: str
    key: Secret | None = None

    @classmethod
    def by_environment(cls, url: str, environment: Mapping[str, str] = os.environ) -> "Access":
        """The key comes from a variable, or from a file that a variable names; never from an argument, which others
        can see. Raises KeyUnreadable."""
        key = (environment.get(KEY_VARIABLE, "") or _content(environment.get(KEY_FILE_VARIABLE, ""))).strip()
        if not (key.isascii() and key.isprintable()):
            raise KeyUnreadable(
                "La clé Sirene contient un caractère qu’aucune clé ne contient : copiez-la de nouveau.",
                "The Sirene key has a character that no key has: copy it again.",
            )
        return cls(url, Secret(key) if key else None)


def _content(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8") if file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable(
            f"La clé Sirene ne peut pas être lue dans {file} : vérifiez {KEY_FILE_VARIABLE} et les droits du fichier.",
            f"The Sirene key cannot be read in {file}: check {KEY_FILE_VARIABLE} and the rights of the file.",
        ) from error
