"""What is sent by ``tui.display`` leaves a terminal in the same state, cell by cell, as what Textual itself would send.

pyte stands for the terminal, twice: one is fed by Textual's own ``render_segments``, the other by ours, after every
picture, so that what is seen in between is compared as well as what is seen in the end.
"""

import random
from collections.abc import Iterable
from typing import Any

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Offset, Region, Size
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from screens.help import HelpScreen
from screens.phone_pairing import PhonePairingScreen
from tests.account_steps import app_pairing
from tests.screens_gallery import CATALOGUE, NOW, STEPS, Gallery, enrolment_of
from tui.cells import Update, size_of, width_of
from tui.display import ATOMIC, Display, SparingApp
from tui.ink import RESET, change, ink_of, on_blank

pytestmark = pytest.mark.slow

SEEN_ON_BLANKS = ("underscore", "strikethrough", "reverse", "blink")


class Terminal:
    """A pyte screen and its stream."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.stream.feed("\x1b[?7l\x1b[?25l")

    def picture(self, rows: Iterable[int] | None = None) -> dict[int, list[tuple[Any, ...]]]:
        """Every cell of ``rows``, of all by default, with what can be seen of it: of a blank, its background."""
        columns, buffer = self.screen.columns, self.screen.buffer
        rows = range(self.screen.lines) if rows is None else rows
        return {y: [_visible(buffer[y], x) for x in range(columns)] for y in rows}

    @property
    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.x, self.screen.cursor.y


def _visible(row: Any, x: int) -> tuple[Any, ...]:
    cell = row[x]
    text = cell.data
    if not text.isascii() or not text:
        lonely_head = width_of(text) == 2 and row[x + 1].data
        lonely_tail = not text and (not x or width_of(row[x - 1].data) != 2)
        text = " " if lonely_head or lonely_tail else text
    blank = text.isspace() and not any(getattr(cell, name) for name in SEEN_ON_BLANKS)
    return (text, cell.bg) if blank else (text, *cell[1:])


def assert_alike(ours: Terminal, stock: Terminal) -> None:
    """Both show the same; only rows that either has touched since the last time are looked at."""
    touched = ours.screen.dirty | stock.screen.dirty
    assert ours.picture(touched) == stock.picture(touched)
    assert ours.cursor == stock.cursor
    ours.screen.dirty.clear()
    stock.screen.dirty.clear()


class Writing(HeadlessDriver):
    """A driver that keeps what it is given to write."""

    written = ""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written += data


class Compared(SparingApp, Gallery):
    """A gallery on two terminals: ``stock`` sees what Textual sends, ``ours`` what we do."""

    def __init__(self, first: Any, columns: int, rows: int) -> None:
        super().__init__(first)
        self.stock, self.ours = Terminal(columns, rows), Terminal(columns, rows)
        self.pictures = self.sent = self.sent_by_textual = 0

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if renderable is not None and not self._batch_count:
            x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
            by_textual = renderable.render_segments(self.console) + f"\x1b[{y + 1};{x + 1}H"
            self.stock.stream.feed(by_textual)
            self.sent_by_textual += len(by_textual)
        super()._display(screen, renderable)
        driver = self._driver
        assert isinstance(driver, Writing)
        self.sent += len(driver.written)
        self.ours.stream.feed(driver.written)
        driver.written = ""
        self.pictures += 1
        if self._fits(renderable):
            assert_alike(self.ours, self.stock)

    def _fits(self, renderable: Any) -> bool:
        """One drawn for a window that is another by now differs beside its edge: all is sent anew when that is told."""
        screen = self.ours.screen
        return not isinstance(renderable, Update) or size_of(renderable) == (screen.columns, screen.lines)

    async def play(self, script: Any, size: tuple[int, int]) -> None:
        """Run ``script`` with a pilot; whatever goes wrong in the App is raised here."""
        self.driver_class = Writing
        await self.run_async(size=size, auto_pilot=script)
        assert self.return_code == 0, self._exception

    def resize_to(self, columns: int, rows: int) -> None:
        """As a terminal does it: at once, and told afterwards."""
        for terminal in (self.stock, self.ours):
            terminal.screen.resize(rows, columns)
        size = Size(columns, rows)
        self.post_message(events.Resize(size, size))


@pytest.fixture(autouse=True)
def without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual remembers in a style how it is written, for the colours of the first App of the process."""
    render = Strip.render

    def render_anew(strip: Strip, console: Console) -> str:
        strip._render_cache = None
        for _, style, _ in strip:
            if style is not None:
                style._ansi = None
        return render(strip, console)

    monkeypatch.setattr(Strip, "render", render_anew)


