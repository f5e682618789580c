"""Where an export goes: a file that is there whole or not at all, or standard output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from tempfile import mkstemp
from typing import TextIO

from backend.mistakes import Mistake


class Unwritable(Mistake):
    """The export cannot be written there; what was there before is there still."""


@contextmanager
def destination(file: Path | None, encoding: str) -> Iterator[TextIO]:
    """A text whose lines end as they are written, on ``file`` or on standard output. Raises Unwritable."""
    try:
        with _replacing(file, encoding) if file else _standard_output(encoding) as target:
            yield target
    except OSError as error:
        french, english = (str(file), str(file)) if file else ("la sortie standard", "standard output")
        raise Unwritable(
            f"Impossible d’écrire {french} jusqu’au bout ({error.strerror}) : faites de la place, vérifiez vos droits, "
            "ou choisissez un autre fichier avec --output.",
            f"{english} cannot be written to the end ({error.strerror}): make room, check your rights, or choose "
            "another file with --output.",
        ) from error


@contextmanager
def _standard_output(encoding: str) -> Iterator[TextIO]:
    """By a descriptor of its own, so that what could not be written is known here rather than when Python ends."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding=encoding, newline="") as target:
        yield target


@contextmanager
def _replacing(file: Path, encoding: str) -> Iterator[TextIO]:
    """Beside it first, for our account alone; it takes the name once all of it is on the disk."""
    _check(file)
    descriptor, name = mkstemp(prefix=f".{file.name}-", dir=file.parent)  # 0600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding=encoding, newline="") as target:
            yield target
            target.flush()
            os.fsync(descriptor)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _check(file: Path) -> None:
    """A folder cannot be replaced, and a device or a link must not be: root could."""
    with suppress(FileNotFoundError):
        if not S_ISREG(file.lstat().st_mode):
            raise Unwritable(
                f"{file} n’est pas un fichier ordinaire : choisissez un autre nom, ou « - » pour la sortie standard.",
                f"{file} is no ordinary file: choose another name, or “-” for standard output.",
            )
