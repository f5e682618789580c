"""Nobody gets out of a kiosk, and nobody finds anything of whoever was there before; security.md §3, rows 1 to 9."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.public_terminal import ATTRACT, PublicTerminal
from tests.walking import KEYS, PERRON
from tui.kiosk_terminal import WIPE

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kiosk(town: BackendProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicTerminal]:
    """One for all who come in this module, as a real one is."""
    with PublicTerminal(town, home=tmp_path_factory.mktemp("kiosk")) as kiosk:
        kiosk.attract()
        yield kiosk


_QUIET = ("f1", "f2", "f3", "f10", "enter", "space", "escape", "alt+left")
"""What means something to a journey; the rest of the keyboard is tried everywhere."""
_EVERY_KEY = [sequence for name, sequence in KEYS.items() if name not in _QUIET and name != "ctrl+m"]
_EVERY_KEY += [chr(code) for code in (0, 0x1C, 0x1D, 0x1E, 0x1F)]
_EVERY_KEY += [f"\x1b[{code}~" for code in (15, 17, 18, 19, 23, 24)]  # F5 to F8, F11, F12
_EVERY_KEY += [f"\x1b{letter}" for letter in "qxzc:!"] + ["\x1b[1;5P", "\x1b[112;5u", "\x1b[99;5u", "\x1b[113;5u"]


def _every_key(kiosk: PublicTerminal) -> None:
    for key in _EVERY_KEY:
        kiosk.send(key.encode("latin-1"))
    kiosk.press("ctrl+l")


def test_row_01_02_03_04_05_no_key_leads_out(kiosk: PublicTerminal) -> None:
    nobody = kiosk.attract()
    kiosk.press("f10")
    _every_key(kiosk)
    kiosk.see("Bienvenue")
    assert kiosk.wizard == nobody, "no key of the attract screen ended it"
    _every_key(kiosk)
    kiosk.press("f1").see("Échap Fermer")
    _every_key(kiosk)
    kiosk.press("escape").see("Bienvenue")
    assert kiosk.wizard == nobody
    assert not re.search("Keys|Quit|Screenshot|Palette", kiosk.text)
    kiosk.go()


def test_row_01_03_04_06_07_no_key_leads_out_of_a_journey(kiosk: PublicTerminal) -> None:
    somebody = kiosk.attract()
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    kiosk.type("Canari-1234")
    _every_key(kiosk)
    kiosk.at("provisional_password")
    kiosk.press("shift+tab", "ctrl+c").see("F10 termine votre session")
    assert kiosk.wizard == somebody
    assert b"\x1b]52;c;" not in kiosk.raw, "nothing is handed to a clipboard"
    kiosk.go()


def test_f10_asks_in_the_middle_of_a_journey_only(kiosk: PublicTerminal) -> None:
    first = kiosk.attract()
    kiosk.press("f10")
    kiosk.come().at("welcome")
    assert kiosk.wizard == first
    kiosk.press("f10")
    second = kiosk.attract()
    assert second != first
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    kiosk.press("f10").see(r"Terminer ma session \?")
    kiosk.press("escape").at("provisional_password")
    kiosk.press("f10").see(r"Terminer ma session \?")
    kiosk.press("f10")
    assert kiosk.attract() != second


# ------------------------------------------------------------------------------------------------- between two people


def memory_of(pid: int) -> bytes:
    """All that can be read of a process; only root may, which is row 32, so others see that they may not."""
    parts = [Path(f"/proc/{pid}/{part}").read_bytes() for part in ("environ", "cmdline")]
    with Path(f"/proc/{pid}/maps").open(encoding="utf-8") as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            start, end = (int(number, 16) for number in line.split()[0].split("-"))
            if line.split()[1].startswith("r") and "[v" not in line:
                memory.seek(start)
                parts.append(memory.read(end - start))
    return b"".join(parts)


def test_row_33_nothing_of_the_first_is_left_for_the_second(kiosk: PublicTerminal) -> None:
    first = kiosk.attract()
    password, backup = kiosk.row["mdp_provisoire_test"], "canari.seize@courriel.example"
    canaries = [kiosk.row["login"].encode(), password.encode(), backup.encode()]
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    kiosk.fill(password).at("backup_email")
    kiosk.type(backup).see(backup)
    may_read = os.access(f"/proc/{first}/mem", os.R_OK) and os.geteuid() == 0
    if may_read:
        held = memory_of(first)
        assert all(canary in held for canary in canaries), "the search finds what is there"
    else:
        with pytest.raises(PermissionError):
            memory_of(first)
    before = len(kiosk.raw)
    second = kiosk.go()
    left = kiosk.raw[before:]
    assert WIPE.encode() in left
    assert not [canary for canary in canaries if canary in left[left.index(WIPE.encode()) :]]
    assert not [canary for canary in canaries if canary.decode() in kiosk.text]
    for pid in (second, kiosk.pid):
        held = memory_of(pid) if may_read else b""
        assert not [canary for canary in canaries if canary in held]


def test_keys_meant_for_the_first_never_reach_the_second(kiosk: PublicTerminal) -> None:
    first = kiosk.attract()
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    kiosk.type("\x1b[21~").see(r"Terminer ma session \?")
    kiosk.type("\x1b[21~" + "secret-de-trop\r" * 20)
    assert kiosk.attract() != first
    kiosk.see(ATTRACT)
    kiosk.come().at("welcome")
    kiosk.press("f10").see(ATTRACT)


@contextmanager
def _multiplexed(tool: Callable[[str], str], town: BackendProcess, home: Path) -> Iterator[Callable[..., str]]:
    """A kiosk in tmux, which tells what a terminal keeps: history, title, buffers. Nobody installs one so (row 30)."""
    tmux = [tool("tmux"), "-L", f"kiosk-{os.getpid()}", "-f", "/dev/null"]
    perron = f"PERRON_HOME={home} LANG=C.UTF-8 exec {PERRON} kiosk --backend {town.url} --lang fr"
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")}

    def ask(*words: str) -> str:
        return subprocess.run(
            [*tmux, *words], capture_output=True, text=True, check=True, env={**environment, "LANG": "C.UTF-8"}
        ).stdout

    ask("new-session", "-d", "-x", "80", "-y", "24", perron)
    try:
        yield ask
    finally:
        ask("kill-server")


def test_row_28_33_nothing_is_left_in_the_terminal_of_who_left_or_was_killed(
    tool: Callable[[str], str], town: BackendProcess, tmp_path: Path
) -> None:
    """In its history, its other screen, its title and its clipboard; somebody came twice, to be sure of the search."""
    canaries = ["p00000400013", "provisoire", "canari.visible"]
    with _multiplexed(tool, town, tmp_path) as tmux:

        def seen(words: str) -> str:
            limit = time.monotonic() + 40
            while words not in (screen := kept()):
                assert time.monotonic() < limit, screen
                time.sleep(0.05)
            return screen

        def kept() -> str:
            return tmux("capture-pane", "-p", "-e", "-a", "-q", "-S", "-") + tmux("capture-pane", "-p", "-S", "-")

        def leave() -> None:
            tmux("send-keys", "F10")
            seen("Terminer ma session ?")
            tmux("send-keys", "F10")

        def be_killed() -> None:
            supervisor = int(tmux("display", "-p", "#{pane_pid}"))
            wizard = int(Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()[0])
            os.kill(wizard, signal.SIGSTOP)  # so that it cannot tidy up
            os.kill(wizard, signal.SIGKILL)

        for end in (leave, be_killed):
            seen(ATTRACT)
            tmux("send-keys", "-l", "p00000400013\r")
            seen("Mot de passe provisoire")
            tmux("send-keys", "Escape")
            assert "p00000400013" in seen("Nom de connexion")
            tmux("send-keys", "-l", "canari.visible")
            seen("canari.visible")
            end()
            left = seen(ATTRACT)
            assert not [canary for canary in canaries if canary in left]
            assert tmux("display", "-p", "#{history_size}") == "0\n"
            assert not tmux("list-buffers")
            assert not [canary for canary in canaries if canary in tmux("display", "-p", "#{pane_title}")]


# ------------------------------------------------------------------------------------------------------- the scanner


def test_a_scanned_login_lands_in_the_login_of_the_letter(kiosk: PublicTerminal) -> None:
    kiosk.attract()
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    kiosk.press("escape").at("login")
    kiosk.see(rf"\b{kiosk.row['login']}\b")
    kiosk.press("ctrl+u").see_no_more(kiosk.row["login"])
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    kiosk.go()


def test_a_scan_on_the_welcome_screen_opens_the_letter_whatever_has_the_focus(kiosk: PublicTerminal) -> None:
    kiosk.come().at("welcome")
    kiosk.press("tab", "tab", "tab")
    kiosk.type(kiosk.row["login"] + "\r\n").at("provisional_password")
    kiosk.press("escape").at("login")
    kiosk.see(rf"\b{kiosk.row['login']}\b")
    kiosk.go()


def test_a_letter_key_is_any_key_and_no_scan(kiosk: PublicTerminal) -> None:
    kiosk.come("ctrl+a").at("welcome")
    kiosk.go()
    kiosk.type("x").at("welcome")
    kiosk.go()


def test_what_a_scanner_adds_is_taken_away_and_what_lacks_it_is_typed(town: BackendProcess, tmp_path: Path) -> None:
    options = ["--scan-prefix", "~", "--scan-suffix", "#", "--scan-journey", "my-account"]
    with PublicTerminal(town, home=tmp_path, options=options) as kiosk:
        kiosk.attract()
        kiosk.scan(f"~{kiosk.row['login']}#").see("Mot de passe")
        kiosk.press("escape").at("login")
        kiosk.see(rf"(?<!~){kiosk.row['login']}(?!#)")
        kiosk.type("faux-depart").see("faux-depart")
        kiosk.scan(f"~{kiosk.row['login']}#").see("Mot de passe")
        kiosk.press("escape").at("login")
        kiosk.see(rf"(?<![~t]){kiosk.row['login']}(?!#)")
        kiosk.go()
        kiosk.scan(kiosk.row["login"]).at("welcome")


# ------------------------------------------------------------------------------------------------------ the two clocks


def test_row_18_35_keys_that_a_terminal_swallows_stop_no_clock(town: BackendProcess, tmp_path: Path) -> None:
    options = ["--cover-after", "2", "--end-after", "4"]
    with PublicTerminal(town, home=tmp_path, options=options) as kiosk:
        first = kiosk.attract()
        kiosk.scan(kiosk.row["login"]).at("provisional_password")
        kiosk.type("\x1b[200~")  # a paste that never ends
        limit = time.monotonic() + 30
        while kiosk.wizard == first:
            assert time.monotonic() < limit, kiosk.text
            kiosk.type("x")
            if "Cet écran est masqué" in kiosk.text:
                assert not re.search("provisoire|Activer mon compte|sur 9", kiosk.text), (
                    "nothing personal is left on it"
                )
        kiosk.attract()


def test_the_right_person_lifts_the_cover(town: BackendProcess, tmp_path: Path) -> None:
    options = ["--cover-after", "3", "--end-after", "60"]
    with PublicTerminal(town, home=tmp_path, options=options) as kiosk:
        first = kiosk.attract()
        kiosk.scan(kiosk.row["login"]).at("provisional_password")
        kiosk.see("Cet écran est masqué")
        kiosk.rest()
        kiosk.fill("p00000000000").see("Ce n’est pas")
        kiosk.fill(kiosk.row["login"]).at("provisional_password")
        assert kiosk.wizard == first


# ---------------------------------------------------------------------------------------------------------- plain mode


def test_whoever_changes_to_plain_mode_is_still_in_a_kiosk(kiosk: PublicTerminal) -> None:
    first = kiosk.attract()
    kiosk.scan(kiosk.row["login"]).at("provisional_password")
    kiosk.press("f3").see("ce que vous tapez reste caché")
    kiosk.send(b"\x03\x1a\x1c\x11\x04").see(r"Terminer ma session \?")
    assert kiosk.wizard == first
    kiosk.press("enter").see("ce que vous tapez reste caché")
    kiosk.press("f3").at("provisional_password")
    kiosk.see("F10 Terminer ma session")
    assert kiosk.go() != first
    kiosk.see(ATTRACT)


def test_a_plain_kiosk_ends_what_it_cannot_cover_and_takes_a_letter(town: BackendProcess, tmp_path: Path) -> None:
    options = ["--plain", "--cover-after", "6", "--end-after", "7", "--scan-prefix", "LU:"]
    with PublicTerminal(town, home=tmp_path, options=options) as kiosk:
        kiosk.see("Appuyez sur Entrée", 40)
        first = kiosk.wizard
        kiosk.press("enter").see("Votre choix")
        kiosk.type("1\r").see("Nom de connexion")
        kiosk.type(f"{kiosk.row['login']}\r").see("ce que vous tapez reste caché")
        kiosk.see("Cette session se termine")
        kiosk.see("Appuyez sur Entrée", 40)
        assert kiosk.wizard != first
        assert kiosk.row["login"] not in kiosk.text
        kiosk.type("bonjour\r").see("pas un des choix")
        kiosk.type(f"LU:{kiosk.row['login']}\r").see("Mot de passe provisoire")
