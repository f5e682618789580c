"""What people and word processors put between the digits of a number."""

_SPACES = " \u00a0\u202f"
"""Plain, no-break and narrow no-break."""


def without(typed: str, signs: str = "") -> str:
    """``typed`` with no spaces and none of ``signs``."""
    return typed.translate(dict.fromkeys(map(ord, _SPACES + signs)))
