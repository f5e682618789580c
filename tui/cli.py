"""The ``perron`` command.

What takes long is imported as late as it can be: Textual once there is something to show, httpx once the first picture
is on the screen. The embedded backend starts then too: before, it would only take the processor from that picture.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.words import _
from tui.arguments import Arguments, Misuse, read_arguments, usage
from tui.settings import Settings, read_settings, scrub

if TYPE_CHECKING:
    from tui.service import Service
    from tui.wizard import Wizard

EXIT_BROKEN, EXIT_MISUSE = 1, 2


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status (``perron --help`` lists them)."""
    scrub(os.environ)
    try:
        arguments = read_arguments(sys.argv[1:] if words is None else words, os.environ)
    except Misuse as misuse:
        print(f"perron: {misuse}", file=sys.stderr)
        return EXIT_MISUSE
    settings = read_settings(os.environ, arguments.lang, arguments.looks)
    match arguments.command:
        case "help":
            _tell(usage())
        case "version":
            from importlib.metadata import version

            _tell(f"perron {version('perron')}")
        case "doctor":
            from tui.doctor import examine

            return examine(arguments.backend, settings, keys=arguments.keys)
        case "kiosk" if not arguments.kiosk.supervisor:
            return attend(sys.argv[1:] if words is None else words)
        case "go" | "kiosk":
            return go(arguments, settings)
    return 0


def _tell(text: str) -> None:
    """Print ``text``; whoever reads it (``| head``) may have read enough before the end."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python, which flushes it again at the end


def attend(words: Sequence[str]) -> int:
    """Show one wizard after the other, each told the same ``words``; see kiosk.py."""
    from tui.kiosk import Kiosk
    from tui.kiosk_terminal import KioskTerminal
    from tui.terminal import hindrance, obstacle

    if sentence := obstacle() or hindrance():  # lines can be told there, but not wiped
        print(f"perron: {sentence}", file=sys.stderr)
        return EXIT_MISUSE
    wizard = [sys.executable, "-I", "-m", "tui.cli", *words, "--supervisor", str(os.getpid())]
    return Kiosk(wizard, _("This terminal is under maintenance. It comes back by itself."), KioskTerminal()).attend()


def go(arguments: Arguments, settings: Settings) -> int:
    """Show the wizard until it is left."""
    from tui.confinement import end_with, hide_memory, ignore_keyboard_signals, leave_no_core
    from tui.terminal import hindrance, obstacle, uses_mouse

    leave_no_core()
    hide_memory()
    if arguments.command == "kiosk":
        end_with(arguments.kiosk.supervisor)
        ignore_keyboard_signals()

    if sentence := obstacle():
        print(f"perron: {sentence}", file=sys.stderr)
        return EXIT_MISUSE

    from tui.service import Service

    # Nothing that is imported now is ever thrown away: a collection would look at all of it in vain.
    gc.disable()
    with Service(arguments.backend, settings) as service:
        plain = arguments.plain or bool(hindrance())
        wizard = _wizard(arguments, settings, service, plain)
        service.on_failure(wizard.backend_failed)
        wizard.run(mouse=uses_mouse(os.environ))
    if wizard.last_words:
        _say_at_the_end(arguments, wizard.last_words)
    return wizard.return_code or 0


def _wizard(arguments: Arguments, settings: Settings, service: "Service", plain: bool) -> "Wizard":
    if arguments.command == "kiosk":
        from tui.kiosk_wizard import KioskWizard

        return KioskWizard(service.reach, settings, arguments.kiosk, journey=arguments.journey, plain=plain)
    from tui.wizard import Wizard

    return Wizard(service.reach, settings, journey=arguments.journey, plain=plain)


def _say_at_the_end(arguments: Arguments, last_words: str) -> None:
    """To the person; on a kiosk, whose terminal is wiped now, to the administrator."""
    if arguments.command == "kiosk":
        import syslog

        syslog.openlog("perron-kiosk")
        syslog.syslog(syslog.LOG_ERR, last_words)
    else:
        print(f"perron: {last_words}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
