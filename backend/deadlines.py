"""Until when a link works (domain.md §3.1): reckoned on the institution's clock, kept and compared in UTC."""

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

PARIS = ZoneInfo("Europe/Paris")

_LAST_SECOND = time(23, 59, 59)
_SECOND = timedelta(seconds=1)


class LinkPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long one kind of link works. In TOML, durations are ISO 8601: ``"PT24H"``, ``"P7D"``."""

    policy: Literal["same_day_2359", "next_day_2359", "duration"]
    at_least: timedelta | None = None
    """A floor: the eve of the spring clock change would leave less than the 24 h that the mail promises."""
    min_lifetime: timedelta | None = None
    """With ``same_day_2359``: when less remains of the day, the link works until the end of the next one."""
    duration: timedelta | None = None

    def __post_init__(self) -> None:
        if (self.duration is not None) != (self.policy == "duration"):
            raise ValueError('`duration` goes with `policy = "duration"`, and only with it')
        if self.min_lifetime is not None and self.policy != "same_day_2359":
            raise ValueError('`min_lifetime` goes with `policy = "same_day_2359"` only')
        if any(span is not None and span < timedelta(0) for span in (self.at_least, self.min_lifetime, self.duration)):
            raise ValueError("a link’s time cannot be negative")


def deadline(issued_at: datetime, policy: LinkPolicy, zone: ZoneInfo = PARIS) -> datetime:
    """The last second, in UTC, in which a link issued at ``issued_at`` (aware) still works."""
    issued = issued_at.astimezone(UTC)
    if policy.duration is not None:
        last = issued + policy.duration
    elif policy.policy == "same_day_2359":
        last = _end_of_day(issued, 0, zone)
        if policy.min_lifetime is not None and last - issued < policy.min_lifetime:
            last = _end_of_day(issued, 1, zone)
    else:
        last = _end_of_day(issued, 1, zone)
    if policy.at_least is not None:
        last = max(last, issued + policy.at_least)
    return last.replace(microsecond=0)


def is_over(deadline: datetime, now: datetime) -> bool:
    """Whether the deadline's second has passed: at 23:59:59.9 a link still works, at 00:00:00 it does not."""
    return now.astimezone(UTC) >= deadline.astimezone(UTC) + _SECOND


def _end_of_day(issued: datetime, days_later: int, zone: ZoneInfo) -> datetime:
    day = issued.astimezone(zone).date() + timedelta(days=days_later)
    return datetime.combine(day, _LAST_SECOND, tzinfo=zone).astimezone(UTC)
