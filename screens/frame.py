"""The card of a step: ``StepScreen``, which every screen of a step extends, and ``screen_for``, which finds it.

A screen module is named like the kind of its step, and says::

    class MailboxScreen(StepScreen[Mailbox], shows=Mailbox):
        def compose_fields(self) -> ComposeResult:
            yield Prose(self.step.address)

        def given(self) -> MailboxAnswer:
            return MailboxAnswer()

The App does::

    await app.push_screen(screen_for(enrolment, catalogue))   # then switch_screen for the next ones
    await screen.update(enrolment)                            # when screen.shows_kind(enrolment)
    # posts Answered, BackAsked, HandOverAsked, HelpAsked, LanguageAsked, LeaveAsked (messages.py)
    # busy, calm, connection: patience.py; retell(catalogue): page.py

After F2: ``speak(locale)``, then ``screen.catalogue = the new one`` and ``await screen.update(the enrolment in the
new language)``: the change of ``locale`` makes the page say everything again, keeping what was typed. HelpScreen and
LeavingScreen lie over a step (``push_screen``) and dismiss themselves.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, ClassVar, Generic, TypeVar, cast

import msgspec
from textual import on
from textual.widget import Widget

from api_client.contract import Act, Answer, Catalogue, Enrolment, Step
from api_client.secret import Secret
from screens.clock import ServerClock
from screens.messages import Answered, BackAsked, HandOverAsked
from screens.page import Page
from screens.widgets.action_row import ActionButton, ActionRow
from screens.widgets.prose import Prose
from screens.widgets.step_rail import StepRail, rail_of
from screens.words import _

S = TypeVar("S", bound=Step)

_screens: dict[type[Step], "type[StepScreen[Any]]"] = {}

_FLEETING = frozenset({"errors", "notice", "title", "lead", "actions"})
"""What ``update`` shows in place for every step; only other differences concern the screen's own part."""


def kind_of(step: Step | type[Step]) -> str:
    """The step's kind on the wire, which is its screen's module too: ``backup_email``."""
    return cast(str, step.__struct_config__.tag)


def screen_for(enrolment: Enrolment, catalogue: Catalogue | None) -> "StepScreen[Any]":
    """The screen that shows ``enrolment.step``. Its module is imported now, so that starting up imports none."""
    step = type(enrolment.step)
    if step not in _screens:
        import_module(f"screens.{kind_of(step)}")
    return _screens[step](enrolment, catalogue)


