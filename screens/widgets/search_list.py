"""One thing found in a long list, by its number or by words of its name."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from api_client.contract import Choice
from screens.looks import signs_of
from screens.talk import Talk, ask_number, say_choices
from screens.widgets.field import LineField
from screens.widgets.matches import Index, Matches
from screens.widgets.prose import Prose
from screens.words import _

_LONGEST_SEARCH = 60
"""Characters: more words than this find nothing more."""


_MOST_TOLD = 20
"""Matches that one listens to without losing patience."""


class SearchList(LineField):
    """A field whose ``chosen`` is the ``id`` of a choice; its ``value`` is the text typed, and ``chosen``.

    What is typed filters; an arrow chooses among what is left. The number typed, and the only match, are chosen
    without an arrow.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("pageup", "choose_page(-1)", show=False),
        Binding("pagedown", "choose_page(1)", show=False),
    ]

    def __init__(self, name: str, label: str, choices: Sequence[Choice], chosen: str = "") -> None:
        super().__init__(name, label, chosen, max_length=_LONGEST_SEARCH)
        self._total = len(choices)
        self._index = Index(choices)
        self._matches = Matches()
        self._whole = Prose(classes="whole")
        self._sought = ""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield self._matches
        yield self._whole

    def on_mount(self) -> None:
        self._search()

    @property
    def value(self) -> tuple[str, str]:
        return self.line.value, self.chosen

    @value.setter
    def value(self, value: object) -> None:
        text, chosen = value if isinstance(value, tuple) else (str(value), "")
        self.write(text)
        self._search(chosen)

    @property
    def chosen(self) -> str:
        """The ``id`` of the choice, or ``""``."""
        return self._matches.chosen.id if self._matches.chosen is not None else ""

    @property
    def empty(self) -> bool:
        """Whether nothing was looked for, and nothing chosen."""
        return not (self.chosen or self.line.value.strip())

    async def ask(self, talk: Talk) -> None:
        """By its number, or by words that are looked for until few are left to choose from."""
        kept = _("(Enter keeps {value})").format(value=self.chosen)
        about = kept if self.chosen else _("({hint})").format(hint=self.wanting().rstrip("."))
        typed = await talk.hear(_("{label}:").format(label=f"{self.label} {about}"))
        if not typed.strip():
            return
        self.value = typed
        found = self._matches.found
        if self.chosen:
            talk.say(_("Chosen: {what}").format(what=self._whole.text.removeprefix(f"{signs_of(self.app).done} ")))
        elif 1 < len(found) <= _MOST_TOLD:
            say_choices(talk, _("Found: {n}").format(n=len(found)), found)
            self.value = (typed, found[await ask_number(talk, _("Number:"), len(found)) - 1].id)
        elif found:
            self.value = ""
            talk.say(_("Found: {n}. Please add a word.").format(n=len(found)))
            await self.ask(talk)

    def flaw(self) -> str:
        """Why nothing is chosen, as a sentence; empty when something is."""
        if self.chosen:
            return ""
        if self.empty:
            return self.wanting()
        if not self._matches.found:
            return _("Nothing in the list matches: please check, or try other words.")
        return _("Several match: please choose yours.")

    def wanting(self) -> str:
        return _("Type its number, or words of its name.")

    @on(Input.Changed)
    def _search_anew(self) -> None:
        # The line tells of a change later than it was made: what was chosen meanwhile stays.
        if self.line.value != self._sought:
            self._search()

    def action_choose(self, step: int) -> None:
        self._matches.move(step)
        self._tell()

    def action_choose_page(self, pages: int) -> None:
        self.action_choose(pages * self._matches.rows)

    def on_matches_pointed(self, event: Matches.Pointed) -> None:
        event.stop()
        self._matches.move_to(event.place)
        self.screen.set_focus(self.line)
        self._tell()

    def _search(self, chosen: str = "") -> None:
        self._sought = self.line.value
        found = self._index.find(self._sought)
        places = {choice.id: place for place, choice in enumerate(found)}
        sole = found[0].id if len(found) == 1 else ""
        self._matches.show(found, places.get(chosen or self._index.number(self._sought) or sole))
        self._tell()

    def _tell(self) -> None:
        found = len(self._matches.found)
        if self._sought.strip():
            self.note.show(_("{n} of {total}; the arrows choose").format(n=found, total=self._total))
        else:
            self.note.show(_("{total} in the list: type a number or words").format(total=self._total))
        chosen = self._matches.chosen
        self._whole.show(f"{signs_of(self.app).done} {chosen.label}" if chosen is not None else "")
