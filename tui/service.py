"""Where the backend is: the one named, or the embedded one; and a client for it when it can be reached."""

import asyncio
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from tui.embedded import Embedded, EmbeddedFailed
from tui.settings import Settings

if TYPE_CHECKING:
    from api_client.client import Client


class Service:
    """A context: when no backend is named, the first ``reach`` starts the embedded one, and leaving ends it."""

    def __init__(self, backend: str, settings: Settings) -> None:
        self._backend = backend
        self._embedded: Embedded | None = None
        self._started = False
        if not backend:
            self._embedded = Embedded(settings.data / "demonstration", settings.logs / "demonstration.log")

    def __enter__(self) -> "Service":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._embedded is not None:
            self._embedded.close()

    def on_failure(self, told: Callable[[EmbeddedFailed], None]) -> None:
        """Call ``told``, from another thread, when the embedded backend cannot be kept up."""
        if self._embedded is not None:
            self._embedded.on_failure = told

    async def reach(self) -> "Client":
        """A client of the backend, as soon as it has an address; raises ``EmbeddedFailed`` when it never will.

        To be called once the first picture is on the screen: from now on the embedded backend wants the processor.
        """
        if self._embedded is not None and not self._started:
            self._started = True
            self._embedded.start()
        client = await asyncio.to_thread(_import_client)
        if self._embedded is None:
            return client(self._backend)
        # Shielded: who stops waiting must not cancel what another waits for, or what the watching thread will set.
        return client(await asyncio.shield(asyncio.wrap_future(self._embedded.address)))


def _import_client() -> "type[Client]":
    # Where click is installed, as it is beside a backend, httpx imports its own command line, and with it pygments and
    # half of rich: 2.8 MB and 25 ms for nothing. This makes it believe that it is not there, which it is prepared for.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
    from api_client.client import Client

    return Client
