"""What is said to the backend and heard from it, for one person at one screen; it knows no widget."""

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

    async def open(self, client: "Client") -> Catalogue:
        """Say good day: the catalogue, in the language now spoken."""
        self._client = client
        client.locale = self.locale
        self.catalogue = await self.patience.insist(client.catalogue)
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
        about = self.begun
        await self._hear(lambda: self.client.answer(about, answer))

    async def back(self) -> None:
        """Go back one step."""
        about = self.begun
        await self._hear(lambda: self.client.back(about))

    async def hand_over(self) -> HandOver | None:
        """A code to go on elsewhere; ``None`` when it was refused, and told."""
        about = self.begun
        try:
            return await self.patience.insist(lambda: self.client.hand_over(about))
        except (Refusal, Garbled) as problem:
            await self._cannot(problem)
            return None

    async def translate(self) -> None:
        """Hear everything again in ``locale``, which has changed."""
        about = self.enrolment
        try:
            await self.open(self.client)
        except (Refusal, Garbled) as problem:
            await self._face.refused(problem)
            return
        if about is not None:
            await self._hear(lambda: self.client.switch_locale(about, self.locale))

    async def close(self) -> None:
        """Say that this screen is left, and nothing more."""
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
            except (Unreachable, Busy, Garbled) as trouble:
                seconds = 0.0  # the next answer only says that it is back, so it must come at once
                raise trouble if isinstance(trouble, Busy) else Unreachable("dropped") from trouble

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
