"""Which phone a browser runs on, as far as it says: to be recognised by its owner, and believed by nobody."""

import re
from collections.abc import Mapping

from api_client.wording import clean
from backend.pairing.pairings import Phone

HINTS = "Sec-CH-UA-Model, Sec-CH-UA-Platform"
"""What browsers that hide the model in their User-Agent are asked for (User-Agent Client Hints)."""

_LONGEST = 40
_ANDROID = re.compile(r"Android[^;)]*; ([^;)]+?)(?: Build/[^;)]*)?[;)]")
_REDUCED = "K"
"""What Chromium says instead of a model since it says less."""


def phone_of(headers: Mapping[str, str]) -> Phone:
    """``platform`` is ``ios``, ``android`` or ``other``; ``model`` may be empty."""
    agent = headers.get("user-agent", "")[:400]
    platform = _platform(headers.get("sec-ch-ua-platform", ""), agent)
    return Phone(platform=platform, model=_model(platform, headers.get("sec-ch-ua-model", ""), agent))


def _platform(hint: str, agent: str) -> str:
    said = hint.strip('" ').lower()
    if said == "ios" or re.search(r"\b(iPhone|iPad|iPod)\b", agent):
        return "ios"
    return "android" if said == "android" or "Android" in agent else "other"


def _model(platform: str, hint: str, agent: str) -> str:
    if said := _plain(hint.strip('" ')):
        return said
    if platform == "ios":
        found = re.search(r"\b(iPhone|iPad|iPod)\b", agent)
        return found[1] if found else ""
    found = _ANDROID.search(agent)
    said = _plain(found[1]) if found else ""
    return "" if said == _REDUCED else said


def _plain(text: str) -> str:
    return clean(text)[:_LONGEST].strip()
