"""The program and its terminal: what a terminal sends cannot harm it, and it leaves the terminal as it was.

Everything here runs ``perron`` on a real pty. No backend is needed: it says that none can be reached.
"""

import re
import signal
import termios
import time
from itertools import pairwise
from pathlib import Path

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START

from tests.backend_process import is_running
from tests.walking import KITTY, PERRON, Walk
from tui.driver import EXIT_TERMINAL_GONE, Bucket, PasteLimit

NOBODY = [PERRON, "--backend", "http://127.0.0.1:1", "--lang", "fr"]
RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[<u", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?1004l")


def _gone_within(pid: int, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while is_running(pid):
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("ignored", [False, True], ids=["hung up", "hung up under nohup"])
def test_row_27_a_terminal_that_goes_away_takes_the_program_with_it(tmp_path: Path, ignored: bool) -> None:
    command = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *NOBODY] if ignored else NOBODY
    with Walk(command, home=tmp_path) as walk:
        walk.see("F10")
        walk.hang_up()
        assert _gone_within(walk.pid, 1)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize(
    ("how", "status"),
    [("f10", 0), (signal.SIGTERM, EXIT_TERMINAL_GONE), (signal.SIGINT, EXIT_TERMINAL_GONE)],
)
def test_row_26_29_leaving_restores_the_terminal(tmp_path: Path, how: str | signal.Signals, status: int) -> None:
    with Walk(NOBODY, home=tmp_path) as walk:
        before = termios.tcgetattr(walk.descriptor)
        walk.see("F10")
        begun = time.monotonic()
        if isinstance(how, str):
            walk.press(how)
        else:
            walk.signal(how)
        assert walk.end() == status
        assert time.monotonic() - begun < 1.5
        assert termios.tcgetattr(walk.descriptor) == before
        for sequence in RESTORED:
            assert sequence in walk.raw
        assert not walk.text, "nothing is left on the screen"
        only_one = pyte.Screen(80, 24)  # pyte's own has no second screen to put away, as little as the Linux console's
        pyte.Stream(only_one).feed(KITTY.sub("", walk.raw.decode()))
        assert not "".join(only_one.display).strip()
        assert (only_one.cursor.y, only_one.cursor.x) == (0, 0)


def test_row_16_a_bucket_lets_a_burst_through_and_then_a_trickle() -> None:
    bucket = Bucket(a_second=0.001, at_once=3)
    assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]


_PIECES = st.lists(
    st.sampled_from([BRACKETED_PASTE_START, BRACKETED_PASTE_END, "\x1b", "\x1b[20", "abc", "x" * 30, "1~"]), max_size=12
)


@given(_PIECES, st.lists(st.integers(0, 200), max_size=8))
def test_row_17_a_paste_within_the_limit_passes_however_it_is_cut(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces)
    limit = PasteLimit(10_000)
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    passed = "".join(limit.trim(text[a:b]) for a, b in pairwise(edges))
    assert passed == _without_escapes(text)[: len(passed)]
    assert BRACKETED_PASTE_END.startswith(text[len(passed) :]), "only what may begin its end is waited with"


def _without_escapes(text: str) -> str:
    """Each escape inside a paste made a character that no field takes and no parser obeys."""
    start, end = map(re.escape, (BRACKETED_PASTE_START, BRACKETED_PASTE_END))
    pasted = re.compile(f"({start})(.*?)({end}|$)", re.DOTALL)
    return pasted.sub(lambda found: found[1] + found[2].replace("\x1b", "\x1a") + found[3], text)


@given(st.integers(0, 300), st.lists(st.integers(0, 400), max_size=8))
def test_row_15_a_long_paste_is_cut_and_still_ends(length: int, cuts: list[int]) -> None:
    text = BRACKETED_PASTE_START + "x" * length + BRACKETED_PASTE_END + "after"
    limit = PasteLimit(100)
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    passed = "".join(limit.trim(text[a:b]) for a, b in pairwise(edges))
    assert passed == BRACKETED_PASTE_START + "x" * min(length, 100) + BRACKETED_PASTE_END + "after"
