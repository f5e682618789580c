"""Addresses checked, compared, masked and gently corrected."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.addresses import (
    COMMON_DOMAINS,
    AddressFlaw,
    AddressReason,
    check,
    is_institutional,
    mask,
    near_miss,
    same,
)

PEOPLE = list(csv.DictReader((Path(__file__).parent / "data/people.csv").read_text(encoding="utf-8").splitlines()))
OWN = ("univ-exemple.example",)


@pytest.mark.parametrize("row", PEOPLE, ids=lambda row: row["id"])
def test_demo_addresses(row: dict[str, str]) -> None:
    for column in ("mail_secours", "mail_redirection"):
        if row[column]:
            assert check(row[column], OWN) == row[column]
    with pytest.raises(AddressFlaw) as refusal:
        check(row["mail_institutionnel"], OWN)
    assert refusal.value.reason is AddressReason.INSTITUTIONAL


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Estelle.05@Example.ORG ", "Estelle.05@example.org"),
        ("a@exämple.example", "a@xn--exmple-cua.example"),
        ("a+liste@example.org", "a+liste@example.org"),
        ("a@example.museum", "a@example.museum"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
        ("\u00a0a@example.org\u202f", "a@example.org"),
    ],
)
def test_kept(typed: str, kept: str) -> None:
    assert check(typed, OWN) == kept
    assert check(kept, OWN) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", AddressReason.EMPTY),
        ("   ", AddressReason.EMPTY),
        ("estelle", AddressReason.FORM),
        ("estelle@example", AddressReason.FORM),
        ("estelle@@example.org", AddressReason.FORM),
        ("est elle@example.org", AddressReason.FORM),
        ("estelle@[192.0.2.1]", AddressReason.FORM),
        ("estelle@example..org", AddressReason.FORM),
        ("@example.org", AddressReason.FORM),
        ("Estelle <estelle@example.org>", AddressReason.FORM),
        ("élodie@example.org", AddressReason.NOT_ASCII_LOCAL),
        (f"{'a' * 65}@example.org", AddressReason.TOO_LONG),
        (f"a@{'b.' * 130}org", AddressReason.TOO_LONG),
        ("a" * 10_000, AddressReason.TOO_LONG),
        ("a@example.org\nBcc: b@example.org", AddressReason.CONTROL),
        ("a@example.org\n", AddressReason.CONTROL),
        ("a\u202e@example.org", AddressReason.CONTROL),
        ("a\x00@example.org", AddressReason.CONTROL),
        ("a@univ-exemple.example", AddressReason.INSTITUTIONAL),
        ("a@ETU.Univ-Exemple.example", AddressReason.INSTITUTIONAL),
    ],
)
def test_refused(typed: str, reason: AddressReason) -> None:
    with pytest.raises(AddressFlaw) as refusal:
        check(typed, OWN)
    assert refusal.value.reason is reason
    assert "estelle" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_same_mailbox() -> None:
    assert same(" Estelle.05@Example.org", "estelle.05@EXAMPLE.ORG ")
    assert same("a@EXÄMPLE.example", "a@xn--exmple-cua.example")
    assert same("a@exa\u0308mple.example", "a@exämple.example")
    assert not same("e.stelle@example.org", "estelle@example.org")
    assert not same("estelle+a@example.org", "estelle@example.org")


def test_institutional_domains_and_their_subdomains() -> None:
    assert is_institutional("a@univ-exemple.example", OWN)
    assert is_institutional("a@etu.UNIV-exemple.example", OWN)
    assert not is_institutional("a@notuniv-exemple.example", OWN)
    assert not is_institutional("a@example.org", OWN)


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("etudiante.45@example.org", "e…5@example.org"),
        ("abc@example.org", "a…c@example.org"),
        ("ab@example.org", "a…@example.org"),
        ("o@example.org", "…@example.org"),
        ("nonsense", "…"),
        ("", "…"),
    ],
)
def test_mask(address: str, hint: str) -> None:
    assert mask(address) == hint


@given(
    local_part=st.text(st.characters(codec="ascii", exclude_characters="@"), min_size=1), domain=st.just("example.org")
)
def test_mask_hides_all_but_two_characters(local_part: str, domain: str) -> None:
    shown = mask(f"{local_part}@{domain}").removesuffix(f"@{domain}").replace("…", "", 1)
    assert len(shown) <= 2
    assert len(shown) < len(local_part)


@given(st.text(st.characters(exclude_characters="@"), min_size=1))
def test_masks_of_addresses_with_the_same_ends_are_the_same(middle: str) -> None:
    assert mask(f"e{middle}5@example.org") == "e…5@example.org"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a.b@gmial.com", "a.b@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@gmailcom", "a@gmail.com"),
        ("a@hotmal.fr", "a@hotmail.fr"),
        ("a@wanado.fr", "a@wanadoo.fr"),
        ("a@laposte.ent", "a@laposte.net"),
        ("a@GMIAL.com", "a@gmail.com"),
    ],
)
def test_near_misses(typed: str, meant: str) -> None:
    assert near_miss(typed) == meant


@pytest.mark.parametrize(
    "right",
    ["a@example.org", "a@Gmail.com", "a@yahoo.de", "a@univ-exemple.example", "gmial.com", "", "@gmial.com"],
)
def test_no_near_miss(right: str) -> None:
    assert near_miss(right) is None


@pytest.mark.parametrize("domain", COMMON_DOMAINS)
def test_a_common_domain_is_never_corrected(domain: str) -> None:
    assert near_miss(f"a@{domain}") is None
    assert check(f"a@{domain}") == f"a@{domain}"


@given(st.text(), st.text())
def test_nothing_raises_anything_else(one: str, other: str) -> None:
    assert same(one, one)
    assert same(one, other) == same(other, one)
    mask(one)
    near_miss(one)
    try:
        kept = check(f"{one}@{other}", OWN)
    except AddressFlaw:
        return
    assert same(kept, f"{one}@{other}")
