"""What every screen has: a header, a column to read and fill in, two buttons, and the keys.

``Page`` knows nothing of enrolments: ``StepScreen`` (frame.py) adds the step; welcome, resume, unreachable and
hand_over are pages of their own. How the App makes a page wait is told in patience.py. After ``words.speak``, or when
the catalogue arrives, the App calls ``await page.retell(catalogue)``: every word again, and nothing typed lost.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input

from api_client.contract import Catalogue, JourneyOffer
from api_client.secret import Secret
from screens.form import Form
from screens.looks import drawing_of
from screens.messages import HelpAsked, LanguageAsked, LeaveAsked
from screens.widgets.banner import Banner
from screens.widgets.body import Body
from screens.widgets.chrome import Footer, Header
from screens.widgets.field import SecretField
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.words import _

_KEYS = (
    # With priority: typed in one burst, "login, Tab, password" must not leave the password in the first field.
    Binding("tab", "focus_next_field", show=False, priority=True),
    Binding("shift+tab", "focus_previous_field", show=False, priority=True),
    Binding("enter", "go_on", show=False),
    Binding("escape,alt+left", "go_back", show=False),
    Binding("f1", "help", show=False),
    Binding("f2", "language", show=False),
    Binding("f4", "reveal", show=False),
    Binding("f10", "leave", show=False),
    Binding("up", "read(-1)", show=False),
    Binding("down", "read(1)", show=False),
    Binding("pageup", "read_page(-1)", show=False),
    Binding("pagedown", "read_page(1)", show=False),
)


class Page(Form):
    """One screen of Perron. Subclasses say ``heading``, ``lead``, ``compose_fields`` and ``say``."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall"), (30, "-airy")]
    BINDINGS: ClassVar[list[BindingType]] = [*_KEYS]
    ACTIONS: ClassVar[frozenset[str]] = frozenset(key.action.partition("(")[0] for key in _KEYS)
    """Nothing else can be asked of a page, whoever asks (security.md §3, row 8: the App's list covers no screen)."""

    help_kind: ClassVar[str] = ""
    """Which of the help topics belong here: the step's kind."""

    on_paper: ClassVar[frozenset[str]] = frozenset()
    """The fields whose answer people have in hand, on a letter or in a mail: a demonstration may fill them in."""

    awaits_mail: ClassVar[bool] = False
    """Whether that answer comes in a mail."""

    on_barcode: ClassVar[str] = ""
    """The one of them that a barcode on the letter answers."""

    known_by: ClassVar[frozenset[str]] = frozenset()
    """The fields that say who somebody is: they, and few others, could give the same again."""

    def __init__(self, catalogue: Catalogue | None, journey: str = "") -> None:
        super().__init__()
        self.catalogue = catalogue
        self.journey = journey
        """The id of the journey one is in, if any."""

    @property
    def plain(self) -> bool:
        """Whether this page is told line by line; what it says then mentions no key and nothing drawn."""
        return drawing_of(self.app).plain

    @property
    def door(self) -> JourneyOffer | None:
        """The door one went through, as the catalogue tells it."""
        journeys = self.catalogue.journeys if self.catalogue is not None else ()
        return next((offer for offer in journeys if offer.id == self.journey), None)

    def host(self) -> str:
        """Who holds this door: named at the top of the screen."""
        if self.catalogue is None:
            return "Perron"
        return (self.door and self.door.host) or self.catalogue.institution

    def support(self) -> str:
        """Who helps here."""
        if self.catalogue is None:
            return ""
        return (self.door and self.door.support) or self.catalogue.support

    # -------------------------------------------------------------------------------- what a subclass says

    def heading(self) -> str:
        """The title of the screen, one line or two."""
        raise NotImplementedError

    def lead(self) -> str:
        """Why this is asked and what to do."""
        return ""

    def place(self) -> str:
        """« Étape 3 sur 9 », or nothing."""
        return ""

    def journey_title(self) -> str:
        return ""

    def compose_side(self) -> Iterable[Widget]:
        """What stands at the left of the column where there is room."""
        return ()

    def compose_fields(self) -> ComposeResult:
        """What is read, filled in and pressed."""
        yield from ()

    def compose_foot(self) -> Iterable[Widget]:
        """What stays in sight below what scrolls."""
        return ()

    def next_label(self) -> str:
        """Of the button that Enter presses; empty when there is nowhere to go on to."""
        return _("Next")

    def next_key(self) -> str:
        """What to press for that button, as the last line tells it."""
        return _("Enter")

    def back_label(self) -> str:
        """Of the button that Esc presses; empty when there is no way back."""
        return ""

    def leave_label(self) -> str:
        """Of F10, in the last line."""
        return _("End my session") if drawing_of(self.app).kiosk else _("Leave")

    def short_leave_label(self) -> str:
        """The same where the last line is short."""
        label = self.leave_label()
        return _("End") if label and drawing_of(self.app).kiosk else label

    def amiss(self) -> Mapping[str, str]:
        """What can be told to be wrong without asking the backend: a sentence for a field's name."""
        return {}

    def say(self) -> None:
        """Post what the person decided. The page is blocked when this is called."""
        raise NotImplementedError

    def go_back(self) -> None:
        """Post that the person wants back. The page is blocked when this is called."""
        raise NotImplementedError

    def number_of_mail(self) -> int | None:
        """The number that ties the page of a mail's link to this screen, where one is awaited."""
        return None

    def in_sight(self) -> Mapping[str, Secret]:
        """What a phone reads of this screen: ``uri``, its QR code's text; ``key``, what is typed instead."""
        return {}

    def reading(self) -> Widget:
        """What the arrows and the page keys scroll."""
        return self.query_one("#body")

    # ------------------------------------------------------------------------------------------ composing

    def compose(self) -> ComposeResult:
        yield Header(self.host(), self.journey_title())
        with Horizontal(id="main"):
            yield from self.compose_side()
            with Vertical(id="column"):
                yield Banner(id="connection")
                with Body():
                    with Vertical(id="top"):
                        yield Prose(self.place(), id="place")
                        yield Prose(self.heading(), id="heading")
                    yield Prose(self.lead(), id="lead")
                    yield Prose(id="notice")
                    yield Prose(id="problem", classes="complaint")
                    yield from self.compose_fields()
                yield from self.compose_foot()
                with Horizontal(id="buttons"):
                    yield PushButton(self.next_label(), id="next")
                    yield Prose(self.resting(), id="waiting")
                    yield PushButton(self.back_label(), id="back")
        yield Footer(
            self.support(),
            next_key=self.next_key(),
            next_label=self.next_label(),
            back_label=self.back_label(),
            leave_label=self.leave_label(),
            short_leave_label=self.short_leave_label(),
        )
        yield Prose(_("Please enlarge this window: at least 40 columns and 15 lines are needed."), id="too-small")

    def on_mount(self) -> None:
        self.focus_first()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Shown for the first time, it was styled a moment ago."""
        event.refresh_styles = event.refresh_styles and self.stack_updates > 0

    def on_resize(self) -> None:
        self.set_class(self.size.width < 40 or self.size.height < 15, "-too-small")

    async def retell(self, catalogue: Catalogue | None) -> None:
        """Say everything again, in the language now spoken, keeping what was filled in and where the focus is."""
        self.catalogue = catalogue
        await self.in_turn(self.say_again)

    async def say_again(self) -> None:
        """``retell``, for who is already in turn."""
        await self.take_keys()
        typed = self.typed()
        focused = self.place_of_focus()
        await self.recompose()
        if not self.whole:
            return
        self.restore(typed)
        self.focus_place(focused)
        if self.lost:
            self.connection(lost=True)

    # ------------------------------------------------------------------------------------------- the keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action in self.ACTIONS and self.whole and not self.blocked

    @on(Input.Submitted)
    def _line_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_go_on()

    @on(PushButton.Pressed, "#next")
    def _next_pressed(self, event: PushButton.Pressed) -> None:
        event.stop()
        self.action_go_on()

    @on(PushButton.Pressed, "#back")
    def _back_pressed(self, event: PushButton.Pressed) -> None:
        event.stop()
        self.action_go_back()

    def copy_out(self, paper: Mapping[str, object]) -> None:
        """Fill in what ``paper`` says by field, as far as it may be filled in here."""
        self.restore({name: said for name, said in paper.items() if name in self.on_paper})

    @property
    def keeps_enter(self) -> bool:
        """Whether Enter belongs to what has the focus, as in a text of several lines."""
        return getattr(self.focused, "keeps_enter", False) is True

    def action_go_on(self) -> None:
        if self.blocked or self.lost or not self.next_label():
            return
        errors = self.amiss()
        self.complain(errors)
        if not errors:
            self.busy(True)
            self.say()

    def action_go_back(self) -> None:
        if not (self.blocked or self.lost) and self.back_label():
            self.busy(True)
            self.go_back()

    @property
    def focus_chain(self) -> list[Widget]:
        """From left to right and down, but Tab meets Next before Back, which stands at its left."""
        chain = super().focus_chain
        back = [widget for widget in chain if widget.id == "back"]
        return [widget for widget in chain if widget.id != "back"] + back

    def action_focus_next_field(self) -> None:
        self.focus_next()

    def action_focus_previous_field(self) -> None:
        self.focus_previous()

    def action_help(self) -> None:
        self.post_message(HelpAsked())

    def action_language(self) -> None:
        self.post_message(LanguageAsked())

    def action_leave(self) -> None:
        self.post_message(LeaveAsked())

    def action_reveal(self) -> None:
        """All secrets of the screen at once: two of them are typed to be compared."""
        fields = self.query(SecretField)
        shown = any(field.shown for field in fields)
        for field in fields:
            field.shown = not shown

    def action_read(self, lines: int) -> None:
        self.reading().scroll_relative(y=lines, animate=False)

    def action_read_page(self, pages: int) -> None:
        reading = self.reading()
        reading.scroll_relative(y=pages * max(1, reading.scrollable_content_region.height - 1), animate=False)
