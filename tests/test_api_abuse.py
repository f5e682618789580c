"""Whatever is sent, the backend answers: in the contract's words or with a problem, never with a fault, never an echo.

schemathesis makes the cases and judges the answers by the OpenAPI document; the requests go to the application in this
process, by a screen that really holds an enrolment, so that they get past the door.
"""

import asyncio
import json
import shutil
import string
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

from api_client import contract
from backend.web.openapi import describe
from backend.web.operations import OPERATIONS, Operation
from tests.backend_house import START, BackendHouse, MovableClock, Screen
from tests.robot import Robot

pytestmark = pytest.mark.slow

pytest_plugins = ["tests.house_fixtures"]

PERSONS = {
    "login": "P001",
    "provisional_password": "P002",
    "backup_email": "P004",
    "link_sent": "P007",
    "charter": "P008",
    "public_directory": "P011",
    "mailbox": "P013",
    "redirection": "P015",
    "new_password": "P016",
    "phone_pairing": "P017",
}
"""Who stands where, at the beginning; random answers may move them on."""

API = [operation for operation in OPERATIONS if operation.path.startswith("/v1/")]
WRITING = [operation for operation in API if operation.takes is not None]
SCHEMA = schemathesis.openapi.from_dict(describe())
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
CANARY = "canari-7f3a91"
BOUNDED = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
"""The same cases in every run: what is found once is found again."""


