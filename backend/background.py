"""Work that goes on after an answer has left: kept hold of, and its failures said."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

_log = structlog.get_logger()


class Background:
    """Runs coroutines beside the requests; ``drain`` waits for those under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("background_work_failed", error=type(error).__name__, exc_info=error)

    async def drain(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)
