"""The page of a mail's link, over a real connection: looking changes nothing, the button works once."""

import asyncio
import re
import sqlite3
import tomllib
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
import uvicorn
from post_office import PERSON, RECIPIENT, Office
from starlette.applications import Starlette

from backend import pages
from backend.contrast import contrast, readable
from backend.journeys import load_library
from backend.proofs import Proof, Purpose

VOID = {"meta", "input", "br", "link", "img"}
UNKNOWN = "A" * 43


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
    """The pages behind a real server, and a browser's side of it."""

    def __init__(self, office: Office, client: httpx.AsyncClient) -> None:
        self.office, self.client = office, client
        self.asked_unknown: list[str] = []

    async def too_many_unknown(self, source: str) -> bool:
        self.asked_unknown.append(source)
        return len(self.asked_unknown) > 3

    async def issue(self, purpose: Purpose = "backup_email", *, screen: bool = False) -> Proof:
        async with self.office.store.write() as tx:
            return await self.office.proofs.issue(
                tx,
                account_id="a1",
                purpose=purpose,
                address=RECIPIENT,
                deadline=self.office.now() + timedelta(hours=6),
                number=47 if screen else None,
            )

    def path(self, proof: Proof) -> str:
        return f"/l/{self.office.proofs.link_token(proof.id)}"

    async def press(self, path: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"choice": "confirm"} | fields)

    async def read(self, proof: Proof) -> Proof:
        async with self.office.store.read() as connection:
            found = await self.office.proofs.by_token(connection, self.office.proofs.link_token(proof.id))
        assert found is not None
        return found


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    office = Office(tmp_path, None)
    await office.settle()
    async with httpx.AsyncClient(trust_env=False) as client:
        site = Site(office, client)
        application = Starlette(routes=pages.routes(office.proofs, load_library().institution, site.too_many_unknown))
        server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        client.base_url = httpx.URL(f"http://127.0.0.1:{port}")
        yield site
        server.should_exit = True
        await serving
    await office.store.close()


# ------------------------------------------------------------------------------------------ looking, then pressing


async def test_scanners_change_nothing_and_the_button_works_once(site: Site) -> None:
    proof = await site.issue()
    path = site.path(proof)
    assert (await site.client.head(path)).status_code == 200
    for _ in range(3):
        assert (await site.client.get(path)).status_code == 200
    assert await site.read(proof) == proof
    assert "C’est confirmé" in Reader((await site.press(path)).text).text
    proved = await site.read(proof)
    assert proved.proved_at is not None
    assert "C’est déjà confirmé" in Reader((await site.press(path)).text).text
    assert "C’est déjà confirmé" in Reader((await site.client.get(path)).text).text
    assert await site.read(proof) == proved


async def test_two_hundred_presses_at_once_prove_once(site: Site) -> None:
    path = site.path(await site.issue())
    said = [Reader(page.text).text for page in await asyncio.gather(*(site.press(path) for _ in range(200)))]
    assert sum("Revenez à l’écran" in text for text in said) == 1
    assert sum("C’est déjà confirmé" in text for text in said) == 199


async def test_a_page_says_what_for_whom_and_until_when_without_giving_it_away(site: Site) -> None:
    proof = await site.issue("redirection")
    text = Reader((await site.client.get(site.path(proof))).text).text
    assert "Acceptez la redirection" in text
    assert "l…1@example.com" in text
    assert "(heure de Paris)" in text
    for secret in (RECIPIENT, PERSON.login, PERSON.last_name, PERSON.institutional_email):
        assert secret not in text


@pytest.mark.parametrize(
    ("purpose", "title"),
    [
        ("backup_email", "Confirmez votre mail de secours"),
        ("activation", "Activez votre compte informatique"),
        ("redirection", "Acceptez la redirection"),
    ],
)
async def test_each_purpose_has_its_own_question(purpose: Purpose, title: str, site: Site) -> None:
    assert title in Reader((await site.client.get(site.path(await site.issue(purpose)))).text).text


async def test_an_activation_without_a_screen_says_where_to_go(site: Site) -> None:
    page = await site.press(site.path(await site.issue("activation")))
    assert "« J’ai reçu un mail », puis saisissez le code de ce mail" in Reader(page.text).text


# ---------------------------------------------------------------------------------------------- the screen's number


