"""A backend that says what a test wants, in the place of ``Client``, and ways to watch the wizard that speaks to it.

The fixtures ``backend`` and ``play`` are in tests/wizard_fixtures.py.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
from textual.pilot import Pilot

from api_client.contract import (
    Answer,
    Begin,
    Catalogue,
    Enrolment,
    HandOver,
    Locale,
    Login,
    Problem,
    Resume,
)
from api_client.problems import PerronError, Unreachable
from api_client.secret import Secret
from screens.frame import kind_of
from screens.login import LoginScreen
from screens.welcome import WelcomeScreen
from tests.screens_gallery import CATALOGUE, NOW, STEPS, enrolment_of, rows_of
from tui.wizard import Wizard

Play = Callable[..., Any]

LOGIN, PASSWORD = "p04", "g9cf-9hqy-atc2"

PROBLEM = Problem(type="too-large", title="C’est trop long.", status=413, detail="Essayez plus court.", reference="R7")


def step_of(kind: type[Any]) -> Any:
    return STEPS[kind_of(kind)]


class ScriptedBackend:
    """Stands in for ``Client``: each call takes the next of ``replies``, an enrolment or what is raised instead."""

    def __init__(self) -> None:
        self.locale: Locale = "fr"
        self.offers = CATALOGUE
        self.said: list[Any] = []
        self.replies: list[Enrolment | PerronError] = []
        self.news: asyncio.Queue[Enrolment | PerronError | None] = asyncio.Queue()
        self.out_of_reach = False
        self.slow = 0.0
        self.listeners = 0
        self.polls: list[float] = []

    async def catalogue(self) -> Catalogue:
        if self.out_of_reach:
            raise Unreachable("refused", sent=False)
        return self.offers

    async def begin(self, begin: Begin) -> Enrolment:
        return await self._reply(begin)

    async def resume(self, resume: Resume) -> Enrolment:
        return await self._reply(resume)

    async def answer(self, enrolment: Enrolment, answer: Answer) -> Enrolment:
        return await self._reply(answer)

    async def back(self, enrolment: Enrolment) -> Enrolment:
        return await self._reply("back")

    async def switch_locale(self, enrolment: Enrolment, locale: Locale) -> Enrolment:
        self.locale = locale
        return await self._reply(locale)

    async def hand_over(self, enrolment: Enrolment) -> HandOver:
        return HandOver(code=Secret("ABCD-EFGH-JKMN"), expires_at=NOW, known_label="votre nom de connexion")

    async def await_change(self, enrolment: Enrolment, seconds: float) -> Enrolment | None:
        self.listeners += 1
        self.polls.append(seconds)
        try:
            if self.out_of_reach:
                raise Unreachable("refused", sent=False)
            if seconds == 0:
                return None
            news = await self.news.get()
        finally:
            self.listeners -= 1
        if isinstance(news, PerronError):
            raise news
        return news

    async def leave(self, enrolment: Enrolment, seconds: float) -> None:
        self.said.append("left")
        if self.out_of_reach:
            await asyncio.sleep(seconds)

    async def close(self) -> None:
        self.said.append("closed")

    async def _reply(self, said: Any) -> Enrolment:
        self.said.append(said)
        await asyncio.sleep(self.slow)
        if self.out_of_reach:
            raise Unreachable("refused", sent=False)
        reply = self.replies.pop(0)
        if isinstance(reply, PerronError):
            raise reply
        return reply


async def until(true: Callable[[], Any], seconds: float = 15) -> None:
    """Wait for what a test is sure to come."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "waited in vain"
        await asyncio.sleep(0.01)


def wizard_of(pilot: Pilot[None]) -> Wizard:
    assert isinstance(pilot.app, Wizard)
    return pilot.app


async def shown(pilot: Pilot[None], kind: type[Any]) -> Any:
    """Wait until the page is of this kind and takes keys; tests never sleep for it."""
    app = wizard_of(pilot)
    await until(lambda: isinstance(app.screen, kind) and not app.screen.disabled and app.screen.is_mounted)
    await pilot.pause()
    return app.screen


async def begun(pilot: Pilot[None], backend: ScriptedBackend) -> LoginScreen:
    """From the welcome screen to the login."""
    backend.replies = [enrolment_of(step_of(Login), position=1, can_go_back=False)]
    welcome = await shown(pilot, WelcomeScreen)
    await until(lambda: welcome is pilot.app.screen and wizard_of(pilot).catalogue() is not None)
    await until(lambda: isinstance(pilot.app.screen, WelcomeScreen) and pilot.app.screen.catalogue)
    await pilot.pause()
    await pilot.press("enter")
    login = await shown(pilot, LoginScreen)
    await until(lambda: backend.listeners == 1)
    assert isinstance(login, LoginScreen)
    return login


def burst(pilot: Pilot[None], *keys: str) -> None:
    """Typed in one go: nobody waits for anything in between."""
    for key in keys:
        pilot.app.simulate_key(key)


def text_of(pilot: Pilot[None]) -> str:
    return " ".join(" ".join(rows_of(pilot.app)).split())


def at(step: Any, revision: int, **changes: Any) -> Enrolment:
    changed = msgspec.structs.replace(step, **changes) if changes else step
    return msgspec.structs.replace(enrolment_of(changed), revision=revision)
