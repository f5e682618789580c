"""The terminal's own words: every one said in both languages, none left over, sources and compiled files agreeing."""

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from api_client.languages import LOCALE_DIR
from screens.words import _, language_ahead, speak

ROOT = LOCALE_DIR.parent.parent
OURS = ["fr", "en"]
LOCALES = sorted(path.name for path in LOCALE_DIR.iterdir())
"""Ours, and those of translators, which may have gaps."""
PLACE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w*\}")


def words_said() -> dict[str, Path]:
    """Every msgid given to ``_`` in the terminal's code, and a file that says it."""
    said: dict[str, Path] = {"English": ROOT / "api_client" / "languages.py"}
    for path in (*ROOT.glob("screens/**/*.py"), *ROOT.glob("tui/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                literal = node.args[0]
                assert isinstance(literal, ast.Constant), f"{path}:{node.lineno}: only a literal can be translated"
                said[str(literal.value)] = path
    return said


def source_of(locale: str) -> Path:
    return LOCALE_DIR / locale / "LC_MESSAGES" / "perron.po"


def catalogue_of(locale: str) -> Catalog:
    with source_of(locale).open("rb") as source:
        return read_po(source, locale=locale)


def translations_of(locale: str) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue_of(locale) if message.id}


def places_in(text: str) -> list[str]:
    """What is filled in: ``{name}``, and in mails ``{{ name }}`` and ``{% … %}``."""
    return sorted(PLACE.findall(text))


@pytest.mark.parametrize("locale", OURS)
def test_no_word_is_missing_and_none_is_left_over(locale: str) -> None:
    translated = {msgid for msgid, words in translations_of(locale).items() if words}
    said = words_said()
    assert {msgid: str(said[msgid]) for msgid in said.keys() - translated} == {}
    assert translated - said.keys() == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_translation_has_the_same_places_to_fill(locale: str) -> None:
    for msgid, words in translations_of(locale).items():
        assert places_in(words) == places_in(msgid) or not words, msgid


@pytest.mark.parametrize("locale", LOCALES)
def test_no_translation_is_marked_fuzzy_or_obsolete(locale: str) -> None:
    catalogue = catalogue_of(locale)
    assert [message.id for message in catalogue if message.fuzzy] == []
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_words_are_those_of_the_source(locale: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue_of(locale))
    committed = source_of(locale).with_suffix(".mo").read_bytes()
    assert committed == compiled.getvalue(), "run: make words"


def test_french_is_written_as_french_is() -> None:
    """U+2019, guillemets, the ellipsis as one character, and a space before what takes one."""
    for words in translations_of("fr").values():
        assert "'" not in words, words
        assert '"' not in words, words
        assert "..." not in words, words
        assert not re.search(r"[^\s\d/][;!?»]|«\S|[^\s\d«(A-Z]:(?=\s|$)", words), words


def test_speaking_changes_the_words_at_once() -> None:
    speak("fr")
    assert _("Next") == "Suivant"
    speak("en")
    assert _("Next") == "Next"
    assert language_ahead() == "Français"
    speak("fr")
    assert language_ahead() == "English"


def test_a_language_that_nobody_speaks_falls_back_to_english() -> None:
    speak("tlh")
    assert _("Back") == "Back"
