"""What a program wrote to its terminal, taken apart: the signs that it drew, and the colours that it asked for."""

import re

_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.DOTALL)
_SGR = re.compile(rb"\x1b\[([0-9;]*)m")
_OF_THE_PALETTE = {*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)}
_OF_MORE_COLOURS = {38, 48}


def signs_sent(written: bytes) -> set[str]:
    """Every character that was drawn, without spaces."""
    return {sign for sign in _SEQUENCE.sub(b"", written).decode() if sign > " "}


def colours_sent(written: bytes) -> set[int]:
    """Parameters of SGR that ask for a colour: of the sixteen, or 38 and 48 for one of more."""
    parameters = {int(code) for codes in _SGR.findall(written) for code in codes.split(b";") if code}
    return parameters & (_OF_THE_PALETTE | _OF_MORE_COLOURS)


def colours_of_more(colours: set[int]) -> set[int]:
    """Those of ``colours`` that a terminal of sixteen cannot show."""
    return colours & _OF_MORE_COLOURS
