"""No line ends before a colon, inside guillemets or in a number, at any width; what is drawn is what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import content

from api_client.wording import bind, folded
from screens.widgets import line_ends
from screens.widgets.prose import plain

_NBSP = "\N{NO-BREAK SPACE}"
SAID = (
    "Choisissez « Suivant » : le lien vaut jusqu’à 7 h 17 ! Besoin d’aide ? Appelez le 04 65 71 00 00, "
    "ou regardez vos spams / courriers indésirables."
)


def lines_at(width: int, text: str = SAID) -> list[str]:
    return [line.plain for line in plain(text).wrap(width)]


@pytest.mark.parametrize("width", range(16, 60))
def test_nothing_that_belongs_together_stands_apart(width: int) -> None:
    lines = lines_at(width)
    for line in lines[1:]:
        assert not line.startswith((":", "!", "?", "»", "/", "h ", "0")) or line.startswith("04"), lines
    for line in lines[:-1]:
        assert not line.endswith(("«", "7", "h", "04", "65", "71")), lines
    assert " ".join(lines) == SAID


def test_a_word_that_begins_with_a_slash_is_a_word() -> None:
    assert lines_at(16, "réponse : /aide, /retour") == ["réponse : /aide,", "/retour"]


def test_a_no_break_space_is_one_and_is_drawn_as_it_was_written() -> None:
    for space in "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}":
        assert lines_at(10, f"quelques mots{space}liés") == ["quelques", f"mots{space}liés"]


@pytest.mark.parametrize(
    ("width", "text", "lines"),
    [
        (34, "d.sanscamera@groupe-exemple.example", ["d.sanscamera@groupe-exemple", ".example"]),
        (16, "elodie.lefevre@univ.example", ["elodie.lefevre@", "univ.example"]),
        (38, "http://127.0.0.1:8020/p/T3WA4BNAJ3T5VGWMUCVP", ["http://127.0.0.1:8020/p/", "T3WA4BNAJ3T5VGWMUCVP"]),
        (12, "a@bcdefghijklmnop", ["a@bcdefghijk", "lmnop"]),
        (12, "écrire à jean.dupont@a.example", ["écrire à", "jean.dupont@", "a.example"]),
    ],
)
def test_an_address_longer_than_its_line_is_cut_at_a_joint(width: int, text: str, lines: list[str]) -> None:
    """But not where next to nothing would stand on the line."""
    assert lines_at(width, text) == lines


@given(text=st.text("ab 12:«»!@./\N{NO-BREAK SPACE}", max_size=80), width=st.integers(1, 30))
def test_nothing_is_lost_and_every_line_fits(text: str, width: int) -> None:
    cuts = line_ends.divide_line(text, width)
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert "".join(pieces) == text
    assert all(len(piece.rstrip(" ")) <= width for piece in pieces)


def test_mails_and_screens_bind_the_same_spaces() -> None:
    assert bind("« 7 h 17 » : 1 000 € / an").replace(_NBSP, "_") == "«_7_h_17_»_: 1_000_€_/ an"
    assert folded(SAID, 16)[:2] == ["Choisissez", "« Suivant » : le"]


def test_textual_still_asks_rich_where_it_may_cut() -> None:
    """A private name: an upgrade of Textual that renames it shows here."""
    assert vars(content)["divide_line"] is line_ends.divide_line
