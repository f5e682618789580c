"""E-mail addresses: checked, compared, masked, and a near miss of a well-known domain told.

Rules: domain.md §3.3 (masking), §3.5 (comparing), §11.2 (form).
"""

import difflib
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from api_client.wording import is_plain

COMMON_DOMAINS = (
    "gmail.com",
    "outlook.com",
    "outlook.fr",
    "hotmail.com",
    "hotmail.fr",
    "live.com",
    "live.fr",
    "msn.com",
    "yahoo.com",
    "yahoo.fr",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "sfr.fr",
    "bbox.fr",
    "laposte.net",
    "icloud.com",
    "proton.me",
    "protonmail.com",
    "gmx.fr",
    "mail.com",
    "aol.com",
)
"""Where personal mail usually lives. Only ever a suggestion: an address elsewhere is as good."""

_LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64
_LIKENESS = 0.82
"""Of ``difflib``: above it lie slips of the finger (``gmial.com``), below it other countries (``yahoo.de``)."""


class AddressReason(StrEnum):
    """Why an address is refused."""

    EMPTY = "empty"
    FORM = "form"
    TOO_LONG = "too_long"
    CONTROL = "control"
    NOT_ASCII_LOCAL = "not_ascii_local"
    INSTITUTIONAL = "institutional"


class AddressFlaw(ValueError):
    """An address that cannot be kept. The address itself is not in the message."""

    def __init__(self, reason: AddressReason) -> None:
        super().__init__(f"no usable e-mail address: {reason}")
        self.reason = reason


def check(text: str, refused_domains: Iterable[str] = ()) -> str:
    """``text`` trimmed, its domain as a lower-case A-label; raises ``AddressFlaw``.

    At most 254 characters, 64 of them before the ``@``, those in ASCII; a dotted domain of any ending, IDN included.
    ``refused_domains`` and their subdomains are refused: mail sent there would come back here.
    """
    from email_validator import EmailNotValidError, validate_email

    address = _trim(text)
    if flaw := _visible_flaw(address):
        raise AddressFlaw(flaw)
    try:
        found = validate_email(address, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        # Its message may quote the address, which belongs in no trace.
        raise AddressFlaw(AddressReason.FORM) from None
    checked = f"{found.local_part}@{found.ascii_domain}"
    if is_institutional(checked, refused_domains):
        raise AddressFlaw(AddressReason.INSTITUTIONAL)
    return checked


def _visible_flaw(address: str) -> AddressReason | None:
    local_part = address.rpartition("@")[0]
    if not address:
        return AddressReason.EMPTY
    if not is_plain(address):
        return AddressReason.CONTROL
    if len(address) > _LONGEST_ADDRESS or len(local_part) > _LONGEST_LOCAL_PART:
        return AddressReason.TOO_LONG
    return None if local_part.isascii() else AddressReason.NOT_ASCII_LOCAL


def same(one: str, other: str) -> bool:
    """Whether both are one mailbox: case, spaces around, Unicode form and IDN spelling aside; dots and tags count."""
    return _key(one) == _key(other)


def comparable(address: str) -> str:
    """``address`` in the one form that all spellings of a mailbox share (domain.md §3.5), to be found by."""
    return "@".join(_key(address))


def is_institutional(address: str, domains: Iterable[str]) -> bool:
    """Whether ``address`` lies in one of ``domains`` or in a subdomain of one."""
    domain = _key(address)[1]
    return any(domain == own or domain.endswith(f".{own}") for own in map(_a_label, domains))


def mask(address: str) -> str:
    """``estelle.05@example.org`` → ``e…5@example.org``; of one or two characters before the ``@``, one is hidden."""
    local_part, _, domain = address.rpartition("@")
    shown_first = local_part[0] if len(local_part) > 1 else ""
    shown_last = local_part[-1] if len(local_part) > 2 else ""
    return f"{shown_first}…{shown_last}@{domain}" if local_part else "…"


def near_miss(address: str, domains: Iterable[str] = COMMON_DOMAINS) -> str | None:
    """The whole address with the domain that was probably meant; ``None`` when it is right, or like none of them."""
    local_part, _, domain = _trim(address).rpartition("@")
    known = tuple(domains)
    typed = _a_label(domain)
    if not local_part or typed in known:
        return None
    closest = difflib.get_close_matches(typed, known, n=1, cutoff=_LIKENESS)
    return f"{local_part}@{closest[0]}" if closest else None


def _trim(text: str) -> str:
    """Without the spaces around it, no-break ones included; a line end stays, to be refused."""
    return text.strip(" \u00a0\u202f")


def _key(address: str) -> tuple[str, str]:
    local_part, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    return local_part.lower(), _a_label(domain)


def _a_label(domain: str) -> str:
    """The domain as DNS knows it (UTS 46), or merely in lower case when it is no domain."""
    lowered = domain.strip().strip(".").lower()
    if lowered.isascii():
        return lowered
    import idna

    try:
        return idna.encode(lowered, uts46=True).decode("ascii")
    except idna.IDNAError:
        return lowered