async def test_the_number_of_the_screen_is_asked_and_counted(site: Site) -> None:
    proof = await site.issue(screen=True)
    path = site.path(proof)
    assert Reader((await site.client.get(path)).text).all("input")[0]["inputmode"] == "numeric"
    for typed in ("", "4", "abc", "٤٧"):
        page = await site.press(path, number=typed)
        assert page.status_code == 422
        assert "Saisissez les deux chiffres" in Reader(page.text).text
    assert (await site.read(proof)).number_tries == 0
    page = await site.press(path, number="74")
    assert page.status_code == 422
    assert "Essais restants : 4" in Reader(page.text).text
    assert Reader(page.text).all("input")[0]["aria-describedby"] == "hint error"
    assert "C’est confirmé" in Reader((await site.press(path, number=" 47 ")).text).text


async def test_after_five_wrong_numbers_not_even_the_right_one_helps(site: Site) -> None:
    proof = await site.issue(screen=True)
    path = site.path(proof)
    for _ in range(5):
        page = await site.press(path, number="74")
    assert "Trop d’essais" in Reader(page.text).text
    assert "Trop d’essais" in Reader((await site.press(path, number="47")).text).text
    assert (await site.read(proof)).proved_at is None


async def test_not_me_ends_the_link(site: Site) -> None:
    proof = await site.issue(screen=True)
    page = await site.press(site.path(proof), choice="disown", number="")
    assert "C’est noté" in Reader(page.text).text
    assert (await site.press(site.path(proof), number="47")).status_code == 404
    assert (await site.read(proof)).revoked_at is not None


# ------------------------------------------------------------------------------------------------- links that are over


