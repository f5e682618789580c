"""The command line: few words, read by hand so that mistakes are told in the person's language, and quickly."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, cast
from urllib.parse import urlsplit

from api_client.contract import Locale
from api_client.languages import languages
from screens.words import _, speak
from tui import kiosk_rules
from tui.kiosk_rules import KioskRules
from tui.settings import CHOICES, language_of

Command = Literal["go", "doctor", "kiosk", "help", "version"]


class Misuse(Exception):
    """The command line cannot be followed; the message is one sentence that says why."""


class Arguments(NamedTuple):
    """What was asked for; ``lang`` is ``None`` when the environment decides."""

    command: Command = "go"
    backend: str = ""
    journey: str = ""
    lang: Locale | None = None
    kiosk: KioskRules = KioskRules()
    plain: bool = False
    keys: bool = False
    """Whether the doctor tries the keyboard."""
    looks: Mapping[str, str] = {}
    """By the names in ``settings.CHOICES``, those that were chosen."""


_FLAGS = ("--plain", "--keys")
_OPTIONS = ("backend", "journey", "lang", *CHOICES)


def read_arguments(words: Sequence[str], environment: Mapping[str, str]) -> Arguments:
    """``words`` as arguments; raises ``Misuse``. From here on the right language is spoken."""
    speak(_wanted_language(words) or language_of(environment))
    command: Command = "go"
    flags: set[str] = set()
    options: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if word in ("-h", "--help", "--version"):
            return Arguments("version" if word == "--version" else "help")
        if word in ("doctor", "kiosk"):
            command = cast("Command", word)
        elif word in _FLAGS:
            flags.add(word)
        elif word.startswith("--") and name in (*_OPTIONS, *kiosk_rules.OPTIONS):
            if not equals and not rest:
                raise Misuse(_("{option} wants a value. {help}").format(option=word, help=_more()))
            options[name] = value if equals else rest.pop(0)
        else:
            raise Misuse(_("“{word}” is not understood. {help}").format(word=_visible(word), help=_more()))
    _check(options)
    lang = options.get("lang")
    rules = _rules(command, options)
    looks = {name: options[name] for name in CHOICES if name in options}
    backend, journey = options.get("backend", "").rstrip("/"), options.get("journey", "")
    return Arguments(command, backend, journey, lang, rules, "--plain" in flags, "--keys" in flags, looks)


def usage() -> str:
    """The text of ``--help``."""
    said = _(
        "Perron - the steps to your new account\n"
        "\n"
        "  perron [--backend URL] [--journey ID] [--lang LANGUAGE]\n"
        "  perron doctor [--backend URL] [--keys]   what this terminal can do, and whether all is here to start\n"
        "\n"
        "  --backend URL   the institution's service; without it, a demonstration runs on this machine\n"
        "  --journey ID    go straight to a journey, such as activation-letter\n"
        "  --lang LANGUAGE the language: {languages} (otherwise that of LC_ALL, LC_MESSAGES or LANG)\n"
        "  --plain         line by line, for a screen reader or a terminal of lines (F3 changes at any time)\n"
        "  --version       the version, and nothing else\n"
        "\n"
        "  PERRON_HOME=DIRECTORY   where the demonstration and the logs are kept\n"
        "\n"
        "Exit status: 0 done or left, 1 something broke, 2 the command cannot be followed, 75 the terminal went away.\n"
        "Of the doctor: 0 all is well, 1 something is to be changed."
    ).format(languages=", ".join(languages()))
    return f"{said}\n\n{_usage_of_looks()}\n\n{_usage_of_kiosk()}"


def _usage_of_looks() -> str:
    return _(
        "How it looks; otherwise as fits this terminal (perron doctor):\n"
        "\n"
        "  --look full|linux|ascii     all of Unicode, what the console's font has, or no more than ASCII and accents\n"
        "  --theme dark|light          light letters on dark, or dark ones on light\n"
        "  --contrast normal|high      high: 7 to 1 at least, between every text and its background\n"
        "\n"
        "  PERRON_LOOK, PERRON_THEME, PERRON_CONTRAST   the same, in the environment\n"
        "  NO_COLOR=1                                   no colours at all"
    )


def _usage_of_kiosk() -> str:
    return _(
        "On a public terminal, one person after the other (docs/kiosk.md):\n"
        "\n"
        "  perron kiosk [--backend URL] [--journey ID] [--lang LANGUAGE]\n"
        "\n"
        "  --cover-after SECONDS   hide everything personal after so long without a key (60)\n"
        "  --end-after SECONDS     end the session after so long without a key (180)\n"
        "  --scan-prefix TEXT      what a barcode scanner sends before the login\n"
        "  --scan-suffix TEXT      what it sends after the login, besides Enter\n"
        "  --scan-journey ID       the journey that a scanned letter begins (the first one)"
    )


def _rules(command: Command, options: Mapping[str, str]) -> KioskRules:
    for option in kiosk_rules.OPTIONS:
        if option in options and command != "kiosk":
            raise Misuse(_("--{option} is for perron kiosk. {help}").format(option=option, help=_more()))
    try:
        return kiosk_rules.read_rules(options)
    except ValueError as error:
        raise Misuse(str(error)) from None


def _check(options: Mapping[str, str]) -> None:
    if "lang" in options and options["lang"] not in languages():
        raise Misuse(
            _("--lang is one of {languages}, not “{lang}”.").format(
                languages=", ".join(languages()), lang=_visible(options["lang"])
            )
        )
    for name, choices in CHOICES.items():
        if options.get(name, choices[0]) not in choices:
            sentence = _("--{option} is one of {choices}, not “{word}”.")
            raise Misuse(sentence.format(option=name, choices=", ".join(choices), word=_visible(options[name])))
    if "backend" in options:
        try:
            url = urlsplit(options["backend"])
            well_formed = url.scheme in ("http", "https") and bool(url.hostname) and (url.port or 1) > 0
        except ValueError:
            well_formed = False
        if not well_formed:
            raise Misuse(
                _("--backend is an address such as https://perron.example, not “{url}”.").format(
                    url=_visible(options["backend"])
                )
            )


def _wanted_language(words: Sequence[str]) -> Locale | None:
    pairs = list(pairwise((*words, "")))
    return next((lang for lang in languages() if f"--lang={lang}" in words or ("--lang", lang) in pairs), None)


def _more() -> str:
    return _("See perron --help.")


def _visible(word: str) -> str:
    return word if word.isprintable() else ascii(word)
