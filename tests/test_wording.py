"""Hostile text: shown harmlessly, or refused."""

import csv
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.addresses import AddressFlaw, AddressReason, check
from api_client.wording import NameFlaw, NameReason, clean, fold, is_plain, person_name, spreadsheet_cell

DATA = Path(__file__).parent / "data"
HOSTILE = {
    row["risque"]: json.loads(row["valeur_json"])
    for row in csv.DictReader((DATA / "hostile_inputs.csv").read_text(encoding="utf-8").splitlines())
}
PEOPLE = list(csv.DictReader((DATA / "people.csv").read_text(encoding="utf-8").splitlines()))


def hostile(risk: str) -> str:
    (value,) = (value for name, value in HOSTILE.items() if name.startswith(risk))
    return str(value)


def test_formula_is_prefixed_for_export_and_is_no_name() -> None:
    formula = hostile("formule de tableur")
    assert spreadsheet_cell(formula) == f"'{formula}"
    with pytest.raises(NameFlaw):
        person_name(formula)


def test_escape_sequences_go_as_a_unit() -> None:
    text = hostile("séquences ANSI")
    assert clean(text) == "Martin"
    assert not is_plain(text)
    with pytest.raises(NameFlaw):
        person_name(text)


@pytest.mark.parametrize("risk", ["RLO", "espace de largeur nulle"])
def test_bidi_and_zero_width_are_refused_and_not_shown(risk: str) -> None:
    text = hostile(risk)
    assert clean(text) == "Dupont"
    assert not is_plain(text)
    with pytest.raises(NameFlaw) as refusal:
        person_name(text)
    assert refusal.value.reason is NameReason.CHARACTERS


def test_line_ends_and_zero_bytes_are_refused() -> None:
    assert not is_plain(hostile("octet nul"))
    with pytest.raises(AddressFlaw) as refusal:
        check(hostile("injection d'en-tête"))
    assert refusal.value.reason is AddressReason.CONTROL


def test_a_filter_in_a_login_is_left_as_it_is() -> None:
    """It is escaped where a filter is written (RFC 4515), never silently changed here."""
    assert clean(hostile("injection de filtre LDAP")) == "*)(uid=*"


def test_nfd_becomes_nfc() -> None:
    assert person_name(hostile("forme NFD")) == "élodie" == clean(hostile("forme NFD"))
    assert len(person_name(hostile("forme NFD"))) == 6


def test_emoji_is_no_name() -> None:
    with pytest.raises(NameFlaw):
        person_name(hostile("émoji"))


@pytest.mark.parametrize("row", PEOPLE, ids=lambda row: row["id"])
def test_every_demo_name_is_a_name(row: dict[str, str]) -> None:
    for column in ("prenom", "nom", "nom_naissance"):
        if row[column]:
            assert person_name(row[column]) == row[column] == clean(row[column])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", NameReason.EMPTY),
        ("   ", NameReason.EMPTY),
        ("x" * 81, NameReason.TOO_LONG),
        ("Martin2", NameReason.CHARACTERS),
        ("Mar\ttin", NameReason.CHARACTERS),
        ("Martin\n", NameReason.CHARACTERS),
        ("-", NameReason.CHARACTERS),
        ("'.’", NameReason.CHARACTERS),
        ("\u3164", NameReason.CHARACTERS),
        ("Mart\ufe0fin", NameReason.CHARACTERS),
        ("Ⅳ", NameReason.CHARACTERS),
    ],
)
def test_names_refused(text: str, reason: NameReason) -> None:
    with pytest.raises(NameFlaw) as refusal:
        person_name(text)
    assert refusal.value.reason is reason
    assert not text.strip() or text not in str(refusal.value)


def test_names_accepted() -> None:
    assert person_name(" O ") == "O"
    assert person_name("x" * 80) == "x" * 80
    assert person_name("欧阳") == "欧阳"
    assert person_name("J. d’Aubremont") == "J. d’Aubremont"


@pytest.mark.parametrize(
    ("dirty", "shown"),
    [
        ("\x1b[31mrouge\x1b[0m", "rouge"),
        ("\x9b2Jefface", "efface"),
        ("\x1b]52;c;ZXZpbA==\x1b\\copie", "copie"),
        ("\x1bPdcs\x1b\\fin", "fin"),
        ("\x1bcremise", "remise"),
        ("\x1b(0ligne", "ligne"),
        ("a\x1b]0;sans fin", "a"),
        ("a\x07b\x08c\x7fd\x9ce", "abcde"),
        ("[@click=app.quit]fin[/]", "[@click=app.quit]fin[/]"),
        ("a\u2066b\u2069c\ufeff\u00ad\u200d\u2060d", "abcd"),
        ("a\U000e0041\U000e0001b", "ab"),
        ("a\u2028b\u2029c\r\nd\te", "a b c d e"),
        ("a\ud800b", "ab"),
        ("\u3164\u2800\u115fa\ufe0f", "a"),
    ],
)
def test_clean(dirty: str, shown: str) -> None:
    assert clean(dirty) == shown


def test_lines_are_kept_when_asked() -> None:
    assert clean("un\r\ndeux\u2028trois\n\n\tquatre\x00", lines=True) == "un\ndeux\ntrois\n\n quatre"
    assert clean("titre\x1b]0;sans fin\nsuite", lines=True) == "titre\nsuite"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "  =", "\u00a0\u3000@", "\u200b="])
def test_spreadsheet_cells(start: str) -> None:
    assert spreadsheet_cell(f"{start}1") == f"'{clean(start)}1"
    assert spreadsheet_cell(f"a{start}1") == f"a{clean(start)}1"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_a_spreadsheet_cell_has_one_line_and_no_tab(start: str) -> None:
    assert spreadsheet_cell(f"{start}1") == "' 1"
    assert spreadsheet_cell(f"a{start}=1") == "a =1"
    assert spreadsheet_cell("") == ""


HARMFUL = (
    st.text(alphabet=st.sampled_from("ab\x1b[]0;\x07\\m\x9b\x9d\x9c\r\n\t\u202e\u200b\u2028e\u0301\U000e0041"))
    | st.text()
)


@given(HARMFUL, st.booleans())
def test_clean_is_idempotent_and_leaves_nothing_that_acts(text: str, lines: bool) -> None:
    shown = clean(text, lines=lines)
    assert clean(shown, lines=lines) == shown == unicodedata.normalize("NFC", shown)
    assert is_plain(shown.replace("\n", "") if lines else shown)


@given(st.text())
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    if is_plain(text):
        assert clean(text) == unicodedata.normalize("NFC", text)


def test_fold_ignores_case_accents_and_ligatures() -> None:
    assert fold("LEFÈVRE") == fold("Lefe\u0300vre") == "lefevre"
    assert fold("Œillet Łukasz Þórunn Yıldırım İbrahim Großmann ǾRSTED") == (
        "oeillet lukasz thorunn yildirim ibrahim grossmann orsted"
    )


@given(st.text() | st.sampled_from("ꟸᴭĲﬀ\u0345"))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_name_accepted_once_is_accepted_again(text: str) -> None:
    try:
        name = person_name(text)
    except NameFlaw:
        return
    assert person_name(name) == name
    assert is_plain(name)
