"""The top level, the packages and their names are what DESIGN promises."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import core
from tests.architecture.source import ROOT, SHIPPED, dotted, parsed, python_files, short

TOP_LEVEL = {"app", "core", "packaging", "pyproject.toml", "README.md", "resources", "tests"}
LITTER = re.compile(r"__pycache__|build|dist|.*\.egg-info")  # made by tools, and ignored by git

# Folders of one machine: those of the people who wrote this, and whatever they are where the tests run now.
FOREIGN = re.compile(r"(?<![\w./~-])/(mnt|root|home|Users)/\w|\b[A-Z]:\\Users\\", re.MULTILINE)
TEXTS = {".py", ".toml", ".md", ".txt", ".lock", ".cfg", ".yml", ".yaml", ".json", ".qss", ".svg", ".html", ".sh", ""}


def test_the_top_level_holds_only_what_is_allowed() -> None:
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert {name for name in names if not LITTER.fullmatch(name)} - TOP_LEVEL == set()


def is_version(statement: ast.stmt) -> bool:
    """Whether a statement is an assignment to __version__, which the two outermost packages may hold."""
    return isinstance(statement, ast.Assign) and [dotted(target) for target in statement.targets] == ["__version__"]


def says_one_thing_only(tree: ast.Module) -> bool:
    """Whether a file is a docstring, besides perhaps the version, and nothing else."""
    docstring, *rest = tree.body or [ast.Pass()]
    return isinstance(docstring, ast.Expr) and ast.get_docstring(tree) is not None and all(map(is_version, rest))


def test_every_package_file_holds_a_docstring_and_nothing_else() -> None:
    files = [path for path in python_files("app", "core") if path.name == "__init__.py"]
    assert [short(path) for path in files if not says_one_thing_only(parsed(path))] == []


@pytest.mark.parametrize("text", ["", '"""Room."""\nimport os\n', "x = 1\n", '__version__ = "1"\n'])
def test_an_empty_or_busy_package_file_is_found(text: str) -> None:
    assert not says_one_thing_only(ast.parse(text))


def test_the_engines_carry_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert core.__version__ == project["version"]


def test_every_folder_with_code_in_app_and_core_is_a_package() -> None:
    folders = {path.parent for path in python_files("app", "core")}
    assert [short(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_packaging_never_becomes_a_package() -> None:
    # It would shadow the distribution of that name, which pytest and matplotlib import.
    assert list((ROOT / "packaging").rglob("__init__.py")) == []


def test_the_folder_packaging_does_not_shadow_the_library_of_that_name() -> None:
    import packaging  # noqa: PLC0415 - the import is the test

    assert packaging.__file__ is not None
    assert ROOT / "packaging" not in Path(packaging.__file__).parents


def tracked_texts() -> list[Path]:
    """Every text file that belongs to the project."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return python_files(*SHIPPED, "tests")  # an unpacked archive
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.suffix in TEXTS and path.is_file()]


def foreign_paths(text: str) -> list[str]:
    """The paths in a text that can only exist on one machine."""
    here = [str(folder) for folder in (Path.home(), ROOT) if len(folder.parts) > 1 and f"{folder}/" in text]
    return here + [match[0] for match in FOREIGN.finditer(text)]


def test_no_file_names_a_folder_of_one_machine() -> None:
    texts = {short(path): path.read_text(encoding="utf-8") for path in tracked_texts() if path != Path(__file__)}
    assert {name: found for name, text in texts.items() if (found := foreign_paths(text))} == {}


@pytest.mark.parametrize("text", ["open('/root/x')", "see /mnt/shared", "= /home/anna/corrie", r"C:\Users\anna"])
def test_a_folder_of_one_machine_is_found(text: str) -> None:
    assert foreign_paths(text)


@pytest.mark.parametrize("text", ["app/mnt/x", "https://example.org/home/x", "../mnt/data", "the /networks/ group"])
def test_other_slashes_are_let_pass(text: str) -> None:
    assert foreign_paths(text) == []
