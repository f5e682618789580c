"""A sign and the words beside it, which never run back under the sign."""

from collections.abc import Iterable

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from screens.looks import QUIET
from screens.widgets.prose import plain


def with_detail(label: str, detail: str) -> Content:
    """``label``, and under it in a quieter colour what more there is to say."""
    return plain(label).append("\n").append(plain(detail).stylize(QUIET)) if detail else plain(label)


class Hanging(Visual):
    """What a widget's ``render`` gives: words wrapped to whatever width there is, less that of ``sign``."""

    def __init__(self, sign: str, words: Content) -> None:
        self._sign = plain(sign)
        self._words = words

    def laid_out(self, width: int) -> Content:
        """The lines as they stand in ``width`` cells."""
        indent = self._sign.cell_length
        first, *rest = self._words.wrap(max(1, width - indent)) or [Content("")]
        return Content("\n").join([self._sign + first, *(line.pad_left(indent) for line in rest)])

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self.laid_out(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._sign.cell_length + self._words.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self.laid_out(width).get_height(rules, width)


class Item(Static):
    """One line of several, behind a dash or its number."""

    def __init__(self, text: str, sign: str = "–", *, classes: str = "item") -> None:
        super().__init__(Hanging(f"{sign} ", plain(text)), classes=classes)
        self._text = text
        self._number = f"{sign}. " if sign.isdecimal() else ""

    def told(self) -> Iterable[str]:
        return (f"{self._number}{self._text}",)
