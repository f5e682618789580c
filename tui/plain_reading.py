"""What a page has for plain mode: what it says, what it asks, what can be pressed, and whether it waits."""

from collections.abc import Iterator
from typing import Any

from screens.frame import StepScreen
from screens.page import Page
from screens.talk import Asking, Told, in_order
from screens.widgets.push_button import PushButton

UNSAID = frozenset({"waiting", "problem", "about"})
"""Of the column: what is told in another way, or is about keys."""


def is_whole(page: Page) -> bool:
    """Whether it is not just being composed again."""
    return all(page.query(f"#{name}") for name in ("heading", "problem", "waiting", "back"))


def saying(page: Page) -> Iterator[Told]:
    for widget in in_order(page.query_one("#column")):
        if isinstance(widget, Told) and widget.id not in UNSAID:
            yield widget


def asking(page: Page) -> list[Any]:
    return [widget for widget in in_order(page.query_one("#column")) if isinstance(widget, Asking)]


def pressable(page: Page) -> list[PushButton]:
    """Everything else that can be pressed; what stands inside a question belongs to it."""
    shown = in_order(page.query_one("#column"))
    return [widget for widget in shown if isinstance(widget, PushButton) and widget.id not in ("next", "back")]


def waits(page: Page) -> bool:
    here = isinstance(page, StepScreen) and page.enrolment.status == "waiting"
    return page.blocked or here or bool(page.resting().strip())
