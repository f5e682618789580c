"""The backend's clock, kept going here: deadlines are its own, and a terminal's clock may be wrong."""

import time
from datetime import datetime, timedelta


class ServerClock:
    """``server_time`` as it was heard, and what has passed since. Asked by ``now()``, in UTC."""

    def __init__(self, server_time: datetime) -> None:
        self._heard = server_time
        self._since = time.monotonic()

    def now(self) -> datetime:
        return self._heard + timedelta(seconds=time.monotonic() - self._since)
