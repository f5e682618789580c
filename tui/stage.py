"""What is on the screen: the page of the conversation, what may lie over it, and the colours."""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from textual.filter import LineFilter
from textual.geometry import Size
from textual.screen import Screen

from api_client.contract import Catalogue, Enrolment
from api_client.problems import Busy, PerronError
from screens.frame import StepScreen, screen_for
from screens.page import Page
from screens.welcome import WelcomeScreen
from tui.appearance import Appearance
from tui.display import SparingApp
from tui.endings import in_words, journey_over
from tui.hardened import HardenedApp
from tui.settings import Settings
from tui.terminal import drawing

_T = TypeVar("_T")


class Stage(SparingApp, HardenedApp):
    """An App that shows enrolments. It is the ``Face`` of a conversation, and says nothing itself."""

    CSS_PATH = Path(__file__).with_name("perron.tcss")

    def __init__(self, settings: Settings) -> None:
        self.appearance = Appearance.here(settings)  # before Textual takes NO_COLOR out of the environment
        self.drawing = drawing(self.appearance.look.name)
        super().__init__(settings.logs)
        self.settings = settings
        self.appearance.put_on(self)
        self.page: Page = _fitted(self.first_page(), Size(self.drawing.cols, self.drawing.rows))
        """The screen of the conversation; help and the like may lie over it."""
        self.drafts: dict[tuple[str, str], Mapping[str, object]] = {}
        """What was typed and not sent on steps that were left by Back, by enrolment and kind. In memory only."""
        self._undrawn: Page | None = None
        """The page that has come, until it is in sight."""
        self._overdue: list[partial[Coroutine[Any, Any, None]]] = []
        """What is to be shown as soon as nothing lies over the page."""

    def catalogue(self) -> Catalogue | None:
        """Who we are, once it is known."""
        raise NotImplementedError

    def first_page(self) -> Page:
        """What is there before anybody answered."""
        return WelcomeScreen()

    def get_default_screen(self) -> Screen[Any]:
        """The first page itself, so that no empty screen is made, styled and drawn before it."""
        return self.page

    def dress(self, accent: str) -> None:
        """Put on the institution's colour (``#rrggbb``)."""
        self.appearance.dress(self, accent)

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *self.appearance.filters()]

    def types_ahead(self) -> bool:
        """What lies over the page takes its keys at once, even while the page waits for an answer; and where Enter
        begins a line, what follows it belongs to the same page."""
        return self.screen_stack[-1:] == [self.page] and not self.page.keeps_enter

    async def show(self, enrolment: Enrolment) -> None:
        """Show the step: in place when it is of the same kind, else on the next screen."""
        await self.page.calm()
        page = self.page
        if isinstance(page, StepScreen) and page.is_behind(enrolment) < 0:  # it came late
            return
        if self._is_covered(partial(self.show, enrolment)):
            return
        if isinstance(page, StepScreen) and page.shows_kind(enrolment):
            page.catalogue = self.catalogue()
            async with self.typeahead.waiting():
                if page is self.page and page.is_behind(enrolment) >= 0:
                    await page.update(enrolment)
                    self.typeahead.come_back()
        else:
            coming = screen_for(enrolment, self.catalogue())
            coming.draft = self.drafts.pop((enrolment.id, coming.help_kind), {})
            await self.turn_to(coming)

    async def refused(self, problem: PerronError) -> None:
        """Say it above the fields; nothing typed is lost."""
        page = self.page

        async def say() -> None:
            page.busy(False)
            page.complain({"": in_words(problem)})

        await page.in_turn(say)
        self.typeahead.come_back()

    async def ended(self) -> None:
        """Say that the journey is over, and offer the welcome screen."""
        if isinstance(self.page, StepScreen):
            await self.show(journey_over(self.page.enrolment))

    def lost(self, trouble: PerronError, retry_in: float) -> None:
        """Say it on the page, where what was typed stays; before the catalogue came there is only this to say."""
        from screens.unreachable import UnreachableScreen

        page = self.page
        if self.catalogue() is None and not isinstance(page, UnreachableScreen):
            self.call_later(self.turn_to, UnreachableScreen(None, in_words(trouble), retry_in))
        elif page.is_mounted and isinstance(page, UnreachableScreen):
            page.failed(retry_in, in_words(trouble))
        elif page.is_mounted:
            page.connection(lost=True, retry_in=retry_in, busy=isinstance(trouble, Busy))

    def found(self) -> None:
        """Take it back."""
        if self.page.is_mounted:
            self.page.connection(lost=False)

    async def turn_to(self, page: Page) -> None:
        """Show ``page`` in the place of the one before, which stays, blocked, until then."""
        if self._is_covered(partial(self.turn_to, page)):
            return
        self.page = self._undrawn = _fitted(page, self.size)
        # The first page is Textual's default screen, which cannot be switched: it stays below, unseen.
        await (self.push_screen(page) if len(self.screen_stack) == 1 else self.switch_screen(page))
        self.call_after_refresh(self.typeahead.release)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if screen is self._undrawn and renderable is not None and not self._batch_count:
            self._undrawn = None
            self.typeahead.drawn()

    def lay_over(self, screen: Screen[_T], then: Callable[[_T | None], object] | None = None) -> None:
        """Show ``screen`` over the page, which does not move meanwhile; ``then`` gets its result."""

        def come_back(result: _T | None) -> None:
            if then is not None:
                then(result)
            self.call_later(self._catch_up)

        self.push_screen(screen, come_back)

    def _is_covered(self, due: partial[Coroutine[Any, Any, None]]) -> bool:
        """Whether something lies over the page: then ``due`` waits until it is gone. What was due before is old, unless
        it is the same step, of which something may be shown once and never again."""
        if not (self._overdue and _same_step(self._overdue[-1].args[0], due.args[0])):
            self._overdue.clear()
        covered = self.screen is not self.page
        if covered:
            self._overdue.append(due)
        return covered

    def _catch_up(self) -> None:
        """Beside the App's own messages, among which are the keys that a change of the page waits for."""
        overdue, self._overdue = self._overdue, []

        async def show_in_order() -> None:
            for due in overdue:
                await due()

        if overdue:
            self.run_worker(show_in_order, group="catching up")  # type: ignore[arg-type]


def _same_step(one: object, other: object) -> bool:
    return (
        isinstance(one, Enrolment)
        and isinstance(other, Enrolment)
        and one.id == other.id
        and type(one.step) is type(other.step)
    )


def _fitted(page: Page, window: Size) -> Page:
    """``page``, told of the window's size before it is styled; told when it is mounted, it is styled twice."""
    for room, breakpoints in (
        (window.width, page.HORIZONTAL_BREAKPOINTS),
        (window.height, page.VERTICAL_BREAKPOINTS),
    ):
        page.add_class(*[name for least, name in breakpoints if room >= least][-1:], update=False)
    return page
