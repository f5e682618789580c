"""The README's pictures: the real wizard on a demonstration of its own, walked by keyboard and drawn as SVG.

``make pictures`` writes docs/pictures/*.svg. The people are fictitious; the codes on them were good for one minute of a
demonstration that is gone.
"""

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from bench.tour import Tour
from tui.service import Service
from tui.settings import Settings
from tui.wizard import Wizard

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SIZE = (80, 24)
TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
"""One of today, whichever it is drawn from."""

SHOWN: dict[tuple[str, str], dict[str, str]] = {
    ("activation-letter", "P001"): {
        "welcome": "welcome",
        "panel_login": "panel",
        "link_sent": "link_sent",
        "charter": "charter",
        "new_password": "new_password",
        "phone_pairing": "phone_pairing",
    },
    ("portal-registration", "R02"): {
        "identity": "identity",
        "establishment_choice": "establishment_choice",
        "member_number": "member_number",
    },
    ("portal-registration", "R03"): {"idcc": "idcc"},
    ("phone-pairing", "O01"): {
        "sign_in": "sign_in",
        "phone_pairing": "app_pairing",
        "device_confirmation": "device_confirmation",
    },
    ("my-account", "P012"): {"menu": "my_account"},
    ("assistance", "P009"): {"assistance_subject": "assistance_subject", "done": "assistance_done"},
}
"""By journey and person: which kinds of screens are drawn, and the names of the pictures."""

_WEB_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


async def draw_journey(service: Service, settings: Settings, journey: str, person: str) -> None:
    """Walk one journey to its end, and write its pictures."""
    wizard, names = Wizard(service.reach, settings), SHOWN[journey, person]

    def draw(kind: str) -> None:
        if name := names.get(kind):
            picture = wizard.export_screenshot(title="perron", simplify=True)
            (FOLDER / f"{name}.svg").write_text(_WEB_FONTS.sub("", picture), encoding="utf-8")
            print(FOLDER.name + f"/{name}.svg", file=sys.stderr)

    async with wizard.run_test(size=SIZE) as pilot:
        tour = Tour(wizard, pilot, draw)
        await tour.begin(journey)
        await tour.end(person)


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(locale="fr", dark=True, data=Path(home) / "data", logs=Path(home) / "logs")
        with Service("", settings) as service:
            for journey, person in SHOWN:
                await draw_journey(service, settings, journey, person)


if __name__ == "__main__":
    os.environ.update(TERMINAL)
    os.environ.pop("NO_COLOR", None)
    asyncio.run(main())
