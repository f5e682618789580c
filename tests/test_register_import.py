"""The commands that load the register, from outside; however many establishments, they fit in a small memory.

``PERRON_ROWS=1000000`` imports a million of them, which takes a minute or two."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from stdnum import luhn

from backend.demonstration import COMPANIES_FILE
from tests.backend_process import BackendProcess
from tests.commanding import run, run_outside
from tests.conftest import ROOT
from tests.fake_sirene import KEY

pytestmark = pytest.mark.slow

DATA = ROOT / "tests" / "data"
ROWS = int(os.environ.get("PERRON_ROWS", "200000"))
MOST_MEGABYTES, MOST_SECONDS = 150, 400
"""Alone it takes a minute; the machine may be busy with other tests."""

OFFICIAL = (
    "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement,"
    "anneeEffectifsEtablissement,activitePrincipaleRegistreMetiersEtablissement,dateDernierTraitementEtablissement,"
    "etablissementSiege,nombrePeriodesEtablissement,complementAdresseEtablissement,numeroVoieEtablissement,"
    "typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,"
    "codeCommuneEtablissement,dateDebut,etatAdministratifEtablissement,enseigne1Etablissement,"
    "denominationUsuelleEtablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement,"
    "caractereEmployeurEtablissement"
)
PEAK = """
import sys
from backend.cli import main
status = main(sys.argv[1:])
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
sys.exit(status)
"""


def extract(companies: int) -> Iterator[str]:
    """Lines as INSEE publishes them: four establishments a company, one of them closed."""
    for number in range(1, companies + 1):
        siren = f"{number:08}{luhn.calc_check_digit(f'{number:08}')}"
        for place, (head_office, state) in enumerate((("true", "A"), ("false", "A"), ("false", "F"), ("false", "A"))):
            start = f"{siren}{place + 1:04}"
            nic = f"{place + 1:04}{luhn.calc_check_digit(start)}"
            yield (
                f"{siren},{nic},{siren}{nic},O,2019-04-01,NN,,,2024-03-30T03:27:12,{head_office},1,,12,PLACE,"
                f"DE L EXEMPLE,66000,PERPIGNAN,66136,2019-04-01,{state},,ÉTABLISSEMENT {number},56.10A,NAFRev2,N\n"
            )


def test_as_many_establishments_as_there_are_are_imported_in_a_bounded_memory(tmp_path: Path) -> None:
    file, data = tmp_path / "StockEtablissement_utf8.csv", tmp_path / "data"
    with file.open("w", encoding="utf-8") as target:
        target.write(f"{OFFICIAL}\n")
        target.writelines(extract(ROWS // 4))
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "import-companies", file, "--data", data],
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        env={**os.environ, "LC_ALL": "en_GB.UTF-8"},
        check=False,
    )
    seconds = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    register, _, peak = done.stdout.splitlines()
    assert register == f"Register: Created: {ROWS}. Updated: 0. Unchanged: 0."
    assert int(peak) < MOST_MEGABYTES, f"{peak} MB in {seconds:.0f} s"
    (data / "perron.sqlite").unlink()


def test_a_bad_line_changes_nothing_and_is_told(tmp_path: Path) -> None:
    file, data = tmp_path / "companies.csv", tmp_path / "data"
    lines = COMPANIES_FILE.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[-1].replace("00010,", "00011,")]) + "\n", encoding="utf-8")
    done = run("import-companies", file, "--data", data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{file}, ligne {len(lines) + 1} : colonne « siret » : ")
    assert "Traceback" not in done.stderr
    good = run("import-companies", COMPANIES_FILE, "--data", data)
    assert good.stdout == (
        "Registre : Créés : 23. Mis à jour : 0. Inchangés : 0.\n"
        "Adhérents : Créés : 12. Mis à jour : 0. Inchangés : 0.\n"
    )


def test_contacts_are_imported_and_say_so(tmp_path: Path) -> None:
    command = ("import-contacts", DATA / "known_contacts.csv", "--data", tmp_path / "data")
    assert run(*command).stdout == "Créés : 10. Mis à jour : 0. Inchangés : 0.\n"
    assert run(*command, lang="en").stdout == "Created: 0. Updated: 0. Unchanged: 10.\n"


def test_serve_takes_files_and_an_address_and_tells_the_key_to_nobody(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(KEY)
    options = ("--companies", DATA / "establishments.csv", "--contacts", DATA / "known_contacts.csv")
    os.environ["PERRON_SIRENE_KEY_FILE"] = str(key)
    try:
        backend = BackendProcess(tmp_path / "data", *map(str, options), "--companies", "http://127.0.0.1:9/3.11")
        backend.start()
        backend.stop()
    finally:
        del os.environ["PERRON_SIRENE_KEY_FILE"]
    again = run("import-companies", DATA / "establishments.csv", "--data", tmp_path / "data", lang="en")
    assert "Register: Created: 0. Updated: 0. Unchanged: 23." in again.stdout
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    "address",
    [
        "http://sirene.example/3.11",
        "https://name:password@sirene.example/3.11",
        "https://sirene.example/3.11?key=1",
        "ftp://sirene.example",
        "https://",
    ],
)
def test_an_address_where_a_key_must_not_go_is_refused(tmp_path: Path, address: str) -> None:
    done = run_outside("serve", "--companies", address, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert re.fullmatch(r"Commande incomprise .*\n", done.stderr)


def test_a_key_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    command = ("serve", "--listen", "127.0.0.1:0", "--companies", "https://sirene.example", "--data", tmp_path / "data")
    done = run_outside(*command, PERRON_SIRENE_KEY_FILE=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "PERRON_SIRENE_KEY_FILE" in done.stderr
    assert len(done.stderr.splitlines()) == 1
