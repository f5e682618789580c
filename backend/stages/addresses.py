"""What a typed address is told, the same way wherever one is typed."""

from collections.abc import Iterable

from api_client.addresses import AddressFlaw, AddressReason, check
from backend.situation import Situation


class AddressRefused(Exception):
    """Carries the sentence to show under the field."""

    def __init__(self, sentence: str) -> None:
        super().__init__("address refused")
        self.sentence = sentence


def checked(
    s: Situation, typed: str, refused_domains: Iterable[str] = (), institutional: str = "address_institutional"
) -> str:
    """The address in its normal form, or AddressRefused with what to do about it (domain.md §11.2)."""
    try:
        return check(typed, refused_domains)
    except AddressFlaw as flaw:
        keys = {
            AddressReason.EMPTY: "address_empty",
            AddressReason.FORM: "address_form",
            AddressReason.TOO_LONG: "address_too_long",
            AddressReason.CONTROL: "address_control",
            AddressReason.NOT_ASCII_LOCAL: "address_not_ascii",
            AddressReason.INSTITUTIONAL: institutional,
        }
        raise AddressRefused(s.say(keys[flaw.reason])) from None
