"""A password policy as data, and the one pure function that judges a password by it.

The backend sends the policy with the step, the terminal judges while the person types, the backend judges again at the
end: same data, same function, same verdict. Rules: domain.md §11.8; profiles: security.md, « Password rules are a
profile ». The sentences that tell a rule to a person are not here: each side has its own.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from api_client.common_passwords import is_common
from api_client.wording import fold, is_plain

Profile = Literal["cnil80", "nist", "anssi"]
Charset = Literal["ascii_printable", "unicode"]

_SHORTEST_IDENTITY = 3
"""A person called Py or Ba could hardly write a password without those two letters."""

_WORD = re.compile(r"[^\W\d_]{2,}")


class PasswordPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a password must be. Lengths are code points; 0 switches a rule off.

    The first three are ways to be strong enough, and one of them suffices; ``min_length`` holds whatever the way.
    """

    profile: Profile
    min_four_classes: int = 0
    """Length with a lower-case letter, an upper-case letter, a digit and a special character."""
    min_three_classes: int = 0
    """Length with a lower-case letter, an upper-case letter and a digit."""
    passphrase_words: int = 0
    """Different words of two letters or more."""
    min_length: int = 0
    max_length: int = 128
    charset: Charset = "ascii_printable"
    max_run: int = 3
    """How often the same character may follow itself."""


PROFILES: Mapping[Profile, PasswordPolicy] = MappingProxyType(
    {
        "cnil80": PasswordPolicy(profile="cnil80", min_four_classes=12, min_three_classes=14, passphrase_words=7),
        "nist": PasswordPolicy(profile="nist", min_length=15, charset="unicode", max_run=0),
        "anssi": PasswordPolicy(profile="anssi", min_four_classes=12),
    }
)
"""CNIL deliberation 2022-100 (80 bits), NIST SP 800-63B-4 (no composition), ANSSI. ``cnil80`` is the default."""


class Rule(StrEnum):
    """One line of the list of rules, in the order in which it is shown; the value is the code of the vectors."""

    LENGTH_CLASSES = "MDP-LONGUEUR-CLASSES"
    CHARACTERS = "MDP-CARACTERES"
    EDGE_SPACES = "MDP-ESPACES-BORDS"
    IDENTITY = "MDP-IDENTITE"
    REPETITION = "MDP-REPETITION"
    COMMON = "MDP-COURANT"
    TOO_LONG = "MDP-TROP-LONG"
    BIRTH_DATE = "MDP-NAISSANCE"
    IDENTICAL = "MDP-IDENTIQUE"


class Verdict(Struct, frozen=True):
    """Whether one rule is kept."""

    rule: Rule
    kept: bool


def prepare(password: str, policy: PasswordPolicy) -> str:
    """The form that is measured and hashed: NFKC where Unicode is allowed, else untouched. Never trimmed."""
    return unicodedata.normalize("NFKC", password) if policy.charset == "unicode" else password


def judge(
    password: str,
    policy: PasswordPolicy,
    refused_words: Sequence[str] = (),
    birth_date: date | None = None,
    identical: bool | None = None,
) -> tuple[Verdict, ...]:
    """Every rule that can be judged here, in the order of ``Rule``; a rule that cannot be is left out.

    ``refused_words`` are login, alias and names. ``identical`` says whether it is the provisional or the previous
    password, for whoever holds the hash. The terminal knows neither that nor the birth date, and leaves both out.
    """
    return tuple(Verdict(rule, kept) for rule, kept in _weigh(password, policy, refused_words, birth_date, identical))


def broken(verdicts: Iterable[Verdict]) -> tuple[Rule, ...]:
    """The rules that are not kept."""
    return tuple(verdict.rule for verdict in verdicts if not verdict.kept)


def _weigh(
    password: str,
    policy: PasswordPolicy,
    refused_words: Sequence[str],
    birth_date: date | None,
    identical: bool | None,
) -> Iterator[tuple[Rule, bool]]:
    text = prepare(password, policy)
    fits = len(text) <= policy.max_length
    yield Rule.LENGTH_CLASSES, _is_strong(text, policy)
    yield Rule.CHARACTERS, _is_writable(password, policy.charset)
    yield Rule.EDGE_SPACES, not (text[:1].isspace() or text[-1:].isspace())
    yield Rule.IDENTITY, not _names(text, refused_words)
    if policy.max_run:
        yield Rule.REPETITION, not re.search(rf"(.)\1{{{policy.max_run}}}", text, re.DOTALL)
    # Nobody chooses a common password longer than the limit, and the search is not made for such texts.
    yield Rule.COMMON, not (fits and is_common(text))
    yield Rule.TOO_LONG, fits
    if birth_date is not None:
        yield Rule.BIRTH_DATE, not _dates(birth_date).search(text)
    if identical is not None:
        yield Rule.IDENTICAL, not identical


def _is_strong(text: str, policy: PasswordPolicy) -> bool:
    length = len(text)
    lower, upper, digit = any(map(str.islower, text)), any(map(str.isupper, text)), any(map(str.isdigit, text))
    special = not all(c.islower() or c.isupper() or c.isdigit() for c in text)
    words = {word.casefold() for word in _WORD.findall(text)}
    ways = (
        (policy.min_four_classes, length if lower and upper and digit and special else 0),
        (policy.min_three_classes, length if lower and upper and digit else 0),
        (policy.passphrase_words, len(words)),
    )
    open_ways = [reached >= wanted for wanted, reached in ways if wanted]
    return length >= policy.min_length and (any(open_ways) or not open_ways)


def _is_writable(password: str, charset: Charset) -> bool:
    if charset == "ascii_printable":
        return password.isascii() and password.isprintable()
    return is_plain(password)


def _names(text: str, words: Sequence[str]) -> bool:
    """Whether ``text`` contains one of ``words``, or one part of a compound one, whatever the accents and case.

    A whole name is also sought without any separator, so that ``Ji-ho``, whose parts are short, counts as ``jiho``.
    """
    spaced = fold(text)
    compact = _compact(spaced)
    for word in map(fold, words):
        if any(len(part) >= _SHORTEST_IDENTITY and part in spaced for part in re.findall(r"[^\W_]+", word)):
            return True
        joined = _compact(word)
        if joined != word and len(joined) >= _SHORTEST_IDENTITY and joined in compact:
            return True
    return False


def _compact(folded: str) -> str:
    return re.sub(r"[\W_]", "", folded)


def _dates(day: date) -> re.Pattern[str]:
    """Day first or year first, two or four digits a year; a leading zero may go only where a separator stays."""
    year = rf"(?:{day:%Y}|{day:%y})"
    tight = (rf"{day:%d}{day:%m}{year}", rf"{year}{day:%m}{day:%d}")
    separator = r"[ ./_-]"
    loose_day, loose_month = rf"0?{day.day}", rf"0?{day.month}"
    spaced = (
        rf"{loose_day}{separator}{loose_month}{separator}{year}",
        rf"{year}{separator}{loose_month}{separator}{loose_day}",
    )
    return re.compile("|".join((*tight, *spaced)))
