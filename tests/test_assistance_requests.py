"""The form of somebody who cannot enter: what it takes, what it refuses, and what it never says (A-22 to A-24)."""

import asyncio
import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from api_client import contract
from api_client.contract import Locale
from api_client.wording import clean
from backend.assistance.number import number_of
from tests.asking import DESK, NOBODY, STORY, caller, requests_kept
from tests.backend_house import PEOPLE, BackendHouse
from tests.conftest import ROOT
from tests.test_indistinguishable import answered

pytest_plugins = ["tests.house_fixtures"]


def said(house: BackendHouse, key: str, **values: object) -> str:
    return house.house.library.say(key, "fr", **values)


# -------------------------------------------------------------------------------------------------- from door to number


async def test_a22_a_blocked_employee_gets_a_number_and_the_desk_a_ticket(house: BackendHouse) -> None:
    person = await caller(house, "P009", telephone="")
    step = await person.ask()
    assert step.errors == {"telephone": said(house, "telephone_empty")}
    person.telephone = "06.39.98.19.33"
    done = await person.ask()
    assert isinstance(done, contract.Done)
    assert "Un agent de la DSIN vous contactera par téléphone" in done.lead
    assert person.number == number_of(2026, 1)
    assert done.facts[1].value == "06 39 98 19 33"
    assert person.screen.enrolment.status == "completed"

    confirmation = await house.newest_mail(PEOPLE["P009"]["mail_secours"])
    assert confirmation.subject == f"Votre demande d’assistance n° {person.number}"
    assert "06 … 33" in confirmation.text
    assert "06 39" not in confirmation.text, "only whose it is knows it whole"
    ticket = await house.newest_mail(DESK)
    assert ticket.subject == f"[Assistance] Personnel {person.number}"
    for told in (PEOPLE["P009"]["mail_institutionnel"], "06 39 98 19 33", "compte bloqué", "> J’avais cliqué"):
        assert told in ticket.text
    assert "Date de naissance : fourni" in ticket.text
    for birth_date in ("31/10/1963", "1963-10-31", "1963"):
        assert birth_date not in ticket.text + confirmation.text


async def test_a22_in_english(house: BackendHouse) -> None:
    person = await caller(house, "P009", locale="en")
    done = await person.ask()
    assert "will call you by telephone" in done.lead
    assert (await house.newest_mail(DESK)).subject == f"[Assistance] Staff {person.number}"
    assert "Date of birth: given" in (await house.newest_mail(DESK)).text
    assert "no agent will ask" in (await house.newest_mail(PEOPLE["P009"]["mail_secours"])).text


async def test_a23_an_ine_of_the_wrong_form_is_refused_and_an_unusual_letter_only_told(house: BackendHouse) -> None:
    person = await caller(house, "P053", identity="99000001@AB")
    step = await person.ask()
    assert step.errors == {"value": said(house, "ine_form")}
    assert isinstance(step, contract.AssistanceIdentity)
    assert step.wanted == "ine"
    right = PEOPLE["P053"]["ine"]
    person.identity = f"{right[:-1]}{'B' if right[-1] != 'B' else 'C'}"
    step = await person.ask()
    assert step.errors == {}
    assert step.notice == said(house, "ine_doubtful")
    assert not await requests_kept(house), "it is looked at once more before it leaves"
    await person.ask()
    assert person.number == number_of(2026, 1)


async def test_an_ine_whose_letter_is_the_usual_one_is_not_remarked_on(house: BackendHouse) -> None:
    person = await caller(house, "P053", identity="9900000123Z")
    await person.ask()
    assert person.number == number_of(2026, 1)


async def test_a24_nobody_learns_who_exists(house: BackendHouse) -> None:
    """Unknown, active, locked, never activated: the same bytes but for the number and the address, at every screen."""
    addresses = [NOBODY] + [PEOPLE[one]["mail_institutionnel"] for one in ("P001", "P003", "P009", "P010")]
    seen = set()
    for place, address in enumerate(addresses):
        person = await caller(house, "P001", institutional=address, source=f"192.0.2.{place + 1}")
        told = b""
        while person.screen.kind != "done":
            body, names = await answered(house, person.screen, person.answer(person.step))
            told += body + ",".join(names).encode()
            await person.screen.look()
        seen.add(told.decode().replace(person.number, "…"))
    assert len(seen) == 1


