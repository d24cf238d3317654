"""What `governance/` may not do, read from its syntax: no floats, no world outside, nothing that depends on day or machine."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "governance"
FILES = sorted(ROOT.rglob("*.py"))

IMPORTS = {
    *(
        "base64",
        "bisect",
        "collections",
        "contextlib",
        "datetime",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "itertools",
        "math",
        "operator",
    ),
    *("re", "struct", "sys", "typing", "unicodedata", "__future__"),
    *("cryptography", "msgspec", "nacl", "governance"),
}
"""Top-level modules that the core imports. Of the standard library these, and nothing that reads a clock, a file or chance."""
FROM_MATH = {"ceil", "floor", "gcd", "isqrt", "lcm"}
"""Of `math`, what gives whole numbers, and of whole numbers and fractions exact ones."""
CALLS = {"float", "complex", "round", "open", "print", "input", "eval", "exec", "compile", "__import__"}
"""Functions that make floats, talk to the world, or give another answer in another process."""
ATTRIBUTES = {
    *("total_seconds", "timestamp", "fromtimestamp", "now", "utcnow", "today"),
    *("isprintable", "isidentifier", "isnumeric", "isdecimal", "isalnum", "capitalize", "swapcase"),
}
"""Methods that give floats, read the clock, or answer by the version of Unicode that the running Python happens to know."""
DIVISIONS = {
    "counting/bounds.py": 5,
    "counting/weighting.py": 1,
}
"""Where exact fractions are divided by exact fractions, and how often. A division that is not listed has to be looked at: of
whole numbers or of periods it would be a float, and no type checker minds."""


FOREIGN = ("asyncio", "socket", "random", "secrets", "time", "logging", "pathlib", "app")


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def floats(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float | complex)


def divisions(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)


def negative_powers(node: ast.AST) -> bool:
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Pow):
        return False
    return not isinstance(node.right, ast.Constant) and not (
        isinstance(node.right, ast.Name) and node.right.id.isupper()
    )


def calls(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS


def methods(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES


def foreign_imports(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(name.name.partition(".")[0] not in IMPORTS for name in node.names)
    if isinstance(node, ast.ImportFrom):
        wrong = (node.module or "").partition(".")[0] not in IMPORTS or node.level > 0
        return wrong or (node.module == "math" and any(name.name not in FROM_MATH for name in node.names))
    return False


def floating_mathematics(node: ast.AST) -> bool:
    of_math = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "math"
    return of_math and isinstance(node, ast.Attribute) and node.attr not in FROM_MATH


def asynchronous(node: ast.AST) -> bool:
    return isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await | ast.Global)


def asserts(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert)


BANNED = [floats, negative_powers, calls, methods, foreign_imports, floating_mathematics, asynchronous, asserts]


@pytest.mark.parametrize("banned", BANNED, ids=lambda one: one.__name__)
def test_the_core_has_none_of(banned: Callable[[ast.AST], bool]) -> None:
    found = [f"{path.relative_to(ROOT)}: {ast.unparse(node)}" for path in FILES for node in nodes(path) if banned(node)]
    assert found == []


def test_every_division_is_one_of_exact_fractions_that_somebody_looked_at() -> None:
    found = {str(path.relative_to(ROOT)): sum(map(divisions, nodes(path))) for path in FILES}
    assert {name: count for name, count in found.items() if count} == DIVISIONS


@pytest.mark.parametrize(
    ("source", "banned"),
    [
        ("x = 0.5", floats),
        ("x = 1e3", floats),
        ("x = 2j", floats),
        ("x = 1 / 3", divisions),
        ("x /= 3", divisions),
        ("x = 10 ** -2", negative_powers),
        ("x = 10 ** n", negative_powers),
        ("x = float('1')", calls),
        ("x = round(y)", calls),
        ("x = period.total_seconds()", methods),
        ("x = datetime.now()", methods),
        ("x = name.isprintable()", methods),
        ("import os", foreign_imports),
        ("import os.path", foreign_imports),
        ("from pathlib import Path", foreign_imports),
        ("from . import x", foreign_imports),
        ("x = math.sqrt(2)", floating_mathematics),
        ("from math import sqrt", foreign_imports),
        ("async def x(): pass", asynchronous),
        ("assert x", asserts),
        *((f"import {name}", foreign_imports) for name in FOREIGN),
    ],
)  # fmt: skip
def test_each_of_these_would_be_seen(source: str, banned: Callable[[ast.AST], bool]) -> None:
    assert any(map(banned, ast.walk(ast.parse(source))))


def test_the_whole_core_was_read() -> None:
    assert {path.name for path in FILES} >= {"tally.py", "federation.py", "records.py", "verifier.py", "bundle.py"}