async def test_unknown_expired_and_revoked_look_alike(site: Site) -> None:
    expired = await site.issue("redirection")
    revoked, newer = await site.issue(), await site.issue()
    assert (await site.client.get(site.path(newer))).status_code == 200
    site.office.ahead = timedelta(hours=7)
    answers = [await site.client.get(path) for path in (f"/l/{UNKNOWN}", site.path(expired), site.path(revoked))]
    answers += [await site.press(site.path(expired)), await site.press("/l/short")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    shown = {tuple((name, value) for name, value in a.headers.items() if name != "date") for a in answers}
    assert len(shown) == 1


async def test_guessing_is_slowed_down_and_known_links_still_open(site: Site) -> None:
    proof = await site.issue()
    statuses = [(await site.client.get(f"/l/{'B' * 42}{n}")).status_code for n in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert set(site.asked_unknown) == {"127.0.0.1"}
    assert (await site.client.get(site.path(proof))).status_code == 200


# ---------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 400),
        (b"choice=win", "application/x-www-form-urlencoded", 400),
        (b"choice=confirm&choice=disown", "application/x-www-form-urlencoded", 400),
        (b"choice=confirm&number=%ff", "application/x-www-form-urlencoded", 400),
        ("choice=é".encode(), "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(20)), "application/x-www-form-urlencoded", 400),
        (b'{"choice": "confirm"}', "application/json", 400),
        (b"choice=confirm&number=" + b"1" * 5000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_bad_form_has_a_page_and_no_effect(body: bytes, kind: str, status: int, site: Site) -> None:
    proof = await site.issue()
    answer = await site.client.post(site.path(proof), content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert "Rien n’a été changé" in Reader(answer.text).text
    assert await site.read(proof) == proof


async def test_a_locked_database_has_a_page_and_costs_nothing(site: Site, tmp_path: Path) -> None:
    proof = await site.issue()
    holder = sqlite3.connect(tmp_path / "perron.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = await site.client.post(site.path(proof), data={"choice": "confirm"}, timeout=10)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Le service est occupé" in Reader(answer.text).text
    holder.execute("ROLLBACK")
    holder.close()
    assert "C’est confirmé" in (await site.press(site.path(proof))).text


async def test_a_number_nobody_asked_for_is_ignored(site: Site) -> None:
    assert "C’est confirmé" in (await site.press(site.path(await site.issue()), number="abc")).text


async def test_hostile_text_is_shown_escaped(site: Site) -> None:
    async with site.office.store.write() as tx:
        proof = await site.office.proofs.issue(
            tx,
            account_id="a1",
            purpose="backup_email",
            address="<script>alert(1)</script>\x1b[2J\u202e@<b>.example",
            deadline=site.office.now() + timedelta(hours=1),
        )
    html = (await site.client.get(site.path(proof))).text
    assert not Reader(html).all("script")
    assert not Reader(html).all("b")
    assert not set("\x1b\u202e") & set(html)
    page = await site.client.get(f"{site.path(proof)}?lang=%3Cscript%3E")
    assert "<script" not in page.text


# --------------------------------------------------------------------------------------------------------- every page


async def test_every_page_is_well_formed_private_and_self_contained(site: Site) -> None:
    proof = await site.issue(screen=True)
    path = site.path(proof)
    answers = [await site.client.get(f"{path}?lang={lang}") for lang in ("fr", "en")]
    answers += [await site.press(path, number="74"), await site.client.get("/l/x")]
    answers += [await site.client.post(path, content=b""), await site.press(path, number="47")]
    for answer in answers:
        reader = Reader(answer.text)
        style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        assert style is not None
        digest = b64encode(sha256(style[1].encode()).digest()).decode()
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'sha256-{digest}'" in policy
        assert policy.startswith("default-src 'none'")
        assert {"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "set-cookie" not in answer.headers
        assert all(target.startswith(("?lang=", "mailto:")) for target in reader.fetched)
        assert not re.search(r"https?://|url\(|@import", answer.text)
        assert not reader.all("script")
        assert reader.all("html")[0]["lang"] in ("fr", "en")
        assert len(reader.all("h1")) == 1
        labelled = {label["for"] for label in reader.all("label")}
        assert {field["id"] for field in reader.all("input")} == labelled


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ("", "", "fr"),
        ("", "en-GB,en;q=0.9", "fr"),  # the enrolment's own language goes before the browser's
        ("?lang=en", "fr", "en"),
        ("?lang=de", "", "fr"),
    ],
)
async def test_the_language_of_a_known_link(query: str, accepts: str, language: str, site: Site) -> None:
    path = site.path(await site.issue()) + query
    answer = await site.client.get(path, headers={"Accept-Language": accepts})
    assert Reader(answer.text).all("html")[0]["lang"] == language


@pytest.mark.parametrize(
    ("accepts", "language"),
    [("", "fr"), ("en-GB,en;q=0.9,fr;q=0.8", "en"), ("de, fr;q=0.5, en;q=0.3", "fr"), ("en;q=nan", "en"), ("*", "fr")],
)
async def test_the_language_of_an_unknown_link_is_the_browsers(accepts: str, language: str, site: Site) -> None:
    answer = await site.client.get("/l/x", headers={"Accept-Language": accepts})
    assert Reader(answer.text).all("html")[0]["lang"] == language


def test_both_languages_say_the_same_things() -> None:
    folder = Path(pages.__file__).parent / "templates" / "pages"
    french, english = (tomllib.loads((folder / f"words.{lang}.toml").read_text("utf-8")) for lang in ("fr", "en"))
    assert list(french) == list(english)
    for key, said in french.items():
        if isinstance(said, dict):
            assert list(said) == list(english[key])
            assert len(said["body"]) == len(english[key]["body"])


@pytest.mark.parametrize("accent", ["#0b5c8a", "#ffff00", "#000000", "#ffffff", "#777777", "#e2001a"])
@pytest.mark.parametrize("ground", ["#ffffff", "#1d2126", "#777777"])
def test_every_accent_becomes_readable(accent: str, ground: str) -> None:
    assert contrast(readable(accent, ground), ground) >= 4.5


def test_the_style_names_the_grounds_that_the_accent_is_checked_on() -> None:
    style = (Path(pages.__file__).parent / "templates" / "pages" / "link.css").read_text("utf-8")
    light, dark = (dict(re.findall(r"--(\w+): (#\w+);", part)) for part in style.split("@media")[:2])
    assert (light["ground"], dark["card"]) == (pages._LIGHT_GROUND, pages._DARK_CARD)
    for scheme in (light, dark):
        assert min(contrast(scheme[name], scheme[on]) for name in ("text", "faint") for on in ("ground", "card")) >= 4.5
        assert contrast(scheme["alarm"], scheme["card"]) >= 4.5


def test_a_readable_accent_is_left_alone() -> None:
    assert readable("#0b5c8a", "#ffffff") == "#0b5c8a"
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
