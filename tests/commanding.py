"""``perron-backend`` told what to do, and what it said.

``run`` does it in this process, which has imported already what takes a command most of its time; ``run_outside`` in
one of its own, as whoever installs Perron does. That both say the same, test_backend_cli.py sees.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from io import StringIO
from typing import NamedTuple

import pytest

from backend.cli import main

COMMAND = (sys.executable, "-I", "-m", "backend.cli")
FRENCH = "fr_FR.UTF-8"


class Done(NamedTuple):
    """How a command ended, and what it wrote where."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: object, lang: str = FRENCH, stdin: str = "", **environment: str) -> Done:
    """Any command but ``serve`` and ``export``, which write as processes do, and none while a house of this process is
    open: both send mails."""
    told, said = StringIO(), StringIO()
    with ExitStack() as after:
        after.callback(os.umask, os.umask(0o077))
        patch = after.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(sys, "stdin", StringIO(stdin))
        for name, value in {"LC_ALL": lang, **environment}.items():
            patch.setenv(name, value)
        after.enter_context(redirect_stdout(told))
        after.enter_context(redirect_stderr(said))
        # In a thread, since whoever asks may stand in an event loop.
        apart = after.enter_context(ThreadPoolExecutor(1))
        return Done(apart.submit(_status, [*map(str, arguments)]).result(60), told.getvalue(), said.getvalue())


def run_outside(*arguments: object, lang: str = FRENCH, stdin: str = "", **environment: str) -> Done:
    """Any command."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "LC_ALL": lang, **environment},
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def _status(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
