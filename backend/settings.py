"""What ``perron-backend serve`` was told."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where to listen, where the data are, and who is served."""

    host: str
    port: int
    """The real one: a port 0 was replaced when the socket was bound."""
    data: Path
    """The data folder, of mode 0700: ``perron.sqlite``, ``dbos.sqlite``, ``keys/``, ``outbox/``, ``audit.head``."""
    public_url: str
    """What links in mails begin with, without a slash at the end."""
    smtp: str | None = field(default=None, repr=False)
    """``smtp://[user:password@]host[:port]``; None writes mails to ``outbox/`` instead."""
    people: Path | None = None
    """An HR file to import before serving."""
    institution: Path | None = None
    """The institution's folder; None is the shipped fictitious one."""
    demonstration: bool = False
    """Also serve the people to try and their mailbox. Never where real people are served."""
