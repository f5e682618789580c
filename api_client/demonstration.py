"""The demonstration's people and mailbox, and opening a mail's link as a browser would."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

from api_client.client import Client
from api_client.demonstration_contract import DemoDeed, DemoMail, DemoPerson, DemoSight

_LINK = re.compile(r"https?://[^\s/]+(?P<path>/l/[A-Za-z0-9_-]+)")
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


async def people(client: Client, journey: str = "") -> list[DemoPerson]:
    """Whom to try in that journey; without one, the first of each."""
    asked = f"/demonstration/people?journey={quote(journey)}&locale={client.locale}"
    return await client.fetch(asked, list[DemoPerson])


async def act(client: Client, person: DemoPerson, journey: str, sight: DemoSight) -> DemoDeed:
    """Have done what ``person.acts`` tells of the step in sight. It may take a few seconds."""
    asked = f"/demonstration/people/{quote(person.id)}/acts?journey={quote(journey)}&locale={client.locale}"
    return await client.tell(asked, sight, DemoDeed)


async def mails(client: Client) -> list[DemoMail]:
    """The last mails that the demonstration has sent, newest first."""
    return await client.fetch("/demonstration/mails", list[DemoMail])


def code_in(mail: DemoMail) -> str:
    """The typed code of a mail, as printed; empty when it has none."""
    found = _CODE.search(mail.text)
    return found.group() if found else ""


def link_in(mail: DemoMail) -> str:
    """The path of a mail's link; empty when it has none. The host is left out: here it is always the backend's."""
    found = _LINK.search(mail.text)
    return found["path"] if found else ""


async def open_link(client: Client, path: str, number: int | None = None) -> None:
    """Open the page of a link, type ``number`` where it asks for one, press its button.

    Raises what ``Client`` raises; a page that wants nothing more (already confirmed, expired) is left as it is.
    """
    form = _Form()
    form.feed(await client.page(path))
    if form.found:
        fields = dict(form.given)
        for name in form.asked:
            fields[name] = "" if number is None else str(number)
        await client.page(form.action or path, fields)


class _Form(HTMLParser):
    """The first form of a page that is posted, as Enter sends it: with its first button, and with no other."""

    def __init__(self) -> None:
        super().__init__()
        self.found = self.inside = self.pressed = False
        self.action = ""
        self.given: list[tuple[str, str]] = []
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.found and of.get("method", "").lower() == "post":
            self.found = self.inside = True
            self.action = of.get("action", "")
        elif self.inside and tag == "button" and not self.pressed:
            self.pressed = True
            self.given.append((of.get("name", ""), of.get("value", "")))
        elif self.inside and tag == "input" and of.get("type") == "hidden":
            self.given.append((of.get("name", ""), of.get("value", "")))
        elif self.inside and tag == "input":
            self.asked.append(of.get("name", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
