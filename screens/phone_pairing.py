"""A phone paired by a QR code: an authenticator, proved by one code, or the institution's application."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from api_client.contract import AppOffer, PhonePairing, PhonePairingAnswer, TotpOffer
from api_client.secret import Secret
from screens.scan import ScanScreen
from screens.widgets.deadline import Deadline
from screens.widgets.field import TextField
from screens.widgets.hanging import Item
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.words import _

_GROUP = 4
_LONGEST_CODE = 16


class _Kept(NamedTuple):
    """An offer is sent once, so it is kept here while the step comes again without it."""

    offer: TotpOffer | AppOffer
    expires_at: datetime | None


class PhonePairingScreen(ScanScreen[PhonePairing], shows=PhonePairing):
    """What to scan, and the same to type for who has no camera. Where no code is asked for in return, one only waits.

    What is typed on the phone instead of scanned changes while one reads: it stays in sight with what is awaited.
    """

    on_paper = frozenset({"code"})

    _kept: _Kept | None = None

    @property
    def offer(self) -> TotpOffer | AppOffer | None:
        """What is offered now. ``None`` when none has come yet, or when another came of which nobody heard here."""
        step = self.step
        if step.offer is not None:
            self._kept = _Kept(step.offer, step.expires_at)
        elif self._kept is not None and self._kept.expires_at != step.expires_at:
            self._kept = None
        return self._kept.offer if self._kept is not None else None

    def code(self) -> Secret | None:
        return self.offer.uri if self.offer is not None and not self.step.hidden else None

    def in_sight(self) -> dict[str, Secret]:
        return {"uri": self.offer.uri, "key": self.offer.key} if self.offer and not self.step.hidden else {}

    def awaited(self) -> str:
        if self.step.label or self.step.hidden:
            return ""
        return _("Waiting for the phone…") if self.offer is not None else _("No code yet.")

    def next_label(self) -> str:
        return "" if self.step.hidden else super().next_label()

    def compose_fields(self) -> ComposeResult:
        offer = self.offer
        if not self.step.hidden:
            if offer is not None:
                yield Prose(self._no_room(offer), id="no-room")
            elif self.step.label or self.step.expires_at is not None:
                yield from self._compose_lost()
            for number, advice in enumerate(self.step.advice, 1):
                yield Item(advice, str(number), classes="advice")
            if isinstance(offer, AppOffer):
                yield Prose(_("On the phone itself, open this link:"))
                yield Prose(offer.link.reveal(), id="link")
            elif offer is not None:
                yield from self._compose_key(offer)
                yield TextField("code", self.step.label, max_length=_LONGEST_CODE)
        if not self.awaited():
            yield self.compose_actions()

    def _no_room(self, offer: TotpOffer | AppOffer) -> str:
        if self.plain and isinstance(offer, AppOffer):
            return _("No QR code is drawn line by line: open the link on the phone, or type the code there.")
        if self.plain:
            return _("No QR code is drawn line by line: a key does the same.")
        if isinstance(offer, AppOffer):
            return _("The QR code needs a larger window. Type the code below instead.")
        return _("The QR code needs a larger window. Type this key instead:")

    def _compose_lost(self) -> ComposeResult:
        yield Prose(_("The QR code was shown once and is not kept. You can have a new one."), id="no-offer")
        if not any(action.id == "renew" for action in self.step.actions):
            yield PushButton(_("New QR code"), id="renew", classes="action")

    def _compose_key(self, offer: TotpOffer) -> ComposeResult:
        if self.plain:
            yield Prose(_("Type this key in the application:"))
        yield Prose(_("No camera? Type this key in the application:"), id="no-camera")
        yield Prose(_typed_by_hand(offer), id="key")
        if self.step.expires_at is not None:
            yield Deadline(self.clock, self.step.expires_at, _paired_within, id="deadline")

    def compose_foot(self) -> Iterable[Widget]:
        offer = self.offer
        if isinstance(offer, AppOffer) and not self.step.hidden:
            yield Prose(_("No camera? Type this code:"), id="by-hand")
            with Horizontal(id="changing"):
                yield Prose(_typed_by_hand(offer), id="key")
                if self.step.expires_at is not None:
                    yield Deadline(self.clock, self.step.expires_at, _changes_in, id="deadline")
        yield from super().compose_foot()

    async def refresh_step(self, old: PhonePairing) -> bool:
        """A new offer takes the place of the old one; no offer changes nothing, as long as the last one counts."""
        step, shown = self.step, self._kept
        changes = {**self._fleeting(), "offer": step.offer, "expires_at": step.expires_at}
        same_words = msgspec.structs.replace(old, **changes) == step
        if not same_words or shown is None or type(self.offer) is not type(shown.offer):
            return False
        if step.offer is not None:
            if (shown.expires_at is None) != (step.expires_at is None):
                return False
            self._show_offer(step.offer)
        return True

    def _show_offer(self, offer: TotpOffer | AppOffer) -> None:
        self.query_one("#key", Prose).show(_typed_by_hand(offer))
        if isinstance(offer, AppOffer):
            self.query_one("#link", Prose).show(offer.link.reveal())
        if self.step.expires_at is not None:
            self.query_one("#deadline", Deadline).count_to(self.clock, self.step.expires_at)
        self.show_code()

    def on_push_button_pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "renew":
            event.stop()
            self.act("renew")

    def amiss(self) -> dict[str, str]:
        if self.offer is None:
            return {"": _("Please ask for a new QR code first.")}
        return self.unfilled("code")

    def given(self) -> PhonePairingAnswer:
        return PhonePairingAnswer(code=Secret(self.query_one("#code", TextField).value))


def _typed_by_hand(offer: TotpOffer | AppOffer) -> str:
    """The key in groups; the application's code comes in groups already."""
    text = offer.key.reveal()
    if isinstance(offer, AppOffer):
        return text
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _paired_within(left: str) -> str:
    return _("This code can be paired for another {left}.").format(left=left)


def _changes_in(left: str) -> str:
    return _("changes in {left}").format(left=left)
