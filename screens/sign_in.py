"""Signing in with a browser, on this device or any other, while this screen waits (RFC 8628)."""

from textual.app import ComposeResult

from api_client.contract import SignIn
from api_client.secret import Secret
from screens.scan import ScanScreen
from screens.widgets.deadline import Deadline
from screens.widgets.prose import Prose
from screens.words import _

_UNGROUPED = 6
"""Letters and digits running that are still read at one glance."""


class SignInScreen(ScanScreen[SignIn], shows=SignIn):
    """An address to open and a code to type there; where there is room, a QR code of both."""

    def awaited(self) -> str:
        return _("Waiting for you to sign in…") if self.step.user_code else _("No code yet.")

    def code(self) -> Secret | None:
        return Secret(self.step.verification_uri_complete) if self.step.verification_uri_complete else None

    def in_sight(self) -> dict[str, Secret]:
        uri = self.step.verification_uri_complete or self.step.verification_uri
        return {"uri": Secret(uri), "key": Secret(self.step.user_code)} if self.step.user_code else {}

    def compose_fields(self) -> ComposeResult:
        if not self.step.user_code:  # it comes a moment later, or the error above tells why it does not
            return
        yield Prose(_("Address to open, or QR code to scan:"), id="scan")
        yield Prose(_("Address to open:"), id="open")
        yield Prose(self.step.verification_uri, id="uri")
        yield Prose(_("Code to type there:"))
        yield Prose(_in_groups(self.step.user_code), id="user-code")
        if self.plain and self.step.verification_uri_complete:
            yield Prose(_("Or open this address, which has the code in it:"))
            yield Prose(self.step.verification_uri_complete, id="complete")
        if self.step.expires_at is not None:
            yield Deadline(self.clock, self.step.expires_at, _how_long, id="deadline")

    async def refresh_step(self, old: SignIn) -> bool:
        """A new code takes the place of the old one."""
        step = self.step
        if _shape(old) != _shape(step):
            return False
        self.query_one("#user-code", Prose).show(_in_groups(step.user_code))
        for complete in self.query("#complete").results(Prose):
            complete.show(step.verification_uri_complete)
        if step.expires_at is not None:
            self.query_one("#deadline", Deadline).count_to(self.clock, step.expires_at)
        self.show_code()
        return True

    def on_deadline_passed(self) -> None:
        self.query_one("#deadline", Deadline).show(_("This code has expired."))


def _shape(step: SignIn) -> tuple[object, ...]:
    """What of ``step`` is not replaced in place."""
    given = (step.user_code, step.verification_uri_complete, step.expires_at)
    return (step.verification_uri, *map(bool, given))


def _in_groups(code: str) -> str:
    """In threes or fours, unless it is short or came in groups already."""
    if len(code) <= _UNGROUPED or not code.isalnum():
        return code
    size = 3 if len(code) % 3 == 0 else 4
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


def _how_long(left: str) -> str:
    return _("This code is valid for another {left}.").format(left=left)
