"""Every row of the password vectors, the other profiles, and what the judge may never do."""

import csv
import json
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.common_passwords import is_common
from api_client.passwords import PROFILES, PasswordPolicy, Rule, broken, judge, prepare

VECTORS = list(
    csv.DictReader((Path(__file__).parent / "data/password_vectors.csv").read_text(encoding="utf-8").splitlines())
)
CNIL80, NIST, ANSSI = PROFILES["cnil80"], PROFILES["nist"], PROFILES["anssi"]

P001_WORDS = ("p00000400013", "elefevre", "Élodie", "Lefèvre")
P001_BIRTH = date(1978, 4, 12)
P001_PROVISIONAL = "Provisoire-2026"


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["raison"])
def test_vector(row: dict[str, str]) -> None:
    password = json.loads(row["mot_de_passe_json"])
    assert len(password) == int(row["longueur"])
    rules = broken(judge(password, CNIL80, P001_WORDS, P001_BIRTH, identical=password == P001_PROVISIONAL))
    assert set(rules) == set(filter(None, row["regles"].split("|")))
    assert bool(rules) == (row["attendu"] == "refusé")


def test_no_vector_is_missing() -> None:
    assert len(VECTORS) == 20


def test_an_accent_is_accepted_where_unicode_is() -> None:
    unicode = msgspec.structs.replace(CNIL80, charset="unicode")
    assert broken(judge("Été-Bleu-2026!", unicode)) == ()
    assert broken(judge("Café-€-12-cyprès", unicode)) == ()
    assert broken(judge("Café-€-12-cyprès", CNIL80)) == (Rule.CHARACTERS,)


def test_outer_spaces_are_refused_and_never_trimmed() -> None:
    assert broken(judge("  Bateau-Lune-42!  ", CNIL80)) == (Rule.EDGE_SPACES,)
    assert prepare("  Bateau-Lune-42!  ", NIST) == "  Bateau-Lune-42!  "


def test_what_the_terminal_cannot_know_is_left_out() -> None:
    rules = [verdict.rule for verdict in judge("Montagne-42!", CNIL80, P001_WORDS)]
    assert rules == [rule for rule in Rule if rule not in {Rule.BIRTH_DATE, Rule.IDENTICAL}]


def test_verdicts_come_in_the_order_of_the_list() -> None:
    rules = [verdict.rule for verdict in judge("x", CNIL80, P001_WORDS, P001_BIRTH, identical=True)]
    assert rules == list(Rule)


def test_nist_wants_fifteen_characters_and_no_composition() -> None:
    assert broken(judge("tasse de violettes", NIST)) == ()
    assert broken(judge("tasse violette", NIST)) == (Rule.LENGTH_CLASSES,)
    assert Rule.REPETITION not in {verdict.rule for verdict in judge("tasse", NIST)}
    assert broken(judge("aaaaaaaaaaaaaaaa", NIST)) == (Rule.COMMON,)
    assert broken(judge("123456789012345", NIST)) == (Rule.COMMON,)


def test_nist_measures_and_hashes_nfkc() -> None:
    decomposed = "e\u0301" * 8 + "xyz-tu"
    assert len(prepare(decomposed, NIST)) == 14
    assert broken(judge(decomposed, NIST)) == (Rule.LENGTH_CLASSES,)
    assert prepare("ﬁn", NIST) == "fin"


def test_anssi_knows_no_other_way_than_four_classes() -> None:
    assert broken(judge("Montagne-42!", ANSSI)) == ()
    assert broken(judge("MontagneBleue4", ANSSI)) == (Rule.LENGTH_CLASSES,)
    assert broken(judge("cheval pile agrafe correct lune violet tasse", ANSSI)) == (Rule.LENGTH_CLASSES,)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_profile_accepts_64_characters(profile: PasswordPolicy) -> None:
    assert broken(judge("Vg7-" * 14 + "Montagne", profile)) == ()


