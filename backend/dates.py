"""Instants as people read them, in their language and on the institution's clock.

Babel, which knows how every language writes them (CLDR), is imported at the first one: it would slow every start.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from api_client.contract import Locale
from backend.deadlines import PARIS


class _Custom(NamedTuple):
    """How a language of ours writes them: patterns of CLDR, and what stands around them."""

    day: str
    first_of_month: str
    clock: str
    joined: str
    placed: str


_OURS = {
    "fr": _Custom("d MMMM y", "d'er' MMMM y", "H 'h' mm", "{day} à {clock}", "{instant} (heure de {city})"),
    "en": _Custom("d MMMM y", "d MMMM y", "HH:mm", "{day} at {clock}", "{instant} ({city} time)"),
}
_OTHERS = ("{day}, {clock}", "{instant} ({city})")


def in_words(instant: datetime, locale: Locale, zone: ZoneInfo = PARIS) -> str:
    """« mercredi 4 novembre 2026 à 23 h 59 (heure de Paris) », “Wednesday 4 November 2026 at 23:59 (Paris time)”."""
    from babel.dates import get_timezone_location

    locale = _written(locale)
    custom = _OURS.get(locale)
    joined, placed = (custom.joined, custom.placed) if custom else _OTHERS
    day = day_in_words(instant, locale, zone, weekday=True)
    told = joined.format(day=day, clock=clock_in_words(instant, locale, zone))
    return placed.format(instant=told, city=get_timezone_location(zone, locale=locale, return_city=True))


def day_in_words(instant: datetime, locale: Locale, zone: ZoneInfo = PARIS, *, weekday: bool = False) -> str:
    """« 4 novembre 2026 » or “4 November 2026”; with ``weekday``, its name before it."""
    from babel.dates import format_date

    local, locale = instant.astimezone(zone), _written(locale)
    if custom := _OURS.get(locale):
        pattern = custom.first_of_month if local.day == 1 else custom.day
        return format_date(local, f"EEEE {pattern}" if weekday else pattern, locale=locale)
    return format_date(local, "full" if weekday else "long", locale=locale)


def clock_in_words(instant: datetime, locale: Locale, zone: ZoneInfo = PARIS) -> str:
    """« 14 h 05 » or “14:05”."""
    from babel.dates import format_time

    locale = _written(locale)
    custom = _OURS.get(locale)
    return format_time(instant.astimezone(zone), custom.clock if custom else "short", locale=locale)


def _written(locale: Locale) -> Locale:
    """``locale`` where CLDR has it, else English."""
    from babel import localedata

    return locale if localedata.exists(locale) else "en"
