"""Passwords that everybody tries first: known words in their usual disguises, and walks along the keyboard.

The words are in ``common_passwords.txt``, made for this project: French and general stems, without accents.
"""

import re
from functools import cache

from api_client.wording import fold

_LEET = tuple(str.maketrans("013457@$!|€", letters) for letters in ("oieastasiie", "oleastasile"))
"""Figures and signs written for letters; 1 and | stand for I as well as for L."""

_LINES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop", "qsdfghjklm", "wxcvbn",
    "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "qwertzuiop", "yxcvbnm",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm",
    "1aqw", "2zsx", "3edc", "aqw", "zsx", "edc", "rfv", "tgb", "yhn", "ujm",
)  # fmt: skip
_WALKS = tuple(line for forth in _LINES for line in (forth, forth[::-1]))
_SHORTEST_STRIDE = 3
_SHORTEST_WALK = 4
_LONGEST_REFRAIN = 4


def is_common(password: str) -> bool:
    """Whether ``password`` is one word of the list, one short group over and over, or a walk along the keyboard.

    Case, accents, figures written for letters, and figures or signs around the word or between its letters make no
    difference: ``Motdepasse123!``, ``M0t-de-p@sse`` and ``Azerty-778899`` are all common; ``MontagneBleue4`` is not.
    """
    folded = fold(password)
    return any(_is_known(form) for form in _bare_forms(folded)) or any(
        _is_walk(form) for form in (_letters_and_digits(folded), _letters_and_digits(_core(folded)))
    )


def _bare_forms(folded: str) -> set[str]:
    """What may be the word under the disguise. A figure at an end is an ornament or a letter, so both are tried."""
    core = _core(folded)
    left, right = re.sub(r"^[\W\d_]+", "", folded), re.sub(r"[\W\d_]+$", "", folded)
    forms = {folded, core, *(form.translate(leet) for form in (folded, core, left, right) for leet in _LEET)}
    return {_letters_and_digits(form) for form in forms}


def _core(folded: str) -> str:
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)


def _letters_and_digits(folded: str) -> str:
    return re.sub(r"[\W_]", "", folded)


def _is_known(form: str) -> bool:
    refrain = re.fullmatch(r"(.+?)\1+", form)
    if refrain is None:
        return form in _words()
    return len(refrain[1]) <= _LONGEST_REFRAIN or not _words().isdisjoint({form, refrain[1], _core(refrain[1])})


def _is_walk(form: str) -> bool:
    """Whether ``form`` is nothing but strides of three keys or more along a row, a column or the alphabet."""
    if len(form) < _SHORTEST_WALK:
        return False
    place = 0
    while place < len(form):
        stride = _SHORTEST_STRIDE
        while place + stride <= len(form) and _is_stride(form[place : place + stride]):
            stride += 1
        if stride == _SHORTEST_STRIDE:
            return False
        place += stride - 1
    return True


def _is_stride(keys: str) -> bool:
    return any(keys in walk for walk in _WALKS)


@cache
def _words() -> frozenset[str]:
    from importlib import resources

    lines = resources.files("api_client").joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
