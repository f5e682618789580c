"""Whether a colour can be read on another (WCAG 2.2 §1.4.3), and the nearest shade of it that can."""

READABLE = 4.5
_STEPS = 32


def contrast(one: str, other: str) -> float:
    """1 to 21, of two colours ``#rrggbb``."""
    darker, lighter = sorted((_luminance(_channels(one)), _luminance(_channels(other))))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, ground: str, least: float = READABLE) -> str:
    """``colour`` itself where it reaches ``least``:1 on ``ground``, else with as little black or white as it takes."""
    towards = (0, 0, 0) if contrast(ground, "#000000") > contrast(ground, "#ffffff") else (255, 255, 255)
    shades = (_mixed(_channels(colour), towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(shade for shade in shades if contrast(shade, ground) >= least)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _mixed(colour: tuple[int, ...], with_: tuple[int, ...], share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(colour, with_, strict=True))


def _luminance(channels: tuple[int, int, int]) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (x / 255 for x in channels)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
