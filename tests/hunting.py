"""What a hunt for secrets needs: programs that were asked to say everything, and secrets in every spelling."""

import re
from pathlib import Path

TALKATIVE = {
    "PYTHONDEVMODE": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
    "PYTHONVERBOSE": "",
    "PYTHONWARNINGS": "default",
    "HTTPX_LOG_LEVEL": "trace",
    "HTTPCORE_LOG_LEVEL": "trace",
    "SQLALCHEMY_ECHO": "1",
    "DBOS__LOGLEVEL": "DEBUG",
    "LOG_LEVEL": "debug",
    "LOGLEVEL": "DEBUG",
    "DEBUG": "1",
    "TEXTUAL": "debug,devtools",
    "TEXTUAL_DEBUG": "1",
}

ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[A-Za-z]|\][^\x07]*\x07)")


class Quarry:
    """One secret, in every way in which it may be written."""

    def __init__(self, name: str, secret: str) -> None:
        self.name = name
        plain = re.sub(r"[^0-9A-Za-z]", "", secret)
        forms = {secret, plain, plain.lower(), plain.upper(), " ".join(re.findall("....?", plain))}
        self._forms = [form.encode() for form in forms if len(form) > 5]

    def is_in(self, data: bytes) -> bool:
        return any(form in data for form in self._forms)


def found_in_files(quarries: list[Quarry], *folders: Path) -> list[str]:
    files = [path for folder in folders for path in ([folder] if folder.is_file() else folder.rglob("*"))]
    return [
        f"{quarry.name} in {path}"
        for path in files
        if path.is_file()
        for quarry in quarries
        if quarry.is_in(path.read_bytes())
    ]


def told_to_everybody(*pids: int) -> bytes:
    """The arguments and environments of these processes."""
    return b"".join(Path(f"/proc/{pid}/{part}").read_bytes() for pid in pids for part in ("cmdline", "environ"))
