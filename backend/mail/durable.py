"""Work that survives a kill: DBOS, asked for exactly one thing, which is to finish what was handed over.

Each work has an id, and the id is all that DBOS ever stores of it. Its workflow tries until the verdict is another than
``later``, then has the verdict noted; both are steps, so that a restart repeats neither one that was done.

DBOS runs on a thread and an event loop of its own: it replaces the default executor of the loop it is launched in, and
shuts that executor down with itself, which would be the end of every other ``to_thread`` of the backend.
"""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url

LATER = "later"
"""A verdict that starts with this word asks for another try."""

_T = TypeVar("_T")
_WORKFLOW_VERSION = "mail-1"
"""Raise it only when the workflow below takes other steps: DBOS leaves the pending work of another version alone."""
_POLL_SECONDS = 0.2
"""How long DBOS's listener sleeps, and so how long a stop may take; its own default is one second."""

Attempt = Callable[[str], Awaitable[str]]
Note = Callable[[str, str], Awaitable[bool]]


class Durable:
    """One kind of work. A process can have one at a time, since DBOS is one a process."""

    def __init__(self, *, url: str, executor: str, attempt: Attempt, note: Note, pauses: Sequence[float]) -> None:
        """``attempt(id)`` gives a verdict; ``note(id, verdict)`` says whether it could be written down. Both run on the
        loop that calls ``start`` and must not raise. ``pauses``: seconds before each next try, the last one for ever.
        """
        self._url, self._executor = url, executor
        self._attempt, self._note, self._pauses = attempt, note, pauses
        self._deliveries: set[asyncio.Task[Any]] = set()
        self._caller: asyncio.AbstractEventLoop
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._thread: threading.Thread | None = None
        self._begin: Callable[[str], Awaitable[object]]

    async def start(self) -> None:
        """Returns when work can be handed over; what was pending at the last stop or kill goes on by itself."""
        self._caller = asyncio.get_running_loop()
        ready: Future[None] = Future()
        thread = threading.Thread(target=self._run, args=(ready,), name="durable", daemon=True)
        thread.start()
        await asyncio.wrap_future(ready)
        self._thread = thread

    async def stop(self) -> None:
        """Leaves everything unfinished as it is, to be taken up at the next start."""
        if self._thread is None:
            return
        thread, self._thread = self._thread, None
        self._loop.call_soon_threadsafe(self._stopping.set)
        await asyncio.to_thread(thread.join)

    async def hand_over(self, work_id: str) -> None:
        """From here on it will be done. Handing the same id over again changes nothing."""
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._accept(work_id), self._loop))

    # ------------------------------------------------------------------------------------- on the other thread

    def _run(self, ready: "Future[None]") -> None:
        with asyncio.Runner() as runner:
            runner.run(self._live(ready))

    async def _live(self, ready: "Future[None]") -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            self._launch()
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the one who called start
            ready.set_exception(error)
            return
        ready.set_result(None)
        await self._stopping.wait()
        from dbos import DBOS

        for delivery in self._deliveries:
            delivery.cancel()  # a cancelled workflow stays pending
        await asyncio.gather(*self._deliveries, return_exceptions=True)
        DBOS.destroy(destroy_registry=True)

    def _launch(self) -> None:
        from dbos import DBOS, DBOSConfig

        attempt = DBOS.step(name="attempt")(self._on_caller(self._attempt))
        note = DBOS.step(name="note")(self._on_caller(self._note))

        @DBOS.workflow(name="deliver", max_recovery_attempts=None)
        async def deliver(work_id: str) -> str:
            if task := asyncio.current_task():
                self._deliveries.add(task)
                task.add_done_callback(self._deliveries.discard)
            tries = 0
            while (verdict := await attempt(work_id)).startswith(LATER):
                await DBOS.sleep_async(self._pause(tries))
                tries += 1
            while not await note(work_id, verdict):
                await DBOS.sleep_async(self._pause(0))
            return verdict

        self._begin = lambda work_id: DBOS.start_workflow_async(deliver, work_id)
        DBOS(
            config=DBOSConfig(
                name="perron",
                system_database_url=self._url,
                executor_id=self._executor,
                application_version=_WORKFLOW_VERSION,
                serializer=_json_serializer(),
                enable_otlp=False,
                log_level="ERROR",
                notification_listener_polling_interval_sec=_POLL_SECONDS,
            )
        )
        DBOS.launch()

    async def _accept(self, work_id: str) -> None:
        from dbos import SetWorkflowID

        with SetWorkflowID(work_id):
            await self._begin(work_id)

    def _on_caller(self, act: Callable[..., Awaitable[_T]]) -> Callable[..., Awaitable[_T]]:
        async def acted(*parts: str) -> _T:
            async def acting() -> _T:
                return await act(*parts)

            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(acting(), self._caller))

        return acted

    def _pause(self, tries: int) -> float:
        return self._pauses[min(tries, len(self._pauses) - 1)]


def durable_url(store_url: str, data: Path) -> str:
    """Where DBOS keeps its books: beside a SQLite database in a file of its own, or inside the same PostgreSQL."""
    if store_url.startswith("sqlite"):
        return f"sqlite:///{data / 'dbos.sqlite'}"
    return make_url(store_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _json_serializer() -> Any:
    """JSON instead of DBOS's pickles: a database must never be able to run code. Of an exception, its name is kept."""
    from dbos import Serializer

    class Json(Serializer):
        def name(self) -> str:
            return "json"

        def serialize(self, data: Any) -> str:
            return json.dumps(data, default=lambda other: type(other).__name__)

        @classmethod
        def deserialize(cls, serialized_data: str) -> Any:
            return json.loads(serialized_data)

    return Json()
