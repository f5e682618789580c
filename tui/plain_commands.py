"""What may be typed instead of an answer where a page is told, in the language now spoken or in English."""

from api_client.wording import fold
from screens.words import _


def command_of(typed: str) -> str:
    """The command that ``typed`` is, with or without its accents; else ``typed``, which may be a number."""
    return _known().get(fold(typed), typed)


def is_command(typed: str) -> bool:
    """Whether this is one of the words; no password may be one of them."""
    return fold(typed.strip()) in _known()


def needs_no_answer(typed: str) -> bool:
    """Whether this is a command that can be followed while an answer is on its way."""
    return command_of(typed.strip()) in ("help", "language", "screen", "quit")


def _known() -> dict[str, str]:
    commands = {
        _("help"): "help",
        _("back"): "back",
        _("language"): "language",
        _("screen"): "screen",
        _("repeat"): "repeat",
        _("clear"): "clear",
        _("demo"): "demo",
        _("quit"): "quit",
    }
    english = {command: command for command in commands.values()}
    return english | {fold(word): command for word, command in commands.items()}


def how_to_talk() -> str:
    return _(
        "Perron, line by line. Type each answer, then Enter.\n"
        "“Next”, the boxes and the buttons that the texts speak of are asked one by one.\n"
        "Instead of an answer: /help, /back, /repeat, /language, /clear (empty a field), /screen (the full screen), "
        "/quit.\n"
        "Where what you type is hidden, an empty line lets you type one of these."
    )
