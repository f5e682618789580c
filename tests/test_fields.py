"""What people type in a field is kept in one form, or refused with a sentence that exists in both languages."""

import csv
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fields import dates, idcc, ine, member_number, names, siret, telephone
from backend.fields.refusal import FieldRefused
from backend.journeys import shipped_words
from tests.conftest import ROOT

DATA = ROOT / "tests" / "data"
TODAY = date(2026, 11, 3)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def refusal(check: Callable[[str], Any], typed: str) -> str:
    with pytest.raises(FieldRefused) as refused:
        check(typed)
    assert not typed.strip() or typed not in str(refused.value)
    return refused.value.say


# --------------------------------------------------------------------------------------------------- SIREN and SIRET


@pytest.mark.parametrize("row", rows("siret_vectors.csv"), ids=lambda row: row["raison"])
def test_every_siret_vector(row: dict[str, str]) -> None:
    if row["attendu"] == "valide":
        number = siret.checked(row["saisie"])
        assert number == re.sub(r"\D", "", row["saisie"])
        assert len(number) == {"siren": siret.SIREN_DIGITS, "siret": siret.SIRET_DIGITS}[row["nature"]]
    else:
        said = refusal(siret.checked, row["saisie"])
        assert said == {
            "": "siret_empty",
            "0000100170001": "siret_length",
            "000010017000100": "siret_length",
            "00001001O00010": "siret_form",
        }.get(row["saisie"], "siret_check")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u00a0000\u202f010-017.00010 ", "00001001700010"),
        ("35600000000048", "35600000000048"),
        ("35600000000014", "35600000000014"),  # Luhn is right, the sum of its digits no multiple of five
    ],
)
def test_a_siret_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert siret.checked(typed) == kept


@pytest.mark.parametrize("typed", ["٠٠٠٠١٠٠١٧", "00001001²", "+00010017", "0x0010017", "000010017\n", "1e9"])
def test_digits_of_other_kinds_are_no_siret(typed: str) -> None:
    assert refusal(siret.checked, typed) == "siret_form"


def test_only_one_company_has_the_rule_of_five() -> None:
    assert siret.is_valid("35600000049837")
    assert sum(map(int, "00001001700015")) % 5 == 0
    assert not siret.is_valid("00001001700015")


def test_a_siret_is_shown_in_groups() -> None:
    assert siret.displayed("00001001700010") == "000 010 017 00010"
    assert siret.displayed("000010017") == "000 010 017"


@given(st.integers(min_value=1, max_value=10**8 - 1), st.integers(min_value=0, max_value=8))
def test_a_wrong_digit_is_always_noticed(stem: int, place: int) -> None:
    number = next(n for n in (f"{stem:08}{check}" for check in range(10)) if siret.is_valid(n))
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert not siret.is_valid(wrong)


# --------------------------------------------------------------------------------------------------------------- INE


@pytest.mark.parametrize("row", rows("ine_vectors.csv"), ids=lambda row: row["raison"])
def test_every_ine_vector(row: dict[str, str]) -> None:
    if row["attendu"] == "valide":
        found = ine.checked(row["saisie"])
        assert found.number == row["normalise"]
        assert found.family == row["famille"]
        assert found.is_doubtful == row["cle_mod23"].startswith("discordante")
        assert found.number not in repr(found)
    else:
        assert refusal(ine.checked, row["saisie"]) == ("ine_form" if row["saisie"] else "ine_empty")


@pytest.mark.parametrize("typed", ["٩٩0000011AB", "99000001ßA", "990000011AB\n", "990000011AB; --"])
def test_what_only_resembles_an_ine_is_refused(typed: str) -> None:
    assert refusal(ine.checked, typed) == "ine_form"


# --------------------------------------------------------------------------------------------------------- telephone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("01 99 00 12 34", "+33199001234"),
        ("02.61.91.12.34", "+33261911234"),
        ("03-53-01-12-34", "+33353011234"),
        ("04\u00a065\u202f71 12 34", "+33465711234"),
        ("0536491234", "+33536491234"),
        (" 06 39 98 12 34 ", "+33639981234"),
        ("+33 6 39 98 12 34", "+33639981234"),
        ("+33 (0)6 39 98 12 34", "+33639981234"),
        ("0033 639981234", "+33639981234"),
        ("+1 202-555-0143", "+12025550143"),
        ("+999123456789012", "+999123456789012"),
    ],
)
def test_a_telephone_number_is_kept_as_e164(typed: str, kept: str) -> None:
    assert telephone.checked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "06 39 98 12 3",
        "06 39 98 12 345",
        "00 39 98",
        "639981234",
        "+33 06 39",
        "+33 639981234567",
        "+123456",
        "+1234567890123456",
        "06 39 98 12 3A",
        "٠6 39 98 12 34",
        "06 39 98 12 34\r\nBcc: x",
        "appelez-moi",
    ],
)
def test_what_cannot_be_called_is_refused(typed: str) -> None:
    assert refusal(telephone.checked, typed) == "telephone_form"


