"""Work that survives a kill: DBOS, asked for exactly one thing, which is to finish what was handed over.

Each work has an id, and the id is all that DBOS ever stores of it. Its workflow tries until the verdict is another than
``later`` and is noted. A try and its noting are one step, so that a restart does not repeat it once it is done; and one
step rather than two, since each costs as much as composing the mail.

DBOS runs on a thread and an event loop of its own: it replaces the default executor of the loop it is launched in, and
shuts that executor down with itself, which would be the end of every other ``to_thread`` of the backend.
"""

import asyncio
import json
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url

LATER = "later"
"""A verdict that starts with this word asks for another try."""

_T = TypeVar("_T")
_WORKFLOW_VERSION = "mail-2"
"""Raise it only when the workflow below takes other steps: DBOS leaves the pending work of another version alone.

It is part of every workflow's id, so that such work is begun anew when it is handed over again.
"""
_THREADS = 2
"""For DBOS's own books: they are written one at a time, and more threads would only fight for the interpreter."""
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

        _write_ahead(self._url)
        finish = DBOS.step(name="finish")(self._on_caller(self._finish))
        note = DBOS.step(name="note")(self._on_caller(self._note))

        @DBOS.workflow(name="deliver", max_recovery_attempts=None)
        async def deliver(work_id: str) -> str:
            if task := asyncio.current_task():
                self._deliveries.add(task)
                task.add_done_callback(self._deliveries.discard)
            tries = 0
            verdict, noted = await finish(work_id)
            while verdict.startswith(LATER):
                await DBOS.sleep_async(self._pause(tries))
                tries += 1
                verdict, noted = await finish(work_id)
            while not noted:
                await DBOS.sleep_async(self._pause(0))
                noted = await note(work_id, verdict)
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
                max_executor_threads=_THREADS,
            )
        )
        DBOS.launch()

    async def _accept(self, work_id: str) -> None:
        from dbos import SetWorkflowID

        with SetWorkflowID(f"{_WORKFLOW_VERSION} {work_id}"):
            await self._begin(work_id)

    async def _finish(self, work_id: str) -> tuple[str, bool]:
        verdict = await self._attempt(work_id)
        return verdict, not verdict.startswith(LATER) and await self._note(work_id, verdict)

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


def _write_ahead(url: str) -> None:
    """SQLite keeps this mode in the file. DBOS's own books commit with one write to the disk then, instead of three."""
    if (where := make_url(url)).get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(where.database))) as books:
            books.execute("PRAGMA journal_mode = WAL")


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
