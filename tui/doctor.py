"""``perron doctor``: is everything here that a start needs? One line for each thing, and what to do where it is not."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from api_client.problems import PerronError
from screens.looks import LOOKS, MONOCHROME
from screens.words import _
from tui.appearance import Appearance
from tui.embedded import EmbeddedFailed
from tui.endings import in_words
from tui.service import Service
from tui.settings import Settings
from tui.terminal import (
    QR_COLS,
    QR_ROWS,
    WIDE_QR_COLS,
    WIDE_QR_ROWS,
    colours,
    drawing,
    encoding,
    hindrance,
    look_here,
    obstacle,
)
from tui.themes import STANDARD

SMALLEST_COLS, SMALLEST_ROWS = 40, 15
STARTING_SECONDS = 30.0


class Finding(NamedTuple):
    """One thing looked at. ``remedy`` is empty when nothing is to be changed."""

    thing: str
    seen: str
    remedy: str = ""


def examine(backend: str, settings: Settings, *, keys: bool = False) -> int:
    """Print every finding; returns 0 when all is well and 1 when something is to be changed.

    On a terminal there is more to look at, and with ``keys`` to press; elsewhere not one escape sequence is written.
    """
    ill = False
    for finding in _findings(backend, settings, keys):
        ill = ill or bool(finding.remedy)
        mark = _("CHANGE") if finding.remedy else "OK"
        print(f"{mark:8} {finding.thing}: {finding.seen}", flush=True)
        if finding.remedy:
            print(f"         {finding.remedy}", flush=True)
    print(_("Something is to be changed.") if ill else _("All is well."))
    if _is_seen():
        from tui.rulers import rulers

        for line in rulers(Appearance.here(settings)):
            print(line)
    return int(ill)


def _is_seen() -> bool:
    """Whether somebody looks at a terminal that can be drawn on."""
    return not (obstacle() or hindrance()) and sys.stdout.isatty()


def _findings(backend: str, settings: Settings, keys: bool) -> Iterator[Finding]:
    yield Finding("Python", ".".join(map(str, sys.version_info[:3])), _python())
    yield _terminal()
    if not obstacle():
        yield _size()
        yield Finding(_("Encoding"), encoding() or "?")
        yield _look(settings)
        yield _colours()
        yield _qr_code(settings)
    if keys and _is_seen():
        yield _keyboard()
    yield Finding(_("Language"), settings.locale)
    for directory in (settings.data, settings.logs):
        yield _directory(directory)
    yield asyncio.run(_service(backend, settings))


def _python() -> str:
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return "" if supported else _("Perron is tested with Python 3.11 to 3.13: install one of these.")


def _terminal() -> Finding:
    hindered = obstacle() or hindrance()
    return Finding(_("Terminal"), os.environ.get("TERM", "-"), hindered)


def _size() -> Finding:
    cols, rows = drawing("full").cols, drawing("full").rows
    small = cols < SMALLEST_COLS or rows < SMALLEST_ROWS
    remedy = _("Enlarge the window to at least {cols} × {rows}.").format(cols=SMALLEST_COLS, rows=SMALLEST_ROWS)
    return Finding(_("Window"), f"{cols} × {rows}", remedy if small else "")


def _look(settings: Settings) -> Finding:
    look = look_here(settings)
    asked = settings.look is not None
    # Nothing is to be changed: all can be read in every look.
    seen = _("{look} (as asked for)") if asked else _("{look} (--look chooses another: {looks})")
    return Finding(_("Look"), seen.format(look=look, looks=", ".join(LOOKS)))


def _colours() -> Finding:
    known = colours(os.environ)
    if known <= MONOCHROME:
        return Finding(_("Colours"), _("none (NO_COLOR, or a terminal of two)"))
    if known <= STANDARD:
        return Finding(_("Colours"), _("16 (TERM=xterm-256color or COLORTERM=truecolor say that there are more)"))
    return Finding(_("Colours"), str(known))


def _qr_code(settings: Settings) -> Finding:
    here = drawing("full")
    needed = (QR_COLS, QR_ROWS) if look_here(settings) == "full" else (WIDE_QR_COLS, WIDE_QR_ROWS)
    fits = here.cols >= needed[0] and here.rows >= needed[1]
    # Nothing is to be changed: whatever a code says can be typed instead.
    small = _("no room (about {cols} × {rows} are needed); its key is shown instead")
    return Finding(_("QR code"), _("fits") if fits else small.format(cols=needed[0], rows=needed[1]))


def _keyboard() -> Finding:
    from tui.keyboard import NEEDED, try_keys

    missing = try_keys()
    remedy = _("These did not come: {keys}. The terminal or the desktop may keep them: look in its settings.")
    came = ", ".join(key for key in NEEDED if key not in missing) or "-"
    return Finding(_("Keyboard"), came, remedy.format(keys=", ".join(missing)) if missing else "")


def _directory(directory: Path) -> Finding:
    nearest = directory
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    writable = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    remedy = _("Make {path} writable, or name another directory in PERRON_HOME.").format(path=nearest)
    return Finding(_("Directory"), str(directory), "" if writable else remedy)


async def _service(backend: str, settings: Settings) -> Finding:
    """Really ask it; the embedded one is really started, and ended."""
    thing = _("Service") if backend else _("Demonstration")
    with Service(backend, settings) as service:
        try:
            client = await asyncio.wait_for(service.reach(), STARTING_SECONDS)
        except EmbeddedFailed as failed:
            return Finding(thing, "-", in_words(failed))
        except TimeoutError:
            return Finding(thing, "-", _("It did not start within {n} seconds.").format(n=round(STARTING_SECONDS)))
        try:
            catalogue = await client.catalogue()
        except PerronError as problem:
            return Finding(thing, backend, in_words(problem))
        finally:
            await client.close()
    return Finding(thing, ", ".join((catalogue.institution, *(offer.id for offer in catalogue.journeys))))
