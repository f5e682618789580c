"""Where a line on the screen may end: never before a colon, inside guillemets, or in the middle of a number.

Textual asks Rich, which takes every white space for the end of a word, the no-break ones too (``\\s``). So it is asked
about a text in which bound spaces are letters; what is drawn stays as it was written.
"""

from textual import content

from api_client.wording import bind

_ask = vars(content)["divide_line"]
_AS_LETTERS = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "xx")


def divide_line(text: str, width: int, fold: bool = True) -> list[int]:
    """Where ``text`` is cut to fit in ``width`` cells, in characters from its beginning."""
    cuts: list[int] = _ask(bind(text).translate(_AS_LETTERS), width, fold)
    return cuts


vars(content)["divide_line"] = divide_line
