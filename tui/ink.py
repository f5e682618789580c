"""Colours and attributes of a cell, and the shortest way for a pen to change from one to another (ECMA-48)."""

from functools import lru_cache
from typing import NamedTuple


class Ink(NamedTuple):
    """Parameters of SGR: attributes such as ``1`` and colours such as ``38;5;188``, empty for the terminal's own.

    ``foreground`` is None where it cannot be seen, on a blank: any will do.
    """

    attributes: frozenset[str]
    foreground: str | None
    background: str


RESET = Ink(frozenset(), "", "")
RESET_SEQUENCE = "\x1b[m"

_SWITCHED_OFF_BY = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
_SEEN_ON_BLANKS = frozenset({"4", "5", "6", "7", "9", "21", "51", "52", "53"})
"""Underlined, blinking, reversed and the like; what is only bold or italic leaves no trace on a blank."""


@lru_cache(1024)
def ink_of(parameters: str) -> Ink:
    """The parameters of one SGR sequence, beginning from a reset pen, as ``Strip.render_ansi`` writes them."""
    attributes, foreground, background = set(), "", ""
    codes = iter(parameters.split(";") if parameters else ())
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes)
            colour = ";".join((code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))))
            foreground, background = (colour, background) if code == "38" else (foreground, colour)
        elif code in ("39", "49"):
            foreground, background = ("", background) if code == "39" else (foreground, "")
        elif len(code) > 1 and code[:-1] in ("3", "9"):
            foreground = code
        elif len(code) > 1 and code[:-1] in ("4", "10"):
            background = code
        else:
            attributes.add(code)
    return Ink(frozenset(attributes), foreground, background)


@lru_cache(1024)
def on_blank(ink: Ink) -> Ink:
    """What of ``ink`` is seen where nothing is written."""
    return ink if ink.attributes & _SEEN_ON_BLANKS else Ink(frozenset(), None, ink.background)


@lru_cache(4096)
def change(pen: Ink, ink: Ink) -> tuple[str, Ink]:
    """What to send so that a pen of ``pen`` writes ``ink``, and what the pen is then."""
    attributes = ink.attributes if ink.foreground is not None else pen.attributes - _SEEN_ON_BLANKS
    foreground = pen.foreground if ink.foreground is None else ink.foreground
    after = Ink(attributes, foreground, ink.background)
    if after == pen:
        return "", pen
    anew = Ink(ink.attributes, ink.foreground or "", ink.background)
    from_reset = _sequence(["0"] if anew != RESET else [], RESET, anew)
    gone = pen.attributes - attributes
    if not gone <= _SWITCHED_OFF_BY.keys():
        return from_reset, anew
    off = {_SWITCHED_OFF_BY[code] for code in gone}
    left = frozenset(code for code in pen.attributes if _SWITCHED_OFF_BY.get(code) not in off)
    step = _sequence(sorted(off), pen._replace(attributes=left), after)
    return (step, after) if len(step) <= len(from_reset) else (from_reset, anew)


def _sequence(codes: list[str], pen: Ink, ink: Ink) -> str:
    codes += sorted(ink.attributes - pen.attributes)
    if ink.foreground != pen.foreground:
        codes.append(ink.foreground or "39")
    if ink.background != pen.background:
        codes.append(ink.background or "49")
    return f"\x1b[{';'.join(codes)}m"
