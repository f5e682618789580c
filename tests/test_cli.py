"""The command line: what it answers at once, in which language, and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from screens.words import speak
from tests.walking import PERRON
from tui.arguments import Arguments, Misuse, read_arguments
from tui.settings import language_of, read_settings, scrub


def run(*words: str, home: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """``perron`` without a terminal; it must never wait for one."""
    inherited = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PERRON_HOME": str(home), "HOME": str(home)}
    return subprocess.run(
        [PERRON, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env=inherited | environment,
        check=False,
    )


def test_every_option_is_read() -> None:
    read = read_arguments(["--backend", "https://perron.example/", "--journey=activation-link", "--lang", "en"], {})
    assert read == Arguments("go", "https://perron.example", "activation-link", "en")
    assert read_arguments(["doctor", "--backend=http://127.0.0.1:8000"], {}).command == "doctor"
    assert read_arguments(["--help"], {}).command == "help"
    assert read_arguments(["--version"], {}).command == "version"
    assert read_arguments([], {}) == Arguments()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--backend"], "--backend"),
        (["--backend", "perron.example"], "perron.example"),
        (["--backend", "ftp://perron.example"], "ftp://perron.example"),
        (["--backend", "http://"], "http://"),
        (["--backend", "http://[::1"], "http://"),
        (["--backend", "http://a:99999"], "99999"),
        (["--lang", "de"], "de"),
        (["--langue", "fr"], "--langue"),
        (["activer"], "activer"),
        (["--backend", "\x1b[2J"], "\\x1b[2J"),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_mistake_is_one_sentence(words: list[str], told: str, lang: str) -> None:
    with pytest.raises(Misuse) as misuse:
        read_arguments(words, {"LANG": lang})
    assert told in str(misuse.value)
    assert "\n" not in str(misuse.value)
    assert "\x1b" not in str(misuse.value)


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US", "LC_ALL": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "en_US"}, "en"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
    ],
)
def test_the_language_is_the_environment_s(environment: dict[str, str], locale: str) -> None:
    assert language_of(environment) == locale


def test_everything_moves_with_perron_home(tmp_path: Path) -> None:
    moved = read_settings({"PERRON_HOME": str(tmp_path), "PERRON_THEME": "light"}, "en")
    assert moved.data.is_relative_to(tmp_path)
    assert moved.logs.is_relative_to(tmp_path)
    assert (moved.locale, moved.dark) == ("en", False)
    assert not list(tmp_path.iterdir()), "nothing is made before it is needed"
    assert not read_settings({}).data.is_relative_to(tmp_path)


def test_row_22_23_24_what_textual_would_obey_is_forgotten() -> None:
    dangerous = ("TEXTUAL_LOG", "TEXTUAL", "DEVTOOLS_HOST", "DEBUG", "SSLKEYLOGFILE", "BROWSER")
    environment = dict.fromkeys((*dangerous, "PATH", "LANG", "TERM"), "x")
    scrub(environment)
    assert set(environment) == {"PATH", "LANG", "TERM"}


def test_row_34_without_a_terminal_it_says_so_and_ends(tmp_path: Path) -> None:
    ended = run("--lang", "en", home=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("perron: ")
    assert ended.stderr.count("\n") == 1
    assert not ended.stdout
    assert not list(tmp_path.iterdir()), "and starts nothing"


def test_a_mistake_ends_with_2_and_no_traceback(tmp_path: Path) -> None:
    ended = run("--backend", "nowhere", home=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(("lang", "word"), [("fr", "langue"), ("en", "language")])
def test_help_is_in_the_language_of_the_person(lang: str, word: str, tmp_path: Path) -> None:
    ended = run("--help", home=tmp_path, LANG=f"{lang}_FR.UTF-8")
    assert ended.returncode == 0
    assert word in ended.stdout
    for option in ("--backend", "--journey", "--lang", "doctor", "PERRON_HOME"):
        assert option in ended.stdout


def test_help_ends_in_peace_though_nobody_reads_it_to_the_end(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run([PERRON, "--help"], stdout=nobody, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_version_is_told(tmp_path: Path) -> None:
    ended = run("--version", home=tmp_path)
    assert (ended.returncode, ended.stdout.split()[0]) == (0, "perron")


def test_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    ended = run("doctor", "--backend", "http://127.0.0.1:1", "--lang", "en", home=tmp_path)
    assert ended.returncode == 1
    assert "Nobody answers at this address" in ended.stdout
    assert "ssh -t" in ended.stdout, "there is no terminal here"
    assert not ended.stderr


@pytest.mark.parametrize("late", ["httpx", "qrcode", "pyotp", "zxcvbn_rs_py", "email_validator", "sqlalchemy"])
def test_the_first_picture_does_not_wait_for(late: str) -> None:
    program = f"import sys, tui.wizard; sys.exit({late!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_stands_in_the_way_is_told_before_textual_is_imported() -> None:
    program = "import sys, tui.cli, tui.service, tui.terminal; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.fixture(autouse=True)
def french_again() -> None:
    speak("fr")
