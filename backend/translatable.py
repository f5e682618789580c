"""What a translator is given of the backend's words: extractors for Babel, named in ``pyproject.toml``.

The sentence is the English one, and the French one is told beside it, as a comment. Each extractor yields what Babel
asks for: line, function, sentence, comments.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

Found = tuple[int, str, str, list[str]]

_KEPT = ["What stands in {{ }} and {% %} stays as it is."]
_TEMPLATED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def texts(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Of a TOML file, each table ``{ fr = …, en = … }``."""
    yield from _told(_texts(tomllib.load(file)))


def pages(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Of ``pages.en.toml``, each string; ``pages.fr.toml`` has the same ones in the same places."""
    french = Path(file.name.replace(".en.", ".fr.")).read_text(encoding="utf-8")
    yield from _told(zip(_strings(tomllib.loads(french)), _strings(tomllib.load(file)), strict=True))


def mails(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Of ``mail.en.txt``, each line that has words of its own."""
    for number, line in enumerate(file.read().decode().splitlines(), 1):
        if re.search(r"[^\W\d_]", _TEMPLATED.sub("", line)):
            yield (
                number,
                "",
                line,
                _KEPT if _TEMPLATED.search(line) else [],
            )


def _told(pairs: Iterable[tuple[str, str]]) -> Iterator[Found]:
    for french, english in pairs:
        if english:
            yield 0, "", english, ["fr: " + " ".join(french.split())]


def _texts(said: Any) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict) and said.keys() == {"fr", "en"} and isinstance(said["en"], str):
        yield said["fr"], said["en"]
    elif isinstance(said, dict | list):
        for one in said.values() if isinstance(said, dict) else said:
            yield from _texts(one)


def _strings(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for key in sorted(said):
            yield from _strings(said[key])
    elif isinstance(said, list):
        for one in said:
            yield from _strings(one)
