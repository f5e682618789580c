"""How long is left, told as rarely as it can be: each minute, each five seconds, and each second at the very end."""

from collections.abc import Callable
from datetime import datetime

from textual.message import Message
from textual.timer import Timer

from screens.clock import ServerClock
from screens.widgets.prose import Prose
from screens.words import _

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_BY_SECONDS = 5 * _MINUTE
"""Seconds are told below this; above, a line that changes often would only cost bytes and calm."""
_STEP, _EACH_SECOND = 5, 10
"""They change by five, and one by one in the last ten."""


def in_words(seconds: int) -> str:
    """``seconds`` as people say it: « 2 j 3 h », « 3 h 12 », « 7 min », « 4 min 05 s », « 24 s »."""
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes:02d}").format(hours=hours, minutes=minutes)
    if seconds >= _BY_SECONDS:
        return _("{minutes} min").format(minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds:02d} s").format(minutes=minutes, seconds=seconds % _MINUTE)
    return _("{seconds} s").format(seconds=seconds)


class Countdown:
    """Calls ``tell`` with the seconds left until ``until``: at once, then whenever the words change, and last with 0.

    ``owner`` lends its timers; nothing runs between two changes.
    """

    def __init__(self, owner: Prose, clock: ServerClock, until: datetime, tell: Callable[[int], None]) -> None:
        self._owner = owner
        self._clock = clock
        self._until = until
        self._tell = tell
        self._timer: Timer | None = None
        self._stopped = False

    def start(self) -> None:
        if self._stopped:  # the timer had rung already
            return
        left = max(0.0, (self._until - self._clock.now()).total_seconds())
        self._tell(-int(-left // 1))
        if left:
            step = _MINUTE if left > _BY_SECONDS + 1 else _STEP if left > _EACH_SECOND else 1
            # A moment later than the edge, since a timer that fires early would tell the same words again.
            self._timer = self._owner.set_timer((left % step or step) + 0.01, self.start)

    def stop(self) -> None:
        """For good: what it told last is the owner's to take back."""
        self._stopped = True
        if self._timer is not None:
            self._timer.stop()


class Deadline(Prose):
    """A sentence with the time left in it, such as « il reste 3 h 12 »."""

    class Passed(Message):
        """Nothing is left."""

    def __init__(
        self, clock: ServerClock, until: datetime, sentence: Callable[[str], str], *, id: str | None = None
    ) -> None:
        super().__init__(sentence(in_words(0)), id=id, classes="deadline")
        self._sentence = sentence
        self._countdown = Countdown(self, clock, until, self._tell)

    def on_mount(self) -> None:
        self._countdown.start()

    def count_to(self, clock: ServerClock, until: datetime) -> None:
        """Count down to another instant from now on."""
        self._countdown.stop()
        self._countdown = Countdown(self, clock, until, self._tell)
        self._countdown.start()

    def _tell(self, seconds: int) -> None:
        self.show(self._sentence(in_words(seconds)))
        if not seconds:
            self.post_message(self.Passed())
