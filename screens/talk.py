"""Being asked line by line: the second rendering of every screen, for who listens to it or has a terminal of lines.

A screen is composed once. Its widgets can be drawn, and they can be told: those that only say something have ``told``,
those that ask something have ``ask``, which fills in the same field that would be typed in. So whatever was given is
there in both renderings, a screen checks it once, and a new screen can be told as soon as it can be drawn.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from textual.widget import Widget

from api_client.contract import Choice
from screens.words import _


class Talk(Protocol):
    """Who says lines and hears one. ``hear`` raises ``Interrupted`` when a command comes instead of an answer."""

    def say(self, text: str) -> None:
        """Say ``text``, a paragraph or more."""

    async def hear(self, prompt: str, *, hidden: bool = False, kept: bool = False) -> str:
        """Ask for one line; what is ``hidden`` is shown neither now nor later. ``kept``: Enter alone is an answer."""


class Interrupted(Exception):
    """A command instead of an answer; ``draft`` is what had been typed on the line, perhaps a secret."""

    def __init__(self, command: str, draft: str = "") -> None:
        super().__init__(command)
        self.command = command
        self.draft = draft


@runtime_checkable
class Told(Protocol):
    """A widget that says something."""

    def told(self) -> Iterable[str]:
        """Its sentences, without the signs and the places that the full screen gives them."""


@runtime_checkable
class Asking(Protocol):
    """A widget that asks something, or has something to be read page by page."""

    async def ask(self, talk: Talk) -> None:
        """Say it, hear the answer, and fill it in."""


def in_order(root: Widget) -> Iterator[Widget]:
    """What under ``root`` is told or asked, from the top down; nothing that is not shown, nothing inside another."""
    for child in root.children:
        if not child.display:
            continue
        if isinstance(child, Told | Asking):
            yield child
        else:
            yield from in_order(child)


async def ask_number(talk: Talk, prompt: str, most: int, kept: int | None = None) -> int:
    """A number from 1 to ``most``; ``kept`` is taken by Enter alone."""
    while True:
        typed = (await talk.hear(prompt)).strip()
        if not typed and kept is not None:
            return kept
        if typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= most:
            return int(typed)
        talk.say(_("Please type a number from 1 to {most}.").format(most=most))


async def ask_whether(talk: Talk, prompt: str, kept: bool) -> bool:
    """Yes or no; ``kept`` is taken by Enter alone."""
    no, yes = _("no"), _("yes")
    talk.say(prompt)
    while True:
        shown = _("Type {yes} or {no} (Enter: {kept}):").format(yes=yes, no=no, kept=yes if kept else no)
        typed = (await talk.hear(shown)).strip().casefold()
        if not typed:
            return kept
        if typed in (yes, yes[0]):
            return True
        if typed in (no, no[0]):
            return False


def say_choices(talk: Talk, label: str, choices: Sequence[Choice]) -> None:
    """``label``, and every choice behind its number."""
    if label:
        talk.say(label)
    for number, choice in enumerate(choices, 1):
        talk.say(_("{number} for: {what}").format(number=number, what=told_choice(choice)))


def told_choice(choice: Choice) -> str:
    """A choice as one sentence."""
    if not choice.detail:
        return choice.label
    return _("{what}: {value}").format(what=choice.label.rstrip("."), value=choice.detail)
