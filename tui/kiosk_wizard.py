"""The wizard for one person at a kiosk: nobody's screen until somebody comes, and nobody's again when they go."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs
from textual import events, on
from textual.timer import Timer
from textual.widgets import Input, TextArea

from api_client.contract import Catalogue, Enrolment
from api_client.problems import Garbled, PerronError, Refusal
from screens import messages as said
from screens.attract import AttractScreen
from screens.clock import ServerClock
from screens.cover import CoverScreen
from screens.page import Page
from screens.widgets.banner import Banner
from screens.widgets.field import LineField
from screens.words import _
from tui.endings import in_words
from tui.kiosk_clocks import Clocks, Due, Presence
from tui.kiosk_plain import ScanningNarrator
from tui.kiosk_proofs import Proofs
from tui.kiosk_rules import KioskRules
from tui.kiosk_scanner import Scanner
from tui.plain import Narrator
from tui.plain_terminal import PlainTerminal
from tui.settings import Settings
from tui.terminal import hindrance
from tui.wizard import EXIT_BROKEN, Wizard

if TYPE_CHECKING:
    from api_client.client import Client

LOOK_SECONDS = 10.0
"""Between two looks at the service while nobody is there: who comes must not find out that it is away."""


class KioskWizard(Wizard):
    """A wizard that begins and ends without anybody. When it ends, its process does, and the supervisor wipes."""

    CSS = "#idle { background: $banner; color: $background; padding: 0 1; }"

    def __init__(
        self,
        reach: Callable[[], Awaitable["Client"]],
        settings: Settings,
        rules: KioskRules,
        *,
        journey: str = "",
        plain: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(reach, settings, journey=journey, plain=plain)
        self._able = structs.replace(self._able, kiosk=True)
        self._be_plain(plain)
        self.drawing_changed()
        self._scan_journey = rules.scan_journey or journey
        self._scanner = Scanner(rules.scan_prefix, rules.scan_suffix)
        self._clocks = Clocks(rules.cover_after, rules.end_after, now)
        self._now = now
        self._proofs = Proofs()
        self._expires_at = 0.0
        self._alarm: Timer | None = None
        self._warning: Banner | None = None

    def first_page(self) -> Page:
        return AttractScreen(self._journey)

    # ----------------------------------------------------------------------------------------- while nobody is there

    @property
    def alone(self) -> bool:
        """Whether nobody has begun anything."""
        return isinstance(self.page, AttractScreen)

    async def greet(self, catalogue: Catalogue) -> None:
        await self.page.retell(catalogue)
        self.run_worker(self._keep_looking(), group="looking", exclusive=True)

    async def _keep_looking(self) -> None:
        while isinstance(page := self.page, AttractScreen):
            known = self.catalogue()
            try:
                catalogue = await self.conversation.open(self.conversation.client)
            except (Refusal, Garbled) as problem:
                self.give_up(EXIT_BROKEN, in_words(problem))
                return
            if page is self.page and catalogue != known:
                await page.retell(catalogue)
            await asyncio.sleep(LOOK_SECONDS)

    def lost(self, trouble: PerronError, retry_in: float) -> None:
        if isinstance(self.page, AttractScreen):
            self.page.maintain(away=True)
        else:
            super().lost(trouble, retry_in)

    def found(self) -> None:
        if isinstance(self.page, AttractScreen):
            self.page.maintain(away=False)
        else:
            super().found()

    async def welcome(self) -> None:
        catalogue = self.catalogue()
        if self.alone and catalogue is not None:
            await super().greet(catalogue)
        else:
            await super().welcome()

    def types_ahead(self) -> bool:
        """What somebody presses so that anything happens is an answer to nothing."""
        return super().types_ahead() and not (self.alone and not self.page.blocked)

    # -------------------------------------------------------------------------------------------- what is scanned

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste | events.MouseDown) and not event.is_forwarded:
            warned = self._warning is not None
            self.touched()
            if isinstance(event, events.Key) and (self._takes_scan(event) or (warned and self._only_extends(event))):
                return
        await super().on_event(event)

    def _takes_scan(self, key: events.Key) -> bool:
        """Whether ``key`` is the Enter of a scanner, where nothing is typed: it opens the letter's journey, or nothing.

        Where a login is typed, what the scanner adds is taken away before Enter is heard there.
        """
        scanned = self._scanner.hear(key)
        if self.screen is not self.page or self.page.blocked or self.catalogue() is None:
            return False
        if self.page.on_barcode and key.key == "enter" and self.focused is not None:
            self.focused.call_later(self._trim)  # behind the signs that are still on their way into the field
        if scanned is None or self.conversation.enrolment is not None or self._is_typing:
            return False
        if scanned:
            self.typeahead.forget()  # the signs of the scan itself
            self.page.busy(True)
            self._ask(partial(self._begin_with, scanned))
        return True

    def narrator(self, terminal: PlainTerminal) -> Narrator:
        return ScanningNarrator(self, terminal, hindrance, scanner=self._scanner, begin=self._begin_told)

    def _begin_told(self) -> bool:
        """Begin the journey of a scanned letter, whose login is filled in when it is asked for."""
        if self.screen is not self.page or self.page.blocked or self.conversation.enrolment is not None:
            return False
        self.page.busy(True)
        self._ask(self._begin_scanned)
        return True

    async def _begin_scanned(self) -> None:
        await self.conversation.begin(self._scan_journey or self._first_journey())

    async def _begin_with(self, login: str) -> None:
        await self._begin_scanned()
        if self.page.on_barcode:
            self.page.call_after_refresh(self._fill_in, login)

    def _trim(self) -> None:
        name = self.page.on_barcode
        typed = str(self.page.typed().get(name, ""))
        if name and (trimmed := self._scanner.trim(typed)) != typed:
            self.page.restore({name: trimmed})

    def _first_journey(self) -> str:
        catalogue = self.catalogue()
        return catalogue.journeys[0].id if catalogue is not None else ""

    def _fill_in(self, login: str) -> None:
        self.page.restore({self.page.on_barcode: login})
        self.page.action_go_on()

    # ------------------------------------------------------------------------------------------------ the two clocks

    @on(said.Answered)
    @on(said.ResumeGiven)
    def _remember(self) -> None:
        for field in self.page.query(LineField):
            if field.id in self.page.known_by:
                self._proofs.keep(field.label, str(field.value))

    async def show(self, enrolment: Enrolment) -> None:
        self._expires_at = self._now() + (enrolment.expires_at - enrolment.server_time).total_seconds()
        self._clocks.stir()
        await super().show(enrolment)
        self.look_at_the_clocks()

    async def turn_to(self, page: Page) -> None:
        await super().turn_to(page)
        self.look_at_the_clocks()

    def _presence(self) -> Presence:
        enrolment = self.conversation.enrolment
        if enrolment is not None and enrolment.status == "waiting":
            return "waiting"
        return "known" if enrolment is not None and enrolment.status == "active" and self._proofs.asked else "unknown"

    @property
    def _covered(self) -> bool:
        return any(isinstance(screen, CoverScreen) for screen in self.screen_stack)

    def look_at_the_clocks(self) -> None:
        """Say or do what is due, and look again when something else will be; lines that were told cannot be covered."""
        if self._alarm is not None:
            self._alarm.stop()
            self._alarm = None
        if self.alone or not self.screen_stack:
            return
        due = self._clocks.due(self._presence(), covered=self._covered or self.plain, expires_at=self._expires_at)
        if due.left <= 0:
            self._unwarn()
            self._cover() if due.what == "cover" else self.exit()
            return
        if not due.warned_in:
            self._warn(due)
        # A moment later than the edge: a timer may ring early, and would find nothing to do.
        self._alarm = self.set_timer((due.warned_in or due.left) + 0.01, self.look_at_the_clocks)

    def touched(self) -> None:
        self._clocks.touch()
        if self._warning is not None:
            self._unwarn()
            self.look_at_the_clocks()

    def _cover(self) -> None:
        cover = CoverScreen(self.catalogue(), self._proofs.asked, self._proofs.know)
        self.lay_over(cover, lambda is_back: self.call_later(self.look_at_the_clocks if is_back else self.exit))
        self.call_after_refresh(self.look_at_the_clocks)

    @on(said.LanguageAsked)
    def _retell_the_cover(self) -> None:
        if isinstance(self.screen, CoverScreen):
            self.call_later(self.screen.retell, self.catalogue())

    def _warn(self, due: Due) -> None:
        if self._warning is None or not self._warning.is_attached:
            self._warning = Banner(id="idle", classes="complaint")
            self.screen.mount(self._warning, before="#main")
        clock = ServerClock(datetime.now(UTC))
        sentence = _cover_warning if due.what == "cover" else _end_warning
        self._warning.count_down(clock, clock.now() + timedelta(seconds=due.left), sentence)

    def _unwarn(self) -> None:
        if self._warning is not None:
            self._warning.remove()
            self._warning = None

    def _only_extends(self, key: events.Key) -> bool:
        """Whoever answers a warning by Enter means no more by it; who types goes on typing."""
        return not self._covered and (key.key == "enter" or (key.key == "space" and not self._is_typing))

    @property
    def _is_typing(self) -> bool:
        return isinstance(self.focused, Input | TextArea)

    # -------------------------------------------------------------------------------------------------- leaving

    def action_leave(self) -> None:
        """F10 ends the person's session, of which nobody has one before the first key."""
        if not self.alone:
            super().action_leave()

    def action_demonstrate(self) -> None:
        if not self.alone:
            super().action_demonstrate()

    def action_tell_the_way_out(self) -> None:
        if not self.alone:
            self.notify(_("F10 ends your session."), timeout=3, markup=False)


def _cover_warning(left: str) -> str:
    return _("Still there? This screen is covered in {left}. Any key goes on.").format(left=left)


def _end_warning(left: str) -> str:
    return _("Still there? This session ends in {left}. Any key goes on.").format(left=left)
