"""The post is killed with SIGKILL, in the middle of its work: no mail is lost, and none has another link."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.smtp_sink import Sink, sinking

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parent


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with sinking() as sink:
        yield sink


@asynccontextmanager
async def a_process(data: Path, url: str, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(TESTS / "post_office.py"),
        str(data),
        url,
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=TESTS.parent,
        env={"PYTHONPATH": str(TESTS.parent)},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.communicate()


async def test_killed_while_waiting_for_another_try_it_is_sent_exactly_once(sink: Sink, tmp_path: Path) -> None:
    sink.moods = ["later"] * 3
    async with a_process(tmp_path, sink.url, "write") as first:
        async with asyncio.timeout(20):
            while not sink.sessions:
                await asyncio.sleep(0.01)
        first.send_signal(signal.SIGKILL)
        await first.wait()
    assert not sink.mails
    async with a_process(tmp_path, sink.url):
        await sink.until(1, seconds=20)
        await asyncio.sleep(1.5)
    assert len(sink.mails) == 1


async def test_killed_in_the_middle_of_a_sending_it_sends_the_same_mail_again(sink: Sink, tmp_path: Path) -> None:
    sink.moods, sink.slowness = ["slow"], 1.0
    async with a_process(tmp_path, sink.url, "write") as first:
        async with asyncio.timeout(20):
            await sink.thinking.wait()
        first.send_signal(signal.SIGKILL)
        await first.wait()
    async with a_process(tmp_path, sink.url):
        await sink.until(1, seconds=20)
        await asyncio.sleep(1.5)
    links = {re.search(r"/l/([\w-]{43})", mail.get_content())[1] for mail in sink.mails}  # type: ignore[index]
    assert len(sink.mails) <= 2
    assert len(links) == len({mail["Message-ID"] for mail in sink.mails}) == 1
