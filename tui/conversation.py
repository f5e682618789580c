"""What is said to the backend and heard from it, for one person at one screen; it knows no widget."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from api_client.contract import Answer, Begin, Catalogue, Drawing, Enrolment, HandOver, Locale, Resume
from api_client.problems import Busy, Garbled, Gone, PerronError, Refusal, SeatLost, Unreachable
from api_client.secret import Secret
from tui.patience import Patience, Told

if TYPE_CHECKING:
    from api_client.client import Client

POLL_SECONDS = 25.0
FAREWELL_SECONDS = 0.3
"""Out of the one second that leaving may take."""


class Face(Told, Protocol):
    """Who shows what was heard."""

    async def show(self, enrolment: Enrolment) -> None:
        """This is how the enrolment stands now."""

    async def refused(self, problem: PerronError) -> None:
        """What was asked could not be done; the step stays."""

    async def ended(self) -> None:
        """The backend knows the enrolment no more."""


class Conversation:
    """Insists until the backend answers, and hands every answer to ``face``; one method at a time, or ``listen``."""

    def __init__(self, face: Face, locale: Locale, drawing: Drawing) -> None:
        self.locale: Locale = locale
        self.catalogue: Catalogue | None = None
        self.enrolment: Enrolment | None = None
        self.patience = Patience(face)
        self.drawing = drawing
        self._face = face
        self._client: Client | None = None
        self._told_in: Locale | None = None
        """The language of the catalogue."""
        self._switching: asyncio.Task[Enrolment] | None = None
        """Asks for the step in another language: who goes on meanwhile waits for it, or would answer an old step."""

    async def open(self, client: "Client") -> Catalogue:
        """Say good day: the catalogue, in the language now spoken."""
        self._client = client
        client.locale = locale = self.locale
        self.catalogue = await self.patience.insist(client.catalogue)
        self._told_in = locale
        return self.catalogue

    @property
    def client(self) -> "Client":
        """The backend's client; nothing can be said before ``open``."""
        assert self._client is not None, "nobody to speak to yet"
        return self._client

    @property
    def begun(self) -> Enrolment:
        """The enrolment; nothing can be answered before one was begun."""
        assert self.enrolment is not None, "no enrolment was begun"
        return self.enrolment

    async def begin(self, journey: str) -> None:
        """Take a seat in a journey."""
        begin = Begin(journey=journey, locale=self.locale, drawing=self.drawing)
        await self._hear(lambda: self.client.begin(begin))

    async def resume(self, code: Secret, known: str) -> None:
        """Go on with a journey begun elsewhere."""
        resume = Resume(code=code, known=known, locale=self.locale, drawing=self.drawing)
        await self._hear(lambda: self.client.resume(resume))

    async def answer(self, answer: Answer) -> None:
        """Say what the person said."""
        await self._hear(lambda: self.client.answer(self.begun, answer))

    async def back(self) -> None:
        """Go back one step."""
        await self._hear(lambda: self.client.back(self.begun))

    async def hand_over(self) -> HandOver | None:
        """A code to go on elsewhere; ``None`` when it was refused, and told."""
        about = self.begun
        try:
            return await self.patience.insist(lambda: self.client.hand_over(about))
        except (Refusal, Garbled) as problem:
            await self._cannot(problem)
            return None

    @property
    def is_translated(self) -> bool:
        """Whether all that was heard is in the language now spoken."""
        about = self.enrolment
        return self._told_in == self.locale and (about is None or about.locale == self.locale)

    async def translate(self) -> None:
        """Hear everything again in ``locale``, which has changed."""
        try:
            await self.open(self.client)
        except (Refusal, Garbled) as problem:
            await self._face.refused(problem)
            return
        if self.enrolment is not None:
            await self._hear(self._switch)

    async def _switch(self) -> Enrolment:
        about, locale = self.begun, self.locale
        self._switching = switching = asyncio.create_task(self.client.switch_locale(about, locale))
        try:
            return await asyncio.shield(switching)
        finally:
            if switching.done():
                self._switching = None

    async def _switched(self) -> None:
        """Hear what a switch says that was still under way when something else was said."""
        switching, self._switching = self._switching, None
        if switching is not None:
            with contextlib.suppress(PerronError):  # whatever it is, the next question meets it again
                self.enrolment = await switching

    async def close(self) -> None:
        """Say that this screen is left, and nothing more."""
        if self._switching is not None:
            self._switching.cancel()
            await asyncio.gather(self._switching, return_exceptions=True)
        if self._client is None:
            return
        if self.enrolment is not None and self.enrolment.status in ("active", "waiting"):
            await self._client.leave(self.enrolment, FAREWELL_SECONDS)
        await self._client.close()

    async def listen(self) -> None:
        """Hear what changes by itself - a link opened elsewhere, a take-over - until cancelled."""
        seconds = POLL_SECONDS

        async def ask() -> Enrolment | None:
            nonlocal seconds
            try:
                return await self.client.await_change(self.begun, seconds)
            except (SeatLost, Gone):
                raise
            except PerronError as trouble:  # even what is refused for now: this screen has promised to go on by itself
                seconds = 0.0  # the next answer only says that it is back, so it must come at once
                raise Busy(trouble.retry_after) if isinstance(trouble, Busy) else Unreachable("dropped") from trouble

        while True:
            try:
                news = await self.patience.insist(ask)
            except Refusal as problem:
                await self._cannot(problem)
                return
            seconds = POLL_SECONDS
            if news is not None:
                self.enrolment = news
                await self._face.show(news)

    async def _hear(self, ask: Callable[[], Awaitable[Enrolment]]) -> None:
        await self._switched()
        try:
            self.enrolment = await self.patience.insist(ask)
        except (Refusal, Garbled) as problem:
            await self._cannot(problem)
        else:
            await self._face.show(self.enrolment)

    async def _cannot(self, problem: PerronError) -> None:
        if self.enrolment is not None and isinstance(problem, SeatLost | Gone):
            self.enrolment = None
            await self._face.ended()
        else:
            await self._face.refused(problem)
