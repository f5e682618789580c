"""What a phone's browser may and may not do: looking is nothing, one phone is one phone, and nothing is learned."""

import asyncio
import re

import pytest

from api_client import contract
from backend.database.tables import pairings
from backend.pairing.codes import new_code, new_digits, offer, read_code, read_digits
from backend.web.phone_client import phone_of
from tests.backend_house import BackendHouse
from tests.conftest import ROOT
from tests.phones import IPHONE, PIXEL, PhoneBrowser
from tests.signing_in import AGNES, offer_of, signed_in

pytest_plugins = ["tests.house_fixtures"]


async def state(house: BackendHouse, named: str) -> int:
    return await house.count(pairings, pairings.c.state == named)


async def test_looking_claims_nothing(house: BackendHouse) -> None:
    """Whatever reads a QR code may fetch its address, twice and with HEAD."""
    screen = await signed_in(house)
    link, scanner = (await offer_of(screen)).link.reveal(), PhoneBrowser(house, source="192.0.2.200")
    revision = screen.enrolment.revision
    for _ in range(3):
        assert (await scanner.http.head(link)).status_code == 200
        assert (await scanner.open(link)).has_form
    assert not scanner.http.cookies
    await screen.look()
    assert screen.enrolment.revision == revision
    assert await state(house, "shown") == 1


async def test_of_two_phones_one_is_paired(house: BackendHouse) -> None:
    screen = await signed_in(house)
    link = (await offer_of(screen)).link.reveal()
    phones = [PhoneBrowser(house, source=f"192.0.2.{number}") for number in range(60, 65)]
    answers = await asyncio.gather(*(phone.http.post(link) for phone in phones))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404, 404]
    assert sum("set-cookie" in answer.headers for answer in answers) == 1
    late = PhoneBrowser(house)
    assert (await late.open(link)).status == 404


