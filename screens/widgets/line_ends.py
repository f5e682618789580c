"""Where a line on the screen may end: never before a colon, inside guillemets, or in the middle of a number; and where
an address that is longer than the line is cut: behind « @ » or « / », before a full stop, rather than in a word.

Textual asks Rich, which takes every white space for the end of a word, the no-break ones too (``\\s``). So it is asked
about a text in which bound spaces are letters; what is drawn stays as it was written.
"""

import re

from textual import content

from api_client.wording import bind

_ask = vars(content)["divide_line"]
_AS_LETTERS = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "xx")
_JOINT = re.compile(r"(?<=[@/])(?=\w)|(?<=\w)(?=\.\w)")


def divide_line(text: str, width: int, fold: bool = True) -> list[int]:
    """Where ``text`` is cut to fit in ``width`` cells, in characters from its beginning."""
    asked = bind(text).translate(_AS_LETTERS)
    cuts = list(_ask(asked, width, fold))
    for place, cut in enumerate(cuts):
        better = _joint(asked, cuts[place - 1] if place else 0, cut)
        if better != cut:  # what comes behind it is cut anew
            return [*cuts[:place], better, *(better + later for later in divide_line(text[better:], width, fold))]
    return cuts


def _joint(text: str, begin: int, cut: int) -> int:
    """Where the word that is cut at ``cut`` is cut rather: at its last joint, if that fills half of the line."""
    if text[cut - 1].isspace() or text[cut].isspace():
        return cut
    joints = [joint.start() for joint in _JOINT.finditer(text, begin, cut)]
    return joints[-1] if joints and 2 * (joints[-1] - begin) > cut - begin else cut


vars(content)["divide_line"] = divide_line
