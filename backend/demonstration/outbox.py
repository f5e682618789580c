"""The mails that a demonstration has sent: those of its outbox."""

import mailbox
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from api_client.demonstration_contract import DemoMail

MOST = 50
"""Mails that are read each time: nobody looks further back."""


def last_mails(outbox: Path) -> list[DemoMail]:
    """The last ``MOST``, newest first."""
    if not outbox.exists():
        return []
    box = mailbox.Maildir(outbox, create=False)
    # A Maildir's keys begin with the second of their delivery.
    newest = sorted(box.keys(), key=_delivered, reverse=True)[:MOST]
    parser = BytesParser(EmailMessage, policy=policy.default)
    found = [_mail(key, parser.parsebytes(box.get_bytes(key))) for key in newest]
    return sorted(found, key=lambda mail: (mail.at, mail.id), reverse=True)


def _delivered(key: str) -> int:
    second = key.partition(".")[0]
    return int(second) if second.isdecimal() else 0


def _mail(key: str, message: EmailMessage) -> DemoMail:
    at = parsedate_to_datetime(str(message["Date"])) if message["Date"] else datetime.now(UTC)
    return DemoMail(id=key, at=at, to=str(message["To"]), subject=str(message["Subject"]), text=message.get_content())
