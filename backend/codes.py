"""Codes made: at random, or out of a digest, in the alphabet of ``api_client.codes``."""

import secrets

from api_client.codes import ALPHABET, LENGTH, with_check

_BITS_PER_CHARACTER = 5
_BITS = LENGTH * _BITS_PER_CHARACTER


def new_code() -> str:
    """Twelve characters at random: 60 bits."""
    return _spell(secrets.randbits(_BITS))


def new_provisional_password() -> str:
    """Twelve characters at random and their check character, ungrouped."""
    return with_check(new_code())


def code_from(digest: bytes) -> str:
    """The first 60 bits of ``digest`` as a code; raises ``ValueError`` when there are fewer."""
    excess = len(digest) * 8 - _BITS
    if excess < 0:
        raise ValueError(f"a code takes {_BITS} bits, the digest has {len(digest) * 8}")
    return _spell(int.from_bytes(digest) >> excess)


def _spell(number: int) -> str:
    shifts = range(_BITS - _BITS_PER_CHARACTER, -1, -_BITS_PER_CHARACTER)
    return "".join(ALPHABET[number >> shift & 0b11111] for shift in shifts)
