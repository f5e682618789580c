"""A phone's authenticator paired by a QR code, or by its key typed by hand, and proved by one code."""

from collections.abc import Iterable

import msgspec
from textual.app import ComposeResult
from textual.widget import Widget

from api_client.contract import AppOffer, PhonePairing, PhonePairingAnswer, TotpOffer
from api_client.secret import Secret
from screens.frame import StepScreen
from screens.looks import drawing_of
from screens.widgets.deadline import Deadline
from screens.widgets.field import TextField
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.widgets.qr_code import QrCode, Room
from screens.words import _

_COLUMN = 35
"""Columns that the words beside the QR code need."""
_CHROME = 2
"""Rows of header and keys."""
_GROUP = 4


class PhonePairingScreen(StepScreen[PhonePairing], shows=PhonePairing):
    """The QR code takes the place of the rail where it fits; the key is always there to read."""

    _offer: TotpOffer | AppOffer | None = None
    """Sent once by the backend, so kept here while the step comes again without it."""

    def _current_offer(self) -> TotpOffer | AppOffer | None:
        if self.step.offer is not None:
            self._offer = self.step.offer
        return self._offer

    def compose_side(self) -> Iterable[Widget]:
        yield from super().compose_side()
        offer = self._current_offer()
        if offer is not None:
            yield QrCode(offer.uri)

    def compose_fields(self) -> ComposeResult:
        offer = self._current_offer()
        if offer is None:
            yield Prose(_("The QR code was shown once and is not kept. You can have a new one."), id="no-offer")
            if not any(action.id == "renew" for action in self.step.actions):
                yield PushButton(_("New QR code"), id="renew", classes="action")
        else:
            yield Prose(_("The QR code needs a larger window. Type this key instead:"), id="no-room")
            yield Prose(_("No camera? Type this key in the application:"), id="no-camera")
            yield Prose(_in_groups(offer.key), id="key")
            if self.step.expires_at is not None:
                yield Deadline(self.clock, self.step.expires_at, _how_long, id="deadline")
            yield TextField("code", self.step.label, max_length=16)
        yield self.compose_actions()

    def on_mount(self) -> None:
        self._find_room()

    def on_resize(self) -> None:
        self._find_room()

    async def recompose(self) -> None:
        await super().recompose()
        self._find_room()

    def _find_room(self) -> None:
        drawing = drawing_of(self.app)
        room = Room(self.size.width - _COLUMN, self.size.height - _CHROME)
        able = drawing.qr and drawing.unicode
        self.set_class(able and any(code.fit(room) for code in self.query(QrCode)), "-qr")

    async def refresh_step(self, old: PhonePairing) -> bool:
        """The same step without its offer changes nothing: the first one still counts."""
        return msgspec.structs.replace(old, offer=None, **self._fleeting()) == self.step

    def on_push_button_pressed(self, event: PushButton.Pressed) -> None:
        if event.button.id == "renew":
            event.stop()
            self.act("renew")

    def amiss(self) -> dict[str, str]:
        if self._current_offer() is None:
            return {"": _("Please ask for a new QR code first.")}
        return self.unfilled("code")

    def given(self) -> PhonePairingAnswer:
        return PhonePairingAnswer(code=Secret(self.query_one("#code", TextField).value))


def _how_long(left: str) -> str:
    return _("This code can be paired for another {left}.").format(left=left)


def _in_groups(key: Secret) -> str:
    text = key.reveal()
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
