"""Codes that people read on paper or in a mail and type: Crockford's base32, and a character that tells typing errors.

The alphabet has no I, L, O or U; what people type for it is understood: lower case, ``O`` for 0, ``I`` and ``L`` for 1,
any spaces and hyphens. Pure arithmetic: whether a code is the right one, only the backend knows.
"""

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
"""Characters of a code: 60 bits."""
LENGTH_WITH_CHECK = LENGTH + 1

_GROUP = 4
_READ_AS = {
    **{character: character for character in ALPHABET},
    **{character.lower(): character for character in ALPHABET},
    **dict.fromkeys("oO", "0"),
    **dict.fromkeys("iIlL", "1"),
}
_BETWEEN = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf"})
_MINUS = "\u2212"

_FIELD = 0b100101
"""x⁵ + x² + 1, primitive over GF(2): its root takes 31 different powers, one for each place of a code."""

_LINK = re.compile(r"/l/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")


def grouped(code: str) -> str:
    """``ABCDEFGHJKMN`` → ``ABCD-EFGH-JKMN``, as it is printed."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def canonical(text: str, length: int = LENGTH) -> str | None:
    """What was typed, as ``length`` characters of the alphabet; ``None`` when it is not of that shape."""
    read = [_READ_AS.get(c) for c in text if not (unicodedata.category(c) in _BETWEEN or c.isspace() or c == _MINUS)]
    characters = [c for c in read if c is not None]
    return "".join(characters) if len(characters) == len(read) == length else None


def with_check(code: str) -> str:
    """``code`` (12 characters, canonical) and its check character.

    The check is the sum over GF(32) of each digit times a power of the field's generator, another one at each place. So
    it catches every wrong character and every exchange of two different characters, neighbours or not.
    """
    total = 0
    for character in code:
        total = _times_generator(total ^ ALPHABET.index(character))
    return code + ALPHABET[total]


def check_is_right(text: str) -> bool | None:
    """Whether the thirteenth character agrees with the others; ``None`` when ``text`` is no code with a check."""
    code = canonical(text, LENGTH_WITH_CHECK)
    return None if code is None else with_check(code[:LENGTH]) == code


def from_link(text: str) -> str | None:
    """The token (43 characters, base64url) of a pasted link ``…/l/TOKEN``, even one that was broken over lines."""
    found = _LINK.search(text) or _LINK.search("".join(text.split()))
    return found[1] if found else None


def _times_generator(element: int) -> int:
    doubled = element << 1
    return doubled ^ _FIELD if doubled >= len(ALPHABET) else doubled
