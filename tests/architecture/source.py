"""The checkout's own Python files, as paths, names and syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("app", "core", "packaging")
EVERYTHING = (*SHIPPED, "tests")


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the checkout; never none, for then a check would check nothing."""
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    assert files, f"no Python files in {folders}"
    return files


@cache  # the checks read the same files again and again
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def short(path: Path) -> str:
    """A file's path as a person looks for it."""
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    """The name by which a file of app or core is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the full name of everything imported anywhere in a file, in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def lies_in(name: str, room: str) -> bool:
    """Whether a module is this room or lies in it."""
    return name == room or name.startswith(f"{room}.")


def dotted(node: ast.AST) -> str:
    """The text of a dotted name such as torch.load; empty for anything else."""
    return ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
