"""The house rules that no linter knows: names, sizes, reasons, and nothing of the machine it was built on."""

import ast
import io
import re
import subprocess
import tokenize
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

HOMES = ("api_client", "screens", "tui", "backend", "tests", "bench")
MODULES = sorted(path.relative_to(ROOT) for home in HOMES for path in (ROOT / home).rglob("*.py"))
LOCKS = ("dev", "run")

SAYS_NOTHING = {
    "util",
    "utils",
    "helper",
    "helpers",
    "manager",
    "handler",
    "handlers",
    "base",
    "common",
    "misc",
    "tools",
    "lib",
}

LONGEST = 300
"""Lines of code: not blank, not only a comment, not a docstring."""

LONGER_FOR_A_REASON: dict[str, str] = {}
"""Path of the module → why it is not two modules."""

# In parts, so that this file does not name what no file may name.
REAL_NAMES = re.compile(
    "|".join(("mont" + "pellier", r"\bak" + r"to\b", r"\boc" + r"time\b", "um" + "34")), re.IGNORECASE
)
HASH = re.compile(r"sha512-[A-Za-z0-9+/=]+")
"""Of a lock file: its letters mean nothing."""
MACHINE = re.compile(
    "|".join(("/work" + "/", "/root" + r"/(?!\W)", "pythonhosted" + r"\.", r"\bpypi" + r"\.org", "/tmp" + "/lab"))
)


def tracked() -> list[Path]:
    """Every file that git knows or would add: a new one counts before its first commit."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = [name for name in listing.stdout.decode().split("\0") if name]
    return [path for name in names if (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The text of a file; of a binary one whatever of it reads as text."""
    return path.read_bytes().decode("utf-8", "ignore")


def lines_of_code(source: str) -> int:
    """Lines that do something."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in silent
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - docstrings)


def project() -> dict[str, Any]:
    """``pyproject.toml``."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def dependencies() -> list[str]:
    """Every requirement of every list of ``pyproject.toml``."""
    lists = [project()["project"]["dependencies"]]
    lists += project()["project"]["optional-dependencies"].values()
    lists += project()["dependency-groups"].values()
    return [entry for entries in lists for entry in entries if isinstance(entry, str)]


def locked(lock: str) -> dict[str, str]:
    """Name → version of what ``requirements/<lock>.txt`` pins."""
    pins = re.findall(
        r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE
    )
    return {canonicalize_name(name): version for name, version in pins}


def targets() -> set[str]:
    """The commands of the Makefile that explain themselves."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_a_module_is_named_for_what_it_is() -> None:
    said = {part for path in MODULES for part in (*path.parts[:-1], path.stem)}
    assert not said & SAYS_NOTHING


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_small_enough_to_be_read(path: Path) -> None:
    length = lines_of_code((ROOT / path).read_text())
    if path.as_posix() in LONGER_FOR_A_REASON:
        assert length > LONGEST, f"{path} is short again: take it off the list."
    else:
        assert length <= LONGEST, f"{path} has {length} lines of code."


def test_lines_of_code_leave_out_what_only_explains() -> None:
    assert lines_of_code('"""Why.\n\nMore."""\n\n# Because.\nx = 1\ny = """two\nlines"""\n') == 3


def test_the_contract_s_package_is_empty_so_that_it_loads_without_http() -> None:
    assert (ROOT / "api_client" / "__init__.py").read_text() == ""


@pytest.mark.parametrize("requirement", dependencies())
def test_a_dependency_says_why_it_is_here(requirement: str) -> None:
    lines = [line.strip() for line in (ROOT / "pyproject.toml").read_text().splitlines()]
    (line,) = [line for line in lines if line.startswith(f'"{requirement}"')]
    assert re.search(r"\",\s+# \S+ \S+", line), line


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_path_and_pins_every_line_by_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", " ").strip())
    assert entries
    for entry in entries:
        assert re.fullmatch(r"[\w.\[\],-]+==[\w.+!-]+( ; [^/@#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry), entry[
            :100
        ]


def test_the_locks_hold_what_the_project_asks_for() -> None:
    for lock in LOCKS:
        pins = locked(lock)
        for requirement in map(Requirement, project()["project"]["dependencies"]):
            assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), (lock, requirement)
    pins = locked("dev")
    for requirement in map(Requirement, dependencies()):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_what_runs_and_what_is_tested_have_the_same_versions() -> None:
    assert locked("run").items() <= locked("dev").items()


def test_no_file_names_a_real_organisation_or_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path != ROOT / "tests" / "data" / "transitions.csv"  # whose column of references is tagged by source
        for pattern in (REAL_NAMES, MACHINE)
        for match in pattern.finditer(f"{path.relative_to(ROOT)}\n{HASH.sub('', text_of(path))}")
    ]
    assert not found


def test_nothing_is_left_for_later_and_no_test_is_skipped() -> None:
    later = re.compile(
        "|".join(
            (
                r"\bTO" + r"DO\b",
                r"\bFIX" + r"ME\b",
                r"pytest\.sk" + "ip",
                r"mark\.(sk" + "ip|xf" + "ail)",
                r"pytest\.xf" + "ail",
            )
        )
    )
    found = [f"{path}: {match[0]}" for path in MODULES for match in later.finditer((ROOT / path).read_text())]
    assert not found


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_commands_that_are_told_exist(page: str) -> None:
    told = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", (ROOT / page).read_text(), re.MULTILINE))
    assert told
    assert told <= targets()


def test_submissions_are_checked_with_the_readme_s_command() -> None:
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text().splitlines() if line and not line.startswith(("#", "set", "cd"))]
    assert commands == ["make test"]
    assert "make test" in (ROOT / "README.md").read_text()
    assert script.stat().st_mode & 0o100


def test_the_changelog_tells_of_this_version() -> None:
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first
    assert first[1] == project()["project"]["version"]
