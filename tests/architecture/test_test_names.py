"""A test's name is the sentence that it proves."""

import ast

from tests.architecture.source import parsed, python_files, short

FEWEST_WORDS = 4


def terse_names(tree: ast.AST) -> list[str]:
    """The test functions whose names are too short to say what holds."""
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    tests = [name for name in names if name.startswith("test_")]
    return [name for name in tests if len(name.removeprefix("test_").split("_")) < FEWEST_WORDS]


def test_every_test_name_reads_as_a_sentence() -> None:
    assert {short(path): found for path in python_files("tests") if (found := terse_names(parsed(path)))} == {}


def test_a_name_that_is_no_sentence_is_found() -> None:
    lines = "def test_surface(): ...\ndef test_a_flat_surface_has_no_contours(): ...\n"
    assert terse_names(ast.parse(lines)) == ["test_surface"]