def test_words_of_a_passphrase_are_different_words() -> None:
    assert broken(judge("pile pile pile pile pile pile pile", CNIL80)) == (Rule.LENGTH_CLASSES, Rule.COMMON)
    assert Rule.LENGTH_CLASSES in broken(judge("a b c d e f g", CNIL80))
    assert broken(judge("cheval-pile-agrafe-correct-lune-violet-tasse", CNIL80)) == ()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Le Goff-Kervella", "KerVELLa-42-xyt!"),
        ("Le Goff-Kervella", "le.goff-42-XYT!!"),
        ("Ji-ho", "xx-JIHO-42-bleu!"),
        ("N'Diaye", "Le-Ndiaye-4-2026"),
        ("Großmann", "GROSSMANN-aw-42!"),
        ("Œillet", "Oeillet-42-Bleu!"),
        ("Łukasz", "lukasz-42-Tasse!"),
        ("Yıldırım", "YILDIRIM-42-oui!"),
        ("İbrahim", "ibrahim-42-Oui!!"),
        ("Nguyễn", "Nguyen-42-Tasse!"),
        ("Þórunn", "Thorunn-42-Oui!!"),
    ],
)
def test_a_name_is_found_whatever_its_spelling(name: str, password: str) -> None:
    assert broken(judge(password, CNIL80, (name,))) == (Rule.IDENTITY,)


def test_two_letters_are_no_name() -> None:
    assert broken(judge("Pyramide-Ba-42!", CNIL80, ("Py", "Ba", "O", ""))) == ()


@pytest.mark.parametrize(
    "spelling",
    [
        "12041978", "120478", "19780412", "780412", "12/04/1978",
        "12-4-78", "12.04.1978", "1978-04-12", "12 04 78", "78_4_12",
    ],
)  # fmt: skip
def test_birth_date_in_its_usual_spellings(spelling: str) -> None:
    assert broken(judge(f"Tasse-{spelling}-Verte", CNIL80, (), P001_BIRTH)) == (Rule.BIRTH_DATE,)


@pytest.mark.parametrize("spelling", ["3/2/1969", "03-02-69", "3.02.69", "69-2-3", "1969 02 3"])
def test_birth_date_with_or_without_leading_zeros(spelling: str) -> None:
    assert broken(judge(f"Tasse-{spelling}-Verte", CNIL80, (), date(1969, 2, 3))) == (Rule.BIRTH_DATE,)


@pytest.mark.parametrize("other", ["12051978", "1978", "1204", "041278"])
def test_another_number_is_no_birth_date(other: str) -> None:
    assert broken(judge(f"Tasse-{other}-Verte", CNIL80, (), P001_BIRTH)) == ()


@pytest.mark.parametrize(
    "password",
    [
        "Motdepasse123!", "Mot-De-Passe-2026", "M0td3p@sse-42!", "P@ssw0rd2026!!", "$oleil-2026-!!", "S01eil-778899!",
        "2026-Azerty-2026", "SoleilSoleil42!", "Aqwzsx-edcrfv-1", "abcdefgh", "12345678", "Abcdefghijkl1!",
        "Qsdfghjklm-42!!", "mlkjhgfdsq", "abcabcabcabc", "É-l-o-d-i-e-2026", "1Doudou!1Doudou!",
    ],
)  # fmt: skip
def test_common_passwords_in_their_disguises(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    ["MontagneBleue4", "Montagne-42!", "Bateau-Lune-42!", "soleil sur la montagne", "kX7#vQ2!mZ9r", "", "-42!", "ab"],
)
def test_what_is_not_common(password: str) -> None:
    assert not is_common(password)


def test_the_policy_travels_as_data() -> None:
    for policy in PROFILES.values():
        assert msgspec.json.decode(msgspec.json.encode(policy), type=PasswordPolicy) == policy
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"profile": "cnil80", "min_fourclasses": 12}', type=PasswordPolicy)


@given(password=st.text(), words=st.lists(st.text(max_size=12), max_size=3), day=st.dates())
def test_the_judge_never_raises_and_every_rule_has_one_verdict(password: str, words: list[str], day: date) -> None:
    for policy in PROFILES.values():
        rules = [verdict.rule for verdict in judge(password, policy, words, day, identical=False)]
        assert rules == [rule for rule in Rule if policy.max_run or rule is not Rule.REPETITION]


@given(st.text(alphabet="aA1!-é ", max_size=160))
def test_a_longer_password_never_gets_weaker(password: str) -> None:
    """One more character may break other rules, but never makes a strong enough password too weak."""
    if Rule.LENGTH_CLASSES not in broken(judge(password, CNIL80)):
        assert Rule.LENGTH_CLASSES not in broken(judge(password + "z", CNIL80))


def test_a_monstrous_password_is_judged_at_once() -> None:
    assert Rule.TOO_LONG in broken(judge("aB1!" * 25_000, CNIL80, P001_WORDS, P001_BIRTH, identical=False))
