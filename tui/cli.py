"""The ``perron`` command.

What takes long is imported as late as it can be: Textual once there is something to show, httpx once the first picture
is on the screen. The embedded backend starts then too: before, it would only take the processor from that picture.
"""

import gc
import os
import sys
from collections.abc import Sequence

from tui.arguments import Arguments, Misuse, read_arguments, usage
from tui.settings import Settings, read_settings, scrub

EXIT_BROKEN, EXIT_MISUSE = 1, 2


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status (``perron --help`` lists them)."""
    scrub(os.environ)
    try:
        arguments = read_arguments(sys.argv[1:] if words is None else words, os.environ)
    except Misuse as misuse:
        print(f"perron: {misuse}", file=sys.stderr)
        return EXIT_MISUSE
    settings = read_settings(os.environ, arguments.lang)
    match arguments.command:
        case "help":
            print(usage())
        case "version":
            from importlib.metadata import version

            print(f"perron {version('perron')}")
        case "doctor":
            from tui.doctor import examine

            return examine(arguments.backend, settings)
        case "go":
            return go(arguments, settings)
    return 0


def go(arguments: Arguments, settings: Settings) -> int:
    """Show the wizard until it is left."""
    from tui.confinement import hide_memory, leave_no_core
    from tui.terminal import obstacle, uses_mouse

    leave_no_core()
    hide_memory()

    if sentence := obstacle():
        print(f"perron: {sentence}", file=sys.stderr)
        return EXIT_MISUSE

    from tui.service import Service

    # Nothing that is imported now is ever thrown away: a collection would look at all of it in vain.
    gc.disable()
    with Service(arguments.backend, settings) as service:
        from tui.wizard import Wizard

        wizard = Wizard(service.reach, settings, journey=arguments.journey)
        service.on_failure(wizard.backend_failed)
        wizard.run(mouse=uses_mouse(os.environ))
    if wizard.last_words:
        print(f"perron: {wizard.last_words}", file=sys.stderr)
    return wizard.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
