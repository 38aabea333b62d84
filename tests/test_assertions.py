"""Every test asserts something, itself or through a helper of its module; a test that cannot fail holds nothing."""

import ast
from pathlib import Path

HOLDING = {"raises", "warns", "fail"}
"""pytest's own; names that begin with ``assert`` count too."""


def holds(function: ast.FunctionDef, helpers: set[str]) -> bool:
    """Whether a function asserts: a statement, pytest, or a call of a helper that does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in HOLDING | helpers or name.startswith("assert"):
                return True
    return False


def idle(text: str) -> list[str]:
    """The tests of a module that assert nothing."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    helpers: set[str] = set()
    while more := {one.name for one in functions if one.name not in helpers and holds(one, helpers)}:
        helpers |= more
    return [one.name for one in functions if one.name.startswith("test_") and one.name not in helpers]


def test_every_test_asserts() -> None:
    modules = sorted(Path(__file__).parent.glob("test_*.py"))
    found = {path.name: names for path in modules if (names := idle(path.read_text(encoding="utf-8")))}
    assert found == {}


def test_one_that_does_not_is_found() -> None:
    text = "def law(one): assert one\ndef test_a(): law(1)\ndef test_b(): print(1)\ndef test_c(): self.assertTrue(1)\n"
    assert idle(text) == ["test_b"]
