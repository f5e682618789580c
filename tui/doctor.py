"""``perron doctor``: is everything here that a start needs? One line for each thing, and what to do where it is not."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from api_client.problems import PerronError
from screens.words import _
from tui.embedded import EmbeddedFailed
from tui.endings import in_words
from tui.service import Service
from tui.settings import Settings
from tui.terminal import drawing, hindrance, obstacle

SMALLEST_COLS, SMALLEST_ROWS = 40, 15
STARTING_SECONDS = 30.0


class Finding(NamedTuple):
    """One thing looked at. ``remedy`` is empty when nothing is to be changed."""

    thing: str
    seen: str
    remedy: str = ""


def examine(backend: str, settings: Settings) -> int:
    """Print every finding; returns 0 when all is well and 1 when something is to be changed."""
    ill = False
    for finding in _findings(backend, settings):
        ill = ill or bool(finding.remedy)
        mark = _("CHANGE") if finding.remedy else "OK"
        print(f"{mark:8} {finding.thing}: {finding.seen}", flush=True)
        if finding.remedy:
            print(f"         {finding.remedy}", flush=True)
    print(_("Something is to be changed.") if ill else _("All is well."))
    return int(ill)


def _findings(backend: str, settings: Settings) -> Iterator[Finding]:
    yield Finding("Python", ".".join(map(str, sys.version_info[:3])), _python())
    yield _terminal()
    if not obstacle():
        yield _size()
        yield _characters()
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


def _characters() -> Finding:
    encoding = getattr(sys.__stderr__, "encoding", "") or "?"
    # Nothing is to be changed: without Unicode, screens are drawn in ASCII and the pairing key is shown as text.
    ascii_look = _("{encoding} (drawn in ASCII)").format(encoding=encoding)
    return Finding(_("Characters"), encoding if drawing("full").unicode else ascii_look)


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