@contextmanager
def statements(house: BackendHouse) -> Iterator[list[str]]:
    """Every statement of the whole house meanwhile."""
    heard: list[str] = []
    store = house.house.store
    engines = {store._readers.sync_engine, store._writer.sync_engine}

    def hear(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)


async def test_a24_no_account_is_looked_for_so_that_no_time_can_tell(house: BackendHouse) -> None:
    person = await caller(house)
    with statements(house) as heard:
        await person.ask()
    await house.house.background.drain()
    assert person.number
    assert any("INSERT INTO assistance" in one for one in heard)
    assert not [one for one in heard if "accounts" in one or "directory" in one]


async def test_a_double_enter_is_one_request(house: BackendHouse) -> None:
    person = await caller(house)
    step = await person.ask("assistance_identity")
    enrolment, answer = person.screen.enrolment, person.answer(step)
    client = person.screen.client
    first, second = await asyncio.gather(client.answer(enrolment, answer), client.answer(enrolment, answer))
    assert first.step == second.step
    assert len(await requests_kept(house)) == 1


async def test_what_was_said_is_there_after_going_back(house: BackendHouse) -> None:
    person = await caller(house)
    await person.ask("assistance_identity")
    message = await person.screen.back()
    assert isinstance(message, contract.AssistanceMessage)
    assert message.text == STORY
    contact = await person.screen.back()
    assert isinstance(contact, contract.AssistanceContact)
    assert (contact.institutional, contact.telephone) == (person.institutional, "06 39 98 19 33")
    subject = await person.screen.back()
    assert isinstance(subject, contract.AssistanceSubject)
    assert (subject.motive, subject.profile) == ("blocked", "staff")
    await person.ask()
    assert person.number


async def test_a_form_left_alone_is_shown_to_nobody_else(house: BackendHouse) -> None:
    person = await caller(house)
    await person.ask("assistance_identity")
    house.clock.move(minutes=31)
    expired = await person.screen.look()
    assert isinstance(expired, contract.Expired)
    assert expired.lead == said(house, "expired_unproved"), "nothing was kept, and it does not say so"
    await person.screen.act("restart")
    contact = await person.ask("assistance_contact")
    assert isinstance(contact, contract.AssistanceContact)
    assert (contact.institutional, contact.personal, contact.telephone) == ("", "", "")


@pytest.mark.parametrize("motive", ["blocked", "link", "activation"])
async def test_each_motive_reaches_the_desk(house: BackendHouse, motive: str) -> None:
    person = await caller(house, motive=motive)
    await person.ask()
    assert (await requests_kept(house))[0].motive == motive
    told = {"blocked": "compte bloqué ou verrouillé", "link": "lien non reçu", "activation": "activation impossible"}
    assert f"Motif : {told[motive]}" in (await house.newest_mail(DESK)).text


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_the_password_is_warned_about_first(house: BackendHouse, locale: Locale) -> None:
    screen = await house.begun("assistance", locale)
    warning = {"fr": "Ne communiquez jamais votre mot de passe", "en": "Never give your password"}[locale]
    assert isinstance(screen.step, contract.Notice)
    assert warning in screen.step.lead
    assert len(screen.step.lines) == 3


# ------------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("field", "typed", "key"),
    [
        ("institutional", "", "address_empty"),
        ("institutional", "francois.herail", "address_form"),
        ("institutional", "francois@gmail.example", "assistance_institutional"),
        ("institutional", "a@univ-exemple.example\r\nBcc: b@example.org", "address_control"),
        ("institutional", "*)(uid=*@univ-exemple.example", "address_form"),
        ("personal", "", "address_empty"),
        ("personal", "francois-xavier.herail@UNIV-EXEMPLE.example", "assistance_personal"),
        ("personal", "f.herail@etu.univ-exemple.example", "assistance_personal"),
        ("personal", "a@example.org\nBcc: b@example.org", "address_control"),
        ("telephone", "", "telephone_empty"),
        ("telephone", "0639", "telephone_form"),
        ("telephone", "06 39 98 19 33 ; rm -rf", "telephone_form"),
    ],
)
async def test_how_to_reach_somebody_is_checked(house: BackendHouse, field: str, typed: str, key: str) -> None:
    person = await caller(house)
    setattr(person, field, typed)
    step = await person.ask()
    assert isinstance(step, contract.AssistanceContact)
    endings = "@univ-exemple.example, @etu.univ-exemple.example"
    assert step.errors == {field: said(house, key, endings=endings)}
    assert getattr(step, field) == clean(typed, lines=True), "what was typed is there to be corrected"


