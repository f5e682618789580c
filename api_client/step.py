"""What every Step and every Answer is made of. The kinds themselves are in ``steps_*``, all of them together in
``contract``."""

import re
from datetime import datetime

from msgspec import Struct


def _kind(class_name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name.removesuffix("Answer")).lower()


class Action(Struct, frozen=True, kw_only=True):
    """Something else the person can do on this step; chosen by answering ``Act(action=id)``."""

    id: str
    label: str
    available_at: datetime | None = None
    """Not before this instant (a re-send is spaced); the button shows the countdown."""
    leads_back: bool = False
    """The way out of a dead end (restart, change the address) rather than a way on: drawn less loudly."""


class CardLine(Struct, frozen=True):
    """One line of a card: what it is, and its value."""

    label: str
    value: str


class Choice(Struct, frozen=True):
    """One of several things to choose among. ``detail`` says more, where a word is not enough."""

    id: str
    label: str
    detail: str = ""


class Step(Struct, frozen=True, kw_only=True, tag_field="kind", tag=_kind, forbid_unknown_fields=True):
    """What the terminal is to show now. ``errors`` maps a field's name to a sentence; ``""`` is the whole step's."""

    title: str
    lead: str = ""
    """Why this is asked, and what to do: a paragraph or more, separated by blank lines."""
    errors: dict[str, str] = {}
    notice: str = ""
    """Something that just happened and is no error: « Un nouveau mail est parti. »"""
    actions: tuple[Action, ...] = ()


class Answer(Struct, frozen=True, kw_only=True, tag_field="kind", tag=_kind, forbid_unknown_fields=True):
    """What the person said on the step of the same kind."""


class Act(Answer, frozen=True, kw_only=True):
    """One of the step's ``actions`` instead of its question."""

    action: str
