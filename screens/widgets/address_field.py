"""A field for an e-mail address, which suggests the well-known domain that was probably meant."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from api_client.addresses import COMMON_DOMAINS, AddressFlaw, AddressReason, check, near_miss
from screens.talk import Talk, ask_whether
from screens.widgets.field import TextField
from screens.widgets.push_button import PushButton
from screens.words import _


class AddressField(TextField):
    """The suggestion is a button under the line: it can be pressed, and it stops nobody."""

    class Corrected(Message):
        """The suggestion was taken."""

        def __init__(self, old: str, new: str) -> None:
            super().__init__()
            self.old = old
            self.new = new

    def __init__(
        self,
        name: str,
        label: str,
        value: str = "",
        *,
        hint: str = "",
        refused_domains: Sequence[str] = (),
        common_domains: Sequence[str] = (),
    ) -> None:
        super().__init__(name, label, value, hint=hint)
        self._refused_domains = refused_domains
        self._common_domains = common_domains or COMMON_DOMAINS
        self._suggested = ""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield PushButton(classes="suggestion")

    async def ask(self, talk: Talk) -> None:
        await super().ask(talk)
        meant = near_miss(self.value, self._common_domains)
        if meant and await ask_whether(talk, _("Did you mean {address}?").format(address=meant), kept=True):
            old, self.value = self.value, meant
            self.post_message(self.Corrected(old, self.value))

    def flaw(self) -> str:
        """What is wrong with the address, as a sentence; empty when nothing is."""
        try:
            check(self.value, self._refused_domains)
        except AddressFlaw as flaw:
            return _in_words(flaw.reason)
        return ""

    # Suggested on leaving the field: while « gmail.c » is typed, it is no mistake yet.
    @on(Input.Blurred)
    def _suggest(self) -> None:
        self._suggested = near_miss(self.value, self._common_domains) or ""
        sentence = _("Did you mean {address}? Press here to correct it.")
        self.query_one(PushButton).show(sentence.format(address=self._suggested) if self._suggested else "")

    @on(PushButton.Pressed)
    def _correct(self, event: PushButton.Pressed) -> None:
        event.stop()
        old, self.value = self.value, self._suggested
        self.screen.set_focus(self.line)
        event.button.show("")
        self.post_message(self.Corrected(old, self.value))


def _in_words(reason: AddressReason) -> str:
    return {
        AddressReason.EMPTY: _("Please fill in this field."),
        AddressReason.FORM: _("An address looks like name@example.org: please check this one."),
        AddressReason.TOO_LONG: _("This address is too long: please check it."),
        AddressReason.CONTROL: _("This text contains hidden characters. Please type it by hand."),
        AddressReason.NOT_ASCII_LOCAL: _("Before the @, only letters without accents, digits and signs are possible."),
        AddressReason.INSTITUTIONAL: _("Please give a personal address, outside the institution."),
    }[reason]
