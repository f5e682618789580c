"""A screen with fields: where the focus goes, what was filled in, what is wrong with it."""

import asyncio
from collections.abc import Mapping

from textual.widget import Widget

from screens.patience import PatientScreen
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.widgets.question import Question

_TAKEN_WITHIN = 1.0
"""Seconds; a field that takes no keys any more is not waited for any longer."""


class Form(PatientScreen):
    """Its fields are the ``Question`` widgets in it. Needs a ``Prose`` with the id ``problem``, and ``#body``."""

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Textual's own, but for its scrolling: it reckons it before a new page is laid out, and takes the title away;
        ``#body`` keeps in sight what has the focus."""
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)

    async def take_keys(self) -> None:
        """Wait until the keys that the fields were handed have been written there."""
        for question in self.query(Question):
            taken = asyncio.get_running_loop().create_future()
            if question.control.is_running and question.control.call_later(taken.set_result, None):
                await asyncio.wait({taken}, timeout=_TAKEN_WITHIN)

    def typed(self) -> dict[str, object]:
        """What the person has filled in, by field. In memory only: it may hold a password."""
        return {question.id or "": question.value for question in self.query(Question)}

    def restore(self, typed: Mapping[str, object]) -> None:
        """Fill in again what ``typed`` of the same kind of screen gave."""
        for question in self.query(Question):
            if question.id and question.id in typed:
                question.value = typed[question.id]

    def unfilled(self, *names: str) -> dict[str, str]:
        """A sentence for each of these fields that is empty."""
        questions = {question.id or "": question for question in self.query(Question)}
        return {name: questions[name].wanting() for name in names if not questions[name].value}

    def complain(self, errors: Mapping[str, str]) -> None:
        """Show each sentence under its field, those of no field above all fields; focus the first wrong field."""
        questions = {question.id: question for question in self.query(Question)}
        for name, question in questions.items():
            question.complain(errors.get(name or "", ""))
        elsewhere = [sentence for name, sentence in errors.items() if name not in questions]
        self.query_one("#problem", Prose).show("\n".join(elsewhere))
        if errors:
            self.focus_first()
        if elsewhere:
            self.query_one("#body").scroll_home(animate=False)

    def focus_first(self) -> None:
        """Put the focus on the first thing to do: a wrong field, a field, else what can be pressed."""
        questions = sorted(self.query(Question), key=lambda question: not question.has_class("-wrong"))
        things = (*(question.control for question in questions), *self.query(PushButton))
        first = next(filter(_takes_focus, things), None)
        if first is not None:
            first.focus()

    def place_of_focus(self) -> str:
        """The id of what has the focus, or of the field around it."""
        focused = self.focused or self._held_focus
        nodes = focused.ancestors_with_self if focused is not None else ()
        return next((node.id for node in nodes if node.id), "")

    def focus_place(self, place: str) -> None:
        """Put the focus where ``place_of_focus`` told that it was."""
        for widget in self.query("*"):
            target = widget.control if isinstance(widget, Question) else widget
            if place and widget.id == place and _takes_focus(target):
                target.focus()
                return
        self.focus_first()


def _takes_focus(widget: Widget) -> bool:
    """Textual's ``focusable`` counts what is not displayed."""
    return widget.focusable and all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))
