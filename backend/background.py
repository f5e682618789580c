"""Work that no answer waits for: kept hold of, and its failures said, since nobody else would see them."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from backend.database.store import StoreUnavailable
from backend.provisioning import DirectoryUnavailable

_PASSING = (StoreUnavailable, DirectoryUnavailable)

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


@contextmanager
def one_round(work: str) -> Iterator[None]:
    """One round of ``work``, which comes again for as long as the service runs: whatever goes wrong ends this round
    alone, and is said. A loop that ended would be missed by nobody until what it does is missed."""
    try:
        yield
    except _PASSING:
        _log.warning(f"{work}_put_off")
    except Exception as fault:  # noqa: BLE001 - the last resort: the next round may go better
        _log.error("round_failed", work=work, error=type(fault).__name__, exc_info=fault)