@dataclass
class Door:
    """A loop of its own, so that hypothesis can knock from tests that are not asynchronous."""

    runner: asyncio.Runner
    http: httpx.AsyncClient
    screens: dict[str, Screen]

    def knock(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self.runner.run(self.http.request(method, path, **request))

    def address(self, operation: Operation, at: str) -> str:
        return operation.path.replace("{id}", self.screens[at].enrolment.id)

    def headers(self, at: str) -> dict[str, str]:
        """What makes a request of the screen that stands there count: its token, and the revision as it is now."""
        screen = self.screens[at]
        self.runner.run(screen.look())
        return {
            "authorization": f"Bearer {screen.token.reveal()}",
            "if-match": f'"{screen.enrolment.revision}"',
        }


@pytest.fixture(scope="module")
def door(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    data = tmp_path_factory.mktemp("abuse") / "data"
    shutil.copytree(imported, data)

    with asyncio.Runner() as runner, ExitStack() as at_the_end:
        house = runner.run(_make(data))
        at_the_end.callback(lambda: runner.run(house.close()))
        yield runner.run(_stand_everywhere(house, runner))


async def _make(data: Path) -> BackendHouse:
    return BackendHouse(data, MovableClock(START))


async def _stand_everywhere(house: BackendHouse, runner: asyncio.Runner) -> Door:
    screens = {}
    for number, (place, person) in enumerate(PERSONS.items()):
        screens[place] = await house.begun(source=f"192.0.2.{number}")  # one throttle each
        await Robot(house, screens[place], person, redirection="").walk(until=place)
    return Door(runner, house.http(), screens)


def assert_is_a_proper_answer(response: httpx.Response) -> None:
    """Ours, or a problem of ours; and nothing of the request in it."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        problem = contract.decode(response.content, contract.Problem)
        assert problem.status == response.status_code
        assert CANARY not in response.text
    assert CANARY not in str(response.headers)


CASES = [
    pytest.param(operation, mode, id=f"{mode.value} {operation.method} {operation.path}")
    for operation in API
    for mode in schemathesis.GenerationMode
    if mode.is_positive or operation.path != "/v1/health"  # which takes nothing that could be wrong
]


@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_schemathesis_finds_no_answer_that_the_description_does_not_allow(
    door: Door, operation: Operation, mode: schemathesis.GenerationMode
) -> None:
    described = SCHEMA[operation.path][operation.method.upper()]

    @settings(BOUNDED, max_examples=60)
    @given(case=described.as_strategy(generation_mode=mode), at=st.sampled_from(sorted(PERSONS)), seated=st.booleans())
    def knocks(case: Any, at: str, seated: bool) -> None:
        sent = case.as_transport_kwargs(base_url="https://perron.univ-exemple.example")
        headers = {name: value for name, value in sent["headers"].items() if name.lower() != "prefer"}
        url = sent["url"]
        if seated and operation.seated:
            headers |= door.headers(at)
            url = f"https://perron.univ-exemple.example{door.address(operation, at)}"
        body = {"json": sent["json"]} if "json" in sent else {"content": _as_content(sent.get("data"))}
        response = door.knock(sent["method"], url, headers=_sendable(headers), params=sent.get("params"), **body)
        assert_is_a_proper_answer(response)
        if response.status_code not in (404, 405):  # a generated path or method that is not this operation's
            case.validate_response(response, checks=CHECKS)

    knocks()


def _as_content(data: object) -> bytes:
    return data if isinstance(data, bytes) else str(data or "").encode("utf-8", "replace")


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    """Those that any HTTP client could put on a wire."""
    return {
        name: value.encode("latin-1", "replace").decode("latin-1")
        for name, value in headers.items()
        if value and not set(value) & set("\r\n\0")
    }


FIELDS = ["login", "password", "confirmation", "address", "code", "accepted", "sha256", "listed", "locale", "action"]
KEYS = st.text(max_size=8) | st.just(CANARY)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(CANARY),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.just(CANARY), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(BOUNDED, max_examples=300)
@given(
    operation=st.sampled_from(WRITING),
    at=st.sampled_from(sorted(PERSONS)),
    kind=st.sampled_from([None, *(answer.__struct_config__.tag for answer in contract.Answer.__subclasses__())]),
    fields=st.dictionaries(
        st.sampled_from(
            ["login", "password", "confirmation", "address", "code", "accepted", "sha256", "listed", "locale"]
        ),
        JSON,
    ),
    extra=JSON,
)
def test_wrong_types_in_the_right_places(
    door: Door, operation: Operation, at: str, kind: str | None, fields: dict[str, Any], extra: Any
) -> None:
    body = loose_json({"kind": kind, **fields} if kind else extra)
    response = door.knock(operation.method, door.address(operation, at), headers=door.headers(at), content=body)
    assert_is_a_proper_answer(response)


def loose_json(value: Any) -> bytes:
    """As ``json.dumps`` writes it, lone surrogates and NaN included, which no strict encoder would."""
    return json.dumps(value).encode()


HOSTILE = {
    "nothing": b"",
    "not JSON": b"journey=" + CANARY.encode(),
    "NUL": b'{"journey":"\x00' + CANARY.encode() + b'"}',
    "escaped NUL": b'{"journey":"\\u0000' + CANARY.encode() + b'","kind":"login","login":"a\\u0000b"}',
    "lone surrogate": b'{"kind":"login","login":"\\ud800"}',
    "raw surrogate": b'{"kind":"login","login":"\xed\xa0\x80"}',
    "not UTF-8": b'{"kind":"login","login":"\xff\xfe"}',
    "UTF-16": '{"kind":"login","login":"a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"journey":"activation-letter"}',
    "1 000 arrays deep": b'{"journey":' + b"[" * 1000 + b"]" * 1000 + b"}",
    "1 000 objects deep": b'{"kind":"login","login":' + b'{"a":' * 1000 + b"1" + b"}" * 1000 + b"}",
    "8 000 deep and no end": b"[" * 8000,
    "a number of 10 000 digits": b'{"journey":"activation-letter","drawing":{"cols":' + b"9" * 10000 + b"}}",
    "infinity": b'{"journey":"activation-letter","drawing":{"cols":1e999}}',
    "the same key twice": b'{"kind":"login","login":"a","login":"' + CANARY.encode() + b'","journey":1}',
    "an unknown key": b'{"kind":"login","login":"a","' + CANARY.encode() + b'":1}',
    "an unknown kind": b'{"kind":"' + CANARY.encode() + b'"}',
    "just too long": b'{"journey":"' + b"a" * 16384 + b'"}',
    "1 MB": b'{"kind":"provisional_password","password":"' + b"a" * (1 << 20) + CANARY.encode() + b'"}',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("operation", WRITING, ids=lambda operation: operation.path)
def test_hostile_bodies_are_refused_or_harmless(door: Door, operation: Operation, name: str) -> None:
    for at in ("login", "provisional_password", "redirection"):
        response = door.knock(
            operation.method, door.address(operation, at), headers=door.headers(at), content=HOSTILE[name]
        )
        assert_is_a_proper_answer(response)


def test_a_body_that_is_too_long_is_refused_before_it_is_read_whole(door: Door) -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        while True:
            read += 1024
            yield b"a" * 1024

    response = door.knock("POST", "/v1/enrolments", content=endless())
    assert (response.status_code, response.json()["type"]) == (413, "too-large")
    assert read <= 32 * 1024


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/catalogue/", "/docs", "/v1/enrolments/../../etc", f"/{CANARY}", "/l/"]
)
def test_what_is_not_there_is_a_problem_too(door: Door, path: str) -> None:
    response = door.knock("GET", path)
    assert_is_a_proper_answer(response)
    assert (response.status_code, response.json()["type"]) == (404, "not-found")


def test_a_wrong_method_is_a_problem_too(door: Door) -> None:
    response = door.knock("DELETE", "/v1/catalogue")
    assert_is_a_proper_answer(response)
    assert (response.status_code, response.json()["type"]) == (405, "wrong-method")
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize(
    "if_match", [None, "", '""', "*", '"-1"', '"1.0"', '"１"', f'"{"9" * 400}"', f'"{CANARY}"', "W/"]
)
def test_an_answer_without_a_usable_revision_has_no_effect(door: Door, if_match: str | None) -> None:
    seat = door.headers("login")
    revision = seat.pop("if-match")
    headers = [(name, value.encode()) for name, value in seat.items()]
    if if_match is not None:
        headers.append(("if-match", if_match.encode()))
    for path in ("answers", "back"):
        url = f"/v1/enrolments/{door.screens['login'].enrolment.id}/{path}"
        response = door.knock("POST", url, headers=headers, json={"kind": "login", "login": "p00000400013"})
        assert_is_a_proper_answer(response)
        assert (response.status_code, response.json()["type"]) == (428, "no-revision")
    assert door.headers("login")["if-match"] == revision


@example(text="9" * 4000)
@settings(BOUNDED, max_examples=100)
@given(text=st.text(string.printable.replace("\r", "").replace("\n", ""), max_size=200))
def test_strange_headers_change_nothing(door: Door, text: str) -> None:
    url = f"/v1/enrolments/{door.screens['login'].enrolment.id}"
    token = door.headers("login")["authorization"]
    response = door.knock("GET", url, headers={"authorization": token, "if-none-match": text, "accept-language": text})
    assert response.status_code in (200, 304)
    assert_is_a_proper_answer(door.knock("GET", url, headers={"authorization": text, "prefer": text}))


def test_huge_headers_are_no_key(door: Door) -> None:
    url = f"/v1/enrolments/{door.screens['login'].enrolment.id}"
    response = door.knock("GET", url, headers={"authorization": "Bearer " + "a" * (1 << 20)})
    assert response.status_code == 401
    assert_is_a_proper_answer(response)
