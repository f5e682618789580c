"""Waiting for a link to be opened, or for the code of the same mail: advances by itself."""

import msgspec
from textual.app import ComposeResult

from api_client.contract import LinkSent, LinkSentAnswer
from api_client.secret import Secret
from screens.frame import StepScreen
from screens.widgets.deadline import Deadline
from screens.widgets.field import TextField
from screens.widgets.prose import Prose
from screens.words import _

_LONGEST_LINK = 500
"""A whole link can be pasted instead of its code."""


class LinkSentScreen(StepScreen[LinkSent], shows=LinkSent):
    """What we wait for, until when, and every way on: the link, the code, another mail, another address or screen."""

    on_paper = frozenset({"code"})
    awaits_mail = True

    def compose_fields(self) -> ComposeResult:
        step = self.step
        yield Prose(self._delivery(), id="delivery")
        if step.number is not None:
            yield Prose(_("Number to type on the page: {number}").format(number=step.number), id="number")
        if step.deadline is not None:
            yield Deadline(self.clock, step.deadline, self._until, id="deadline")
        yield TextField("code", _("Code in the mail, below the link"), max_length=_LONGEST_LINK)
        yield self.compose_actions()

    def _delivery(self) -> str:
        match self.step.delivery:
            case "sending":
                return _("The mail usually arrives within a minute.")
            case "sent":
                return _("The mail has left.")
            case "refused":
                return _("The mail server of this address refuses our mail. Please give another address.")

    def _until(self, left: str) -> str:
        return _("{until}: {left} left.").format(until=self.step.deadline_text.rstrip("."), left=left)

    async def refresh_step(self, old: LinkSent) -> bool:
        """That the mail has left is told without touching the code being typed."""
        if msgspec.structs.replace(old, delivery=self.step.delivery, **self._fleeting()) != self.step:
            return False
        self.query_one("#delivery", Prose).show(self._delivery())
        return True

    def number_of_mail(self) -> int | None:
        return self.step.number

    def amiss(self) -> dict[str, str]:
        if not self.typed()["code"]:
            return {"code": _("Type the code, or open the link: this screen will then go on by itself.")}
        return {}

    def given(self) -> LinkSentAnswer:
        return LinkSentAnswer(code=Secret(self.query_one("#code", TextField).value))
