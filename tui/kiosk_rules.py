"""What an administrator decides for a kiosk: how long nobody may touch it, and what its scanner adds to a login."""

from collections.abc import Mapping
from typing import NamedTuple

from screens.words import _

LONGEST_WAIT = 3600.0

OPTIONS = ("cover-after", "end-after", "scan-prefix", "scan-suffix", "scan-journey", "supervisor")


class KioskRules(NamedTuple):
    """Seconds are counted from the last key that arrived."""

    cover_after: float = 60.0
    """Until everything personal is hidden. Where nothing could bring it back, the session ends instead."""
    end_after: float = 180.0
    """Until the session ends; not while a mail or a phone is awaited."""
    scan_prefix: str = ""
    scan_suffix: str = ""
    """What the scanner sends before and after the login, besides the final Enter."""
    scan_journey: str = ""
    """The journey that a scanned letter begins; empty for ``--journey``, or the first one there is."""
    supervisor: int = 0
    """The process that starts one wizard per person; 0 in that process itself. No administrator says this one."""


def read_rules(options: Mapping[str, str]) -> KioskRules:
    """The rules among ``options``, by their names on the command line; raises ValueError with a sentence."""
    rules = KioskRules(
        cover_after=_seconds(options, "cover-after", KioskRules().cover_after),
        end_after=_seconds(options, "end-after", KioskRules().end_after),
        scan_prefix=options.get("scan-prefix", ""),
        scan_suffix=options.get("scan-suffix", ""),
        scan_journey=options.get("scan-journey", ""),
        supervisor=int(_seconds(options, "supervisor", 0, most=2**22)),
    )
    if rules.end_after <= rules.cover_after:
        raise ValueError(_("--end-after must be longer than --cover-after."))
    return rules


def _seconds(options: Mapping[str, str], name: str, usual: float, most: float = LONGEST_WAIT) -> float:
    try:
        seconds = float(options.get(name, usual))
    except ValueError:
        seconds = -1
    if not (0 < seconds <= most or name not in options):
        raise ValueError(_("--{option} is a number between 1 and {most}.").format(option=name, most=round(most)))
    return seconds
