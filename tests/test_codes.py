"""Codes as they are made, printed, mistyped and pasted."""

import csv
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.codes import (
    ALPHABET,
    LENGTH,
    LENGTH_WITH_CHECK,
    canonical,
    check_is_right,
    from_link,
    grouped,
    with_check,
)
from backend.codes import code_from, new_code, new_provisional_password

CODES = st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH)
TOKEN = "Zk3nP0qv-Wm8_tY2bRc5LxJ7hGd9sFa4uE6iO1wQyTA"


def test_the_alphabet_is_crockfords() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")


@given(CODES)
def test_what_is_printed_reads_back(code: str) -> None:
    assert canonical(grouped(code)) == code
    assert canonical(grouped(code).lower()) == code
    assert canonical(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "0B1D-1FGH-JKMN",
        "ob1d ifgh jkmn",
        " OBLD\u2011LFGH\u2013JKMN\n",
        "0b1d1fghjkmn",
        "0B1D\u2212IFGH\u00a0JKMN\u200b",
    ],
)
def test_typing_habits_are_understood(typed: str) -> None:
    assert canonical(typed) == "0B1D1FGHJKMN"


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFGH-JKM", "ABCD-EFGH-JKMNP", "UBCD-EFGH-JKMN", "ABCD_EFGH_JKMN", "ßBCD-EFGH-JKM"]
)
def test_other_shapes_are_none(typed: str) -> None:
    assert canonical(typed) is None


def test_three_groups_of_four() -> None:
    assert grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"
    assert grouped("ABCDEFGHJKMNP") == "ABCD-EFGH-JKMN-P"


@given(CODES)
def test_the_check_is_of_the_alphabet_and_right(code: str) -> None:
    checked = with_check(code)
    assert len(checked) == LENGTH_WITH_CHECK
    assert checked[:LENGTH] == code
    assert checked[-1] in ALPHABET
    assert check_is_right(grouped(checked).lower()) is True


def test_every_wrong_character_is_caught() -> None:
    """All 13 × 31 of them. The check is linear over GF(32), so that what holds for one code holds for all."""
    checked = with_check("0B1D1FGHJKMN")
    wrong = [
        checked[:place] + character + checked[place + 1 :]
        for place, right in enumerate(checked)
        for character in ALPHABET
        if character != right
    ]
    assert len(wrong) == 13 * 31
    assert all(check_is_right(code) is False for code in wrong)


def test_every_exchange_of_two_characters_is_caught() -> None:
    """For each two places, each two different characters: neighbours, and all the others."""
    for first, second in itertools.combinations(range(LENGTH), 2):
        for one, other in itertools.combinations(ALPHABET, 2):
            code = list("0" * LENGTH)
            code[first], code[second] = one, other
            checked = with_check("".join(code))
            code[first], code[second] = other, one
            assert check_is_right("".join(code) + checked[-1]) is False


@given(CODES, st.integers(0, LENGTH - 1))
def test_an_exchange_with_the_check_is_caught(code: str, place: int) -> None:
    exchanged = list(with_check(code))
    exchanged[place], exchanged[-1] = exchanged[-1], exchanged[place]
    assert check_is_right("".join(exchanged)) is (exchanged == list(with_check(code)))


def test_what_an_hr_system_printed_has_no_check_to_be_wrong() -> None:
    rows = csv.DictReader((Path(__file__).parent / "data/people.csv").read_text(encoding="utf-8").splitlines())
    printed = [row["mdp_provisoire_test"] for row in rows if row["mdp_provisoire_test"]]
    assert printed
    assert {check_is_right(password) for password in printed} == {None}


@given(st.text())
def test_nothing_typed_raises(text: str) -> None:
    canonical(text)
    check_is_right(text)
    from_link(text)


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://compte.univ-exemple.example/l/{TOKEN}",
        f"  <http://127.0.0.1:8443/perron/l/{TOKEN}> ",
        f"https://compte.univ-exemple.example/l/{TOKEN}?lang=fr",
        f"https://compte.univ-exemple.example/l/{TOKEN[:20]}\n  {TOKEN[20:]}\n",
        f"Votre lien :\nhttps://compte.univ-exemple.example/l/{TOKEN}\nCe lien est personnel.",
    ],
)
def test_a_pasted_link_gives_its_token(pasted: str) -> None:
    assert from_link(pasted) == TOKEN


@pytest.mark.parametrize("pasted", ["ABCD-EFGH-JKMN", TOKEN, f"/l/{TOKEN[:-1]}", f"/l/{TOKEN}x", f"/x/{TOKEN}", ""])
def test_anything_else_is_no_link(pasted: str) -> None:
    assert from_link(pasted) is None


def test_a_digest_is_spelt_from_its_first_sixty_bits() -> None:
    assert code_from(bytes(8)) == "0" * 12
    assert code_from(b"\xff" * 32) == "Z" * 12
    assert code_from(b"\x08" + bytes(31)) == "10" + "0" * 10
    assert code_from(bytes(7) + b"\x1f") == "0" * 11 + "1"
    with pytest.raises(ValueError, match="60 bits"):
        code_from(bytes(7))


def test_new_codes_are_of_the_shape_and_differ() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(canonical(code) == code for code in codes)
    assert set("".join(codes)) == set(ALPHABET)
    assert check_is_right(new_provisional_password()) is True
