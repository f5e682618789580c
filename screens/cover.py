"""What lies over a journey whose person may have gone: nothing of theirs, and a way back for who they are."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult

from api_client.contract import Catalogue
from screens.page import Page
from screens.widgets.field import SecretField
from screens.words import _

MOST_TRIES = 5


class CoverScreen(Page):
    """Its result: whether the person is back; no after too many wrong answers.

    ``asked`` is the label of what they gave before and give again, judged by ``knows``; where it is empty, nothing of
    theirs is below, and any key lifts the cover.
    """

    help_kind = "cover"

    def __init__(self, catalogue: Catalogue | None, asked: str, knows: Callable[[str], bool]) -> None:
        super().__init__(catalogue)
        self._asked, self._knows = asked, knows
        self._tries = 0

    def heading(self) -> str:
        return _("This screen is covered")

    def lead(self) -> str:
        if not self._asked:
            return _("Somebody is waiting for a mail or a phone here. Press any key to go on.")
        return _(
            "Somebody's session goes on below, hidden because no key came for a while. Is it yours? Give again what "
            "you gave here."
        )

    def next_label(self) -> str:
        return _("Go on")

    def compose_fields(self) -> ComposeResult:
        if self._asked:
            yield SecretField("known", self._asked, mention_caps_lock=False)

    def on_key(self, event: events.Key) -> None:
        if not self._asked and event.key not in ("f1", "f2", "f10"):
            event.stop()
            self.dismiss(True)

    def action_go_on(self) -> None:
        """Judged at once, so that nothing is blocked and no key is lost; nothing typed is no try."""
        if not self._asked:
            self.dismiss(True)
            return
        if unfilled := self.unfilled("known"):
            self.complain(unfilled)
            return
        field = self.query_one("#known", SecretField)
        given, field.value = field.value, ""
        self._tries += 1
        if self._knows(given):
            self.dismiss(True)
        elif self._tries == MOST_TRIES:
            self.dismiss(False)
        else:
            self.complain({"known": _("This is not what was given here.")})
