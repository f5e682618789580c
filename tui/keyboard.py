"""The keys that Perron needs, tried one by one: a terminal or a desktop may keep some of them for itself."""

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from textual import events
from textual._xterm_parser import XTermParser

from screens.words import _

NEEDED = ("tab", "shift+tab", "up", "down", "space", "escape", "f1", "f2", "f3", "f4", "f10")
_ENDING = ("enter", "ctrl+c")
_SAY_EVERY_KEY, _SAY_AS_BEFORE = "\x1b[>25u", "\x1b[<u"
"""kitty's protocol, as a screen of ours asks for it."""
_PAUSE = 0.2
"""Seconds after which a lone escape is a key, and no longer the beginning of one."""


def try_keys() -> list[str]:
    """Ask for every needed key on the terminal and tell each as it comes, until Enter; those that did not come."""
    print(_("Press each of these keys, in any order; Enter ends: {keys}").format(keys=", ".join(NEEDED)))
    missing = list(NEEDED)
    with _raw() as descriptor:
        for key in _pressed(descriptor):
            if key in _ENDING:
                break
            print(f"  {key}", end="\r\n", flush=True)
            missing = [name for name in missing if name != key]
    return missing


@contextmanager
def _raw() -> Iterator[int]:
    """The keyboard as a screen of ours has it: key by key, and nothing shown."""
    stream = sys.stdin
    before = termios.tcgetattr(stream)
    try:
        tty.setraw(stream)
        print(_SAY_EVERY_KEY, end="", flush=True)
        yield stream.fileno()
    finally:
        print(_SAY_AS_BEFORE, end="", flush=True)
        termios.tcsetattr(stream, termios.TCSADRAIN, before)


def _pressed(descriptor: int) -> Iterator[str]:
    parser = XTermParser()
    while True:
        readable, __, __ = select.select([descriptor], [], [], _PAUSE)
        data = os.read(descriptor, 1024) if readable else b""
        if readable and not data:
            return
        for event in parser.feed(data.decode("utf-8", "replace")) if data else parser.tick():
            if isinstance(event, events.Key):
                yield event.key
