"""The page of a mail's link: looking changes nothing, the button works once, and it gives nothing away."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from api_client.contract import Purpose
from api_client.contrast import contrast, readable
from backend.journeys import load_library
from backend.proofs import Proof
from backend.web import layout, pages
from tests.post_office import PERSON, PUBLIC_URL, RECIPIENT, Office

VOID = {"meta", "input", "br", "link", "img"}
UNKNOWN = "A" * 43
FORM = "application/x-www-form-urlencoded"


class Reader(HTMLParser):
    """Fails on a tag that is not closed in order; keeps what a browser would fetch, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += " " + " ".join(data.split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.attributes if name == tag]


class Site:
    """The pages, and a browser's side of them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.unknown = 0
        app = Starlette(routes=pages.routes(office.proofs, load_library().institution, self._too_many_unknown))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PUBLIC_URL)

    async def _too_many_unknown(self, source: str) -> bool:
        assert source == "127.0.0.1"
        self.unknown += 1
        return self.unknown > 3

    async def issue(
        self, purpose: Purpose = "backup_email", *, number: int | None = None, address: str = RECIPIENT
    ) -> Proof:
        until = self.office.now() + timedelta(hours=6)
        async with self.office.store.write() as tx:
            return await self.office.proofs.issue(
                tx, account_id="a1", purpose=purpose, address=address, deadline=until, number=number
            )

    def path(self, proof: Proof) -> str:
        return f"/l/{self.office.proofs.link_token(proof.id)}"

    async def press(self, path: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"choice": "confirm"} | fields)

    async def read(self, proof: Proof) -> Proof | None:
        async with self.office.store.read() as connection:
            return await self.office.proofs.by_token(connection, self.office.proofs.link_token(proof.id))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(Office(tmp_path, None))
    await site.office.settle()
    yield site
    await site.client.aclose()
    await site.office.store.close()


async def test_scanners_change_nothing_and_the_button_works_once(site: Site) -> None:
    proof = await site.issue()
    path = site.path(proof)
    for look in (site.client.head, site.client.get, site.client.get):
        assert (await look(path)).status_code == 200
    assert await site.read(proof) == proof
    assert "C’est confirmé" in Reader((await site.press(path, number="abc")).text).text, "no screen, so no number"
    proved = await site.read(proof)
    assert proved
    assert proved.proved_at is not None
    for again in (await site.press(path), await site.client.get(path)):
        assert "C’est déjà confirmé" in Reader(again.text).text
    assert await site.read(proof) == proved


async def test_a_page_says_what_and_until_when_without_giving_anybody_away(site: Site) -> None:
    text = Reader((await site.client.get(site.path(await site.issue("redirection")))).text).text
    for told in ("Acceptez la redirection", "l…1@example.com", "(heure de Paris)"):
        assert told in text
    for secret in (RECIPIENT, PERSON.login, PERSON.last_name, PERSON.institutional_email):
        assert secret not in text


async def test_the_number_of_the_screen_is_asked_and_counted(site: Site) -> None:
    proof = await site.issue(number=47)
    path = site.path(proof)
    assert Reader((await site.client.get(path)).text).all("input")[0]["inputmode"] == "numeric"
    for typed in ("", "4", "abc", "٤٧"):
        page = await site.press(path, number=typed)
        assert page.status_code == 422
        assert "Saisissez les deux chiffres" in Reader(page.text).text
    assert await site.read(proof) == proof, "what is no number costs no try"
    page = await site.press(path, number="74")
    assert page.status_code == 422
    assert "Essais restants : 4" in Reader(page.text).text
    assert Reader(page.text).all("input")[0]["aria-describedby"] == "hint error"
    assert "C’est confirmé" in Reader((await site.press(path, number=" 47 ")).text).text


async def test_unknown_expired_and_revoked_look_alike(site: Site) -> None:
    expired = await site.issue("redirection")
    revoked, newer = await site.issue(), await site.issue()
    assert (await site.client.get(site.path(newer))).status_code == 200
    site.office.ahead = timedelta(hours=7)
    answers = [await site.client.get(path) for path in (f"/l/{UNKNOWN}", site.path(expired), site.path(revoked))]
    answers += [await site.press(site.path(expired)), await site.press("/l/short")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, *sorted(answer.headers.items())) for answer in answers}) == 1


async def test_guessing_is_slowed_down_and_known_links_still_open(site: Site) -> None:
    proof = await site.issue()
    statuses = [(await site.client.get(f"/l/{'B' * 42}{n}")).status_code for n in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert (await site.client.get(site.path(proof))).status_code == 200


async def test_a_bad_form_has_a_page_and_no_effect(site: Site) -> None:
    proof = await site.issue()
    for body, kind, status in (
        (b"", FORM, 400),
        (b"choice=win", FORM, 400),
        (b"choice=confirm&choice=disown", FORM, 400),
        (b"choice=confirm&number=%ff", FORM, 400),
        ("choice=é".encode(), FORM, 400),
        (b"&".join(b"a%d=1" % n for n in range(20)), FORM, 400),
        (b'{"choice": "confirm"}', "application/json", 400),
        (b"choice=confirm&number=" + b"1" * 5000, FORM, 413),
    ):
        answer = await site.client.post(site.path(proof), content=body, headers={"Content-Type": kind})
        assert answer.status_code == status, body
        assert "Rien n’a été changé" in Reader(answer.text).text
    assert await site.read(proof) == proof


async def test_hostile_text_is_shown_escaped(site: Site) -> None:
    proof = await site.issue(address="<script>alert(1)</script>\x1b[2J\u202e@<b>.example")
    for query in ("", "?lang=%3Cscript%3E"):
        html = (await site.client.get(site.path(proof) + query)).text
        assert not Reader(html).all("script")
        assert not Reader(html).all("b")
        assert not set("\x1b\u202e") & set(html)


async def test_every_page_is_well_formed_private_and_self_contained(site: Site) -> None:
    path = site.path(await site.issue(number=47))
    answers = [await site.client.get(f"{path}?lang={lang}") for lang in ("fr", "en")]
    answers += [await site.press(path, number="74"), await site.client.get("/l/x")]
    answers += [await site.client.post(path, content=b""), await site.press(path, number="47")]
    for answer in answers:
        reader = Reader(answer.text)
        style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        assert style is not None
        policy = set(answer.headers["content-security-policy"].split("; "))
        digest = b64encode(sha256(style[1].encode()).digest()).decode()
        assert {f"style-src 'sha256-{digest}'", "default-src 'none'", "form-action 'self'"} <= policy
        assert {"base-uri 'none'", "frame-ancestors 'none'"} <= policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "set-cookie" not in answer.headers
        assert all(target.startswith(("?lang=", "mailto:")) for target in reader.fetched)
        assert not re.search(r"https?://|url\(|@import", answer.text)
        assert not reader.all("script")
        assert reader.all("html")[0]["lang"] in ("fr", "en")
        assert len(reader.all("h1")) == 1
        assert {field["id"] for field in reader.all("input")} == {label["for"] for label in reader.all("label")}


async def test_a_page_speaks_the_language_of_the_link_of_the_reader_or_of_the_browser(site: Site) -> None:
    known = site.path(await site.issue())
    for path, accepts, language in (
        (known, "", "fr"),
        (known, "en-GB,en;q=0.9", "fr"),  # the enrolment's own language goes before the browser's
        (f"{known}?lang=en", "fr", "en"),
        (f"{known}?lang=zz", "", "fr"),
        ("/l/x", "", "fr"),
        ("/l/x", "en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("/l/x", "de, fr;q=0.5, en;q=0.3", "fr"),
        ("/l/x", "en;q=nan", "en"),
    ):
        site.unknown = 0
        answer = await site.client.get(path, headers={"Accept-Language": accepts})
        assert Reader(answer.text).all("html")[0]["lang"] == language, (path, accepts)


def test_what_is_written_and_any_accent_can_be_read() -> None:
    style = (Path(layout.__file__).parent / "templates" / "layout.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w+);", part)) for part in style.split("@media")[:2])
    assert (light["ground"], dark["card"]) == (layout._LIGHT_GROUND, layout._DARK_CARD)
    for scheme in (light, dark):
        assert min(contrast(scheme[name], scheme[on]) for name in ("text", "faint") for on in ("ground", "card")) >= 4.5
        assert contrast(scheme["alarm"], scheme["card"]) >= 4.5
    for accent in ("#0b5c8a", "#ffff00", "#000000", "#ffffff", "#777777", "#e2001a"):
        assert all(contrast(readable(accent, ground), ground) >= 4.5 for ground in (light["ground"], dark["card"]))