class StepScreen(Page, Generic[S]):
    """One step on the screen. Subclasses say ``compose_fields`` and ``given``, and may say ``refresh_step``."""

    shows: ClassVar[type[Step]]

    def __init_subclass__(cls, shows: type[Step] | None = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if shows is not None:
            cls.shows = shows
            cls.help_kind = kind_of(shows)
            _screens[shows] = cls

    def __init__(self, enrolment: Enrolment, catalogue: Catalogue | None) -> None:
        super().__init__(catalogue, enrolment.journey)
        self.enrolment = enrolment
        self.clock = ServerClock(enrolment.server_time)
        self.draft: Mapping[str, object] = {}
        """What was filled in here and not sent when the person went back: it is there again."""

    # -------------------------------------------------------------------------------- what a subclass says

    def given(self) -> Answer:
        """The answer as it stands in the fields."""
        raise NotImplementedError

    async def refresh_step(self, old: S) -> bool:
        """Show in place what differs between ``old`` and ``self.step`` in the screen's own part.

        Return False when that cannot be done: everything is composed again, keeping what was typed.
        """
        return False

    # ------------------------------------------------------------------------------------- what it is made of

    @property
    def step(self) -> S:
        return cast(S, self.enrolment.step)

    def shows_kind(self, enrolment: Enrolment) -> bool:
        """Whether ``update`` can show this one; otherwise it needs another screen."""
        return type(enrolment.step) is self.shows and enrolment.id == self.enrolment.id

    def is_behind(self, enrolment: Enrolment) -> int:
        """By how many revisions of the same one; negative where this page is ahead of it."""
        return enrolment.revision - self.enrolment.revision if enrolment.id == self.enrolment.id else 0

    def heading(self) -> str:
        return self.step.title

    def lead(self) -> str:
        return self.step.lead

    def place(self) -> str:
        progress = self.enrolment.progress
        if not progress.position:
            return ""
        return _("Step {position} of {total}").format(position=progress.position, total=progress.total)

    def journey_title(self) -> str:
        return self.enrolment.journey_title

    def back_label(self) -> str:
        return _("Back") if self.enrolment.can_go_back else ""

    def compose_side(self) -> Iterable[Widget]:
        if self.enrolment.progress.steps:
            yield rail_of(self.enrolment.progress)

    def compose_actions(self) -> ActionRow:
        """The step's actions; a screen yields them where they belong among its fields."""
        return ActionRow(self.step.actions, self.clock)

    def on_mount(self) -> None:
        self.restore(self.draft)
        self._tell_fleeting()

    def unsent(self) -> Mapping[str, object]:
        """What stands in the fields, for another screen's ``draft``; nothing where any of it is a secret."""
        typed = self.typed()
        said = msgspec.structs.asdict(self.given()).values() if typed else ()
        return {} if any(isinstance(value, Secret) for value in said) else typed

    def _tell_fleeting(self) -> None:
        self.query_one("#heading", Prose).show(self.heading())
        self.query_one("#lead", Prose).show(self.lead())
        self.query_one("#notice", Prose).show(self.step.notice)
        if not self.blocked:
            self.query_one("#waiting", Prose).show(self.resting())
        self.complain(self.step.errors)

    # --------------------------------------------------------------------------------------- what happens

    async def update(self, enrolment: Enrolment) -> None:
        """The same kind of step came again: show what changed, keep what was typed, open the screen again."""
        await self.in_turn(partial(self.take_in, enrolment))

    async def take_in(self, enrolment: Enrolment) -> None:
        """``update``, in turn with the keys; a subclass extends this one."""
        old, old_locale, old_way = self.step, self.enrolment.locale, self._way()
        self.enrolment = enrolment
        self.clock = ServerClock(enrolment.server_time)
        same_words = old_locale == enrolment.locale and old_way == self._way()
        if not (same_words and (self._same_own_part(old) or await self.refresh_step(old))):
            await self.say_again()
            if not self.whole:
                return
        else:
            for rail in self.query(StepRail):
                rail.show(enrolment.progress)
            for row in self.query(ActionRow):
                await row.show(self.step.actions)
        self.busy(False)
        self._tell_fleeting()

    def _fleeting(self) -> dict[str, Any]:
        """What every step has and ``update`` shows by itself, as it stands now."""
        return {name: getattr(self.step, name) for name in _FLEETING}

    def _way(self) -> tuple[object, ...]:
        return (self.place(), self.back_label(), self.journey_title())

    def _same_own_part(self, old: S) -> bool:
        return msgspec.structs.replace(old, **self._fleeting()) == self.step

    def say(self) -> None:
        self.post_message(Answered(self.given()))

    def answer(self, answer: Answer) -> None:
        """Say this at once, whatever stands in the fields."""
        if not (self.blocked or self.lost):
            self.busy(True)
            self.post_message(Answered(answer))

    def go_back(self) -> None:
        self.post_message(BackAsked())

    def act(self, action: str) -> None:
        """Say that the person chose ``action`` rather than to answer."""
        if action != "hand_over":
            self.answer(Act(action=action))
        elif not (self.blocked or self.lost):
            self.busy(True)
            self.post_message(HandOverAsked())

    @on(ActionButton.Pressed)
    def _action_pressed(self, event: ActionButton.Pressed) -> None:
        if isinstance(event.button, ActionButton):
            event.stop()
            self.act(event.button.action.id)
