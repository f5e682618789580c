"""What the mails say (domain.md §13), as messages ready to leave.

The texts are ``templates/mails/M1.fr.txt`` and so on: the subject on the first line, then one paragraph a line, folded
here at 72 columns. A line without a space, such as a link, is never folded. Every value goes through ``wording.clean``.
"""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FunctionLoader, StrictUndefined
from msgspec import Struct

from api_client.codes import grouped
from api_client.contract import Locale
from api_client.languages import nearest, translated
from api_client.secret import Secret
from api_client.wording import clean, folded, is_plain
from backend.dates import in_words
from backend.institution import Institution

Kind = Literal[
    "M1", "M2", "M3", "M4", "M5", "M6", "M6p", "M7", "M7b", "M8", "M8b", "M9", "M10", "M11", "M12", "M13", "M14"
]  # fmt: skip
"""M1 activation, M2 activation again, M3 backup address, M4 forwarding address, M5 active, M6 password changed, M6p the
same on the portal, M7 new backup address, M7b the notice to the one it replaces, M8 a request for help was received,
M8b its owner could not be called, M9 registration on the portal, M10 to somebody registered there already, M11 a phone
was paired, M12 the request as agents get it, M13 a new password after an agent unlocked the account, M14 the company
register answers again (both ours)."""

OPERATORS: frozenset[Kind] = frozenset({"M6p", "M9", "M10", "M14"})
"""Those that the operator of the portal sends."""
APPLICATIONS: frozenset[Kind] = frozenset({"M11"})
"""Those that come from whoever holds the application."""

COLUMNS = 72
_TEMPLATES = Path(__file__).parent / "templates"
_QUOTE = "> "
"""Before every line that is somebody else's, folded or not, so that none passes for one of ours."""


class HostileHeader(ValueError):
    """A header would have carried control characters. The value is not in the message: it may be somebody's address."""


class Facts(Struct, frozen=True, kw_only=True):
    """What one mail tells. Those with a link need ``url``, ``code`` and ``deadline``."""

    mail_id: str
    recipient: str
    written_at: datetime
    full_name: str = ""
    login: str = ""
    institutional_email: str = ""
    url: Secret | None = None
    code: Secret | None = None
    deadline: datetime | None = None
    has_mailbox: bool = False
    told: dict[str, str] = {}
    """What a kind tells beside these, by the names that its template calls."""


def compose(kind: Kind, locale: Locale, institution: Institution, facts: Facts) -> EmailMessage:
    """The whole message, UTF-8 plain text. Raises HostileHeader, and ``jinja2.UndefinedError`` when a fact is missing.

    ``Message-ID`` comes from the mail's id alone, so that a copy sent again after a crash is known for one (RFC 5322
    §3.6.4); ``Auto-Submitted`` keeps vacation notices from answering (RFC 3834 §5).
    """
    locale = nearest(locale)
    template = _environment().get_template(f"{kind}.{locale}.txt")
    subject, _, text = template.render(_words(locale, institution, facts)).partition("\n")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_header(_sender(kind, institution)), addr_spec=_header(institution.mail_from))
    mail["To"] = Address(addr_spec=_header(facts.recipient))
    mail["Subject"] = _header(subject)
    mail["Date"] = format_datetime(facts.written_at)
    mail["Message-ID"] = f"<{_header(facts.mail_id)}@{institution.mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_fold(text), charset="utf-8", cte="quoted-printable")
    mail["Content-Language"] = locale  # after the content, which takes away what was said of another
    return mail


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_template),
        autoescape=False,  # noqa: S701 - plain text: there is nothing to escape, and `finalize` cleans every value
        undefined=StrictUndefined,
        finalize=lambda value: clean(str(value)),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> str:
    """French and English are files; in another language, each line of the English one as its translator says it."""
    if (file := _TEMPLATES / name).exists():
        return file.read_text(encoding="utf-8")
    kind, locale, _txt = name.split(".")
    return "\n".join(translated(line, locale) for line in _template(f"{kind}.en.txt").split("\n"))


def _words(locale: Locale, institution: Institution, facts: Facts) -> dict[str, object]:
    zone = institution.zone
    words: dict[str, object] = {
        "institution": institution,
        "operator": institution.operator,
        "application": institution.application,
        "recipient": facts.recipient,
        "full_name": facts.full_name,
        "login": facts.login,
        "institutional_email": facts.institutional_email,
        "at": in_words(facts.written_at, locale, zone),
        "services": tuple(service.fill(locale, institution.names()) for service in institution.services),
        "mailbox_service": institution.mailbox_service.fill(locale, institution.names()) if facts.has_mailbox else "",
        **facts.told,
    }
    if facts.url and facts.code and facts.deadline:
        words |= {
            "url": facts.url.reveal(),
            "code": grouped(facts.code.reveal()),
            "deadline": in_words(facts.deadline, locale, zone),
            "same_day": facts.deadline.astimezone(zone).date() == facts.written_at.astimezone(zone).date(),
        }
    return words


def _sender(kind: Kind, institution: Institution) -> str:
    if institution.operator and kind in OPERATORS:
        return institution.operator.name
    if institution.application and kind in APPLICATIONS:
        return institution.application.host
    return institution.name


def _header(value: str) -> str:
    if not is_plain(value):
        raise HostileHeader("a header with control characters was refused")
    return value


def _fold(text: str) -> str:
    return "".join(f"{_fold_line(line)}\n" for line in text.strip("\n").split("\n"))


def _fold_line(line: str) -> str:
    quote = _QUOTE if line.startswith(_QUOTE) else ""
    return "\n".join(folded(line, COLUMNS, indent=quote))
