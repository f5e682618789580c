"""A list whose entries are chosen with the arrows where it is drawn, and by their numbers where it is told."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from textual import on
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.talk import Talk
from screens.widgets.prose import plain
from screens.words import _

_TOLD_AT_ONCE = 5
"""Entries between two questions whether to hear more."""


class Entry(NamedTuple):
    """Something to choose: ``line`` is drawn, ``told`` is the same without anything beside it to look at."""

    id: str
    line: str
    told: str


class PickList(OptionList):
    """``choose`` is called with the id of an entry. Once told, an entry keeps its number, whatever comes before it."""

    def __init__(self, name: str, label: str, choose: Callable[[str], None]) -> None:
        super().__init__(id=name, markup=False)
        self._label, self._choose = label, choose
        self._numbered: list[Entry] = []
        self._news_from: int | None = None
        """How many were there when it was asked; None while it is not."""
        self._filled, self._act = asyncio.Event(), ""

    def fill(self, entries: Sequence[Entry], place: int = 0, act: str = "") -> None:
        """Show ``entries``, with the marker on the one at ``place``; even without any, they are all that there is.

        ``act`` says what is done once one of them is chosen.
        """
        self.set_options(Option(plain(entry.line), id=entry.id) for entry in entries)
        self.highlighted = place if entries else None
        known = {entry.id for entry in self._numbered}
        self._numbered += [entry for entry in entries if entry.id not in known]
        self._act = act
        self._filled.set()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(event.option_id or "")

    def told(self) -> Iterable[str]:
        """What has come since it was asked."""
        if self._news_from is None:
            return ()
        return tuple(_numbered(number, entry) for number, entry in self._from(self._news_from))

    async def ask(self, talk: Talk) -> None:
        """A few at a time, until one is chosen or none is wanted."""
        await self._filled.wait()
        talk.say(self._label)
        if self._act:
            talk.say(_("Once chosen: {act}").format(act=self._act))
        self._news_from, begin = len(self._numbered), 0
        try:
            while True:
                end = min(begin + _TOLD_AT_ONCE, self._news_from)
                for number, entry in self._from(begin):
                    if number <= end:
                        talk.say(_numbered(number, entry))
                begin, more = end, end < self._news_from
                typed = await self._hear_number(talk, more)
                if typed is not None or not more:
                    break
        finally:
            self._news_from = None
        if typed:
            self._choose(self._numbered[typed - 1].id)

    async def _hear_number(self, talk: Talk, more: bool) -> int | None:
        """A number, 0 for none of them, or None for Enter alone."""
        prompt = _("Number (Enter: more of them; 0: none):") if more else _("Number (Enter: none):")
        while typed := (await talk.hear(prompt)).strip():
            if typed.isascii() and typed.isdecimal() and int(typed) <= len(self._numbered):
                return int(typed)
            talk.say(_("Please type numbers from 0 to {most}.").format(most=len(self._numbered)))
        return None

    def _from(self, place: int) -> Iterable[tuple[int, Entry]]:
        return tuple(enumerate(self._numbered[place:], place + 1))


def _numbered(number: int, entry: Entry) -> str:
    return _("{number} for: {what}").format(number=number, what=entry.told)