def test_a_telephone_number_is_shown_as_it_is_read_aloud() -> None:
    assert telephone.displayed("+33639981234") == "06 39 98 12 34"
    assert telephone.displayed("+12025550143") == "+12025550143"
    assert refusal(telephone.checked, " ") == "telephone_empty"


# ------------------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12/04/1978", date(1978, 4, 12)),
        ("12-04-1978", date(1978, 4, 12)),
        ("12.04.1978", date(1978, 4, 12)),
        (" 1/2/2000 ", date(2000, 2, 1)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_a_date_is_day_month_year(typed: str, day: date) -> None:
    assert dates.checked(typed) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "date_empty"),
        ("29/02/2023", "date_unknown"),
        ("31/04/1978", "date_unknown"),
        ("04/31/1978", "date_unknown"),
        ("00/01/1978", "date_unknown"),
        ("01/01/0000", "date_unknown"),
        ("12/04/78", "date_form"),
        ("1978-04-12", "date_form"),
        ("12 avril 1978", "date_form"),
        ("١2/04/1978", "date_form"),
    ],
)
def test_what_is_no_day_is_refused(typed: str, said: str) -> None:
    assert refusal(dates.checked, typed) == said


def test_nobody_is_born_tomorrow_or_two_centuries_ago() -> None:
    assert dates.birth_date("03/11/2026", TODAY) == TODAY
    assert refusal(lambda typed: dates.birth_date(typed, TODAY), "04/11/2026") == "date_of_nobody"
    assert refusal(lambda typed: dates.birth_date(typed, TODAY), "12/04/1878") == "date_of_nobody"


# ------------------------------------------------------------------------------------ names, member numbers, agreements


@pytest.mark.parametrize("typed", ["Y", "N’GUESSAN", "d'Aubremont", "LE BIHAN", "Éva", "山田", "St. John-Smythe"])
def test_a_name_is_kept_as_it_is_typed(typed: str) -> None:
    assert names.checked(f" {typed} ") == typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [(" ", "name_empty"), ("A" * 81, "name_too_long"), ("R2D2", "name_characters"), ("x\x1b[2J", "name_characters")],
)
def test_what_is_no_name_is_refused(typed: str, said: str) -> None:
    assert refusal(names.checked, typed) == said


def test_a_member_number_is_compared_in_upper_case() -> None:
    assert member_number.checked(" ad 000-001 ") == "AD000-001"
    assert refusal(member_number.checked, "") == "member_number_empty"
    for typed in ("A" * 21, "AD_1", "ÀD1", "' OR 1=1"):
        assert refusal(member_number.checked, typed) == "member_number_form"


def test_an_agreement_is_four_digits_whatever_was_typed() -> None:
    assert idcc.checked("573").code == "0573"
    assert idcc.checked(" 0573 ").title == "Commerces de gros"
    assert idcc.checked("1979").in_scope
    assert not idcc.checked("1486").in_scope
    assert idcc.checked("9999").in_scope
    assert refusal(idcc.checked, "") == "idcc_empty"
    assert refusal(idcc.checked, "1980") == "idcc_unknown"
    for typed in ("01979", "19 79", "١979", "-573", "HCR"):
        assert refusal(idcc.checked, typed) == "idcc_form"


def test_the_agreements_are_listed_in_order_and_once() -> None:
    with idcc.AGREEMENTS_FILE.open(encoding="utf-8", newline="") as source:
        listed = [row["code"] for row in csv.DictReader(source)]
    assert len(listed) == 34
    assert list(idcc.agreements()) == sorted(set(listed))
    assert all(re.fullmatch(r"[0-9]{4}", code) for code in listed)


# --------------------------------------------------------------------------------------------------------- the words


def test_every_refusal_has_its_sentence() -> None:
    keys: set[str] = set()
    for module in sorted(Path(siret.__file__).parent.glob("*.py")):
        keys |= set(re.findall(r'"((?:siret|ine|telephone|date|name|member_number|idcc)_[a-z_]+)"', module.read_text()))
    assert len(keys) > 15
    assert keys <= shipped_words().say.keys()
