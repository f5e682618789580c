"""The README's pictures: the real wizard on a demonstration of its own, walked by keyboard and drawn as SVG.

``make pictures`` writes docs/pictures/*.svg. The people are fictitious; the codes on them were good for one minute of a
demonstration that is gone.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from api_client import demonstration
from api_client.client import Client
from api_client.demonstration_contract import DemoMail
from screens.frame import StepScreen
from tui.service import Service
from tui.settings import Settings
from tui.wizard import Wizard

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SIZE = (80, 24)
PATIENCE = 30.0
ADDRESS = "lefevre.01@example.com"
PASSWORD = "Montagne-42!"

_WEB_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


async def walk(client: Client, pilot: Pilot[None], wizard: Wizard, draw: Callable[[str], None]) -> None:
    """From the welcome to the QR code, drawing on the way."""

    async def arrive(kind: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not (isinstance(wizard.page, StepScreen) and wizard.page.help_kind == kind):
                await pilot.pause(0.05)
        await pilot.pause(0.5)

    async def say(*texts: str) -> None:
        for position, text in enumerate(texts):
            await pilot.press(*(["tab"] if position else []), *text)
        await pilot.press("enter")

    async with asyncio.timeout(PATIENCE):
        while wizard.catalogue() is None:
            await pilot.pause(0.05)
    await pilot.pause(0.5)
    draw("welcome")
    somebody = next(person for person in await demonstration.people(client) if person.works)
    await pilot.press("enter")
    await arrive("login")
    await say(somebody.login)
    await arrive("provisional_password")
    await say(somebody.provisional_password)
    await arrive("backup_email")
    await say(ADDRESS, ADDRESS)
    await arrive("link_sent")
    draw("link_sent")
    mail = await _mail_to(client, ADDRESS, "Poursuivez")
    await say(demonstration.code_in(mail))
    await arrive("charter")
    draw("charter")
    await pilot.press("space", "enter")
    await arrive("public_directory")
    await pilot.press("enter")
    await arrive("mailbox")
    await pilot.press("enter")
    await arrive("redirection")
    await pilot.press("enter")
    await arrive("new_password")
    await pilot.press(*PASSWORD)
    await pilot.pause(0.5)
    draw("new_password")
    await pilot.press("tab", *PASSWORD, "enter")
    await arrive("phone_pairing")
    draw("phone_pairing")


async def _mail_to(client: Client, address: str, subject: str) -> DemoMail:
    async with asyncio.timeout(PATIENCE):
        while True:
            for mail in await demonstration.mails(client):
                if mail.to == address and mail.subject.startswith(subject):
                    return mail
            await asyncio.sleep(0.2)


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(locale="fr", dark=True, data=Path(home) / "data", logs=Path(home) / "logs")
        with Service("", settings) as service:
            wizard = Wizard(service.reach, settings)

            def draw(name: str) -> None:
                picture = wizard.export_screenshot(title="perron", simplify=True)
                (FOLDER / f"{name}.svg").write_text(_WEB_FONTS.sub("", picture), encoding="utf-8")
                print(FOLDER.name + f"/{name}.svg", file=sys.stderr)

            async with wizard.run_test(size=SIZE) as pilot:
                client = await service.reach()
                await walk(client, pilot, wizard, draw)
                await client.close()


if __name__ == "__main__":
    asyncio.run(main())
