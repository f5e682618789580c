"""``serve --oidc-issuer``: both names or neither, and no door that cannot be opened."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.backend_process import BackendProcess

pytestmark = pytest.mark.slow
ISSUER = ("--oidc-issuer", "http://127.0.0.1:9", "--oidc-client-id", "perron")


def doors(backend: BackendProcess) -> set[str]:
    said = httpx.get(f"{backend.url}/v1/catalogue?locale=fr", trust_env=False).json()
    return {journey["id"] for journey in said["journeys"]}


@pytest.mark.parametrize(
    ("options", "offered", "told"),
    [((), False, True), (ISSUER, True, False), (("--demonstration",), True, False)],
    ids=["without", "named", "demonstration"],
)
def test_a_journey_that_signs_in_needs_a_provider(
    tmp_path: Path, options: tuple[str, ...], offered: bool, told: bool
) -> None:
    backend = BackendProcess(tmp_path / "data", *options)
    backend.start()
    assert ("phone-pairing" in doors(backend)) == offered
    begun = httpx.post(f"{backend.url}/v1/enrolments", json={"journey": "phone-pairing"}, trust_env=False)
    assert begun.status_code == (201 if offered else 404)
    backend.stop()
    lines = [json.loads(line) for line in backend.log.read_text(encoding="utf-8").splitlines()]
    assert [line["journeys"] for line in lines if line["event"] == "journeys_not_offered"] == (
        [["phone-pairing"]] if told else []
    )
    assert len(lines) == told, "nothing else is said when all is well"


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (ISSUER[:2], 1, "vont ensemble"),
        (ISSUER[2:], 1, "vont ensemble"),
        (("--oidc-issuer", "http://login.exemple.example", *ISSUER[2:]), 2, "--oidc-issuer"),
        (("--oidc-issuer", "login.exemple.example", *ISSUER[2:]), 2, "--oidc-issuer"),
    ],
)
def test_half_a_provider_and_one_that_anybody_could_read(
    tmp_path: Path, options: tuple[str, ...], status: int, told: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "backend.cli", "serve", "--listen", "127.0.0.1:0", "--data", tmp_path, *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"LC_ALL": "fr_FR.UTF-8"},
    )
    assert done.returncode == status
    (sentence,) = done.stderr.splitlines()
    assert told in sentence
