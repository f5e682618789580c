"""``perron-backend lock`` and ``unlock``, from outside."""

import json
from pathlib import Path

import pytest

from tests.admitting import PEOPLE
from tests.commanding import run
from tests.test_backend_cli import ACTIVE, refused

pytestmark = pytest.mark.slow

INACTIVE = "p00000400013"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    assert run("import-people", PEOPLE, "--data", data).returncode == 0
    return data


def status(folder: Path) -> str:
    return str(json.loads(run("show", ACTIVE, "--data", folder, "--json").stdout)["status"])


def test_an_account_is_locked_once_and_unlocked_by_mail(folder: Path) -> None:
    done = run("lock", ACTIVE, "--data", folder, "--reason", "phishing")
    assert (done.returncode, done.stderr) == (0, "")
    assert ACTIVE in done.stdout
    assert status(folder) == "locked"
    assert ACTIVE in refused(run("lock", ACTIVE, "--data", folder))
    done = run("unlock", ACTIVE, "--data", folder, lang="en_GB.UTF-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "new password" in done.stdout
    assert status(folder) == "unlocking", "nothing is open before the new password"
    assert run("audit", "verify", "--data", folder).returncode == 0


def test_what_cannot_be_locked_or_unlocked_is_told(folder: Path) -> None:
    assert "letter" in refused(run("lock", INACTIVE, "--data", folder))
    assert "letter" in refused(run("unlock", INACTIVE, "--data", folder))
    assert refused(run("lock", "personne", "--data", folder), status=2)
    assert run("lock", ACTIVE, "--data", folder, "--reason", "because").returncode == 2