@pytest.fixture(params=["256 colours", "16 colours", "truecolor", "NO_COLOR"])
def colours(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm" if request.param == "16 colours" else "xterm-256color")
    for name in ("COLORTERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    if request.param == "truecolor":
        monkeypatch.setenv("COLORTERM", "truecolor")
    elif request.param == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")


async def walk(pilot: Pilot[None]) -> None:
    """Everything a person may do on any screen, a window that changes, and a screen over the screen."""
    app = pilot.app
    assert isinstance(app, Compared)
    await pilot.pause()
    await pilot.press("tab", *"Élo 世界", "tab", "tab", "space", "down", "pagedown", "pageup", "shift+tab", "f4", "end")
    app.resize_to(40, 15)
    await pilot.pause(0.05)
    await pilot.press("tab", "down", "pagedown")
    await app.push_screen(HelpScreen(CATALOGUE, "login"))
    await pilot.pause()
    await pilot.press("down", "tab")
    app.resize_to(80, 24)
    await pilot.pause(0.05)
    app.pop_screen()
    await pilot.pause()
    await pilot.press("enter")
    app.notify("F10 quitte.", timeout=0.05, markup=False)
    await pilot.pause(0.15)
    app.exit(return_code=0)


@pytest.mark.parametrize("kind", sorted(STEPS)[::5])
async def test_a_screen_looks_as_textual_would_have_drawn_it(kind: str) -> None:
    app = Compared(enrolment_of(STEPS[kind]), 80, 24)
    await app.play(walk, (80, 24))
    assert app.pictures > 15
    assert app.sent < app.sent_by_textual / 3


async def test_a_pairing_code_that_changes_is_one_picture_and_half_the_bytes_of_the_first() -> None:
    first, then = app_pairing(NOW), app_pairing(NOW, "KRUGKIDROVUWG2ZAMJZG653OEB")
    app = Compared(enrolment_of(first), 80, 24)

    async def rotate(pilot: Pilot[None]) -> None:
        await pilot.pause(0.2)
        before, app.sent, app.pictures = app.sent, 0, 0
        assert isinstance(app.screen, PhonePairingScreen)
        await app.screen.update(enrolment_of(then))
        await pilot.pause(0.2)
        assert app.pictures == 1
        assert 0 < app.sent < before / 2
        app.exit(return_code=0)

    await app.play(rotate, (80, 24))


async def test_so_it_does_in_any_number_of_colours(colours: None) -> None:
    app = Compared(enrolment_of(STEPS["redirection"]), 80, 24)
    await app.play(walk, (80, 24))


async def test_so_it_does_from_one_step_to_the_next() -> None:
    app = Compared(enrolment_of(STEPS["login"]), 60, 20)

    async def turn(pilot: Pilot[None]) -> None:
        from screens.frame import screen_for

        for step in STEPS.values():
            await app.switch_screen(screen_for(enrolment_of(step), CATALOGUE))
            await pilot.pause()
        app.exit(return_code=0)

    await app.play(turn, (60, 20))
    assert app.pictures > len(STEPS)


async def test_a_key_costs_little_and_nothing_costs_nothing() -> None:
    app = Compared(enrolment_of(STEPS["new_password"]), 80, 24)
    costs: dict[str, int] = {}

    async def type_a_little(pilot: Pilot[None]) -> None:
        await pilot.press(*"Un-parapluie")
        for name in ("x", "tab", "nothing"):
            await pilot.pause(0.3)
            before = app.sent
            if name == "nothing":
                app.screen.refresh()
            else:
                await pilot.press(name)
            await pilot.pause(0.1)
            costs[name] = app.sent - before
        app.exit(return_code=0)

    await app.play(type_a_little, (80, 24))
    assert costs["nothing"] == 0
    assert 0 < costs["x"] < 100
    assert 0 < costs["tab"] < 400


@pytest.mark.parametrize("heal", ["the window was told to be as it is", "Ctrl+L"])
async def test_what_another_program_wrote_there_is_painted_over(heal: str) -> None:
    app = Compared(enrolment_of(STEPS["login"]), 80, 24)

    async def spoil(pilot: Pilot[None]) -> None:
        await pilot.pause(0.1)
        right = app.ours.picture()
        for terminal in (app.stock, app.ours):
            terminal.stream.feed("\x1b[5;1HBroadcast message from root\x1b[2;2H")
        assert app.ours.picture() != right
        if heal == "Ctrl+L":
            await pilot.press("ctrl+l")
        else:
            app.resize_to(80, 24)
        await pilot.pause(0.1)
        assert app.ours.picture() == right
        app.exit(return_code=0)

    await app.play(spoil, (80, 24))


async def test_long_updates_are_shown_at_once_where_the_terminal_can() -> None:
    app = Compared(enrolment_of(STEPS["login"]), 80, 24)
    writes: list[str] = []

    async def listen(pilot: Pilot[None]) -> None:
        driver = app._driver
        assert isinstance(driver, Writing)
        await pilot.pause(0.1)
        app._sync_available = True
        patch.setattr(driver, "write", writes.append)
        await pilot.press("x")
        await pilot.pause(0.1)
        app.action_redraw()
        await pilot.pause(0.1)
        app.exit(return_code=0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compared, "_display", SparingApp._display)
        await app.play(listen, (80, 24))
    short, long = [text for text in writes if len(text) <= ATOMIC], [text for text in writes if len(text) > ATOMIC]
    assert short
    assert not any("2026" in text for text in short)
    assert long
    assert all(text.startswith("\x1b[?2026h") and text.endswith("\x1b[?2026l") for text in long)


# -------------------------------------------------------------------------------------- text of every kind

STYLES = [
    Style.null(), Style(color="red"), Style(color="#102030", bgcolor="#ffeedd"), Style(bold=True, bgcolor="blue"),
    Style(underline=True), Style(reverse=True, color="green"), Style(bgcolor="#ffeedd"), Style(dim=True, italic=True),
    Style(bold=True, dim=True, color="color(200)"), Style(strike=True, bgcolor="bright_white"),
]  # fmt: skip
TEXTS = [" ", "  ", "      ", "a", "Suivant", "[x]", "é", "世", "界", "e\u0301", "a\u0327\u0301", "●", "·", "  ␣ "]


def strip_of(chance: random.Random, width: int) -> Strip:
    segments = [Segment(chance.choice(TEXTS), chance.choice(STYLES)) for _ in range(width)]
    return Strip(segments).adjust_cell_length(width, chance.choice(STYLES))


def whole_of(chance: random.Random, size: Size) -> Update:
    return LayoutUpdate([[strip_of(chance, size.width)] for _ in range(size.height)], size.region)


def part_of(chance: random.Random, size: Size) -> Update:
    """Some spans of some rows, cut at one place into two widgets."""
    cut = chance.randrange(1, size.width)
    chops = [{0: strip_of(chance, cut), cut: strip_of(chance, size.width - cut)} for _ in range(size.height)]
    spans = []
    for y in sorted(chance.sample(range(size.height), chance.randrange(1, size.height))):
        first = chance.randrange(size.width)
        spans.append((y, first, chance.randrange(first, size.width) + 1))
    return ChopsUpdate(chops, spans, [[cut, size.width]] * size.height)


@pytest.mark.parametrize("system", [ColorSystem.STANDARD, ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR])
@pytest.mark.parametrize("erases_in_colour", [True, False])
def test_any_text_arrives_as_textual_would_have_sent_it(system: ColorSystem, erases_in_colour: bool) -> None:
    chance, console = random.Random(int(system)), App[None]().console
    console._color_system = system
    for _ in range(30):
        size = Size(chance.randrange(3, 30), chance.randrange(2, 6))
        display, stock, ours = Display(erases_in_colour), Terminal(*size), Terminal(*size)
        for turn in range(8):
            update = whole_of(chance, size) if not turn else chance.choice([whole_of, part_of])(chance, size)
            cursor = Offset(chance.randrange(size.width), chance.randrange(size.height))
            changes = display.changes(update, system, cursor)
            assert erases_in_colour or "\x1b[K" not in changes
            stock.stream.feed(update.render_segments(console) + f"\x1b[{cursor.y + 1};{cursor.x + 1}H")
            ours.stream.feed(changes)
            assert_alike(ours, stock)
            assert display.changes(update, system, cursor) == ""


@pytest.mark.parametrize("grapheme", ["👩‍💻", "☎️", "❤️", "🇫🇷", "각", "नि"])
def test_what_stands_behind_a_grapheme_of_doubtful_width_stands_where_it_should(grapheme: str) -> None:
    display, terminal = Display(True), Terminal(20, 1)
    for text in ("abcdefghij", f"a{grapheme}|fin", "abcdefghij", f"{grapheme}{grapheme}|fin"):
        update = LayoutUpdate([[Strip([Segment(text)]).adjust_cell_length(20)]], Region(0, 0, 20, 1))
        terminal.stream.feed(display.changes(update, ColorSystem.EIGHT_BIT, Offset(0, 0)))
        if "|" in text:
            before = width_of(text.partition("|")[0])
            assert terminal.screen.display[0].rstrip().endswith("|fin")
            assert terminal.screen.buffer[0][before].data == "|"
        else:
            assert terminal.screen.display[0].strip() == text


# ------------------------------------------------------------------------------------------------- the ink


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("other", STYLES)
def test_an_ink_is_reached_from_any_other(style: Style, other: Style) -> None:
    inks = [ink_of(Strip.render_ansi(each, ColorSystem.EIGHT_BIT)) for each in (other, style)]
    pen, sent = RESET, ""
    for ink in inks:
        sequence, pen = change(pen, ink)
        sent += sequence
    directly, by_steps = Terminal(2, 1), Terminal(2, 1)
    by_steps.stream.feed(f"{sent}x")
    directly.stream.feed(f"\x1b[{Strip.render_ansi(style, ColorSystem.EIGHT_BIT)}mx")
    assert by_steps.picture() == directly.picture()
    assert change(pen, inks[1]) == ("", pen)


def test_a_blank_needs_no_more_than_its_background() -> None:
    red_on_white = ink_of("1;31;47")
    assert change(red_on_white, on_blank(ink_of("32;47")))[0] == ""
    assert change(red_on_white, on_blank(ink_of("32;44")))[0] == "\x1b[44m"
    assert change(ink_of("4;31"), on_blank(ink_of("32")))[0] != ""


# ----------------------------------------------------------------------------- Textual's private names that we use


@pytest.mark.parametrize(
    "name", ["_display", "_batch_count", "_running", "_closed", "_driver", "_sync_available", "_size"]
)
def test_the_app_still_has(name: str) -> None:
    assert hasattr(App[None](), name)


def test_the_console_still_has_its_colour_system() -> None:
    assert App[None]().console._color_system in (None, *ColorSystem)


def test_an_update_still_holds_what_we_read() -> None:
    size = Size(4, 2)
    assert LayoutUpdate([], size.region).strips == []
    part = ChopsUpdate([{0: Strip.blank(4)}] * 2, [(0, 0, 4)], [[4]] * 2)
    assert (len(part.chops), part.spans, part.chop_ends) == (2, [(0, 0, 4)], [[4], [4]])
    assert {"render_full_update", "render_partial_update"} <= set(dir(Compositor))
