"""Files from elsewhere run no code in here: no pickles, and torch.load in one place only, restricted to weights."""

import ast

import pytest

from tests.architecture.source import SHIPPED, dotted, imports, lies_in, parsed, python_files, short

THE_ONE_READER = "core/networks/weights.py"
PICKLES = ("pickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal")


def is_true(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def loads_of_torch(tree: ast.AST) -> list[ast.Call | ast.AST]:
    """Every mention of torch.load, called, passed on or imported by name."""
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and dotted(node) == "torch.load"]
    return named + [line for line, name in imports(tree) if name in {"torch.load", "torch.serialization.load"}]


def restricted_loads(tree: ast.AST) -> int:
    """How many calls of torch.load say weights_only=True."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and dotted(node.func) == "torch.load"]
    return sum(any(word.arg == "weights_only" and is_true(word.value) for word in call.keywords) for call in calls)


def unsafe_loads(name: str, tree: ast.AST) -> bool:
    """Whether a file uses torch.load in another way than the one that is allowed."""
    mentions = len(loads_of_torch(tree))
    return mentions > 0 if name != THE_ONE_READER else mentions != restricted_loads(tree)


def pickles(tree: ast.AST) -> list[str]:
    """Every way in which a file could read or write a pickle."""
    found = [name for _, name in imports(tree) if any(lies_in(name, module) for module in PICKLES)]
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.keyword)
            and node.arg == "allow_pickle"
            and not (isinstance(node.value, ast.Constant) and node.value.value is False)
        ):
            found.append("allow_pickle")
        if isinstance(node, ast.Attribute) and (dotted(node) == "torch.save" or node.attr == "read_pickle"):
            found.append(dotted(node))
    return found


def test_torch_load_stands_in_one_file_and_reads_weights_only() -> None:
    files = python_files(*SHIPPED)
    assert [short(path) for path in files if unsafe_loads(short(path), parsed(path))] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("core/data/x.py", "torch.load(path, weights_only=True)"),
        ("core/data/x.py", "from torch import load"),
        ("core/data/x.py", "reader = torch.load"),
        (THE_ONE_READER, "torch.load(path)"),
        (THE_ONE_READER, "torch.load(path, weights_only=False)"),
        (THE_ONE_READER, "torch.load(path, weights_only=safe)"),
    ],
)
def test_an_unrestricted_or_misplaced_torch_load_is_found(name: str, line: str) -> None:
    assert unsafe_loads(name, ast.parse(line))


def test_the_restricted_load_in_its_own_file_is_let_pass() -> None:
    assert not unsafe_loads(THE_ONE_READER, ast.parse("torch.load(path, map_location='cpu', weights_only=True)"))


def test_no_shipped_file_reads_or_writes_a_pickle() -> None:
    assert {short(path): found for path in python_files(*SHIPPED) if (found := pickles(parsed(path)))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from cloudpickle import dumps",
        "from joblib import load",
        "numpy.load(path, allow_pickle=True)",
        "numpy.load(path, allow_pickle=trusted)",
        "torch.save(state, path)",
        "pandas.read_pickle(path)",
    ],
)
def test_every_kind_of_pickle_is_found(line: str) -> None:
    assert pickles(ast.parse(line))


def test_refusing_pickles_in_so_many_words_is_let_pass() -> None:
    assert pickles(ast.parse("numpy.load(path, allow_pickle=False)")) == []
