"""A local HTTP server in the shape of INSEE's Sirene API (domain.md §12.1), and down in every way that we know.

It knows the establishments of ``data/establishments.csv``. What it does next is said by ``faults``: each request takes
one from the left, and does right once there is none left; ``down`` is a fault that lasts.
"""

import csv
import json
import re
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATA = Path(__file__).parent / "data" / "establishments.csv"
KEY = "11111111-2222-3333-4444-555555555555"
MERGED, ND = "00001011600028", "[ND]"
"""A number that Sirene answers with a list of somebody else's."""


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    query: dict[str, str]
    key: str | None


@dataclass
class FakeSirene:
    """Use it as a context: ``with FakeSirene() as sirene``, then ``sirene.url``."""

    faults: deque[str] = field(default_factory=deque)
    down: str = ""
    key: str | None = KEY
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        with DATA.open(encoding="utf-8", newline="") as source:
            self.rows = {row["siret"]: row for row in csv.DictReader(source)}
        fake = self

        class Handler(_Handler):
            sirene = fake

        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api-sirene/3.11"

    def __enter__(self) -> "FakeSirene":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def establishment(self, row: dict[str, str]) -> dict[str, Any]:
        """As Sirene tells it. The state one level up is what some tutorials read, and says the contrary."""
        masked = row["denomination"] == ND
        state = row["etat_administratif"]
        return {
            "siren": row["siren"],
            "nic": row["nic"],
            "siret": row["siret"],
            "statutDiffusionEtablissement": "P" if masked else "O",
            "dateCreationEtablissement": "2019-04-01",
            "etablissementSiege": row["siege"] == "oui",
            "etatAdministratifEtablissement": "F" if state == "A" else "A",
            "uniteLegale": {
                "etatAdministratifUniteLegale": "A",
                "denominationUniteLegale": row["denomination"],
                "categorieJuridiqueUniteLegale": "5499",
            },
            "adresseEtablissement": {
                "libelleVoieEtablissement": ND if masked else "DE L EXEMPLE",
                "codePostalEtablissement": ND if masked else row["code_postal"],
                "libelleCommuneEtablissement": ND if masked else row["commune"],
            },
            "periodesEtablissement": [
                {
                    "dateFin": None,
                    "dateDebut": "2021-01-01",
                    "etatAdministratifEtablissement": state,
                    "activitePrincipaleEtablissement": row["naf"],
                    "enseigne1Etablissement": None,
                    "denominationUsuelleEtablissement": None,
                },
                {"dateFin": "2020-12-31", "dateDebut": "2019-04-01", "etatAdministratifEtablissement": "A"},
            ],
        }


class _Handler(BaseHTTPRequestHandler):
    sirene: FakeSirene
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        sirene = self.sirene
        sirene.asked.append(Asked(parts.path, query, self.headers["X-INSEE-Api-Key-Integration"]))
        fault = sirene.faults.popleft() if sirene.faults else sirene.down
        if fault:
            return FAULTS[fault](self)
        if self.headers["X-INSEE-Api-Key-Integration"] != sirene.key:
            return self.say(401, {"message": "Unauthorized", "http_status_code": 401})
        if one := re.fullmatch(r"/api-sirene/3\.11/siret/([0-9]{14})", parts.path):
            return self._one(one[1])
        return self._several(query["q"], int(query.get("nombre", "20")))

    def _one(self, siret: str) -> None:
        row = self.sirene.rows.get(siret)
        if siret == MERGED:
            other = self.sirene.establishment(self.sirene.rows["00001011600010"])
            return self.say(200, {"header": {"statut": 200, "message": "OK"}, "etablissements": [other]})
        if row is None or row["connu_insee"] == "non":
            return self.nothing(f"Aucun élément trouvé pour le siret {siret}")
        if row["connu_insee"] == "indisponible":
            return FAULTS["503"](self)
        header = {"statut": 200, "message": "OK"}
        return self.say(200, {"header": header, "etablissement": self.sirene.establishment(row)})

    def _several(self, asked: str, most: int) -> None:
        found = re.fullmatch(
            r"siren:([0-9]{9}) AND periode\(etatAdministratifEtablissement:A\)( AND etablissementSiege:true)?", asked
        )
        assert found, asked
        rows = [row for row in self.sirene.rows.values() if row["siren"] == found[1] and row["connu_insee"] == "oui"]
        rows = [row for row in rows if not found[2] or row["siege"] == "oui"]
        # Every one of them was active once, as in real answers to a search by period.
        rows.sort(key=lambda row: row["siret"], reverse=True)
        if not rows:
            return self.nothing("Aucun élément trouvé pour q=…")
        header = {"statut": 200, "message": "OK", "total": len(rows), "debut": 0, "nombre": min(most, len(rows))}
        return self.say(200, {"header": header, "etablissements": [*map(self.sirene.establishment, rows[:most])]})

    def nothing(self, message: str) -> None:
        self.say(404, {"header": {"statut": 404, "message": message}})

    def say(self, status: int, body: object, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def cut(self) -> None:
        """A reset rather than an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def half(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4000")
        self.end_headers()
        self.wfile.write(b'{"header": {"statut": 200')
        self.wfile.flush()
        self.cut()

    def endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(10**9))
        self.end_headers()
        try:
            while not self.sirene.released.is_set():
                self.wfile.write(b" " * 65_536)
        except OSError:
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Nothing: a test reads ``asked``."""


def _slow(handler: _Handler) -> None:
    handler.sirene.released.wait(30)
    handler.close_connection = True


FAULTS: dict[str, Callable[[_Handler], None]] = {
    "429": lambda handler: handler.say(429, {"message": "Too many requests"}, Retry_After="17"),
    "429 without a word": lambda handler: handler.say(429, {"message": "Too many requests"}),
    "500": lambda handler: handler.say(500, b"<html>Internal Server Error</html>"),
    "503": lambda handler: handler.say(503, {"message": "Service Unavailable"}),
    "503 until": lambda handler: handler.say(503, b"", Retry_After="Tue, 03 Nov 2026 09:10:00 GMT"),
    "503 until never": lambda handler: handler.say(
        503, b"", Retry_After="Mon, 01 Jan 2024 00:00:00 +99999999999999999999"
    ),
    "503 for ages": lambda handler: handler.say(503, b"", Retry_After="9" * 5000),
    "slow": _slow,
    "malformed": lambda handler: handler.say(200, b'{"header": {"statut": 200, "message": "OK"}, "etab'),
    "not utf-8": lambda handler: handler.say(200, b'{"header": {"statut": 200}, "etablissement": "\xe9"}'),
    "another shape": lambda handler: handler.say(200, {"header": {"statut": 200}, "etablissement": {"siret": 12}}),
    "no period": lambda handler: handler.say(
        200, {"header": {"statut": 200}, "etablissement": {"siret": "00001007400011", "periodesEtablissement": []}}
    ),
    "a list": lambda handler: handler.say(200, b"[]"),
    "nested": lambda handler: handler.say(200, b"[" * 100_000),
    "empty": lambda handler: handler.say(200, b""),
    "cut": _Handler.cut,
    "half": _Handler.half,
    "endless": _Handler.endless,
    "404 of another server": lambda handler: handler.say(404, b"<html>Not Found</html>"),
    "redirect": lambda handler: handler.say(302, b"", Location="http://127.0.0.1:9/elsewhere"),
    "key refused": lambda handler: handler.say(401, {"message": "Unauthorized"}),
}
