"""What time it is, in one place, so that a test can say that it is tomorrow."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""


def present() -> datetime:
    return datetime.now(UTC)
