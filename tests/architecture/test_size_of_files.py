"""Small files with one concern, functions that fit on a screen."""

import ast
import statistics

from tests.architecture.source import EVERYTHING, parsed, python_files, short

MOST_LINES_OF_A_FILE = 400
MIDDLE_LINES_OF_A_FILE = 150
MOST_LINES_OF_A_FUNCTION = 60  # its docstring not counted: it may well be longer than the code

Function = ast.FunctionDef | ast.AsyncFunctionDef


def length(function: Function) -> int:
    """The lines of a function without those of its docstring."""
    first, *_ = function.body
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - docstring


def long_functions(tree: ast.AST) -> dict[str, int]:
    """The functions of a file that do not fit on a screen, with their lengths."""
    lengths = {node.name: length(node) for node in ast.walk(tree) if isinstance(node, Function)}
    return {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION}


def test_no_file_is_longer_than_400_lines() -> None:
    sizes = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*EVERYTHING)}
    assert {name: lines for name, lines in sizes.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_half_of_the_files_have_at_most_150_lines() -> None:
    files = [path for path in python_files("app", "core") if path.name != "__init__.py"]
    assert (
        statistics.median(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
        <= MIDDLE_LINES_OF_A_FILE
    )


def test_no_function_is_longer_than_60_lines() -> None:
    found = {short(path): long_functions(parsed(path)) for path in python_files(*EVERYTHING)}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_a_long_function_is_found_and_a_long_docstring_forgiven() -> None:
    documented = 'def f():\n    """Say.' + "\n" * 80 + '    """\n    return 1\n'
    long = "def g():\n" + "    x = 1\n" * 60
    assert long_functions(ast.parse(documented + long)) == {"g": 61}
