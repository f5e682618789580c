"""What a screen says to the App that shows it. A screen knows neither its neighbours nor the backend.

Each is a Textual message that bubbles up to the App. Those marked *held* were posted by a screen that has blocked
itself (``Page.busy``): the App answers by another screen, by ``update`` or by ``busy(False)``.
"""

from textual.message import Message

from api_client.contract import Answer
from api_client.secret import Secret


class Answered(Message):
    """The person's answer to the step, checked as far as the terminal can. *Held.*"""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class BackAsked(Message):
    """To the step before. *Held.*"""


class HandOverAsked(Message):
    """To go on at another screen: the action whose id is ``hand_over``. *Held.*"""


class LanguageAsked(Message):
    """F2: the other language."""


class LeaveAsked(Message):
    """F10, or « Terminer » on a last screen: to leave. The App asks again in the middle of a journey."""


class HelpAsked(Message):
    """F1: the App pushes ``HelpScreen(catalogue, page.help_kind, page.journey)``."""


class JourneyChosen(Message):
    """One of the doors of the welcome screen, by its id. *Held.*"""

    def __init__(self, journey: str) -> None:
        super().__init__()
        self.journey = journey


class ResumeAsked(Message):
    """« J’ai un code de reprise », on the welcome screen."""


class ResumeGiven(Message):
    """A hand-over code, and something already proved. *Held.*"""

    def __init__(self, code: Secret, known: str) -> None:
        super().__init__()
        self.code = code
        self.known = known


class RetryAsked(Message):
    """Try to reach the service again now, without waiting for the countdown."""


class WelcomeAsked(Message):
    """Back from a screen that is no step: to the step it came from, or to the welcome screen. *Held.*"""
