"""What the computer shows and the phone brings back: an address with 130 random bits, or nine digits."""

import base64
import re
import secrets
from urllib.parse import urlsplit

from api_client.contract import AppOffer
from api_client.secret import Secret

LENGTH = 26
"""Characters of base32 (RFC 4648): 130 bits."""
_DIGITS = 9
_CODE = re.compile(rf"[A-Z2-7]{{{LENGTH}}}")
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")
"""What a QR code holds at five and a half bits a character (ISO/IEC 18004, alphanumeric mode)."""


def new_code() -> str:
    return base64.b32encode(secrets.token_bytes(17)).decode()[:LENGTH]


def new_digits() -> str:
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def read_code(text: str) -> str | None:
    """The code in an address, in whichever case it was typed."""
    code = text.upper()
    return code if _CODE.fullmatch(code) else None


def read_digits(typed: str) -> str | None:
    """Nine digits, however they were grouped."""
    digits = "".join(character for character in typed if character not in "-. " and not character.isspace())
    return digits if len(digits) == _DIGITS and digits.isascii() and digits.isdigit() else None


def offer(public_url: str, code: str, digits: str) -> AppOffer:
    """What the screen draws, in all three ways of bringing it to the phone."""
    link = f"{public_url}/p/{code}"
    grouped = "-".join(digits[at : at + 3] for at in range(0, _DIGITS, 3))
    return AppOffer(uri=Secret(_compact(public_url, link)), key=Secret(grouped), link=Secret(link))


def _compact(public_url: str, link: str) -> str:
    """In upper case, so that the QR code stays small; not where a path of somebody else’s tells cases apart."""
    upper = link.upper()
    return upper if not urlsplit(public_url).path and _ALPHANUMERIC.fullmatch(upper) else link
