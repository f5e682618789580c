"""What every field that is typed in does with what it does not take: it says why, until something is taken."""

from textual import on
from textual.message import Message

from screens.widgets.question import Question
from screens.words import _


class Declined(Message):
    """Something typed or pasted was not taken, for the reason given as a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


def hidden_characters() -> Declined:
    return Declined(_("This text contains hidden characters. Please type it by hand."))


def too_long(most: int) -> Declined:
    """More than ``most`` characters."""
    return Declined(_("{n} characters at most.").format(n=most))


class TypedQuestion(Question):
    """A field whose control posts ``Declined``; the subclass calls ``forget_declined`` when its text has changed."""

    _declined = False

    @on(Declined)
    def _tell_declined(self, event: Declined) -> None:
        event.stop()
        self.complain(event.reason)
        self._declined = True

    def forget_declined(self) -> None:
        if self._declined:
            self.complain("")
        self._declined = False