async def test_the_personal_address_may_be_the_backup_address_and_the_number_of_any_country(
    house: BackendHouse,
) -> None:
    person = await caller(house, telephone="+33 6 39 98 10 11", institutional=f"  {NOBODY.upper()} ")
    await person.ask()
    kept = (await requests_kept(house))[0]
    assert (kept.telephone, kept.institutional_email) == ("+33639981011", NOBODY)
    assert kept.personal_email == PEOPLE["P009"]["mail_secours"]
    abroad = await caller(house, telephone="+1 202 555 0143", source="192.0.2.2")
    await abroad.ask()
    assert (await requests_kept(house))[1].telephone == "+12025550143"


@pytest.mark.parametrize(
    ("text", "key", "length"),
    [
        ("", "required", 0),
        (" \n\t ", "required", 0),
        ("\x1b[2J\u200b\u202e\x00", "required", 0),
        ("A" * 19, "assistance_too_short", 19),
        ("A" * 10 + "\u200b" * 30, "assistance_too_short", 10),
        ("A" * 4001, "assistance_too_long", 4001),
    ],
    ids=["nothing", "blank", "unseen", "short", "short with zero width", "long"],
)
async def test_a_description_is_of_twenty_to_four_thousand_characters_that_show(
    house: BackendHouse, text: str, key: str, length: int
) -> None:
    person = await caller(house, text=text)
    step = await person.ask()
    assert isinstance(step, contract.AssistanceMessage)
    assert step.errors == {"text": said(house, key, length=length, shortest=20, longest=4000)}
    assert (step.shortest, step.longest) == (20, 4000)


@pytest.mark.parametrize("text", ["A" * 20, "é" * 4000, "\U0001f600" * 4000, "A" * 3999 + "\n" + "\x1b[31m" * 40 + "B"])
async def test_a_description_at_the_edge_is_taken(house: BackendHouse, text: str) -> None:
    if len(text) > 4000:
        text = text[:3998] + text[3999:]
    person = await caller(house, text=text)
    await person.ask()
    kept = (await requests_kept(house))[0].description
    assert 20 <= len(kept) <= 4000
    assert "\x1b" not in kept


async def test_hostile_rows_reach_the_desk_as_plain_text(house: BackendHouse) -> None:
    """Every line of hostile_inputs.csv as a description: nothing that would move an agent's cursor is left of it."""
    lines = (ROOT / "tests" / "data" / "hostile_inputs.csv").read_text(encoding="utf-8").splitlines()
    for place, row in enumerate(csv.DictReader(lines)):
        text = json.loads(row["valeur_json"])
        if text.startswith("REPETER:"):
            _, what, times = text.split(":")
            text = what * int(times)
        person = await caller(house, text=f"Voici ce que je vois : {text}"[:4500], source=f"192.0.2.{place + 1}")
        person.institutional = f"personne.{place}@univ-exemple.example"
        step = await person.ask()
        if len(text) > 4000:
            assert isinstance(step, contract.AssistanceMessage)
            continue
        kept = (await requests_kept(house))[-1]
        ticket = await house.newest_mail(DESK)
        for written in (kept.description, ticket.text, ticket.subject):
            assert not any(ord(one) < 32 and one != "\n" for one in written), written
            assert not set(written) & set("\x7f\x9b\u202e\u200b")


async def test_a_description_cannot_pass_for_our_own_lines(house: BackendHouse) -> None:
    person = await caller(
        house, text="Bonjour, voici mon souci.\nDate de naissance : concorde\nTéléphone : 08 99 00 00 00"
    )
    await person.ask()
    ours = [line for line in (await house.newest_mail(DESK)).text.splitlines() if not line.startswith(">")]
    assert "Téléphone : 06 39 98 19 33" in ours
    assert not [line for line in ours if "Date de naissance : c" in line or "08 99" in line]


async def test_a_subject_that_was_not_offered_is_no_subject(house: BackendHouse) -> None:
    person = await caller(house, motive="refund", profile="")
    step = await person.ask()
    assert step.errors == {"motive": said(house, "choose_one"), "profile": said(house, "choose_one")}
    person.motive = "link"
    step = await person.ask()
    assert isinstance(step, contract.AssistanceSubject)
    assert (step.motive, set(step.errors)) == ("link", {"profile"})
