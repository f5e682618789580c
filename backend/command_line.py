"""How a command line of ``perron-backend`` is read: argparse in two languages, and the values that options take.

What there is to be read, and what help says of it, is ``arguments``.
"""

import argparse
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from backend.mistakes import Language
from backend.outward import is_safe


class _Help(argparse.HelpFormatter):
    """Argparse says « usage: » in English whatever one does; this is the way it offers to say something else."""

    def __init__(self, language: Language, prog: str) -> None:
        super().__init__(prog, max_help_position=32)
        self._usage = "Usage : " if language == "fr" else "Usage: "

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self._usage if prefix is None else prefix)


class CommandLine(argparse.ArgumentParser):
    """Argparse in two languages; what was not understood is told in one sentence, and the status is 2."""

    def __init__(self, language: Language, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=partial(_Help, language), **options)
        self.language = language
        self.subjects = self.add_argument_group("Arguments")
        self.options = self.add_argument_group("Options")
        self.options.add_argument("-h", "--help", action="help", help=self.say("montre cette aide", "show this help"))

    def say(self, french: str, english: str) -> str:
        return french if self.language == "fr" else english

    def error(self, message: str) -> NoReturn:
        sentence = self.say(
            f"Commande incomprise ({message}) : voir « {self.prog} --help ».",
            f"Command not understood ({message}): see “{self.prog} --help”.",
        )
        self.exit(2, f"{sentence}\n")

    def among(self, commands: Any, name: str, does: str, french: str, english: str) -> "CommandLine":
        """A new command in ``commands``, on the data folder that every one of them takes."""
        said = self.say(french, english)
        made: CommandLine = commands.add_parser(name, language=self.language, help=said, description=said)
        made.set_defaults(does=does)
        made.options.add_argument(
            "--data", metavar="DIR", type=Path, required=True, help=self.say("dossier des données", "data folder")
        )
        return made

    def take_institution(self) -> None:
        self.options.add_argument(
            "--institution",
            metavar="DIR",
            type=Path,
            help=self.say(
                "dossier de l’établissement (sans lui : un établissement fictif)",
                "the institution’s folder (without it: a fictitious institution)",
            ),
        )

    def take_login(self) -> None:
        self.subjects.add_argument(
            "login",
            metavar="LOGIN",
            help=self.say("login, alias ou adresse institutionnelle", "login, alias or institutional address"),
        )


def file_or_output(text: str) -> Path | None:
    """A file; None for standard output, ``-``."""
    return None if text == "-" else Path(text)


def host_and_port(text: str) -> tuple[str, int]:
    """``127.0.0.1:8020``, ``localhost:0``, ``[::1]:8020``."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text} : HOST:PORT, 127.0.0.1:8020")
    return host, int(port)


def file_or_register(text: str) -> Path | str:
    """A file, or the address of a register."""
    if "://" not in text:
        return Path(text)
    parts = urlsplit(text)
    if not is_safe(text) or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{text} : https://api.insee.fr/api-sirene/3.11")
    return text.rstrip("/")


def issuer(text: str) -> str:
    """The address of an identity provider."""
    if not is_safe(text):
        raise argparse.ArgumentTypeError(f"{text} : https://login.exemple.example")
    return text


def public_url(text: str) -> str:
    """What links begin with: an address without query or fragment, and without the slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{text} : https://activation.univ-exemple.example")
    return text.rstrip("/")
