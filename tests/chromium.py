"""Debian's Chromium, without a window, as a phone that runs no script."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import BrowserContext, async_playwright

_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def phone_browser(device: str = "Pixel 7", *, dark: bool = False) -> AsyncIterator[BrowserContext]:
    """``device``: one of those that Playwright knows."""
    where = shutil.which("chromium")
    assert where, "run: make system"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=where, args=list(_SWITCHES))
        settings = {name: value for name, value in playwright.devices[device].items() if name != "default_browser_type"}
        context = await browser.new_context(
            **settings, java_script_enabled=False, locale="fr-FR", color_scheme="dark" if dark else "light"
        )
        yield context
        await browser.close()
