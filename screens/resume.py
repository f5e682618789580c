"""To go on with a journey begun at another screen."""

from textual.app import ComposeResult

from api_client.contract import Catalogue
from api_client.secret import Secret
from screens.messages import ResumeGiven, WelcomeAsked
from screens.page import Page
from screens.widgets.field import TextField
from screens.words import _


class ResumeScreen(Page):
    """A hand-over code and something already proved. Posts ``ResumeGiven``; Esc posts ``WelcomeAsked``.

    When the code is not taken: ``busy(False)``, then ``complain({"code": sentence})``.
    """

    known_by = frozenset({"known"})

    help_kind = "resume"

    def __init__(self, catalogue: Catalogue | None) -> None:
        super().__init__(catalogue)

    def heading(self) -> str:
        return _("Go on with what you began elsewhere")

    def lead(self) -> str:
        return _("The other screen shows a code under “Go on elsewhere”. It works once.")

    def back_label(self) -> str:
        return _("Back")

    def compose_fields(self) -> ComposeResult:
        yield TextField("code", _("Code shown on the other screen"), max_length=64)
        yield TextField("known", _("Your login, or your backup address once confirmed"))

    def amiss(self) -> dict[str, str]:
        return self.unfilled("code", "known")

    def say(self) -> None:
        code, known = self.query_one("#code", TextField).value, self.query_one("#known", TextField).value
        self.post_message(ResumeGiven(Secret(code), known))

    def go_back(self) -> None:
        self.post_message(WelcomeAsked())
