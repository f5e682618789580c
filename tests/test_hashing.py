"""Passwords are hashed with a pepper, an unknown login takes as long as a known one, a flood is told to come back."""

import asyncio
import os
import sys
import time

import pytest

from api_client.secret import Secret
from backend import hashing
from backend.hashing import MOST_WAITING, Cost, Hasher, Overloaded
from backend.keys import Keys

CHEAP = Cost(memory=64, passes=1)


@pytest.fixture
def hasher() -> Hasher:
    return Hasher(Keys(bytes(32)), CHEAP)


async def test_a_password_matches_its_own_hash_alone(hasher: Hasher) -> None:
    stored = await hasher.hash(Secret("Cerisier-Bleu-42"))
    assert stored.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert await hasher.verify(stored, Secret("Cerisier-Bleu-42"))
    assert not await hasher.verify(stored, Secret("Cerisier-Bleu-43"))
    assert await hasher.hash(Secret("Cerisier-Bleu-42")) != stored


async def test_the_default_cost_is_the_recommended_one() -> None:
    assert (await Hasher(Keys(bytes(32))).hash(Secret("x"))).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_the_pepper_is_outside_of_the_hash(hasher: Hasher) -> None:
    stored = await hasher.hash(Secret("Cerisier-Bleu-42"))
    assert not await Hasher(Keys(bytes([1]) * 32), CHEAP).verify(stored, Secret("Cerisier-Bleu-42"))


async def test_two_spellings_of_one_letter_are_one_password(hasher: Hasher) -> None:
    assert await hasher.verify(await hasher.hash(Secret("é")), Secret("e\u0301"))


async def test_nobody_has_the_password_of_an_unknown_login(hasher: Hasher) -> None:
    assert not await hasher.verify(None, Secret(""))
    assert not await hasher.verify(hasher.nobodys(), Secret("anything"))
    assert hasher.nobodys() != hasher.nobodys()


async def test_an_unknown_login_takes_as_long_as_a_known_one() -> None:
    hasher = Hasher(Keys(bytes(32)), Cost(memory=8192, passes=2))
    stored = await hasher.hash(Secret("right"))
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(15):
        for kept, times in ((stored, known), (None, unknown)):
            began = time.perf_counter()
            await hasher.verify(kept, Secret("wrong"))
            times.append(time.perf_counter() - began)
    assert 0.6 < min(known) / min(unknown) < 1.6


async def test_a_flood_is_bounded_and_told_when_to_come_back() -> None:
    hasher = Hasher(Keys(bytes(32)), Cost(memory=2048, passes=1))
    answers = await asyncio.gather(*(hasher.verify(None, Secret("x")) for _ in range(200)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Overloaded)]
    weighed = [answer for answer in answers if answer is False]
    assert len(weighed) + len(refused) == 200
    assert MOST_WAITING < len(weighed) <= MOST_WAITING + 64
    assert refused[0].retry_after >= 1
    assert not await hasher.verify(None, Secret("x")), "once it is over, everybody is served again"


async def test_what_was_right_once_is_known_again_without_another_hash(
    hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await hasher.hash(Secret("Cerisier-Bleu-42"))
    assert await hasher.is_same(stored, Secret("Cerisier-Bleu-42")), "nothing was seen yet, so it is hashed"
    assert not await hasher.verify(stored, Secret("wrong"))
    assert await hasher.verify(stored, Secret("Cerisier-Bleu-42"))
    hashed: list[bytes] = []
    monkeypatch.setattr(hasher, "_matches", lambda stored, peppered: hashed.append(peppered))
    assert await hasher.is_same(stored, Secret("Cerisier-Bleu-42"))
    assert not await hasher.is_same(stored, Secret("Cerisier-Bleu-43"))
    assert not hashed
    await hasher.verify(stored, Secret("Cerisier-Bleu-42"))
    assert hashed, "whoever may be guessing is always weighed slowly"


async def test_only_so_many_are_remembered_and_no_text_among_them(
    hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "MOST_REMEMBERED", 2)
    kept = [await hasher.hash(Secret(word)) for word in ("un", "deux", "trois")]
    for stored, word in zip(kept, ("un", "deux", "trois"), strict=True):
        assert await hasher.verify(stored, Secret(word))
    assert list(hasher._matched) == kept[1:]
    assert {len(mark) for mark in hasher._matched.values()} == {32}
    assert await hasher.is_same(kept[0], Secret("un")), "what was forgotten is hashed again"


async def test_hashing_gives_way_to_everybody_else(hasher: Hasher) -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    theirs = await asyncio.get_running_loop().run_in_executor(hasher._threads, os.getpriority, os.PRIO_PROCESS, 0)
    assert theirs == (min(19, ours + hashing.GIVING_WAY) if sys.platform == "linux" else ours)
