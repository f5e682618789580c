"""A bad network between the wizard and its backend: a TCP relay that can be slow, mute, or hang up.

::

    with Relay(backend.port) as relay:
        perron --backend relay.url
        relay.delay = 2.0      # every piece of data, in both directions, arrives two seconds later
        relay.mute = True      # connections are accepted and nothing arrives any more: half open
        relay.drop()           # every connection is cut, by RST as a router does it
"""

import selectors
import socket
import struct
import threading
import time
from contextlib import closing, suppress
from types import TracebackType


class Relay:
    """Listens on a free port of loopback and passes everything on to ``port``."""

    def __init__(self, port: int) -> None:
        self.delay = 0.0
        self.mute = False
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._over = False
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> "Relay":
        self._listening.settimeout(0.1)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        self.drop()
        self._thread.join()
        self._listening.close()

    def drop(self) -> None:
        """Cut every connection there is."""
        pairs, self._pairs = self._pairs, []
        for end in (end for pair in pairs for end in pair):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._over:
            try:
                here, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:  # closed meanwhile
                return
            try:
                there = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                here.close()
                continue
            self._pairs.append((here, there))
            threading.Thread(target=self._carry, args=(here, there), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with closing(here), closing(there), selectors.DefaultSelector() as both:
            both.register(here, selectors.EVENT_READ, there)
            both.register(there, selectors.EVENT_READ, here)
            with suppress(OSError):
                while True:
                    for ready, _ in both.select():
                        data = ready.fileobj.recv(65536)  # type: ignore[union-attr]
                        time.sleep(self.delay)
                        if not data:
                            return
                        if not self.mute:
                            ready.data.sendall(data)
