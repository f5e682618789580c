"""One line above everything, for what concerns the whole screen."""

from collections.abc import Callable, Iterable
from datetime import datetime

from screens.clock import ServerClock
from screens.widgets.deadline import Countdown, in_words
from screens.widgets.prose import Prose


class Banner(Prose):
    """Nothing, a sentence, or a sentence with the time left in it."""

    _countdown: Countdown | None = None

    def count_down(self, clock: ServerClock, until: datetime, sentence: Callable[[str], str]) -> None:
        self._stop()
        self._countdown = Countdown(self, clock, until, lambda seconds: self.show(sentence(in_words(seconds))))
        self._countdown.start()

    def told(self) -> Iterable[str]:
        """Nothing among the words of the screen, whose it is not; see plain.py."""
        return ()

    def hush(self) -> None:
        self._stop()
        self.show("")

    def _stop(self) -> None:
        if self._countdown is not None:
            self._countdown.stop()
            self._countdown = None
