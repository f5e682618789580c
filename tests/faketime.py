"""Another time of day for a process: libfaketime, whose clock a test moves while the process runs.

::

    clock = MovedClock(tmp_path / "now")
    clock.set(paris("2026-11-03 23:58:30"))
    with clock.given(monkeypatch):
        backend.start()
    clock.set(paris("2026-11-04 00:00"))      # it reads the new time at its next look

Only the calendar moves: what waits for some seconds waits as long as ever (``CLOCK_MONOTONIC`` is left alone).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

_PLACES = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))


def paris(local: str) -> datetime:
    """``2026-11-03 23:58:30`` on the clocks of Paris."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


class MovedClock:
    """The time told to every process that was started inside ``given``."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(datetime.now(UTC))

    def set(self, now: datetime) -> None:
        """It is ``now`` (aware) from this moment on, and time passes."""
        ahead = (now - datetime.now(UTC)).total_seconds()
        written = self._file.with_suffix(".next")
        written.write_text(f"{ahead:+f}\n")
        written.replace(self._file)

    @contextmanager
    def given(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Processes started meanwhile live by this clock."""
        with monkeypatch.context() as patch:
            patch.setenv("LD_PRELOAD", str(library()))
            patch.setenv("FAKETIME_TIMESTAMP_FILE", str(self._file))
            patch.setenv("FAKETIME_NO_CACHE", "1")
            patch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            patch.setenv("NO_FAKE_STAT", "1")
            yield


def library() -> Path:
    """libfaketime for programs with threads; a missing one fails the test, which is never skipped."""
    found = [path for place in _PLACES for path in sorted(place.glob("**/faketime/libfaketimeMT.so.1"))]
    if not found:
        pytest.fail("libfaketime is not installed here: run `make system` as root, then try again.", pytrace=False)
    return found[0]
