"""Rows 8, 9 and 10 of the hardening table (docs/security.md): texts from outside are words, whatever they say.

Here both defences are tried apart. A message is made harmless where it comes in (``harmless`` of the client): every
payload in every text of every step. And the last one, at the terminal, is tried without the first: steps go to the
wizard as no client would hand them on, and the bytes that it writes are looked at (teletype.py).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual import events
from textual.widgets import Input, TextArea

from api_client.client import harmless
from api_client.contract import Catalogue
from api_client.wording import is_plain
from tests.payloads import ACTS_ON_TERMINALS, PAYLOADS, strays
from tests.screens_gallery import CATALOGUE, STEPS, enrolment_of
from tests.scripted_backend import ScriptedBackend, until
from tests.teletype import Teletype, speaking_to
from tui.wizard import Wizard

pytestmark = pytest.mark.slow

_BOUND = {"id", "kind", "accent", "sha256", "purpose", "delivery", "state", "uri", "siret", "policy"}
"""What is no text that is shown, but a name, a number or a choice that the program itself knows."""


def poisoned(value: Any, text: Iterator[str] | str) -> Any:
    """``value`` with each text that is shown in it replaced by the next payload, however deep."""
    if isinstance(value, str):
        return text if isinstance(text, str) else next(text)
    if isinstance(value, tuple | list):
        return type(value)(poisoned(part, text) for part in value)
    if isinstance(value, dict):
        return {name: poisoned(part, text) for name, part in value.items()}
    if isinstance(value, msgspec.Struct):
        changed = {name: poisoned(getattr(value, name), text) for name in value.__struct_fields__ if name not in _BOUND}
        return msgspec.structs.replace(value, **changed)
    return value


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, dict):
        yield from texts_in([*value, *value.values()])
    elif isinstance(value, msgspec.Struct):
        yield from texts_in([getattr(value, name) for name in value.__struct_fields__])


def test_there_are_forty_payloads() -> None:
    assert len(PAYLOADS) >= 40
    assert len(ACTS_ON_TERMINALS) >= 36


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_row_10_every_text_of_every_step_is_made_harmless_where_it_comes_in(payload: str) -> None:
    for message in (*map(enrolment_of, STEPS.values()), CATALOGUE):
        for text in texts_in(harmless(poisoned(message, payload))):
            assert all(map(is_plain, text.split("\n"))), message
            assert "\x1b" not in text


class Rotation:
    """The payloads one after the other, for ever, from the ``start``-th."""

    def __init__(self, start: int) -> None:
        self._at = start

    def __iter__(self) -> "Rotation":
        return self

    def __next__(self) -> str:
        self._at += 1
        return list(PAYLOADS.values())[self._at % len(PAYLOADS)]


class Poisoner(ScriptedBackend):
    """Nothing that it says was cleaned."""

    async def catalogue(self) -> Catalogue:
        self.offers = poisoned(CATALOGUE, Rotation(0))
        return self.offers


async def test_row_08_09_10_whatever_a_step_says_only_words_reach_the_terminal(tmp_path: Path) -> None:
    """Each kind of step with a payload in each of its texts, looked at with the mouse and clicked."""
    backend = Poisoner()
    wizard = speaking_to(backend, tmp_path)
    async with Teletype.showing(wizard, (100, 40)) as teletype:
        await until(lambda: wizard.catalogue() is not None)
        await teletype.redraws()
        backend.replies = [_step("login", 1)]
        teletype.type(b"\r")
        await until(lambda: backend.listeners)
        teletype.type(b"\x1bOP")  # the questions and answers of the catalogue
        assert await teletype.redraws()
        teletype.type(b"\x1b[27u")
        for turn, kind in enumerate(STEPS, 2):
            backend.news.put_nowait(_step(kind, turn))
            await until(lambda turn=turn: _revision(wizard) == turn)  # type: ignore[misc]
            teletype.refill()
            teletype.type(b"".join(b"\x1b[<35;30;%dM" % row for row in range(4, 34, 3)))
            teletype.type(b"\x1b[<0;30;9M\x1b[<0;30;9m")
            assert await teletype.redraws()
        assert not strays(teletype.written)
        assert not wizard.last_words
    assert set(backend.said) <= {"closed", "left"} | {said for said in backend.said if not isinstance(said, str)}


def _step(kind: str, revision: int) -> Any:
    step = poisoned(STEPS[kind], Rotation(revision * 7))
    return msgspec.structs.replace(enrolment_of(step), revision=revision)


def _revision(wizard: Wizard) -> int:
    enrolment = wizard.conversation.enrolment
    return 0 if enrolment is None else enrolment.revision


async def test_row_10_whatever_is_pasted_or_typed_in_a_field_only_words_reach_the_terminal(tmp_path: Path) -> None:
    """Every payload in every field of every kind of step, pasted; and typed, byte by byte, in the first of each."""
    backend = ScriptedBackend()
    wizard = speaking_to(backend, tmp_path, journey="activation-letter")
    backend.replies = [msgspec.structs.replace(enrolment_of(STEPS["login"]), revision=1)]
    fields = 0
    async with Teletype.showing(wizard) as teletype:
        await until(lambda: backend.listeners)
        for turn, kind in enumerate(STEPS, 2):
            backend.news.put_nowait(msgspec.structs.replace(enrolment_of(STEPS[kind]), revision=turn))
            await until(lambda turn=turn: _revision(wizard) == turn)  # type: ignore[misc]
            await teletype.redraws()
            for field in wizard.screen.query("Input, TextArea"):
                assert isinstance(field, Input | TextArea)
                field.focus()
                fields += 1
                for payload in PAYLOADS.values():
                    field.post_message(events.Paste(payload))
                teletype.refill()
                assert await teletype.redraws()
                held = field.value if isinstance(field, Input) else field.text
                assert all(map(is_plain, held.split("\n"))), kind
        assert not strays(teletype.written)
        assert not wizard.last_words
    assert fields > 20
