"""Row 13 of the hardening table (docs/security.md): what no terminal should send, four hundred pieces at a time.

A thousand runs go through our driver, with its thread, its decoder and its parser; some of them through a whole wizard
in this process, each on another kind of screen (teletype.py); and ten to a program of its own on a real pty.
``PERRON_RUNS=1000`` sends as many to each of the three, which ``make soak`` does.
"""

import asyncio
import os
import random
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual import events
from textual.app import App
from textual.message import Message

from api_client.contract import Enrolment
from tests.screens_gallery import CATALOGUE, STEPS, enrolment_of
from tests.scripted_backend import ScriptedBackend, until
from tests.teletype import Heartbeat, Teletype, speaking_to
from tests.walking import KEYS, PERRON, Walk
from tui.wizard import Wizard

pytestmark = pytest.mark.slow

TOKENS = 400
"""Pieces in a run."""

ASKED_FOR = int(os.environ.get("PERRON_RUNS", "0"))
RUNS, RUNS_OF_A_WIZARD, RUNS_ON_A_PTY = (ASKED_FOR or usual for usual in (1_000, len(STEPS), 10))
"""Through the driver alone; through driver, wizard and drawing, on every kind of screen; to a program on a terminal."""

MOST_SECONDS = 1.0
"""Of the processor, which a busy machine does not make longer: nobody is kept waiting for more."""

SEQUENCES = [
    b"\xff",  # no UTF-8
    b"\xe9",  # é of a Latin-1 keyboard
    b"\xf0\x9f",  # half of a character
    b"\xed\xa0\x80",  # a surrogate
    "é世😀\u202e\u200b\ufeff".encode(),
    b"\x1b",
    b"\x1b\x1b[",
    b"\x1b[1114112u",  # a key beyond Unicode
    b"\x1b[97:65:65;5:3;65u",
    b"\x1b[27;9999999999u",
    b"\x1b[57358;1:2u",
    b"\x1b[48;30000;30000;0;0t",  # an enormous window
    b"\x1b[48;0;0;0;0t",
    b"\x1b[200~",
    b"\x1b[201~",
    b"\x1b[201~\x11",
    b"\x1b[<0;10;10M\x1b[<0;10;10m",
    b"\x1b[<35;99999;-1M",
    b"\x1b[<64;0;0M",
    b"\x1b[M\xff\xff\xff",
    b"\x1b]52;c;QUFBQQ==\x07",
    b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1b[?2026;2$y",
    b"\x1b[?2048;1$y",
    b"\x1b[?1;2c",
    b"\x1b[999999999999;1R",
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[" + b"1;" * 40,
    *(sequence.encode() for name, sequence in KEYS.items() if name not in ("f1", "f2", "f3", "f4", "f9", "f10")),
]
"""What is malformed, what is a key, and what begins and never ends."""

SELDOM = [KEYS[name].encode() for name in ("f1", "f2", "f4", "f9")]
"""Each of these draws a whole screen, and would take all the time."""

NEVER = [KEYS[name].encode() for name in ("f3", "f10")]
"""One leads to plain mode, which is assailed in test_terminal_plain.py; the other rightly leaves."""

SOBER = b"\x18\x1b[201~"
"""The end of whatever was begun: a paste that nobody ends would swallow what follows, as row 18 says."""


def garbage(seed: int) -> bytes:
    """The same for a seed everywhere: half of it sequences, half of it any byte."""
    chance = random.Random(seed)
    pieces = [chance.choice(SEQUENCES) if chance.random() < 0.5 else chance.randbytes(1) for _ in range(TOKENS)]
    pieces[chance.randrange(TOKENS)] = chance.choice(SELDOM)
    data = b"".join(pieces)
    for key in NEVER:
        data = data.replace(key, b"")
    return data + SOBER


class Wandering(ScriptedBackend):
    """Answers whatever is said with a step that has nothing to do with it, of each kind in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.offers = msgspec.structs.replace(CATALOGUE, demonstration=False)  # F9 would ask it for people
        self._revision = 0

    def step(self, number: int) -> Enrolment:
        self._revision += 1
        step = list(STEPS.values())[number % len(STEPS)]
        return msgspec.structs.replace(enrolment_of(step), revision=self._revision)

    async def _reply(self, said: Any) -> Enrolment:
        return self.step(self._revision)


class Eavesdropper(Teletype):
    """A driver without a wizard: what it would tell one is kept. F12, which nothing here means, tells where we are."""

    def __init__(self) -> None:
        super().__init__(App[None]())
        self.heard: list[Message] = []

    def send_message(self, message: Message) -> None:
        self.heard.append(message)

    async def hears_f12(self) -> None:
        async with asyncio.timeout(60):
            while not any(isinstance(heard, events.Key) and heard.key == "f12" for heard in self.heard):
                self.type(b"\x1b[24~")
                await asyncio.sleep(0.001)


async def test_row_13_a_thousand_runs_of_garbage_through_the_driver() -> None:
    driver = Eavesdropper()
    driver.start_application_mode()
    keys = 0
    for seed in range(RUNS):
        driver.refill()
        driver.heard.clear()
        begun = time.process_time()
        driver.type(garbage(seed))
        await driver.hears_f12()
        assert time.process_time() - begun < MOST_SECONDS, f"seed {seed}"
        assert not [heard for heard in driver.heard if isinstance(heard, events.Resize)], "row 14"
        keys += len([heard for heard in driver.heard if isinstance(heard, events.Key)])
    driver.disable_input()
    driver.close()
    assert keys > 50 * RUNS, "much of it became keys"


async def test_row_13_garbage_on_every_screen(tmp_path: Path) -> None:
    screens: set[str] = set()
    seeds = iter(range(RUNS_OF_A_WIZARD))
    async with Heartbeat() as heartbeat:
        while (seed := next(seeds, None)) is not None:
            wizard = await _assailed(tmp_path, chain([seed], seeds), screens)
            assert not wizard.last_words, seed
            assert not wizard.return_code
    assert heartbeat.longest < MOST_SECONDS, "nobody waits"
    assert len(screens) > len(STEPS) / 2


async def _assailed(home: Path, seeds: Iterable[int], screens: set[str]) -> Wizard:
    """A wizard that was sent garbage from ``seeds`` until there were none left, or until Enter on a last screen."""
    backend = Wandering()
    wizard = speaking_to(backend, home, journey="activation-letter")
    async with Teletype.showing(wizard, (40, 15)) as teletype:
        await until(lambda: backend.listeners)
        for seed in seeds:
            backend.news.put_nowait(backend.step(seed))
            teletype.refill()
            teletype.type(garbage(seed))
            stays = await teletype.redraws()
            screens.add(type(wizard.page).__name__)
            if not stays:
                break
    return wizard


def test_row_13_garbage_on_a_real_terminal(tmp_path: Path) -> None:
    with Walk([PERRON, "--backend", "http://127.0.0.1:1", "--lang", "fr"], home=tmp_path) as walk:
        walk.see("F10")
        for seed in range(RUNS_ON_A_PTY):
            walk.send(garbage(seed))
            for opened in (True, False):  # after a flood of keys the first ones are dropped
                heard = any(helps(walk, opened) for _ in range(100))
                assert heard, "\n".join([f"nothing is answered after seed {seed}:", *walk.lines])


def helps(walk: Walk, opened: bool) -> bool:
    """Whether F1 opens the help soon, or Esc closes it, in either language: garbage may have pressed F2."""
    try:
        walk.press("f1" if opened else "escape")
        (walk.see if opened else walk.see_no_more)("Échap Fermer|Esc Close", seconds=0.4)
    except AssertionError:
        return False
    return True
