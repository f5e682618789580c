"""The ``perron-backend`` command, in French, or in English where the locale of the environment is English.

Exit status: 0 done; 1 it could not be done, and one sentence on standard error says why and what to do (for
``verify-password``: the password is wrong; for ``audit verify``: the chain is broken); 2 the command was not
understood, or nobody has that login.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any

from backend.arguments import command_line
from backend.mistakes import Mistake, language_of_terminal

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def main(argv: list[str] | None = None) -> int:
    """Entry point. Returns the exit status."""
    language = language_of_terminal()
    arguments = command_line(language).parse_args(argv)
    module, _, name = arguments.does.partition(":")
    try:
        command: Command = getattr(import_module(f"backend.commands.{module}"), name)
        return asyncio.run(command(arguments))
    except Mistake as mistake:
        print(mistake.told(language), file=sys.stderr)
        return mistake.exit_status
    except KeyboardInterrupt:
        return 130  # as a shell says it: 128 and the number of SIGINT


if __name__ == "__main__":
    sys.exit(main())
