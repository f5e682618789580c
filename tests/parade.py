"""Every screen of the gallery, one after the other in one App, as it looks on one kind of terminal.

::

    for seen in await parade(Appearance(look_named("ascii"), colours=2), (80, 24), (40, 15)):
        assert seen.text.isascii(), seen.name
"""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.widgets import Input

from api_client.contract import Drawing
from screens.attract import AttractScreen
from screens.cover import CoverScreen
from screens.frame import screen_for
from screens.help import HelpScreen
from screens.leaving import LeavingScreen
from screens.page import Page
from screens.resume import ResumeScreen
from screens.unreachable import UnreachableScreen
from screens.welcome import WelcomeScreen
from tests.doors import ALL_DOORS
from tests.screen_playing import changed
from tests.screens_gallery import CATALOGUE, STEPS, Gallery, enrolment_of
from tui.appearance import Appearance

Size = tuple[int, int]

PAGES: dict[str, Callable[[], Page]] = {
    "welcome": lambda: WelcomeScreen(ALL_DOORS),
    "help": lambda: HelpScreen(CATALOGUE, "login"),
    "leaving": lambda: LeavingScreen(CATALOGUE),
    "resume": lambda: ResumeScreen(CATALOGUE),
    "unreachable": lambda: UnreachableScreen(None, "Le service ne répond pas.", 5.0),
    "attract": lambda: AttractScreen(""),
    "cover": lambda: CoverScreen(CATALOGUE, "Nom de connexion", lambda _: False),
    **{kind: lambda kind=kind: screen_for(enrolment_of(STEPS[kind]), CATALOGUE) for kind in STEPS},  # type: ignore[misc]
    "a refusal": lambda: screen_for(
        enrolment_of(changed(STEPS["login"], errors={"login": "Connexion refusée.", "": "Réessayez."})), CATALOGUE
    ),
    "good news": lambda: screen_for(enrolment_of(changed(STEPS["login"], notice="Votre adresse est là.")), CATALOGUE),
}
"""Every step, and every page that is none."""


class Seen(NamedTuple):
    """One screen at one size. ``strips``: row by row, what has one style."""

    name: str
    size: Size
    strips: list[list[Segment]]

    @property
    def rows(self) -> list[str]:
        return ["".join(segment.text for segment in strip) for strip in self.strips]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    @property
    def words(self) -> Iterator[tuple[str, Style]]:
        """What is to be read, with its style; a sign alone repeats the words beside it."""
        for strip in self.strips:
            for segment in strip:
                if segment.style is not None and any(map(str.isalnum, segment.text)):
                    yield segment.text, segment.style

    def __str__(self) -> str:
        return f"{self.name} at {self.size[0]}×{self.size[1]}:\n{self.text}"


async def parade(appearance: Appearance, *sizes: Size, only: Collection[str] = ()) -> list[Seen]:
    """Each page, or those with the names in ``only``, at each of ``sizes``, with something typed in its first field."""
    drawing = Drawing(colours=appearance.colours, unicode=appearance.look.name == "full")
    passed = []
    app = Gallery(WelcomeScreen(CATALOGUE), drawing=drawing, appearance=appearance)
    async with app.run_test(size=sizes[0]) as pilot:
        for name, make in PAGES.items():
            if only and name not in only:
                continue
            await app.switch_screen(make())
            await pilot.pause()
            if isinstance(app.focused, Input):
                app.focused.value = "Élodie…"
            app.notify("F10 quitte.", timeout=60, markup=False) if name == "login" else app.clear_notifications()
            for size in sizes:
                await pilot.resize_terminal(*size)
                await pilot.pause()
                passed.append(Seen(name, size, [list(strip) for strip in app.screen._compositor.render_strips()]))
    return passed
