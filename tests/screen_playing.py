"""Play a screen of the gallery: keys, pastes, and what is on it."""

from collections.abc import Callable
from typing import Any, cast

import msgspec
from textual import events
from textual.app import App
from textual.pilot import Pilot

from api_client.contract import AnyStep
from screens.frame import StepScreen
from screens.messages import Answered
from tests.screens_gallery import Gallery, enrolment_of, rows_of

Show = Callable[..., None]
"""The fixture of that name compares the screen, after some keys, with its picture in ``__snapshots__``."""

SIZES = [(80, 24), (60, 20), (40, 15)]
NAMED = {
    "tab",
    "shift+tab",
    "enter",
    "space",
    "escape",
    "f10",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "backspace",
}
"""Keys that ``press`` presses as such."""


def changed(step: AnyStep, **changes: Any) -> AnyStep:
    """``step`` with other values in some of its fields."""
    return msgspec.structs.replace(step, **changes)


def text_of(app: Gallery) -> str:
    """The words on the screen as one line, without the cells of a QR code."""
    return " ".join(" ".join(rows_of(app)).replace("▀", " ").split())


def screen_of(app: Gallery) -> StepScreen[Any]:
    """The step's screen that is up."""
    return cast(StepScreen[Any], app.screen)


def answers_of(app: Gallery) -> list[Any]:
    """Every answer posted so far."""
    return [message.answer for message in app.said if isinstance(message, Answered)]


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press named keys one by one; a text of several characters comes as a terminal pastes it, which is quicker."""
    for key in keys:
        if key in NAMED or len(key) == 1:
            await pilot.press(key)
        else:
            paste(pilot.app, key)
            await pilot.pause()


async def come_again(pilot: Pilot[None], app: Gallery, step: AnyStep) -> None:
    """The backend sends ``step`` for the screen that is up."""
    await screen_of(app).update(enrolment_of(step))
    await pilot.pause()


def paste(app: App[Any], text: str) -> None:
    """Paste as a terminal does."""
    app.post_message(events.Paste(text))