async def test_headers_and_cookie(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    response = await phone.http.post((await offer_of(screen)).link.reveal())
    for name, value in {
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "accept-ch": "Sec-CH-UA-Model, Sec-CH-UA-Platform",
    }.items():
        assert response.headers[name] == value
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "script-src" not in policy
    cookie = response.headers["set-cookie"]
    assert re.match(r"__Host-perron-phone=[A-Za-z0-9_-]{43}; ", cookie)
    for word in ("HttpOnly", "Path=/", "SameSite=lax", "Secure", "Max-Age=1800"):
        assert word in cookie
    assert "Domain" not in cookie
    files = b"".join(file.read_bytes() for file in house.data.rglob("*") if file.is_file())
    assert cookie.split("=")[1].split(";")[0].encode() not in files, "only what it is found by is kept"


async def test_codes_and_digits_are_kept_nowhere(house: BackendHouse) -> None:
    screen = await signed_in(house)
    shown = await offer_of(screen)
    files = b"".join(file.read_bytes() for file in house.data.rglob("*") if file.is_file())
    for secret in (shown.link.reveal().rpartition("/")[2], shown.key.reveal(), shown.key.reveal().replace("-", "")):
        assert secret.encode() not in files


async def test_every_code_that_pairs_nothing_has_one_page(house: BackendHouse) -> None:
    screen = await signed_in(house)
    old = (await offer_of(screen)).link.reveal()
    await screen.act("renew")
    taken = (await offer_of(screen)).link.reveal()
    await PhoneBrowser(house).claim(taken)
    prying = PhoneBrowser(house, source="192.0.2.66")
    pages = [await prying.open(address) for address in (old, taken, f"/p/{new_code()}", "/p/x", "/p/here")]
    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


async def test_guessing_is_slowed_down(house: BackendHouse) -> None:
    prying = PhoneBrowser(house, source="192.0.2.66")
    found = [(await prying.open(f"/p/{new_code()}")).status for _ in range(31)]
    assert found == [404] * 30 + [429]
    screen = await signed_in(house)
    assert (await PhoneBrowser(house).open((await offer_of(screen)).link.reveal())).status == 200, "for them alone"


async def test_five_wrong_digits_and_no_more(house: BackendHouse) -> None:
    screen = await signed_in(house)
    digits = (await offer_of(screen)).key.reveal()
    wrong = f"{(int(digits.replace('-', '')) + 1) % 10**9:09}"
    phone = PhoneBrowser(house)
    await phone.open("/p")
    assert [(await phone.press(digits=wrong)).status for _ in range(5)] == [422] * 5
    assert (await phone.press(digits=digits)).status == 429
    assert await state(house, "claimed") == 0
    house.clock.move(seconds=119)
    await screen.look()
    house.clock.move(seconds=2)
    await screen.look()
    other = await phone.press(digits=(await offer_of(screen)).key.reveal())
    assert other.title == "Connectez-vous", "two minutes later, with the code of then"


async def test_right_digits_cost_a_campus_nothing(house: BackendHouse) -> None:
    """Many phones behind one address, each with its own code."""
    for number in range(8):
        screen = await signed_in(house, screen=await house.begun("phone-pairing", source=f"192.0.2.{number}"))
        phone = PhoneBrowser(house)
        await phone.open("/p")
        assert (await phone.press(digits=(await offer_of(screen)).key.reveal())).title == "Connectez-vous"
        await screen.client.leave(screen.enrolment, 5)


async def test_what_is_no_nine_digits_costs_no_try(house: BackendHouse) -> None:
    phone = PhoneBrowser(house)
    await phone.open("/p")
    for typed in ("", "12345678", "1234567890", "١٢٣٤٥٦٧٨٩", "abc-def-ghi") * 3:
        assert (await phone.press(digits=typed)).status == 422


async def test_a_return_that_we_did_not_send(house: BackendHouse) -> None:
    """Another state, no cookie, another phone's cookie: nothing happens."""
    screen = await signed_in(house)
    phone, prying = PhoneBrowser(house), PhoneBrowser(house, source="192.0.2.66")
    await phone.claim((await offer_of(screen)).link.reveal())
    form = {**phone.page.form, "user": AGNES}
    back = (await phone.http.post(phone.page.url, data=form)).headers["location"]
    assert (await prying.open(back)).status == 404
    assert (await phone.open(re.sub(r"state=[^&]+", "state=another", back))).status == 404
    assert (await phone.open(re.sub(r"state=[^&]+&", "", back))).status == 404
    assert await state(house, "claimed") == 1
    assert (await phone.open(back)).title == "Confirmez sur l’ordinateur"
    assert (await phone.open(back)).title == "Confirmez sur l’ordinateur", "once more changes nothing"
    assert await state(house, "signed_in") == 1


async def test_another_phone_does_not_answer_for_this_one(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone, prying = PhoneBrowser(house), PhoneBrowser(house, source="192.0.2.66")
    await phone.claim((await offer_of(screen)).link.reveal())
    await phone.sign_in(AGNES)
    for token in ("", "x", "A" * 43):
        cookie = {"cookie": f"__Host-perron-phone={token}"}
        await prying.http.post("/p/here", data={"choice": "accept"}, headers=cookie)
        assert (await prying.http.get("/p/here", headers=cookie)).status_code == 404
    assert (await phone.http.post("/p/here", data={"choice": "accept"})).status_code == 303
    assert await state(house, "signed_in") == 1, "the computer has not said yes"


@pytest.mark.parametrize("choice", ["", "maybe", "accept\x00"])
async def test_an_answer_that_is_none(house: BackendHouse, choice: str) -> None:
    phone = PhoneBrowser(house)
    assert (await phone.http.post("/p/here", data={"choice": choice})).status_code == 400
    assert (await phone.http.post("/p/here", json={"choice": "accept"})).status_code == 400
    assert (await phone.http.post("/p/here", content=b"choice=" + b"a" * 5000)).status_code in (400, 413)


async def test_a_phone_that_lost_its_way_finds_its_sign_in_again(house: BackendHouse) -> None:
    screen = await signed_in(house)
    phone = PhoneBrowser(house)
    await phone.claim((await offer_of(screen)).link.reveal())
    page = await phone.look()
    assert "Ouvrir la page de connexion" in page.words
    assert "/demonstration/issuer/authorize?" in page.text


async def test_pages_speak_the_reader_s_language(house: BackendHouse) -> None:
    screen = await signed_in(house)
    link = (await offer_of(screen)).link.reveal()
    english = PhoneBrowser(house, headers={"Accept-Language": "en-GB,en;q=0.9,fr;q=0.5"})
    page = await english.open(link)
    assert page.title == "Pair this phone with Temps Exemple"
    assert '<html lang="en">' in page.text
    assert 'lang="fr"' in page.text, "and the link to the other language says which"
    assert (await english.open(f"{link}?lang=fr")).title == "Appairer ce téléphone à Temps Exemple"
    assert "Groupe Exemple" in english.page.words
    assert "support@groupe-exemple.example" in english.page.words


async def test_codes_do_not_turn_faster_than_ten_a_minute(house: BackendHouse) -> None:
    screen = await signed_in(house)
    for _ in range(9):
        await screen.act("renew")
    step = await screen.act("renew")
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is None
    assert step.errors[""].startswith("Trop de codes ont été affichés")
    house.clock.move(seconds=30)
    await screen.look()
    house.clock.move(seconds=31)
    step = await screen.look()
    assert isinstance(step, contract.PhonePairing)
    assert step.offer is not None, "it comes by itself"
    assert step.errors == {}


# -------------------------------------------------------------------------------------------- codes, and who reads them


def test_codes_have_130_bits_and_digits_nine() -> None:
    codes, digits = {new_code() for _ in range(200)}, {new_digits() for _ in range(200)}
    assert (len(codes), len(digits)) == (200, 200)
    assert all(re.fullmatch("[A-Z2-7]{26}", code) for code in codes)
    assert all(re.fullmatch("[0-9]{9}", one) for one in digits)
    assert all(read_code(code.lower()) == code for code in codes)


@pytest.mark.parametrize(
    ("public_url", "uri"),
    [
        ("https://perron.univ-exemple.example", "HTTPS://PERRON.UNIV-EXEMPLE.EXAMPLE/P/{code}"),
        ("https://perron.univ-exemple.example:8443", "HTTPS://PERRON.UNIV-EXEMPLE.EXAMPLE:8443/P/{code}"),
        ("http://127.0.0.1:8020", "HTTP://127.0.0.1:8020/P/{code}"),
        ("https://univ-exemple.example/perron", "https://univ-exemple.example/perron/p/{code}"),
        ("http://[::1]:8020", "http://[::1]:8020/p/{code}"),
    ],
)
def test_the_qr_code_is_small_wherever_it_stays_a_true_address(public_url: str, uri: str) -> None:
    code = new_code()
    made = offer(public_url, code, "123456789")
    assert made.uri.reveal() == uri.format(code=code)
    assert made.link.reveal() == f"{public_url}/p/{code}"
    assert made.key.reveal() == "123-456-789"


@pytest.mark.parametrize("typed", ["123456789", "123-456-789", " 123 456 789 ", "123.456.789"])
def test_digits_as_people_type_them(typed: str) -> None:
    assert read_digits(typed) == "123456789"


@pytest.mark.parametrize(
    ("headers", "platform", "model"),
    [
        ({"user-agent": PIXEL}, "android", "Pixel 8"),
        ({"user-agent": IPHONE}, "ios", "iPhone"),
        ({"user-agent": "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)"}, "ios", "iPad"),
        (
            {"user-agent": "Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A.220624) Chrome"},
            "android",
            "SM-A536B",
        ),
        ({"user-agent": "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0.0.0 Mobile"}, "android", ""),
        (
            {
                "user-agent": "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0.0.0 Mobile",
                "sec-ch-ua-model": '"Pixel 9 Pro"',
                "sec-ch-ua-platform": '"Android"',
            },
            "android",
            "Pixel 9 Pro",
        ),
        ({"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}, "other", ""),
        ({}, "other", ""),
        ({"sec-ch-ua-model": '"\x1b]0;evil\x07Pixel"', "sec-ch-ua-platform": "Android"}, "android", "Pixel"),
        ({"sec-ch-ua-model": "[@click=app.quit]x[/]"}, "other", "[@click=app.quit]x[/]"),
        ({"sec-ch-ua-model": "A" * 500}, "other", "A" * 40),
        ({"sec-ch-ua-model": "a\u202eb\u200bc"}, "other", "abc"),
    ],
)
def test_which_phone_it_says_it_is(headers: dict[str, str], platform: str, model: str) -> None:
    found = phone_of(headers)
    assert (found.platform, found.model) == (platform, model)


def test_one_verb_pairs_a_phone() -> None:
    """« Appairer », as the question at the computer says it; « associé » is said of a body, of an address, and in the
    subject of M11, which domain.md §13 gives word for word."""
    files = [file for pattern in ("*.toml", "*.txt") for file in (ROOT / "backend").rglob(pattern)]
    said = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert set(re.findall(r"\w+ associ(?!at)\w+", said)) == {"organisme associé", "secours associée", "été associé"}
