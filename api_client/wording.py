"""Text from outside made harmless before it is shown, compared, kept or exported.

Two different questions: ``clean`` is for text to *show* (the server's, an imported name, a mail), and never fails;
``is_plain`` and ``person_name`` are for a value to *keep*, which is refused with a sentence rather than changed
behind the person's back.
"""

import re
import textwrap
import unicodedata
from enum import StrEnum

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, erasing
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS…: title, clipboard
    r"|\x1b[ -/]*[0-~]"  # the rest: reset, character sets
)
"""ECMA-48. A control string that nobody ends, ends with its line, so that it cannot swallow the rest of a text."""

_WHITE_CONTROLS = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")

_BOUND = re.compile(r"(?<=«) | (?=[:;!?»]|/ )|(?<=\d) (?=\d|h\b|%|€)|(?<=\d h) (?=\d)|(?<=n°) (?=\d)")

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls; bidi, zero width, soft hyphen, tags; lone surrogates; private use; unassigned; separators of lines."""

_INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),  # combining grapheme joiner
        (0x115F, 0x1160),  # Hangul fillers, here and below: letters that show nothing
        (0x17B4, 0x17B5),  # Khmer inherent vowels
        (0x180B, 0x180F),  # Mongolian selectors
        (0x2800, 0x2800),  # blank Braille
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),  # variation selectors
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)
"""Characters that Unicode calls printable and that show nothing."""

_DOUBTFUL = re.compile("[^\n -~\xa0-\xac\xae-\u024f\u2010-\u2027]")
"""What has to be looked at: not the end of a line, nor what Europe writes with."""

_UNDECOMPOSED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ø": "o", "ı": "i", "ħ": "h", "ŧ": "t"}
)
"""Letters whose stroke or ligature no normalisation takes away (domain.md §11.3)."""

_FORMULA_SIGNS = frozenset("=+-@")
_FORMULA_BLANKS = frozenset("\t\r\n")

_LONGEST_NAME = 80
_NAME_SIGNS = frozenset(" -'’.")


def clean(text: str, *, lines: bool = False) -> str:
    """``text`` as it may be shown: NFC, without escape sequences, controls, bidi and invisible characters.

    A tab or the end of a line becomes a space; with ``lines``, the end of a line stays, as ``\\n``.
    """
    if (
        text.isascii() and text.isprintable()
    ):  # most of them, and a hundred times quicker, for an export's million cells
        return text
    text = _ESCAPE_SEQUENCE.sub("", text)
    text = _WHITE_CONTROLS.sub(lambda found: "\n" if lines and found[0] != "\t" else " ", text)
    text = _DOUBTFUL.sub(lambda found: "" if _is_unsafe(found[0]) else found[0], text)
    return unicodedata.normalize("NFC", text)


def bind(text: str) -> str:
    """``text`` with a no-break space for each space that must not end a line: before French double punctuation and
    a slash, inside guillemets, in « 23 h 59 » and in a number written in groups."""
    return _BOUND.sub("\N{NO-BREAK SPACE}", text)


def folded(text: str, columns: int, *, indent: str = "") -> list[str]:
    """One line of ``text`` as lines of at most ``columns`` characters, the later ones after ``indent``. A word is never
    cut, so that a link stays one."""
    lines = textwrap.wrap(bind(text), columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def is_plain(text: str) -> bool:
    """Whether ``text`` is one line without any character that ``clean`` would take away."""
    if text.isprintable():  # which knows all of the categories: a hundred times quicker, for a register's million lines
        return text.isascii() or _INVISIBLE.isdisjoint(text)
    return not any(map(_is_unsafe, text))


def _is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in _UNSAFE_CATEGORIES or character in _INVISIBLE


class NameReason(StrEnum):
    """Why a person's name is refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"


class NameFlaw(ValueError):
    """A person's name that is none. The value itself is not in the message."""

    def __init__(self, reason: NameReason) -> None:
        super().__init__(f"not a person's name: {reason}")
        self.reason = reason


def person_name(text: str) -> str:
    """``text`` trimmed and in NFC; raises ``NameFlaw`` (domain.md §11.3).

    1 to 80 characters: letters of any script with their marks, space, hyphen, apostrophes U+0027 and U+2019, full stop.
    """
    name = unicodedata.normalize("NFC", text.strip(" "))
    if not name:
        raise NameFlaw(NameReason.EMPTY)
    if len(name) > _LONGEST_NAME:
        raise NameFlaw(NameReason.TOO_LONG)
    if not (all(map(_belongs_to_a_name, name)) and any(map(str.isalpha, name))):
        raise NameFlaw(NameReason.CHARACTERS)
    return name


def _belongs_to_a_name(character: str) -> bool:
    if character in _NAME_SIGNS:
        return True
    return unicodedata.category(character)[0] in "LM" and character not in _INVISIBLE


def fold(text: str) -> str:
    """``text`` for a comparison that ignores case and accents: ``LEFÈVRE`` → ``lefevre``, ``Œ`` → ``oe``."""
    # Twice, since folding the case of a compatibility character may give one that decomposes again.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in decomposed.translate(_UNDECOMPOSED) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare)


def spreadsheet_cell(text: str) -> str:
    """One line of ``text`` for a CSV export, cleaned, with an apostrophe before what a spreadsheet would take for a
    formula: some skip blanks before it, some read a full-width or a small sign as the sign itself (OWASP)."""
    cell = clean(text)
    first = unicodedata.normalize("NFKC", cell.lstrip()[:1])
    return f"'{cell}" if first in _FORMULA_SIGNS or text[:1] in _FORMULA_BLANKS else cell
