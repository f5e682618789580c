"""How one mail leaves: by an SMTP server, or into a folder in Maildir form when none is named."""

import asyncio
import mailbox
import ssl
from contextlib import suppress
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from api_client.secret import Secret
from backend.mistakes import Mistake

_QUIT_SECONDS = 1

_FORMS = "smtp://[user:password@]host:25, smtp://host:587?starttls=1, smtps://host"
_OUR_OWN_FAULT = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})
"""5xx replies about how we speak or who we are (RFC 5321, RFC 4954), not about the address: worth another try."""


class SmtpUrlError(Mistake):
    """The SMTP address cannot be used. The sentence does not quote it: it may hold a password."""


class Dispatch(Struct, frozen=True):
    """What became of one try. ``refused``: never; ``later``: perhaps. ``reason``: a reply code or one word."""

    outcome: Literal["sent", "refused", "later"]
    reason: str = ""


class Carrier(Protocol):
    """Takes one message to one recipient. Never raises for what the other side or the network does."""

    async def carry(self, mail: EmailMessage) -> Dispatch: ...


class OutboxCarrier:
    """A Maildir: one file a mail, complete the moment it appears."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def carry(self, mail: EmailMessage) -> Dispatch:
        try:
            await asyncio.to_thread(self._add, mail)
        except OSError as error:
            return Dispatch("later", type(error).__name__)
        return Dispatch("sent")

    def _add(self, mail: EmailMessage) -> None:
        outbox = mailbox.Maildir(self._folder, create=True)
        outbox.add(mail.as_bytes(policy=mail.policy.clone(linesep="\n")))
        outbox.close()


class SmtpCarrier(Struct, frozen=True, kw_only=True):
    """One SMTP server: where it is, how to speak to it, as whom."""

    host: str
    port: int
    implicit_tls: bool = False
    starttls: bool = False
    user: str = ""
    password: Secret = Secret("")
    trust: ssl.SSLContext | None = None
    """None: the certificates that this system trusts."""
    connect_seconds: float = 10
    command_seconds: float = 120
    data_seconds: float = 600
    """RFC 5321 §4.5.3.2.6: giving up sooner on a slow server's last word is what makes it deliver twice."""

    @classmethod
    def from_url(cls, url: str) -> "SmtpCarrier":
        """``smtp://[user:password@]host[:port][?starttls=1]`` or ``smtps://…``. Raises SmtpUrlError.

        A password goes only over TLS, or to this machine itself.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise SmtpUrlError(
                "L’adresse SMTP a un port qui n’est pas un nombre de 1 à 65535.",
                "The SMTP address has a port that is no number from 1 to 65535.",
            ) from error
        options = parse_qs(parts.query)
        if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/") or set(options) - {"starttls"}:
            raise SmtpUrlError(
                f"L’adresse SMTP doit être de la forme {_FORMS}.", f"The SMTP address must look like {_FORMS}."
            )
        secure = parts.scheme == "smtps"
        server = cls(
            host=host,
            port=port or (465 if secure else 25),
            implicit_tls=secure,
            starttls=options.get("starttls") == ["1"],
            user=unquote(parts.username or ""),
            password=Secret(unquote(parts.password or "")),
        )
        if server.user and not (server.implicit_tls or server.starttls or _is_this_machine(host)):
            raise SmtpUrlError(
                "Le mot de passe SMTP voyagerait en clair : utilisez smtps://, ou ajoutez ?starttls=1.",
                "The SMTP password would travel in clear: use smtps://, or add ?starttls=1.",
            )
        return server

    async def carry(self, mail: EmailMessage) -> Dispatch:
        import aiosmtplib

        sender = mail["From"].addresses[0]
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.implicit_tls,
            start_tls=self.starttls,
            tls_context=self.trust,
            username=self.user or None,
            password=self.password.reveal() or None,
            local_hostname=sender.domain,  # else the system's resolver is asked, in the way of everything
            timeout=self.connect_seconds,
        )
        try:
            await client.connect()
            await client.mail(sender.addr_spec, timeout=self.command_seconds)
            await client.rcpt(mail["To"].addresses[0].addr_spec, timeout=self.command_seconds)
            await client.data(mail.as_bytes(), timeout=self.data_seconds)
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
            return Dispatch("refused" if _is_final(error.code) else "later", str(error.code))
        except aiosmtplib.SMTPResponseException as error:
            return Dispatch("later", str(error.code))
        except (aiosmtplib.SMTPException, OSError) as error:
            return Dispatch("later", type(error).__name__)
        else:
            # The server has taken the mail: whatever it makes of our goodbye changes nothing.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=_QUIT_SECONDS)
            return Dispatch("sent")
        finally:
            client.close()


def carrier_for(smtp: str | None, data: Path) -> Carrier:
    """The SMTP server at the address ``smtp``, or ``data/outbox`` without one. Raises SmtpUrlError."""
    return SmtpCarrier.from_url(smtp) if smtp else OutboxCarrier(data / "outbox")


def _is_final(code: int) -> bool:
    return code // 100 == 5 and code not in _OUR_OWN_FAULT


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
