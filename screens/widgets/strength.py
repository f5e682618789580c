"""How strong a password is, in words and as a bar."""

import asyncio
from collections.abc import Iterable

from screens.looks import signs_of
from screens.widgets.prose import Prose
from screens.words import _

_MEASURED = 64
"""Characters: zxcvbn's time grows steeply, and nobody's password is weak after so many."""
_PAUSE = 0.15
"""Seconds without a key before measuring: while one types, the rules are what counts."""
_BAR = 10


class Strength(Prose):
    """Measured by zxcvbn in a thread, since it may take longer than a key should."""

    def __init__(self) -> None:
        super().__init__(id="strength")
        self._password = ""

    def told(self) -> Iterable[str]:
        """Nothing: the rules, told after each try, say what counts."""
        return ()

    def measure(self, password: str) -> None:
        self._password = password
        if password:
            # The worker is given nothing: its description, with its arguments, may end in a trace.
            self.run_worker(self._measure_soon, exclusive=True)  # type: ignore[arg-type]
        else:
            self.workers.cancel_node(self)
            self.show("")

    async def _measure_soon(self) -> None:
        await asyncio.sleep(_PAUSE)
        score = await asyncio.to_thread(_score, self._password[:_MEASURED])
        signs = signs_of(self.app)
        full = round((score + 1) / 5 * _BAR)
        bar = signs.full * full + signs.empty * (_BAR - full)
        self.show(_("Strength: {bar} {words}").format(bar=bar, words=_in_words(score)))


def _score(password: str) -> int:
    from zxcvbn_rs_py import zxcvbn

    return int(zxcvbn(password).score)


def _in_words(score: int) -> str:
    return (_("very weak"), _("weak"), _("fair"), _("good"), _("very good"))[score]
