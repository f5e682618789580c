"""Structs, and plain facts, kept as one JSON text in a row."""

from typing import TypeVar

import msgspec
from msgspec import Struct

_T = TypeVar("_T")


def as_text(value: Struct | dict[str, str]) -> str:
    return msgspec.json.encode(value).decode()


def from_text(text: str, wanted: type[_T]) -> _T:
    return msgspec.json.decode(text, type=wanted)
