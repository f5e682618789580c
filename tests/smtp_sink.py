"""A real SMTP server on loopback that takes mails, refuses them or misbehaves, as a test says."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Mood = Literal["accept", "later", "refuse", "late_refusal", "slow", "cut", "closed"]
"""``later`` 451 and ``refuse`` 550 at the recipient; ``late_refusal`` 554 after the data; ``slow`` thinks before its
last word; ``cut`` takes the mail and hangs up instead of saying so; ``closed`` hangs up at once."""


class Sink:
    """What came, what was tried, and how to behave next: ``moods`` one a session, then ``mood`` for ever."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.moods: list[Mood] = []
        self.mood: Mood = "accept"
        self.slowness = 0.0
        self.sessions = 0
        self.thinking = asyncio.Event()
        self.tls: ssl.SSLContext | None = None
        self.logins: list[tuple[str, str]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def next_mood(self) -> Mood:
        self.sessions += 1
        return self.moods.pop(0) if self.moods else self.mood

    async def until(self, count: int, seconds: float = 10) -> list[EmailMessage]:
        """The mails, once there are ``count`` of them."""
        async with asyncio.timeout(seconds):
            while len(self.mails) < count:
                await asyncio.sleep(0.02)
        return self.mails


class _Conversation:
    """aiosmtpd's hooks for one connection."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.mood = sink, sink.next_mood()

    def admit(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.sink.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and signature
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        self.sink.recipients.append(address)
        if self.mood == "later":
            return "451 try again later"
        if self.mood == "refuse":
            return "550 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.mood == "late_refusal":
            return "554 looks like spam"
        if self.mood == "slow":
            self.sink.thinking.set()
            await asyncio.sleep(self.sink.slowness)
        content = envelope.content
        assert isinstance(content, bytes)
        self.sink.mails.append(message_from_bytes(content, policy=default))
        if self.mood == "cut":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 taken"


@asynccontextmanager
async def sinking(port: int = 0) -> AsyncIterator[Sink]:
    """The sink, listening on ``port`` or on a free one."""
    sink = Sink()

    def converse() -> SMTP:
        conversation = _Conversation(sink)
        if conversation.mood == "closed":
            return _HangsUp(conversation)
        if sink.tls is None:
            return SMTP(conversation, hostname="sink.example")
        return SMTP(
            conversation,
            hostname="sink.example",
            tls_context=sink.tls,
            require_starttls=True,
            auth_required=True,
            authenticator=conversation.admit,
        )

    server = await asyncio.get_running_loop().create_server(converse, "127.0.0.1", port)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()


class _HangsUp(SMTP):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
