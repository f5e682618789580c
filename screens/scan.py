"""A QR code beside the words, for a phone to scan: what every such screen shows. It has no step of its own."""

from collections.abc import Iterable
from typing import TypeVar

from textual.widget import Widget

from api_client.contract import Step
from api_client.secret import Secret
from screens.looks import drawing_of
from screens.waiting import WaitingScreen
from screens.widgets.qr_code import QrCode, Room

S = TypeVar("S", bound=Step)

_COLUMN = 35
"""Columns that the words beside the QR code need."""
_CHROME = 2
"""Rows of header and keys."""


class ScanScreen(WaitingScreen[S]):
    """The QR code takes the place of the rail where it fits; the class ``-qr`` tells the style sheet that it does.

    Subclasses say ``code``, and call ``show_code`` when it is another one now.
    """

    def code(self) -> Secret | None:
        """The text of the QR code, if there is any."""
        raise NotImplementedError

    def compose_side(self) -> Iterable[Widget]:
        yield from super().compose_side()
        code = self.code()
        if code is not None:
            yield QrCode(code)

    def show_code(self) -> None:
        """Draw the new code over the old one: only the cells that differ are sent."""
        code = self.code()
        for drawn in self.query(QrCode):
            if code is not None:
                drawn.show(code)
        self._find_room()

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
        self.set_class(drawing.qr and any(code.fit(room) for code in self.query(QrCode)), "-qr")
