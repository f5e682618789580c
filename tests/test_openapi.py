"""The description of the API says what the application does: no route more, no route less, no problem unheard of."""

import ast
import json

import pytest
from openapi_spec_validator import validate
from starlette.routing import Route

from api_client import contract
from backend.web.app import assemble
from backend.web.openapi import describe
from backend.web.operations import OPERATIONS, PROBLEMS
from tests.backend_house import BackendHouse
from tests.conftest import ROOT

pytest_plugins = ["tests.house_fixtures"]

COMMITTED = ROOT / "docs" / "openapi.json"


def test_the_committed_description_is_up_to_date() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == describe(), (
        "run: python -m backend.web.openapi > docs/openapi.json"
    )


def test_it_is_a_valid_openapi_document() -> None:
    validate(describe())


async def test_it_has_every_route_of_the_application_and_no_other(house: BackendHouse) -> None:
    app = assemble(house.parts, demonstration=house.data)
    served = {
        (method.lower(), route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}  # Starlette answers HEAD wherever it answers GET
    }
    assert served == {(operation.method, operation.path) for operation in OPERATIONS}


def test_every_problem_the_routes_can_send_is_described_with_its_status() -> None:
    """``Refusal(word, title, status, …)`` as it is written in the source."""
    sent: dict[str, int] = {}
    for node in ast.walk(ast.parse((ROOT / "backend" / "web" / "routes.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
            word, _, status = node.args[:3]
            assert isinstance(word, ast.Constant)
            assert isinstance(status, ast.Constant)
            sent[str(word.value)] = int(str(status.value))
    assert sent == {word: status for word, (status, _) in PROBLEMS.items()}


@pytest.mark.parametrize("word", PROBLEMS)
def test_docs_api_tells_what_to_do_about_every_problem(word: str) -> None:
    told = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert f"| `{word}` | {PROBLEMS[word][0]} |" in told


@pytest.mark.parametrize("kind", [*contract.Step.__subclasses__(), *contract.Answer.__subclasses__()])
def test_every_step_and_answer_is_a_schema(kind: type[contract.Step | contract.Answer]) -> None:
    if kind is contract.Outcome:  # what four outcomes share, and no step itself
        return
    schema = describe()["components"]["schemas"][kind.__name__]
    assert schema["properties"]["kind"]["enum"] == [kind.__struct_config__.tag]


def test_no_secret_is_described_as_an_ordinary_text() -> None:
    schemas = describe()["components"]["schemas"]
    assert schemas["ProvisionalPasswordAnswer"]["properties"]["password"] == {"type": "string", "format": "password"}
    assert schemas["Seated"]["properties"]["token"]["format"] == "password"
