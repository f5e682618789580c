"""The master key: made once, private, and the root of every other key."""

import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from backend.keys import Keys, KeysUnavailable, Unsealable


def test_the_key_is_made_at_first_use_and_found_again(tmp_path: Path) -> None:
    first = Keys.in_folder(tmp_path)
    assert Keys.in_folder(tmp_path).derive("x") == first.derive("x")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys/master.key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["master.key"]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from backend.keys import Keys; sys.stdin.read();"
        "print(Keys.in_folder(Path(sys.argv[1])).derive('x').hex())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    answers = {process.communicate(timeout=60)[0] for process in started}
    assert len(answers) == 1
    assert len(answers.pop().strip()) == 64


def test_each_purpose_has_its_own_key() -> None:
    keys = Keys(bytes(32))
    assert keys.derive("one") != keys.derive("two")
    assert keys.mac("one", b"m") != keys.mac("two", b"m")
    assert Keys(bytes([1]) * 32).derive("one") != keys.derive("one")


def test_what_is_sealed_opens_for_the_same_purpose_alone() -> None:
    keys = Keys(bytes(32))
    sealed = keys.seal("totp", b"secret key")
    assert b"secret" not in sealed
    assert keys.seal("totp", b"secret key") != sealed
    assert keys.unseal("totp", sealed) == b"secret key"
    with pytest.raises(Unsealable):
        keys.unseal("mail", sealed)
    with pytest.raises(Unsealable):
        keys.unseal("totp", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Unsealable):
        keys.unseal("totp", b"short")


def test_keys_show_nothing() -> None:
    keys = Keys(b"k" * 32)
    assert "k" * 8 not in repr(keys) + str(keys)
    with pytest.raises(TypeError):
        pickle.dumps(keys)


@pytest.mark.parametrize(("place", "mode"), [("keys", 0o755), ("keys/master.key", 0o644)])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, place: str, mode: int) -> None:
    Keys.in_folder(tmp_path)
    (tmp_path / place).chmod(mode)
    with pytest.raises(KeysUnavailable) as told:
        Keys.in_folder(tmp_path)
    assert "chmod" in told.value.french
    assert str(tmp_path / place) in told.value.english


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    Keys.in_folder(tmp_path)
    (tmp_path / "keys/master.key").write_bytes(b"short")
    with pytest.raises(KeysUnavailable, match="5 bytes"):
        Keys.in_folder(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeysUnavailable, match="right to write") as told:
        Keys.in_folder(tmp_path / "file")
    assert "droit" in told.value.told("fr")
