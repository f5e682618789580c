"""The App: shows the step it is given, sends what was said, shows what comes back."""

import gc
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from api_client.contract import Catalogue, Done, Outcome
from api_client.languages import next_language
from api_client.problems import Garbled, Refusal
from screens import messages as said
from screens.frame import StepScreen
from screens.welcome import WelcomeScreen
from screens.words import _, speak
from tui.conversation import Conversation
from tui.embedded import EmbeddedFailed
from tui.endings import in_words
from tui.plain_stage import PlainStage
from tui.settings import Settings

if TYPE_CHECKING:
    from api_client.client import Client

EXIT_BROKEN, EXIT_MISUSE = 1, 2

Speech = Callable[[], Awaitable[None]]
"""Something to say to the backend, begun only when its turn comes."""


class Wizard(PlainStage):
    """One person at one terminal. ``reach`` gives a client of the backend as soon as there is one.

    ``journey`` is the id of the one to begin at once, if any; ``plain``: whether it is told at first, not drawn.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "demonstrate", show=False, priority=True),
        Binding("f10", "leave", show=False, priority=True),
        Binding("ctrl+c", "tell_the_way_out", show=False, priority=True),
    ]

    def __init__(
        self,
        reach: Callable[[], Awaitable["Client"]],
        settings: Settings,
        *,
        journey: str = "",
        plain: bool = False,
    ) -> None:
        self._reach, self._journey = reach, journey  # before the first page, which may tell it
        super().__init__(settings, plain=plain)
        self.conversation = Conversation(self, settings.locale, self.drawing)
        self._tried = ""

    def catalogue(self) -> Catalogue | None:
        return self.conversation.catalogue

    def drawing_changed(self) -> None:
        self.conversation.drawing = self.drawing

    # ------------------------------------------------------------------------------------------- beginning

    async def on_mount(self) -> None:
        speak(self.conversation.locale)
        self.call_after_refresh(self._start_talking)

    def _start_talking(self) -> None:
        if not gc.isenabled():  # the command has switched it off for the start
            gc.freeze()
            gc.enable()
        self._talk(self._open)

    async def _open(self) -> None:
        try:
            client = await self._reach()
        except EmbeddedFailed as failed:
            self.backend_failed(failed)
            return
        try:
            catalogue = await self.conversation.open(client)
        except (Refusal, Garbled) as problem:
            self.give_up(EXIT_BROKEN, in_words(problem))
            return
        journeys = [offer.id for offer in catalogue.journeys]
        if self._journey and self._journey not in journeys:
            sentence = _("There is no journey “{journey}” here. There are: {known}.")
            self.give_up(EXIT_MISUSE, sentence.format(journey=self._journey, known=", ".join(journeys)))
            return
        self.dress(catalogue.accent)
        await self.greet(catalogue)

    async def greet(self, catalogue: Catalogue) -> None:
        """Show the doors, or go through the one that was asked for."""
        if self._journey:
            await self.conversation.begin(self._journey)
        else:
            await self.turn_to(WelcomeScreen(catalogue))

    def backend_failed(self, failed: EmbeddedFailed) -> None:
        """The embedded backend cannot be kept up; may be told from any thread."""
        self.call_later(self.give_up, EXIT_BROKEN, in_words(failed))

    async def on_unmount(self) -> None:
        await self.conversation.close()

    # ------------------------------------------------------------------------------- what the person says

    def _talk(self, talk: Speech) -> None:
        """Say one thing; then listen again. Not both at once, or the same news could be shown twice.

        What is said or listened to at once again is never begun, so nothing here is a coroutine yet: nobody would ever
        await it, and Python says so on the terminal that is left.
        """
        for group in ("listening", "catching up"):
            self.workers.cancel_group(self, group)

        async def talk_then_listen() -> None:
            await talk()
            await self._make_up()
            if self.conversation.enrolment is not None:
                self.run_worker(self.conversation.listen, group="listening", exclusive=True)  # type: ignore[arg-type]

        self.run_worker(talk_then_listen, group="talking", exclusive=True)  # type: ignore[arg-type]

    async def _make_up(self) -> None:
        """For what this talk, or whatever was cancelled for it, has left undone."""
        page, heard = self.page, self.conversation.enrolment
        if heard is not None and isinstance(page, StepScreen) and page.is_behind(heard) > 0:
            await self.show(heard)
        if not (self.conversation.catalogue is None or self.conversation.is_translated):
            await self._translate()

    def _ask(self, talk: Speech) -> None:
        """As ``_talk``; what is typed from now on is for the screen that comes."""
        self.typeahead.hold()
        self._talk(talk)

    @on(said.JourneyChosen)
    def _journey_chosen(self, message: said.JourneyChosen) -> None:
        self._ask(partial(self.conversation.begin, message.journey))

    @on(said.ResumeGiven)
    def _resume_given(self, message: said.ResumeGiven) -> None:
        self._ask(partial(self.conversation.resume, message.code, message.known))

    @on(said.Answered)
    def _answered(self, message: said.Answered) -> None:
        if self.conversation.enrolment is None:
            self._ask(self.welcome)
        else:
            self._ask(partial(self.conversation.answer, message.answer))

    @on(said.BackAsked)
    def _back_asked(self) -> None:
        if isinstance(page := self.page, StepScreen):
            self.drafts[page.enrolment.id, page.help_kind] = page.unsent()
        self._ask(self.conversation.back)

    @on(said.WelcomeAsked)
    def _welcome_asked(self) -> None:
        self._ask(self.welcome)

    async def welcome(self) -> None:
        """Back to where a journey is, or to the doors."""
        if self.conversation.enrolment is not None:
            await self.show(self.conversation.enrolment)
        else:
            await self.turn_to(WelcomeScreen(self.catalogue()))

    @on(said.RetryAsked)
    def _retry_asked(self) -> None:
        self.conversation.patience.hurry()

    @on(said.LanguageAsked)
    async def _language_asked(self) -> None:
        conversation = self.conversation
        conversation.locale = next_language(conversation.locale)
        speak(conversation.locale)
        if conversation.enrolment is None:
            await self.page.retell(self.catalogue())
        if not self.page.blocked:  # else it follows the answer that is on its way
            self._talk(self._open if self.catalogue() is None else self._translate)

    async def _translate(self) -> None:
        await self.conversation.translate()
        if self.conversation.enrolment is None:
            await self.page.retell(self.catalogue())

    @on(said.HelpAsked)
    def _help_asked(self) -> None:
        from screens.help import HelpScreen

        self.lay_over(HelpScreen(self.catalogue(), self.page.help_kind, self.page.journey))

    @on(said.HandOverAsked)
    def _hand_over_asked(self) -> None:
        self._talk(self._hand_over)

    async def _hand_over(self) -> None:
        from screens.hand_over import HandOverScreen

        granted = await self.conversation.hand_over()
        if granted is not None:
            begun = self.conversation.begun
            await self.turn_to(HandOverScreen(self.catalogue(), granted, begun.server_time, begun.journey))

    @on(said.ResumeAsked)
    async def _resume_asked(self) -> None:
        from screens.resume import ResumeScreen

        await self.turn_to(ResumeScreen(self.catalogue()))

    def action_leave(self) -> None:
        """F10: at once where nothing is under way, asked again in the middle of a journey."""
        from screens.leaving import LeavingScreen

        step = self.page.step if isinstance(self.page, StepScreen) else None
        if isinstance(self.screen, LeavingScreen):
            self.screen.action_leave()
        elif step is None or isinstance(step, Done | Outcome):
            self.exit()
        else:
            leaving = LeavingScreen(self.catalogue(), self.page.journey)
            self.lay_over(leaving, lambda leaves: self.exit() if leaves else None)

    @on(said.LeaveAsked)
    def _leave_asked(self) -> None:
        self.action_leave()

    def action_demonstrate(self) -> None:
        """F9, where the backend is a demonstration."""
        catalogue = self.catalogue()
        if catalogue is None or not catalogue.demonstration or self.screen is not self.page:
            return
        from tui.demonstration import DemonstrationScreen

        def fill(_: bool | None) -> None:
            self._tried = panel.tried
            self.page.copy_out(panel.filling)

        panel = DemonstrationScreen(catalogue, self.conversation.client, self.page, self._tried)
        self.lay_over(panel, fill)

    def action_tell_the_way_out(self) -> None:
        """Ctrl+C is a habit and no wish to lose everything."""
        self.notify(_("F10 leaves."), timeout=3, markup=False)
